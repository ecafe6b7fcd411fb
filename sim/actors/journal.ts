import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { type Hlc, hlcZero, laterHlc } from '@tillkeeper/facts/seal/hlc.ts'
import { mergeClock } from '@tillkeeper/facts/seal/judge-clock.ts'
import {
  type Fact,
  type FactDraft,
  type SealedFact,
  type Sealer,
  seal,
} from '@tillkeeper/facts/seal/seal.ts'
import { chainHash, parseStreamId, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { type Batch, type PlaceRefusal, placeBatch } from '@tillkeeper/sync/inbox/place-batch.ts'
import type { OutboxBatch } from '@tillkeeper/sync/link/ports.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import type { Volume, Write } from '../world/disk.ts'
import { genesisOf, sha256 } from './hash.ts'

// A server's journal on a simulated disk, with the tables and the transactions that the real one has in
// PostgreSQL: what a transaction writes is there whole or not at all, and a stream's head is a row that
// one writer holds at a time.

export type HeadRow = {
  readonly stream: StreamId
  readonly seq: number
  readonly hash: Uint8Array
  readonly hlc: Hlc
}
export type FactRow = {
  readonly stream: StreamId
  readonly seq: number
  readonly id: string
  readonly type: string
  readonly bytes: Uint8Array
  readonly hash: Uint8Array
  readonly recordedMs: number
}
/** The first place that an id was seen at owns its effect. */
export type IdRow = { readonly id: string; readonly stream: StreamId; readonly seq: number }
export type CursorRow = {
  readonly stream: StreamId
  readonly ackedSeq: number
  readonly cloudSeq: number
}
export type ForkedRow = {
  readonly stream: StreamId
  readonly seq: number
  readonly bytes: Uint8Array
  readonly hash: Uint8Array
  readonly peer: string
}

export type Received = {
  readonly seq: number
  readonly hash: Uint8Array
  /** How many of the facts were new here. */
  readonly added: number
}

export type Journal = {
  readonly heads: (kind: 'author' | 'feed') => readonly HeadRow[]
  readonly head: (stream: StreamId) => HeadRow
  readonly holds: (stream: StreamId) => boolean
  readonly hashAt: (stream: StreamId, seq: number) => Uint8Array | undefined
  readonly read: (
    stream: StreamId,
    after: number,
    bounds: { readonly factsMax: number; readonly bytesMax: number },
  ) => OutboxBatch
  readonly rows: (stream: StreamId, from: number, to: number) => readonly FactRow[]
  readonly findId: (id: string) => IdRow | undefined
  /** Takes what is new of a batch, whole or not at all; it is durable when this resolves. */
  readonly receive: (
    batch: Batch,
    check?: (fact: Fact) => boolean,
  ) => Promise<Outcome<Received, PlaceRefusal>>
  /** Seals and journals an author's own acts, and what goes with them, in one transaction. */
  readonly author: (
    sealer: Sealer,
    stream: StreamId,
    drafts: readonly FactDraft[],
    alongside?: readonly Write[],
  ) => Promise<readonly SealedFact[]>
  /**
   * Seals the tail of a stream after `common` again at the end of another, under the same ids, and sets
   * the branch apart. Returns how many facts have a new place.
   */
  readonly reseal: (
    sealer: Sealer,
    tail: { readonly stream: StreamId; readonly common: number; readonly into: StreamId },
  ) => Promise<number>
  /** The latest clock reading that this node gave or took over. */
  readonly clock: () => Hlc
  readonly cursor: (stream: StreamId) => CursorRow
  readonly noteCursors: (rows: readonly CursorRow[]) => Promise<void>
  /** Keeps a branch that does not fit our copy, apart from the journal. */
  readonly keepFork: (batch: Batch, peer: string) => Promise<void>
}

type Deps = {
  readonly volume: Volume
  readonly org: string
  readonly nowMs: () => number
}

/** A journal on what a volume holds. */
export function openJournal(deps: Deps): Journal {
  return new VolumeJournal(deps)
}

class VolumeJournal implements Journal {
  readonly #deps: Deps
  readonly #locks = new Map<string, Promise<unknown>>()

  constructor(deps: Deps) {
    this.#deps = deps
  }

  heads(kind: 'author' | 'feed'): readonly HeadRow[] {
    return (this.#deps.volume.all('head') as HeadRow[]).filter(
      ({ stream }) => stream.startsWith('feed/') === (kind === 'feed'),
    )
  }

  head(stream: StreamId): HeadRow {
    const held = this.#deps.volume.get('head', [stream, 0]) as HeadRow | undefined
    return held ?? { stream, seq: 0, hash: genesisOf(stream), hlc: hlcZero }
  }

  holds: Journal['holds'] = (stream) => this.#deps.volume.get('head', [stream, 0]) !== undefined

  hashAt: Journal['hashAt'] = (stream, seq) => {
    if (seq === 0) return genesisOf(stream)
    const at = this.head(stream)
    if (at.seq === seq) return at.hash
    return (this.#deps.volume.get('fact', [stream, seq]) as FactRow | undefined)?.hash
  }

  rows: Journal['rows'] = (stream, from, to) =>
    this.#deps.volume.range('fact', stream, from, to) as FactRow[]

  read(stream: StreamId, after: number, bounds: Parameters<Journal['read']>[2]): OutboxBatch {
    return readPart(this, stream, after, bounds)
  }

  findId(id: string): IdRow | undefined {
    return this.#deps.volume.get('fact_id', [id, 0]) as IdRow | undefined
  }

  receive(
    batch: Batch,
    check: (fact: Fact) => boolean = () => true,
  ): ReturnType<Journal['receive']> {
    return this.#hold(batch.stream, async () => {
      const { org, volume, nowMs } = this.#deps
      const { stream } = batch
      const before = this.head(stream)
      const placed = await placeBatch(
        { sha256, org, hashAt: async (seq) => this.hashAt(stream, seq) },
        before,
        batch,
      )
      if (!placed.ok) return placed
      const { fresh, head: next } = placed.value
      const foreign = fresh.find(({ fact }) => !check(fact))
      if (foreign !== undefined) return refused({ code: 'fact_refused', seq: foreign.seq } as const)
      if (fresh.length > 0) {
        let { hlc } = before
        for (const { fact } of fresh) hlc = laterHlc(hlc, fact.hlc)
        // What came are views into a whole message.
        const kept = fresh.map((each) => ({ ...each, bytes: each.bytes.slice() }))
        // Taken once for the batch, and not from a clock far ahead.
        const readings = fresh.map(({ fact }) => fact.hlc)
        const clock = mergeClock(this.clock(), readings, nowMs())
        await volume.commit(
          [...this.#journalled(stream, kept), headWrite({ ...next, hlc }), clockWrite(clock)],
          { strict: true },
        )
      }
      return accepted({ seq: next.seq, hash: next.hash, added: fresh.length })
    })
  }

  author(
    sealer: Sealer,
    stream: StreamId,
    drafts: readonly FactDraft[],
    alongside: readonly Write[] = [],
  ): Promise<readonly SealedFact[]> {
    return this.#hold(stream, async () => {
      const { volume, nowMs } = this.#deps
      const before = this.head(stream)
      const from = { head: before, hlc: laterHlc(before.hlc, this.clock()), nowMs: nowMs() }
      const { sealed, head, hlc } = seal(sealer, from, drafts)
      const placed = sealed.map(({ fact, bytes, hash }) => ({ seq: fact.seq, fact, bytes, hash }))
      await volume.commit(
        [
          ...this.#journalled(stream, placed),
          headWrite({ ...head, hlc }),
          clockWrite(hlc),
          ...alongside,
        ],
        { strict: true },
      )
      return sealed
    })
  }

  reseal(sealer: Sealer, { stream, common, into }: Parameters<Journal['reseal']>[1]) {
    return this.#hold(stream, () =>
      this.#hold(into, async () => {
        const { volume, nowMs } = this.#deps
        const tail = this.rows(stream, common + 1, this.head(stream).seq)
        const owned = tail.filter((row) => {
          const owner = this.findId(row.id)
          return owner?.stream === stream && owner.seq === row.seq
        })
        const before = this.head(into)
        const from = { head: before, hlc: laterHlc(before.hlc, this.clock()), nowMs: nowMs() }
        const { sealed, head, hlc } = seal(
          sealer,
          from,
          owned.map(({ bytes }) => draftOf(bytes)),
        )
        const recordedMs = nowMs()
        const again = sealed.flatMap(({ fact, bytes, hash }): Write[] => {
          const { id, type, seq } = fact
          const row: FactRow = { stream: into, seq, id, type, bytes, hash, recordedMs }
          return [
            { table: 'fact', key: [into, seq], value: row, add: true },
            { table: 'fact_id', key: [id, 0], value: { id, stream: into, seq } satisfies IdRow },
          ]
        })
        const apart = tail.flatMap(({ seq, bytes, hash }): Write[] => {
          const row: ForkedRow = { stream, seq, bytes, hash, peer: sealer.author }
          return [
            { table: 'forked', key: [`${stream}#${toHex(hash)}`, seq], value: row },
            { table: 'fact', key: [stream, seq], value: undefined },
          ]
        })
        const hash = this.hashAt(stream, common) ?? genesisOf(stream)
        const cut = { ...this.head(stream), seq: common, hash }
        await volume.commit(
          [...again, headWrite({ ...head, hlc }), clockWrite(hlc), ...apart, headWrite(cut)],
          { strict: true },
        )
        return owned.length
      }),
    )
  }

  clock(): Hlc {
    return (this.#deps.volume.get('kept', clockKey) as Hlc | undefined) ?? hlcZero
  }

  cursor(stream: StreamId): CursorRow {
    const held = this.#deps.volume.get('cursor', [stream, 0]) as CursorRow | undefined
    return held ?? { stream, ackedSeq: 0, cloudSeq: 0 }
  }

  async noteCursors(cursors: readonly CursorRow[]): Promise<void> {
    if (cursors.length === 0) return
    const writes = cursors.map(
      (row) => ({ table: 'cursor', key: [row.stream, 0], value: row }) as const,
    )
    await this.#deps.volume.commit(writes, { strict: true })
  }

  keepFork({ stream, from, prevHash, facts }: Batch, peer: string): Promise<void> {
    let hash = prevHash
    const writes = facts.map((bytes, index): Write => {
      hash = chainHash(sha256, hash, bytes)
      const row: ForkedRow = { stream, seq: from + index, bytes: bytes.slice(), hash, peer }
      return { table: 'forked', key: [`${stream}#${toHex(hash)}`, from + index], value: row }
    })
    return this.#deps.volume.commit(writes, { strict: true })
  }

  // A row that is held: whoever comes second waits for the first one's commit.
  #hold<T>(stream: StreamId, act: () => Promise<T>): Promise<T> {
    const mine = (this.#locks.get(stream) ?? Promise.resolve()).then(act, act)
    this.#locks.set(stream, mine)
    return mine
  }

  #journalled(stream: StreamId, facts: readonly Placed[]): Write[] {
    const recordedMs = this.#deps.nowMs()
    return facts.flatMap(({ seq, fact: { id, type }, bytes, hash }) => {
      const row: FactRow = { stream, seq, id, type, bytes, hash, recordedMs }
      const writes: Write[] = [{ table: 'fact', key: [stream, seq], value: row, add: true }]
      if (this.findId(id) === undefined) {
        const owner: IdRow = { id, stream, seq }
        writes.push({ table: 'fact_id', key: [id, 0], value: owner })
      }
      return writes
    })
  }
}

