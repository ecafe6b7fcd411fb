import { accepted, refused } from '@tillkeeper/core/base/outcome.ts'
import { readFact, upcast } from '@tillkeeper/facts/read-fact.ts'
import type { Fact } from '@tillkeeper/facts/seal/seal.ts'
import { genesisHash, type Sha256, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { placeBatch } from '@tillkeeper/sync/inbox/place-batch.ts'
import type { Inbox } from '@tillkeeper/sync/link/ports.ts'
import type { FeedRow, TillDb } from '../journal/database.ts'
import { readKept, writeKept } from '../journal/kept.ts'
import {
  emptyRegisters,
  type Registers,
  readRegisters,
  takeEdit,
  writeRegisters,
} from './registers.ts'

/** What waits for the next snapshot of registers: a start reads it fact by fact. */
const batchesMax = 40
const factsMax = 8_192

export type FeedInbox = Inbox & {
  readonly registers: () => Registers
  /** Facts of feeds that are held. */
  readonly held: () => number
  /** Calls back when edits came in. */
  readonly onChange: (hear: () => void) => void
  /** Drops our copy of a feed whose history the store server does not share: it is pulled again. */
  readonly forget: (stream: string) => Promise<void>
  /**
   * Takes edits that the store server made and no feed has said yet, in place of those before: what is no longer
   * among them came in the feed. Nothing is counted as held of a feed, and the same edit from it changes nothing.
   */
  readonly takeEdits: (texts: readonly string[]) => Promise<void>
}

type Deps = {
  readonly db: TillDb
  readonly org: string
  readonly sha256: Sha256
}

/**
 * The feed `org` as this till holds it. Its facts are checked into their chain like any other's, kept
 * as bytes until a snapshot has them, and read into registers. A till only receives the scope `org`.
 */
export async function openFeedInbox({ db, org, sha256 }: Deps): Promise<FeedInbox> {
  const feeds = new Map((await db.getAll('feed')).map((row) => [row.stream, row]))
  const read = await readHeld(db, [...feeds.values()])
  const { registers } = read
  let told: readonly string[] = (await readKept(db, 'edits')) ?? []
  takeTexts(registers, told)
  let { waiting } = read
  let hear = () => {}

  const headOf = (stream: StreamId): FeedRow =>
    feeds.get(stream) ?? { stream, seq: 0, hash: genesisHash(sha256, stream) }

  return {
    registers: () => registers,
    held: () => [...feeds.values()].reduce((all, { seq }) => all + seq, 0),
    onChange: (listener) => {
      hear = listener
    },
    feeds: async () => [...feeds.values()],
    forget: async (stream) => {
      const tx = db.transaction(['feed', 'feed_batch', 'snapshot'], 'readwrite')
      await Promise.all([
        tx.objectStore('feed').delete(stream),
        tx.objectStore('feed_batch').delete(IDBKeyRange.bound([stream, 0], [stream, Infinity])),
        tx.objectStore('snapshot').delete(stream),
        tx.done,
      ])
      feeds.delete(stream as StreamId)
    },
    takeEdits: async (texts) => {
      if (texts.length === told.length && texts.every((text, at) => text === told[at])) return
      await writeKept(db, { edits: texts })
      told = texts
      takeTexts(registers, texts)
      hear()
    },
    receive: async (batch) => {
      if (!isOrgFeed(batch.stream)) return refused({ code: 'fork', seq: 0 })
      const head = headOf(batch.stream)
      const hashAt = async (seq: number) =>
        seq === 0 ? genesisHash(sha256, batch.stream) : seq === head.seq ? head.hash : undefined
      const placed = await placeBatch({ sha256, org, hashAt }, head, batch)
      if (!placed.ok) return placed
      const { fresh, head: next } = placed.value
      if (fresh.length > 0) {
        const row = { stream: batch.stream, seq: next.seq, hash: next.hash }
        const tx = db.transaction(['feed', 'feed_batch'], 'readwrite')
        await Promise.all([
          tx.objectStore('feed').put(row),
          tx.objectStore('feed_batch').put({
            stream: batch.stream,
            from: head.seq + 1,
            // Copies: what came are views into a whole answer.
            facts: fresh.map(({ bytes }) => bytes.slice()),
          }),
          tx.done,
        ])
        feeds.set(batch.stream, row)
        takeFacts(
          registers,
          fresh.map(({ fact }) => fact),
        )
        waiting = { batches: waiting.batches + 1, facts: waiting.facts + fresh.length }
        if (waiting.batches > batchesMax || waiting.facts > factsMax) {
          await writeSnapshot(db, [...feeds.values()], registers)
          waiting = { batches: 0, facts: 0 }
        }
        hear()
      }
      return accepted({ seq: next.seq })
    },
  }
}

type Waiting = { readonly batches: number; readonly facts: number }

// The last snapshot of registers, and every edit that came after it.
async function readHeld(
  db: TillDb,
  feeds: readonly FeedRow[],
): Promise<{ readonly registers: Registers; readonly waiting: Waiting }> {
  let registers = emptyRegisters()
  let waiting: Waiting = { batches: 0, facts: 0 }
  for (const { stream, seq } of feeds) {
    const snapshot = await db.get('snapshot', stream)
    if (snapshot !== undefined) registers = readRegisters(snapshot.registers)
    const after = snapshot?.seq ?? 0
    // A snapshot may reach to the end: a range from after it to its end would be none, and throws.
    if (after >= seq) continue
    const range = IDBKeyRange.bound([stream, after + 1], [stream, seq])
    for (const row of await db.getAll('feed_batch', range)) {
      waiting = { batches: waiting.batches + 1, facts: waiting.facts + row.facts.length }
      for (const bytes of row.facts) {
        const read = readFact(bytes)
        if (read.kind === 'known') takeEdit(registers, read.fact)
      }
    }
  }
  return { registers, waiting }
}

/** The one feed a till holds; its number may change when the cloud begins it anew. */
function isOrgFeed(stream: StreamId): boolean {
  return stream.startsWith('feed/org@')
}

function takeFacts(registers: Registers, facts: readonly Fact[]): void {
  for (const fact of facts) {
    const read = upcast(fact)
    if (read.kind === 'known') takeEdit(registers, read.fact)
  }
}

function takeTexts(registers: Registers, texts: readonly string[]): void {
  for (const text of texts) {
    const read = readFact(new TextEncoder().encode(text))
    if (read.kind === 'known') takeEdit(registers, read.fact)
  }
}

// One for all feeds: each holds what all of them come to.
async function writeSnapshot(db: TillDb, feeds: readonly FeedRow[], registers: Registers) {
  const tx = db.transaction(['snapshot', 'feed_batch'], 'readwrite')
  const text = writeRegisters(registers)
  await Promise.all([
    ...feeds.flatMap(({ stream, seq }) => [
      tx.objectStore('snapshot').put({ stream, seq, registers: text }),
      tx.objectStore('feed_batch').delete(IDBKeyRange.bound([stream, 0], [stream, seq])),
    ]),
    tx.done,
  ])
}
