import { assert } from '@tillkeeper/core/base/assert.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { readFact, upcast } from '@tillkeeper/facts/read-fact.ts'
import { type Hlc, hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import { type FactDraft, type StreamHead, seal } from '@tillkeeper/facts/seal/seal.ts'
import {
  authorStreamId,
  genesisHash,
  type Sha256,
  type StreamId,
} from '@tillkeeper/facts/seal/stream.ts'
import {
  type Batch,
  type PlacedFact,
  type PlaceRefusal,
  placeBatch,
} from '@tillkeeper/sync/inbox/place-batch.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import { type StoreName, type TillDb, type WriteTx, writeStrictly } from './database.ts'
import { chooseEpoch, type Found, markOf, type ShutdownMark } from './epoch.ts'
import { type Device, type KeptChange, readKept, writeKept } from './kept.ts'

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

/** A stream of ours up to a position that the store server's copy of it shares. */
export type Common = {
  readonly stream: StreamId
  readonly seq: number
  readonly hash: Uint8Array
}

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
  /** Seals in another epoch from now on. The stream until now is sent on, and not continued. */
  readonly renew: (epoch: string) => Promise<void>
  /**
   * Takes what an older stream of ours holds after a position out of it, keeps it as evidence, and seals
   * it again in the current stream under the same ids: what arrives twice is counted once. All of it or
   * nothing. It returns how many facts these were. The caller holds the till's turn.
   */
  readonly sealAgain: (common: Common) => Promise<number>
  /**
   * Takes facts of an older stream of ours that we had lost, as the store server has them. `fold` says
   * what else follows from those that are new here. The caller holds the till's turn.
   */
  readonly takeTail: (
    batch: Batch,
    fold: (fresh: readonly KnownFact[]) => KeptChange,
  ) => Promise<Outcome<{ readonly seq: number }, PlaceRefusal>>
  /** The mark of the current head, for a page that ends in good order. */
  readonly mark: () => ShutdownMark
}

type Deps = {
  readonly db: TillDb
  readonly device: Device
  readonly sha256: Sha256
  readonly nowMs: () => number
  /** How the last run ended, as far as it is known beside the database. */
  readonly start: Pick<Found, 'mark' | 'suspect' | 'chance'>
}

/** Opens the till's own streams: the one that is sealed in is chosen by how the last run ended. */
export async function openJournal(deps: Deps): Promise<Journal> {
  const { db, device, sha256, start } = deps
  const rows = await db.getAll('stream')
  const hlc = (await readKept(db, 'clock')) ?? hlcZero
  const headOf = (epoch: string): StreamHead => {
    const stream = authorStreamId(device.author, epoch, 'business')
    const row = rows.find((each) => each.stream === stream)
    return row ?? { stream, seq: 0, hash: genesisHash(sha256, stream) }
  }
  const found = headOf(device.epoch)
  const epoch = chooseEpoch(device.epoch, {
    ...start,
    head: found.seq === 0 ? undefined : markOfHead(found),
  })
  const head = headOf(epoch)
  if (epoch !== device.epoch) {
    assert(head.seq === 0, 'a new minor has no facts yet')
    await writeKept(db, { device: { ...device, epoch } })
  }
  const older = rows.filter(({ stream, seq }) => stream !== head.stream && seq > 0)
  return new Streams(deps, {
    ...{ epoch, head, hlc },
    older: new Map(older.map((row) => [row.stream, row])),
  })
}

type Held = {
  readonly epoch: string
  readonly head: StreamHead
  readonly hlc: Hlc
  readonly older: ReadonlyMap<StreamId, StreamHead>
}

// Memory follows the disk, never the other way round: `#held` changes when a transaction is through.
class Streams implements Journal {
  readonly #deps: Deps
  #held: Held

  constructor(deps: Deps, held: Held) {
    this.#deps = deps
    this.#held = held
  }

  readonly heads = () => {
    const { older, head } = this.#held
    return [...older.values(), ...(head.seq === 0 ? [] : [head])]
  }

  readonly epoch = () => this.#held.epoch

  readonly mark = () => markOfHead(this.#held.head)

  readonly keep = (kept: KeptChange) => writeKept(this.#deps.db, kept)

  readonly record = async (drafts: readonly FactDraft[], alongside: Alongside) => {
    const next = this.#seal(drafts)
    const kept: KeptChange = { ...alongside.kept, clock: next.hlc }
    await writeStrictly(this.#deps.db, ['kept', 'stream', 'fact', 'document'], (tx) => [
      ...putSealed(tx, next),
      ...putKept(tx, kept),
      ...(alongside.documents ?? []).map((document) => tx.objectStore('document').put(document)),
    ])
    this.#held = { ...this.#held, head: next.head, hlc: next.hlc }
    return next.sealed.map(({ stream, fact }) => ({ stream, seq: fact.seq }))
  }

  readonly renew = async (epoch: string) => {
    const { db, device, sha256 } = this.#deps
    const current = (await readKept(db, 'device')) ?? device
    const stream = authorStreamId(device.author, epoch, 'business')
    const { head, older } = this.#held
    assert(stream !== head.stream && !older.has(stream), 'an epoch is granted once')
    await writeStrictly(db, ['kept'], (tx) => [
      ...putKept(tx, { device: { ...current, epoch } }),
      tx.objectStore('kept').delete('renewal'),
    ])
    this.#held = {
      ...this.#held,
      epoch,
      head: { stream, seq: 0, hash: genesisHash(sha256, stream) },
      older: head.seq === 0 ? older : new Map([...older, [head.stream, head]]),
    }
  }