const clockKey = ['clock', 0] as const

function clockWrite(clock: Hlc): Write {
  return { table: 'kept', key: clockKey, value: clock }
}

function headWrite(head: HeadRow): Write {
  const { stream, seq, hash, hlc } = head
  return { table: 'head', key: [stream, 0], value: { stream, seq, hash, hlc } satisfies HeadRow }
}

/** A fact as it was before it had a place. */
function draftOf(bytes: Uint8Array): FactDraft {
  const fact = JSON.parse(new TextDecoder().decode(bytes)) as Fact
  const { org: _, author: __, epoch: ___, seq: ____, hlc: _____, ...draft } = fact
  return draft
}

type Placed = {
  readonly seq: number
  readonly fact: { readonly id: string; readonly type: string }
  readonly bytes: Uint8Array
  readonly hash: Uint8Array
}

function readPart(
  { rows, hashAt }: Pick<Journal, 'rows' | 'hashAt'>,
  stream: StreamId,
  after: number,
  bounds: { readonly factsMax: number; readonly bytesMax: number },
): OutboxBatch {
  const prevHash = hashAt(stream, after)
  if (prevHash === undefined) throw new Error(`${stream} is not held at ${after}`)
  const facts: Uint8Array[] = []
  let size = 0
  let seq = after
  let lastHash = prevHash
  for (const row of rows(stream, after + 1, after + bounds.factsMax)) {
    size += row.bytes.length
    if (facts.length > 0 && size > bounds.bytesMax) break
    facts.push(row.bytes)
    seq = row.seq
    lastHash = row.hash
  }
  return { stream, from: after + 1, prevHash, lastHash, facts, seq }
}

/** Who authors a stream; `undefined` for a feed. */
export function authorOf(stream: StreamId): string | undefined {
  const name = parseStreamId(stream)
  return name?.kind === 'author' ? name.author : undefined
}
