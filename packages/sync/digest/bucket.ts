import { assert } from '@tillkeeper/core/base/assert.ts'
import type { Sha256 } from '@tillkeeper/facts/seal/stream.ts'
import { fromHex, toHex } from '../message/hex.ts'

// Two copies of a stream are compared by sums over what is stored, bucket by bucket. The chain says that
// what came was right; this says that it still is. It runs over the bytes of the facts, so an amount
// that changed shows, and it adds rather than takes XOR, where two equal changes would cancel.

/** Positions of a stream that are compared, and repaired, together. */
export const bucketPositions = 1_024

/** What one bucket of a copy holds, up to the cut that the comparison is made at. */
export type BucketDigest = {
  /** 0 holds positions 1 … 1,024. */
  readonly bucket: number
  /** How many facts are stored. */
  readonly facts: number
  /** Σ SHA-256(stored bytes) mod 2²⁵⁶, in hexadecimal. */
  readonly sum: string
}

/** The bucket of a position, from 1. */
export function bucketOf(seq: number): number {
  assert(Number.isSafeInteger(seq) && seq >= 1, 'positions begin at 1')
  return Math.floor((seq - 1) / bucketPositions)
}

/** The positions of a bucket, both ends taken, that are not above the cut. */
export function bucketRange(bucket: number, cut: number): { from: number; to: number } {
  const from = bucket * bucketPositions + 1
  return { from, to: Math.min(cut, from + bucketPositions - 1) }
}

/** How many buckets a stream has up to a cut. */
export function bucketCount(cut: number): number {
  return Math.ceil(cut / bucketPositions)
}

const lanes = 8
const laneSize = 2 ** 32
/** Sums of so many lanes of 32 bits are exact in a number of 53. */
const addedMax = 2 ** 20

/** Adds SHA-256 hashes modulo 2²⁵⁶. */
export function createHashSum() {
  const sums = new Float64Array(lanes)
  let added = 0
  const carry = (): void => {
    let over = 0
    for (let lane = lanes - 1; lane >= 0; lane -= 1) {
      const sum = (sums[lane] ?? 0) + over
      over = Math.floor(sum / laneSize)
      sums[lane] = sum % laneSize
    }
    added = 0
  }
  return {
    add: (hash: Uint8Array): void => {
      assert(hash.length === 4 * lanes, 'a hash has 32 bytes')
      if (added === addedMax) carry()
      added += 1
      const view = new DataView(hash.buffer, hash.byteOffset, hash.byteLength)
      for (let lane = 0; lane < lanes; lane += 1) {
        sums[lane] = (sums[lane] ?? 0) + view.getUint32(4 * lane)
      }
    },
    /** The sum so far, in 64 hexadecimal digits. */
    hex: (): string => {
      carry()
      const bytes = new Uint8Array(4 * lanes)
      const view = new DataView(bytes.buffer)
      for (let lane = 0; lane < lanes; lane += 1) view.setUint32(4 * lane, sums[lane] ?? 0)
      return toHex(bytes)
    },
  }
}

/** The digest of a bucket whose facts are at hand, in any order. */
export function digestBucket(
  sha256: Sha256,
  bucket: number,
  facts: readonly Uint8Array[],
): BucketDigest {
  const sum = createHashSum()
  for (const bytes of facts) sum.add(sha256(bytes))
  return { bucket, facts: facts.length, sum: sum.hex() }
}

/** Adds up buckets, such as those of a register's entities. */
export function addSums(sums: readonly string[]): string {
  const total = createHashSum()
  for (const sum of sums) total.add(fromHex(sum))
  return total.hex()
}

/**
 * The buckets in which two copies differ, in order. Both lists were made at one cut: what one copy has
 * not received yet is no difference, and compared at other cuts it would look like one. A bucket that
 * one list leaves out is empty there.
 */
export function compareDigests(
  ours: readonly BucketDigest[],
  theirs: readonly BucketDigest[],
): readonly number[] {
  const held = new Map(ours.map((digest) => [digest.bucket, digest]))
  const asked = new Map(theirs.map((digest) => [digest.bucket, digest]))
  return [...new Set([...held.keys(), ...asked.keys()])]
    .filter((bucket) => !isSame(held.get(bucket), asked.get(bucket)))
    .sort((a, b) => a - b)
}

function isSame(a: BucketDigest | undefined, b: BucketDigest | undefined): boolean {
  if (a === undefined || b === undefined) return (a?.facts ?? 0) === (b?.facts ?? 0)
  return a.facts === b.facts && a.sum === b.sum
}

/** A bucket is repaired so often a day. One that breaks again is no accident: a person looks. */
export const repairsPerDayMax = 3
/** Buckets that one run repairs. The next run goes on; a whole disk that rots is for a person. */
export const repairsPerRunMax = 64

/** Which of the buckets that differ are repaired now, and which are left to a person or the next run. */
export function planRepairs(
  differing: readonly number[],
  repairsToday: ReadonlyMap<number, number>,
): {
  readonly repair: readonly number[]
  readonly later: readonly number[]
  readonly stopped: readonly number[]
} {
  const isStopped = (bucket: number) => (repairsToday.get(bucket) ?? 0) >= repairsPerDayMax
  const open = differing.filter((bucket) => !isStopped(bucket))
  return {
    repair: open.slice(0, repairsPerRunMax),
    later: open.slice(repairsPerRunMax),
    stopped: differing.filter(isStopped),
  }
}
