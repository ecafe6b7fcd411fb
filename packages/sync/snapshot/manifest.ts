import { Strict } from '@tillkeeper/facts/catalogue/parts.ts'
import { type StreamId, streamPattern } from '@tillkeeper/facts/seal/stream.ts'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { Position, Receipt, streamsMax } from '../message/messages.ts'

// A snapshot is what a child may hold, as sealed facts in chunks that are named by what they hold. It is
// no copy of tables: whoever loads it computes every hash and every table again (docs/specs/replication.md).

/**
 * A chunk holds facts of one range of so many positions: 1 … 4,096, 4,097 … 8,192, and so on. Ranges are
 * fixed, so that a full one never changes and is packed once for all children.
 */
export const chunkPositions = 4_096
/** Facts of a range, unpacked, that one chunk holds; a range of large facts is more than one chunk. */
export const chunkFactsBytesMax = 16_777_216
/** Chunks that one snapshot names: 40 million facts and more. */
export const chunksMax = 10_000
/** A manifest of `chunksMax` chunks and `streamsMax` streams, and no more. */
export const manifestBytesMax = 4_194_304

const Stream = Type.Unsafe<StreamId>(Type.String({ pattern: streamPattern }))
const Sha256Hex = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** Facts `from` … `from + facts − 1` of a stream: gzip over NDJSON, a fact a line, as it was sealed. */
export const Chunk = Strict({
  /** Of the packed bytes: the chunk's name, and what it is checked by. */
  sha256: Sha256Hex,
  /** How many packed bytes. */
  bytes: Type.Integer({ minimum: 1, maximum: 2 * chunkFactsBytesMax }),
  stream: Stream,
  from: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  facts: Type.Integer({ minimum: 1, maximum: chunkPositions }),
})

/** What a parent answers to `POST /sync/v1/snapshot`. */
export const Manifest = Strict({
  /** Where each stream stands in this snapshot. A stream that is empty is left out. */
  streams: Type.Array(Position, { maxItems: streamsMax }),
  /** In the order in which they are best loaded: a feed before the streams that speak of it. */
  chunks: Type.Array(Chunk, { maxItems: chunksMax }),
  /** Heads that the cloud signed, at or below those above: who wrote a history anew cannot make them. */
  receipts: Type.Optional(Type.Array(Receipt, { maxItems: streamsMax })),
})

export type Chunk = Static<typeof Chunk>
export type Manifest = Static<typeof Manifest>

const manifest = Compile(Manifest)

/** Whether an answer is a manifest. It takes any value and never throws. */
export const isManifest = (value: unknown): value is Manifest => manifest.Check(value)

/** A range of positions of one stream, both ends taken. */
export type Range = { readonly stream: StreamId; readonly from: number; readonly to: number }

/** The ranges that a stream is cut into. The last may be short: it is the only one that will change. */
export function rangesOf({ stream, seq }: { readonly stream: StreamId; readonly seq: number }) {
  return Array.from({ length: Math.ceil(seq / chunkPositions) }, (_, index): Range => {
    const from = index * chunkPositions + 1
    return { stream, from, to: Math.min(seq, from + chunkPositions - 1) }
  })
}

/** Whether a chunk ends its range, so that no later fact can belong to it. */
export function isFull({ from, facts }: Pick<Chunk, 'from' | 'facts'>): boolean {
  return (from + facts - 1) % chunkPositions === 0
}

/**
 * Whether a manifest's chunks are its streams: each from 1 to its head, without gap or overlap, and
 * nothing besides. One that is not was made by a parent that is wrong, and is not loaded.
 */
export function isWholeManifest({ streams, chunks }: Manifest): boolean {
  const reached = new Map<StreamId, number>(streams.map(({ stream }) => [stream, 0]))
  if (reached.size !== streams.length) return false
  for (const { stream, from, facts } of chunks) {
    if (reached.get(stream) !== from - 1) return false
    reached.set(stream, from + facts - 1)
  }
  return streams.every(({ stream, seq }) => reached.get(stream) === seq)
}

/**
 * The chunks that hold a fact which is not held here yet, in their order. `heads` is where our copies
 * stand: they grow chunk by chunk, so they are all that a load which was cut off has to remember.
 */
export function missingChunks(
  { chunks }: Pick<Manifest, 'chunks'>,
  heads: ReadonlyMap<StreamId, number>,
): readonly Chunk[] {
  return chunks.filter(({ stream, from, facts }) => (heads.get(stream) ?? 0) < from + facts - 1)
}
