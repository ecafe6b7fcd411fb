import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { chainHash, type Sha256 } from '@tillkeeper/facts/seal/stream.ts'
import { sameBytes } from '../message/hex.ts'

/** A fact as a row of ours has it, whether or not the row is right. */
export type StoredFact = {
  readonly seq: number
  readonly bytes: Uint8Array
  /** The hash of the chain up to it. */
  readonly hash: Uint8Array
}

/** What we hold around a bucket. One damaged byte damages one of these at most. */
export type Anchors = {
  /** The hash of the chain before the bucket. */
  readonly before: Uint8Array
  /** The hashes after it: that of its last row, and that of the stream's head where it ends there. */
  readonly after: readonly Uint8Array[]
  /** The row after it, whose hash follows from the bucket's end. */
  readonly next?: StoredFact | undefined
}

export type Mending = {
  /** The position of the first of `facts`. */
  readonly from: number
  /** The peer's. */
  readonly facts: readonly Uint8Array[]
  readonly anchors: Anchors
  /** Our rows of the same positions. Some may be missing. */
  readonly ours: readonly StoredFact[]
}

/**
 * Finds what to write over the damaged rows of a bucket, from a peer's facts of the same positions. They
 * are taken only where the chain over them leads from what we hold before the bucket to what we hold
 * after it: no bytes do that but those that the author sealed. Where they do not, the peer is damaged
 * itself or holds another history, and nothing is written: `other_history`. Rows that are right already
 * are left out.
 */
export function mendBucket(
  sha256: Sha256,
  { from, facts, anchors, ours }: Mending,
): Outcome<readonly StoredFact[], { readonly code: 'other_history' }> {
  let hash = anchors.before
  const proven = facts.map((bytes, index): StoredFact => {
    hash = chainHash(sha256, hash, bytes)
    return { seq: from + index, bytes, hash }
  })
  const { after, next } = anchors
  const meets =
    after.some((held) => sameBytes(held, hash)) ||
    (next !== undefined && sameBytes(chainHash(sha256, hash, next.bytes), next.hash))
  if (proven.length === 0 || !meets) return refused({ code: 'other_history' })
  const held = new Map(ours.map((row) => [row.seq, row]))
  return accepted(
    proven.filter((row) => {
      const mine = held.get(row.seq)
      return (
        mine === undefined || !sameBytes(mine.bytes, row.bytes) || !sameBytes(mine.hash, row.hash)
      )
    }),
  )
}