  readonly sealAgain = async (common: Common) => {
    const { db, nowMs } = this.#deps
    const { stream, seq } = common
    const { head, older } = this.#held
    assert(stream !== head.stream && older.has(stream), 'what is sealed in is ended first')
    const range = IDBKeyRange.bound([stream, seq + 1], [stream, Number.MAX_SAFE_INTEGER])
    const rows = await db.getAll('fact', range)
    const next = this.#seal(rows.map(({ bytes }) => readDraft(bytes)))
    const stores: StoreName[] = ['kept', 'stream', 'fact', 'forked_fact']
    await writeStrictly(db, stores, (tx) => [
      tx.objectStore('fact').delete(range),
      ...rows.map((row) => tx.objectStore('forked_fact').put({ ...row, movedMs: nowMs() })),
      seq === 0
        ? tx.objectStore('stream').delete(stream)
        : tx.objectStore('stream').put({ ...common }),
      ...putSealed(tx, next),
      ...putKept(tx, { clock: next.hlc }),
    ])
    const rest = new Map(older)
    if (seq === 0) rest.delete(stream)
    else rest.set(stream, common)
    this.#held = { ...this.#held, head: next.head, hlc: next.hlc, older: rest }
    return rows.length
  }

  readonly takeTail: Journal['takeTail'] = async (batch, fold) => {
    const { db, sha256, device, nowMs } = this.#deps
    const { older } = this.#held
    const head = older.get(batch.stream)
    if (head === undefined) return refused({ code: 'fork', seq: 0 })
    const hashAt = async (seq: number) => (await db.get('fact', [batch.stream, seq]))?.hash
    const placed = await placeBatch({ sha256, org: device.org, hashAt }, head, batch)
    if (!placed.ok) return placed
    const { fresh, head: next } = placed.value
    const kept = fold(await this.#findNew(fresh))
    const sealedMs = nowMs()
    await writeStrictly(db, ['kept', 'stream', 'fact'], (tx) => [
      ...fresh.map(({ seq, fact: { id, type }, bytes, hash }) =>
        tx
          .objectStore('fact')
          // Copies: what came are views into a whole answer.
          .add({
            stream: batch.stream,
            ...{ seq, id, type, hash, sealedMs },
            bytes: bytes.slice(),
          }),
      ),
      tx.objectStore('stream').put(next),
      ...putKept(tx, kept),
    ])
    this.#held = { ...this.#held, older: new Map([...older, [batch.stream, next]]) }
    return accepted({ seq: next.seq })
  }

  // A fact that was sealed again is in two streams, and happened once.
  async #findNew(placed: readonly PlacedFact[]): Promise<readonly KnownFact[]> {
    const { db } = this.#deps
    const known = await Promise.all(
      placed.map(({ fact }) => db.getAllFromIndex('fact', 'id', fact.id, 1)),
    )
    return placed.flatMap(({ fact }, at) => {
      const read = upcast(fact)
      return known[at]?.length === 0 && read.kind === 'known' ? [read.fact] : []
    })
  }

  #seal(drafts: readonly FactDraft[]) {
    const { org, author } = this.#deps.device
    const { epoch, head, hlc } = this.#held
    const { sha256, nowMs } = this.#deps
    const sealedMs = nowMs()
    const sealer = { org, author, epoch, sha256 }
    return { ...seal(sealer, { head, hlc, nowMs: sealedMs }, drafts), sealedMs }
  }
}

type Next = ReturnType<typeof seal> & { readonly sealedMs: number }

function putSealed(tx: WriteTx, { sealed, head, sealedMs }: Next): readonly Promise<unknown>[] {
  return [
    ...sealed.map(({ fact: { seq, id, type }, stream, bytes, hash }) =>
      tx
        .objectStore('fact')
        // `add`: a position that is taken aborts the transaction, and no fact is ever replaced.
        .add({ stream, seq, id, type, bytes, hash, sealedMs }),
    ),
    ...(head.seq === 0 ? [] : [tx.objectStore('stream').put(head)]),
  ]
}

function putKept(tx: WriteTx, kept: KeptChange): readonly Promise<unknown>[] {
  return Object.entries(kept).map(([name, value]) => tx.objectStore('kept').put(value, name))
}

// A new place: the old one stays with the bytes that were sealed there.
function readDraft(bytes: Uint8Array): FactDraft {
  const read = readFact(bytes)
  assert(read.kind !== 'refused', 'a fact of our own can be read')
  const { org: _, author: __, epoch: ___, seq: ____, hlc: _____, ...draft } = read.fact
  return draft
}

function markOfHead({ stream, seq, hash }: StreamHead): ShutdownMark {
  return markOf({ stream, seq, hash: toHex(hash) })
}
