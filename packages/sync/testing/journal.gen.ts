import { createHash } from 'node:crypto'
import { assert } from '@tillkeeper/core/base/assert.ts'
import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { hlcZero } from '@tillkeeper/facts/seal/hlc.ts'
import { seal } from '@tillkeeper/facts/seal/seal.ts'
import { genesisHash, parseStreamId, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { type Batch, placeBatch } from '../inbox/place-batch.ts'

// Sealed streams in memory, as arrays.

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()
export const org = '0190a000-0000-7000-8000-000000000001'

/** The business stream of a node's first epoch. */
export const ownStream = (name: string): StreamId => `${name}:1.0/business` as StreamId

type Copy = { bytes: Uint8Array[]; hashes: Uint8Array[] }

/** An empty journal. */
export function makeJournal() {
  const streams = new Map<StreamId, Copy>()
  const copyOf = (stream: StreamId): Copy => {
    const copy = streams.get(stream) ?? { bytes: [], hashes: [] }
    streams.set(stream, copy)
    return copy
  }
  const hashAt = (stream: StreamId, seq: number): Uint8Array | undefined =>
    seq === 0 ? genesisHash(sha256, stream) : streams.get(stream)?.hashes[seq - 1]
  const head = (stream: StreamId) => {
    const seq = streams.get(stream)?.bytes.length ?? 0
    const hash = hashAt(stream, seq)
    assert(hash !== undefined, 'a head has a hash')
    return { stream, seq, hash }
  }
  return {
    streams: () => [...streams.keys()],
    head,
    hashAt,
    bytes: (stream: StreamId): readonly Uint8Array[] => streams.get(stream)?.bytes ?? [],
    /** Seals one fact as the stream's author. */
    author: (stream: StreamId, nowMs: number, random: Uint8Array): void => {
      const name = parseStreamId(stream)
      assert(name !== undefined, 'the stream is named')
      const [author, epoch, scope] =
        name.kind === 'author' ? [name.author, name.epoch, 'org'] : ['cloud', '1.0', name.scope]
      const { sealed } = seal(
        { org, author, epoch, sha256 },
        { head: head(stream), hlc: hlcZero, nowMs },
        [
          {
            id: uuidv7(nowMs, random),
            type: 'probe.noted',
            v: 1,
            scope,
            actor: `node:${author}`,
            occurredAt: '2026-11-20T08:00:00.000Z',
            businessDate: '2026-11-20',
            keys: [],
            refs: [],
            body: { at: nowMs },
          },
        ],
      )
      for (const { bytes, hash } of sealed) {
        copyOf(stream).bytes.push(bytes)
        copyOf(stream).hashes.push(hash)
      }
    },
    /** Takes what is new of a batch, all or nothing. */
    receive: async (batch: Batch) => {
      const before = head(batch.stream)
      const placed = await placeBatch(
        { sha256, org, hashAt: async (seq) => hashAt(batch.stream, seq) },
        before,
        batch,
      )
      if (!placed.ok) return placed
      // A batch that came in between moved the head: like a lock, the second one waits and is a duplicate.
      if (head(batch.stream).seq !== before.seq) {
        return { ok: false, refusal: { code: 'gap' } } as const
      }
      for (const { bytes, hash } of placed.value.fresh) {
        copyOf(batch.stream).bytes.push(bytes)
        copyOf(batch.stream).hashes.push(hash)
      }
      return placed
    },
    read: (stream: StreamId, after: number, factsMax: number) => {
      const facts = (streams.get(stream)?.bytes ?? []).slice(after, after + factsMax)
      const prevHash = hashAt(stream, after)
      const lastHash = hashAt(stream, after + facts.length)
      assert(prevHash !== undefined && lastHash !== undefined, 'what is read is held')
      return { stream, from: after + 1, prevHash, lastHash, facts, seq: after + facts.length }
    },
  }
}
