import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import type { Fact, StreamHead } from '@tillkeeper/facts/seal/seal.ts'
import {
  chainHash,
  parseStreamId,
  type Sha256,
  type StreamId,
} from '@tillkeeper/facts/seal/stream.ts'
import { sameBytes } from '../message/hex.ts'

/** Facts of one stream, in order, as they came over a wire. */
export type Batch = {
  readonly stream: StreamId
  /** The position of the first fact. */
  readonly from: number
  /** The hashes before it and after the last fact, in the sender's copy. */
  readonly prevHash: Uint8Array
  readonly lastHash: Uint8Array
  readonly facts: readonly Uint8Array[]
}

/** A fact that the receiver does not hold yet, with its place. */
export type PlacedFact = {
  readonly seq: number
  readonly fact: Fact
  readonly bytes: Uint8Array
  readonly hash: Uint8Array
}

export type PlaceRefusal =
  /** The bytes are not those that were sent. Nothing was taken, and nothing is known of the sender. */
  | { readonly code: 'damaged' }
  /** The batch begins after the next position. Nothing was taken. */
  | { readonly code: 'gap' }
  /** The batch speaks of another history than the one held here. */
  | { readonly code: 'fork'; readonly seq: number }
  /** These bytes are no fact, or a fact that belongs elsewhere. */
  | { readonly code: 'fact_refused'; readonly seq: number }

/**
 * Finds what is new in a batch. Facts that are held already fall away, but only if they are the same:
 * the chain is computed over the batch and must meet the chain held here. `hashAt` gives the hash at a
 * position up to `head.seq`; it is asked once at most.
 *
 * Pure: the caller stores the facts and the new head together, or nothing.
 */
export async function placeBatch(
  { sha256, org, hashAt }: PlaceDeps,
  head: StreamHead,
  batch: Batch,
): Promise<
  Outcome<{ readonly fresh: readonly PlacedFact[]; readonly head: StreamHead }, PlaceRefusal>
> {
  if (!isWhole(sha256, batch)) return refused({ code: 'damaged' })
  if (batch.from > head.seq + 1) return refused({ code: 'gap' })
  const placed: PlacedFact[] = []
  let seq = batch.from - 1
  let hash = batch.prevHash
  // The chains must meet at the last position that both speak of.
  const meetSeq = Math.min(head.seq, seq + batch.facts.length)
  let meetHash = hash
  for (const bytes of batch.facts) {
    seq += 1
    const fact = readPlaced(bytes, { org, stream: batch.stream, seq })
    if (fact === undefined) return refused({ code: 'fact_refused', seq })
    hash = chainHash(sha256, hash, bytes)
    if (seq === meetSeq) meetHash = hash
    if (seq > head.seq) placed.push({ seq, fact, bytes, hash })
  }
  const heldHash = meetSeq === head.seq ? head.hash : await hashAt(meetSeq)
  if (heldHash === undefined || !sameBytes(meetHash, heldHash)) {
    return refused({ code: 'fork', seq: meetSeq })
  }
  const last = placed.at(-1)
  const next = last === undefined ? head : { stream: head.stream, seq: last.seq, hash: last.hash }
  return accepted({ fresh: placed, head: next })
}

/**
 * Whether the facts are those that the sender's hashes speak of. The chain alone cannot tell a bit that
 * flipped on the way from another history: the receiver would believe the flipped bytes, and then find
 * every honest fact after them a fork. Bytes are hashed twice for it, which costs nothing beside a disk.
 */
export function isWhole(sha256: Sha256, { prevHash, lastHash, facts }: Batch): boolean {
  let hash = prevHash
  for (const bytes of facts) hash = chainHash(sha256, hash, bytes)
  return sameBytes(hash, lastHash)
}

type PlaceDeps = {
  readonly sha256: Sha256
  readonly org: string
  readonly hashAt: (seq: number) => Promise<Uint8Array | undefined>
}

// A fact names its own place. One that names another was moved, and is not taken here. A feed's facts
// are authored by the cloud, whose epoch is not the feed's.
function readPlaced(
  bytes: Uint8Array,
  place: { readonly org: string; readonly stream: StreamId; readonly seq: number },
): Fact | undefined {
  const read = readFact(bytes)
  if (read.kind === 'refused') return undefined
  const { fact } = read
  if (fact.org !== place.org || fact.seq !== place.seq) return undefined
  const name = parseStreamId(place.stream)
  if (name === undefined) return undefined
  const atHome =
    name.kind === 'author'
      ? fact.author === name.author && fact.epoch === name.epoch
      : fact.author === feedAuthor && fact.scope === name.scope
  return atHome ? fact : undefined
}

/** Only the cloud writes feeds. */
const feedAuthor = 'cloud'
