import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { random } from '../testing/chance.gen.ts'
import { makeJournal, ownStream, sha256 } from '../testing/journal.gen.ts'
import {
  addSums,
  type BucketDigest,
  bucketCount,
  bucketOf,
  bucketPositions,
  bucketRange,
  compareDigests,
  createHashSum,
  digestBucket,
  planRepairs,
  repairsPerDayMax,
  repairsPerRunMax,
} from './bucket.ts'
import { digestMessages } from './digest-messages.ts'
import { mendBucket } from './mend-bucket.ts'

const modulus = 1n << 256n
const hash32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const toNumber = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)

test('a sum is the sum of its hashes modulo 2²⁵⁶, in any order', () => {
  const full = new Uint8Array(32).fill(255)
  fc.assert(
    fc.property(fc.array(fc.oneof(hash32, fc.constant(full)), { maxLength: 60 }), (hashes) => {
      const expected = hashes.reduce((sum, hash) => (sum + toNumber(hash)) % modulus, 0n)
      const sum = createHashSum()
      for (const hash of hashes) sum.add(hash)
      expect(BigInt(`0x${sum.hex()}`)).toBe(expected)
      const back = createHashSum()
      for (const hash of hashes.toReversed()) back.add(hash)
      expect(back.hex()).toBe(sum.hex())
      expect(addSums([sum.hex(), sum.hex()])).toBe(
        ((2n * expected) % modulus).toString(16).padStart(64, '0'),
      )
    }),
  )
})

test('two equal changes do not cancel, as they would by XOR', () => {
  const [a, b] = [new Uint8Array([1]), new Uint8Array([2])]
  expect(digestBucket(sha256, 0, [a, a]).sum).not.toBe(digestBucket(sha256, 0, [b, b]).sum)
})

test('a bucket has 1,024 positions, and the last ends at the cut', () => {
  expect([1, 1_024, 1_025].map(bucketOf)).toEqual([0, 0, 1])
  expect(bucketRange(1, 3_000)).toEqual({ from: 1_025, to: 2_048 })
  expect(bucketRange(2, 3_000)).toEqual({ from: 2_049, to: 3_000 })
  expect([0, 1, 1_024, 1_025].map(bucketCount)).toEqual([0, 1, 1, 2])
})

/** The digests of a copy up to a cut. */
function digests(facts: readonly Uint8Array[], cut: number): readonly BucketDigest[] {
  return Array.from({ length: bucketCount(cut) }, (_, bucket) => {
    const { from, to } = bucketRange(bucket, cut)
    return digestBucket(sha256, bucket, facts.slice(from - 1, to))
  })
}

test('exactly the buckets that hold another byte differ, at any equal cut', () => {
  const facts = Array.from({ length: 3 * bucketPositions + 40 }, (_, at) =>
    Uint8Array.of(at, at >> 8),
  )
  const position = fc.nat(facts.length - 1)
  fc.assert(
    fc.property(fc.array(position, { maxLength: 4 }), position, (changed, last) => {
      const cut = last + 1
      const copy = facts.map((bytes, at) =>
        changed.includes(at) ? Uint8Array.of(...bytes, 7) : bytes,
      )
      const expected = [...new Set(changed.filter((at) => at < cut).map((at) => bucketOf(at + 1)))]
      expect(compareDigests(digests(facts, cut), digests(copy, cut))).toEqual(
        expected.sort((a, b) => a - b),
      )
    }),
    { numRuns: 30 },
  )
})

test('a missing row and a missing bucket differ; an empty bucket is one that is left out', () => {
  const one = digestBucket(sha256, 3, [Uint8Array.of(1)])
  const none = digestBucket(sha256, 3, [])
  expect(compareDigests([one], [])).toEqual([3])
  expect(compareDigests([], [one])).toEqual([3])
  expect(compareDigests([one], [none])).toEqual([3])
  expect(compareDigests([none], [])).toEqual([])
})

test('a bucket that keeps breaking is left to a person, and a run repairs so many', () => {
  const many = Array.from({ length: repairsPerRunMax + 5 }, (_, bucket) => bucket)
  const today = new Map([
    [0, repairsPerDayMax],
    [1, repairsPerDayMax - 1],
  ])
  const { repair, later, stopped } = planRepairs(many, today)
  expect(stopped).toEqual([0])
  expect(repair).toHaveLength(repairsPerRunMax)
  expect(repair[0]).toBe(1)
  expect([...stopped, ...repair, ...later]).toEqual(many)
})

const stream = ownStream('t-1')

/** A stream of some facts, as rows. */
function rowsOf(count: number) {
  const journal = makeJournal()
  const chance = random(11)
  for (let at = 0; at < count; at += 1) journal.author(stream, at, chance.bytes(10))
  return journal.bytes(stream).map((bytes, index) => ({
    seq: index + 1,
    bytes,
    hash: journal.hashAt(stream, index + 1) ?? bytes,
  }))
}

test('whatever one byte of a bucket is damaged, the peer’s facts mend that row alone', () => {
  const rows = rowsOf(12)
  const before = makeJournal().hashAt(stream, 0) ?? new Uint8Array()
  const [from, to] = [1, 8]
  const damage = fc.record({
    row: fc.integer({ min: from, max: to }),
    how: fc.constantFrom('bytes', 'hash', 'deleted'),
    at: fc.nat(31),
  })
  fc.assert(
    fc.property(damage, ({ row, how, at }) => {
      const flip = (bytes: Uint8Array) =>
        bytes.map((byte, index) => (index === at ? byte ^ 1 : byte))
      const stored = rows.flatMap((held) => {
        if (held.seq !== row) return [held]
        if (how === 'deleted') return []
        return how === 'bytes'
          ? [{ ...held, bytes: flip(held.bytes) }]
          : [{ ...held, hash: flip(held.hash) }]
      })
      const last = stored.find(({ seq }) => seq === to)
      const mended = mendBucket(sha256, {
        from,
        facts: rows.slice(from - 1, to).map(({ bytes }) => bytes),
        anchors: {
          before,
          after: last === undefined ? [] : [last.hash],
          next: stored.find(({ seq }) => seq === to + 1),
        },
        ours: stored.filter(({ seq }) => seq <= to),
      })
      expect(mended).toEqual({ ok: true, value: [rows[row - 1]] })
    }),
  )
})

test('facts of another history mend nothing, however little they differ', () => {
  const rows = rowsOf(8)
  const before = makeJournal().hashAt(stream, 0) ?? new Uint8Array()
  const anchors = { before, after: [rows[7]?.hash ?? before] }
  const facts = rows.map(({ bytes }) => bytes)
  const twisted = facts.map((bytes, at) => (at === 4 ? Uint8Array.of(...bytes, 32) : bytes))
  const refusal = { ok: false, refusal: { code: 'other_history' } }
  for (const theirs of [twisted, facts.slice(0, 7), facts.toReversed(), []]) {
    expect(mendBucket(sha256, { from: 1, facts: theirs, anchors, ours: rows })).toEqual(refusal)
  }
})

test('the messages are those of this protocol version', () => {
  const shapes = createHash('sha256').update(JSON.stringify(digestMessages)).digest('hex')
  expect(shapes.slice(0, 12)).toMatchInlineSnapshot(`"06a5c7f26351"`)
})
