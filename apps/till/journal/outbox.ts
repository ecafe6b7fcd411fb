import { genesisHash, type Sha256, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Acked, Outbox, OutboxBatch } from '@tillkeeper/sync/link/ports.ts'
import type { AckRow, TillDb } from './database.ts'
import type { Journal, Place } from './journal.ts'

/** How much of what was sealed here others hold. */
export type Sent = {
  /** Facts that the store server has not acknowledged. */
  readonly unsent: number
  /** Facts that the cloud does not have yet, as far as we heard. */
  readonly notInCloud: number
}

export type TillOutbox = Outbox & {
  readonly sent: () => Sent
  readonly acks: () => ReadonlyMap<StreamId, AckRow>
  /** When the oldest fact was sealed that the store server has not acknowledged, in milliseconds. */
  readonly oldestUnsentMs: () => Promise<number | undefined>
  /** Whether the store server has a fact for good. */
  readonly hasAcked: (place: Place) => boolean
  /** Calls back whenever an acknowledgement was noted; returns how to stop. */
  readonly onAck: (hear: () => void) => () => void
}

type Deps = {
  readonly db: TillDb
  readonly journal: Pick<Journal, 'heads'>
  readonly sha256: Sha256
}

/** The till's own streams as the link sends them: every epoch of it, until its last fact is known above. */
export async function openOutbox({ db, journal, sha256 }: Deps): Promise<TillOutbox> {
  const acks = new Map((await db.getAll('ack')).map((row) => [row.stream, row]))
  const hearers = new Set<() => void>()
  const ackOf = (stream: StreamId): AckRow =>
    acks.get(stream) ?? { stream, ackedSeq: 0, cloudSeq: 0 }

  const hashAt = async (stream: StreamId, seq: number): Promise<Uint8Array | undefined> => {
    if (seq === 0) return genesisHash(sha256, stream)
    const head = journal.heads().find((each) => each.stream === stream)
    if (head?.seq === seq) return head.hash
    return (await db.get('fact', [stream, seq]))?.hash
  }

  // Known at once and written after: a word of the cloud that comes while an acknowledgement is on its way
  // to the disk builds on it, and cannot put it back.
  const note = async (rows: readonly AckRow[]): Promise<void> => {
    for (const row of rows) acks.set(row.stream, row)
    for (const hear of hearers) hear()
    const tx = db.transaction('ack', 'readwrite')
    await Promise.all([...rows.map((row) => tx.store.put(row)), tx.done])
  }

  return {
    heads: async () =>
      journal.heads().map((head) => ({ ...head, ackedSeq: ackOf(head.stream).ackedSeq })),
    hashAt,
    read: async (stream, after, bounds) => {
      const prevHash = await hashAt(stream, after)
      if (prevHash === undefined) throw new Error(`${stream} is no longer kept from ${after} on`)
      return readBatch(db, { stream, after, prevHash }, bounds)
    },
    noteAcks: (told: readonly Acked[]) =>
      note(
        told.map(({ stream, seq, cloudSeq }) => ({
          stream,
          // It may fall: a store server that was restored holds less than it acknowledged, and gets it again.
          ackedSeq: seq,
          // So may the cloud's: one that was restored holds less, and nothing of it may be forgotten here.
          cloudSeq,
        })),
      ),
    noteCloud: (positions) =>
      note(
        positions.map(({ stream, seq }) => {
          const known = ackOf(stream)
          return { ...known, cloudSeq: Math.max(known.cloudSeq, seq) }
        }),
      ),
    sent: () => {
      let unsent = 0
      let notInCloud = 0
      for (const { stream, seq } of journal.heads()) {
        unsent += Math.max(0, seq - ackOf(stream).ackedSeq)
        notInCloud += Math.max(0, seq - ackOf(stream).cloudSeq)
      }
      return { unsent, notInCloud }
    },
    acks: () => acks,
    oldestUnsentMs: async () => {
      const waiting = journal.heads().filter(({ stream, seq }) => ackOf(stream).ackedSeq < seq)
      const first = await Promise.all(
        waiting.map(({ stream }) => db.get('fact', [stream, ackOf(stream).ackedSeq + 1])),
      )
      const ages = first.flatMap((row) => (row === undefined ? [] : [row.sealedMs]))
      return ages.length === 0 ? undefined : Math.min(...ages)
    },
    hasAcked: ({ stream, seq }) => ackOf(stream).ackedSeq >= seq,
    onAck: (hear) => {
      hearers.add(hear)
      return () => {
        hearers.delete(hear)
      }
    },
  }
}

async function readBatch(
  db: TillDb,
  from: { readonly stream: StreamId; readonly after: number; readonly prevHash: Uint8Array },
  bounds: { readonly factsMax: number; readonly bytesMax: number },
): Promise<OutboxBatch> {
  const { stream, after, prevHash } = from
  const range = IDBKeyRange.bound([stream, after + 1], [stream, Number.MAX_SAFE_INTEGER])
  const rows = await db.getAll('fact', range, bounds.factsMax)
  const facts: Uint8Array[] = []
  let bytes = 0
  let seq = after
  let lastHash = prevHash
  for (const row of rows) {
    bytes += row.bytes.length
    if (facts.length > 0 && bytes > bounds.bytesMax) break
    facts.push(row.bytes)
    seq = row.seq
    lastHash = row.hash
  }
  return { stream, from: after + 1, prevHash, lastHash, facts, seq }
}

/** Waits until the store server has a fact, but no longer than `maxMs`. */
export function waitForAck(
  outbox: TillOutbox,
  place: Place,
  wait: { readonly maxMs: number; readonly after: (ms: number, call: () => void) => () => void },
): Promise<'acknowledged' | 'not_yet'> {
  if (outbox.hasAcked(place)) return Promise.resolve('acknowledged')
  return new Promise((resolve) => {
    const end = (how: 'acknowledged' | 'not_yet') => {
      cancel()
      stop()
      resolve(how)
    }
    const cancel = wait.after(wait.maxMs, () => end('not_yet'))
    const stop = outbox.onAck(() => {
      if (outbox.hasAcked(place)) end('acknowledged')
    })
  })
}
