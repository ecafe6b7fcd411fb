import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { factBytesMax, type StreamHead } from '@tillkeeper/facts/seal/seal.ts'
import {
  chainHash,
  genesisHash,
  type Sha256,
  type StreamId,
} from '@tillkeeper/facts/seal/stream.ts'
import { fromHex, sameBytes, toHex } from '../message/hex.ts'
import type { Position } from '../message/messages.ts'
import { type Chunk, chunkFactsBytesMax } from './manifest.ts'

// Chunks come from a parent, a cache or a disk, in pieces. Nothing of them is believed: the packed bytes
// must have the chunk's name as their hash, and the facts must lead by their chain to the head that the
// manifest names, before the first of them is loaded.

const newline = 10

/** Unpacked bytes of a chunk, at most: its facts, one of which may pass the bound, and their line ends. */
export const chunkUnpackedBytesMax = chunkFactsBytesMax + factBytesMax + 8_192

/** Whether packed bytes are those of a chunk. */
export function isChunkBytes(
  sha256: Sha256,
  { sha256: name, bytes }: Pick<Chunk, 'sha256' | 'bytes'>,
  packed: Uint8Array,
): boolean {
  return packed.length === bytes && sameBytes(sha256(packed), fromHex(name))
}

/** Writes facts as a chunk holds them, before packing. */
export function joinFacts(facts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(facts.reduce((sum, { length }) => sum + length + 1, 0))
  let at = 0
  for (const fact of facts) {
    out.set(fact, at)
    at += fact.length
    out[at] = newline
    at += 1
  }
  return out
}

/** Takes an unpacked chunk apart. The facts are views into `lines`. */
export function splitFacts(
  { facts: count }: Pick<Chunk, 'facts'>,
  lines: Uint8Array,
): Outcome<readonly Uint8Array[], { readonly code: 'bad_chunk' }> {
  const facts: Uint8Array[] = []
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf(newline, at)
    if (end <= at || end - at > factBytesMax || facts.length === count) {
      return refused({ code: 'bad_chunk' })
    }
    facts.push(lines.subarray(at, end))
    at = end + 1
  }
  return facts.length === count ? accepted(facts) : refused({ code: 'bad_chunk' })
}

/** Where the check of a stream begins. */
export function beforeFirst(sha256: Sha256, stream: StreamId): StreamHead {
  return { stream, seq: 0, hash: genesisHash(sha256, stream) }
}

/**
 * Follows the chain over the next chunk of a stream. The chunks of a stream are given in order; one that
 * is not the next is a bug of the caller or of the manifest, and is refused as a gap.
 */
export function followChunk(
  sha256: Sha256,
  at: StreamHead,
  { chunk, facts }: { readonly chunk: Chunk; readonly facts: readonly Uint8Array[] },
): Outcome<StreamHead, { readonly code: 'gap' }> {
  if (chunk.stream !== at.stream || chunk.from !== at.seq + 1) return refused({ code: 'gap' })
  let { hash } = at
  for (const bytes of facts) hash = chainHash(sha256, hash, bytes)
  return accepted({ stream: at.stream, seq: at.seq + facts.length, hash })
}

/**
 * Whether a chain that was followed to its end is the history that the manifest's head names. Only then
 * may its facts be loaded.
 */
export function isHead(at: StreamHead, head: Position): boolean {
  return at.stream === head.stream && at.seq === head.seq && toHex(at.hash) === head.hash
}
