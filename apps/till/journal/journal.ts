import { assert } from '@tillkeeper/core/base/assert.ts'
import { type Hlc, hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import {
  type FactDraft,
  type SealedFact,
  type StreamHead,
  seal,
} from '@tillkeeper/facts/seal/seal.ts'
import {
  authorStreamId,
  genesisHash,
  type Sha256,
  type StreamId,
} from '@tillkeeper/facts/seal/stream.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import { type StreamRow, type TillDb, writeStrictly } from './database.ts'
import { chooseEpoch, markOf, raiseMinor, type ShutdownMark } from './epoch.ts'
import { type Device, type KeptChange, readKept } from './kept.ts'

/** A sale or refund as a document: what the history shows and a refund reads. */
export type Document = {
  readonly id: string
  readonly receiptNumber: string
  readonly sessionId: string
  readonly occurredAt: string
}

/** What is written with a fact, in its transaction: local state that follows from it. */
export type Alongside = {
  readonly kept?: KeptChange
  readonly documents?: readonly Document[]
}

/** Where a fact stands once it is sealed. */
export type Place = { readonly stream: StreamId; readonly seq: number }

export type Journal = {
  /** The streams held here, the current one last. */
  readonly heads: () => readonly StreamHead[]
  /** The epoch that is sealed in. */
  readonly epoch: () => string
  /**
   * Seals drafts and writes them, the head, the clock and what goes alongside in one transaction. It
   * comes back when the disk has them; if it throws, nothing happened. One call at a time: the caller
   * holds the till's turn (see take-turns.ts), since the act was decided on what was written before.
   */
  readonly record: (drafts: readonly FactDraft[], alongside: Alongside) => Promise<readonly Place[]>
  /** Writes local state alone, as durably as a fact. */
  readonly keep: (kept: KeptChange) => Promise<void>
  /**
   * Ends the current stream, which is kept but not sent any more, and begins the next minor; facts given
   * are sealed there again under their own ids. For a stream whose history the store server does not
   * share (docs/specs/sync.md).
   */
  readonly beginEpoch: (again: readonly FactDraft[]) => Promise<void>
  /** The mark of the current head, for a page that ends in good order. */
  readonly mark: () => ShutdownMark
}

type Deps = {
  readonly db: TillDb
  readonly device: Device
  readonly sha256: Sha256
  readonly nowMs: () => number
  /** The mark that the last run left, if it ended in good order. */
  readonly mark: ShutdownMark | undefined
}

/** Opens the till's own streams: the one that is sealed in is chosen by how the last run ended. */
export async function openJournal({ db, device, sha256, nowMs, mark }: Deps): Promise<Journal> {
  const rows = await db.getAll('stream')
  const { author } = device
  let { epoch } = device
  let hlc: Hlc = (await readKept(db, 'clock')) ?? hlcZero
  const named = (of: string): StreamHead => {
    const stream = authorStreamId(author, of, 'business')
    const row = rows.find((each) => each.stream === stream)
    return row ?? { stream, seq: 0, hash: genesisHash(sha256, stream) }
  }
  const found = named(epoch)
  epoch = chooseEpoch(epoch, { mark, head: found.seq === 0 ? undefined : markOfHead(found) })
  let head = named(epoch)
  if (epoch !== device.epoch) {
    assert(head.seq === 0, 'a new minor has no facts yet')
    await writeStrictly(db, ['kept'], (tx) => [
      tx.objectStore('kept').put({ ...device, epoch } satisfies Device, 'device'),
    ])
  }
  const older: StreamRow[] = rows.filter(
    ({ stream, seq, replaced }) => stream !== head.stream && seq > 0 && replaced !== true,
  )

  const write = async (
    from: StreamHead,
    epochOf: string,
    drafts: readonly FactDraft[],
    alongside: Alongside & { readonly replaced?: StreamHead },
  ): Promise<readonly SealedFact[]> => {
    const sealedMs = nowMs()
    const sealer = { org: device.org, author, epoch: epochOf, sha256 }
    const next = seal(sealer, { head: from, hlc, nowMs: sealedMs }, drafts)
    const kept: KeptChange = { ...alongside.kept, clock: next.hlc }
    await writeStrictly(db, ['kept', 'stream', 'fact', 'document'], (tx) => [
      ...next.sealed.map(({ fact, stream, bytes, hash }) =>
        tx
          .objectStore('fact')
          // `add`: a position that is taken aborts the transaction, and no fact is ever replaced.
          .add({ stream, seq: fact.seq, id: fact.id, type: fact.type, bytes, hash, sealedMs }),
      ),
      tx.objectStore('stream').put(next.head),
      ...(alongside.replaced === undefined
        ? []
        : [tx.objectStore('stream').put({ ...alongside.replaced, replaced: true })]),
      ...Object.entries(kept).map(([name, value]) => tx.objectStore('kept').put(value, name)),
      ...(alongside.documents ?? []).map((document) => tx.objectStore('document').put(document)),
    ])
    // Memory follows the disk, never the other way round.
    head = next.head
    hlc = next.hlc
    return next.sealed
  }

  return {
    heads: () => [...older, ...(head.seq === 0 ? [] : [head])],
    epoch: () => epoch,
    record: async (drafts, alongside) => {
      const sealed = await write(head, epoch, drafts, alongside)
      return sealed.map(({ stream, fact }) => ({ stream, seq: fact.seq }))
    },
    keep: (kept) =>
      writeStrictly(db, ['kept'], (tx) =>
        Object.entries(kept).map(([name, value]) => tx.objectStore('kept').put(value, name)),
      ),
    beginEpoch: async (again) => {
      const before = head
      const next = raiseMinor(epoch)
      const current = (await readKept(db, 'device')) ?? device
      await write(named(next), next, again, {
        kept: { device: { ...current, epoch: next } },
        ...(before.seq > 0 && { replaced: before }),
      })
      epoch = next
    },
    mark: () => markOfHead(head),
  }
}

function markOfHead({ stream, seq, hash }: StreamHead): ShutdownMark {
  return markOf({ stream, seq, hash: toHex(hash) })
}
