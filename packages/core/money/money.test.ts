import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocate, minor, mulDivFloor, mulDivRound, sum } from './money.ts'

test('an amount is a whole number that is exact', () => {
  expect(minor(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER)
  expect(Object.is(minor(-0), 0)).toBe(true)
  for (const wrong of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    expect(() => minor(wrong)).toThrow('an amount is a whole number that is exact')
  }
})

test('a sum is checked like any amount', () => {
  expect(sum([minor(1), minor(-3), minor(2)])).toBe(0)
  expect(sum([])).toBe(0)
  const large = minor(Number.MAX_SAFE_INTEGER)
  expect(() => sum([large, large])).toThrow('exact')
})

test.for([
  { a: 7, b: 1, divisor: 2, floor: 3, round: 4 },
  { a: -7, b: 1, divisor: 2, floor: -4, round: -4 }, // Halves go away from zero.
  { a: 5, b: 1, divisor: 3, floor: 1, round: 2 },
  { a: -5, b: 1, divisor: 3, floor: -2, round: -2 },
  { a: -4, b: 1, divisor: 3, floor: -2, round: -1 },
  { a: -6, b: 1, divisor: 3, floor: -2, round: -2 },
  { a: 1, b: 1, divisor: 3, floor: 0, round: 0 },
  { a: 0, b: 9, divisor: 5, floor: 0, round: 0 },
  // Products far above 2^53 stay exact: 10^12 × 10^9 ÷ 10^9 + 1.
  { a: 1e12, b: 1e9, divisor: 1e9, floor: 1e12, round: 1e12 },
  {
    a: 999_999_999_999,
    b: 1_000_000_001,
    divisor: 1e9,
    floor: 1_000_000_000_998,
    round: 1_000_000_000_999,
  },
])('$a × $b ÷ $divisor', ({ a, b, divisor, floor, round }) => {
  expect(mulDivFloor(a, b, divisor)).toBe(floor)
  expect(mulDivRound(a, b, divisor)).toBe(round)
})

test('rounding stays within half a unit, cutting within one', () => {
  // The quotient stays below 2^53; what is above it is never taken for an amount.
  const size = fc.integer({ min: -90_000_000, max: 90_000_000 })
  fc.assert(
    fc.property(size, size, fc.integer({ min: 1, max: 1_000_000 }), (a, b, divisor) => {
      const product = BigInt(a) * BigInt(b)
      const cut = product - BigInt(mulDivFloor(a, b, divisor)) * BigInt(divisor)
      expect(cut >= 0n && cut < BigInt(divisor)).toBe(true)
      const off = product - BigInt(mulDivRound(a, b, divisor)) * BigInt(divisor)
      expect(2n * (off < 0n ? -off : off) <= BigInt(divisor)).toBe(true)
    }),
  )
})

test('a divisor is above zero', () => {
  expect(() => mulDivFloor(1, 1, 0)).toThrow('divisor')
  expect(() => mulDivRound(1, 1, -1)).toThrow('divisor')
})

test('a split gives what is left to the first parts that weigh something', () => {
  expect(allocate(minor(100), [1, 1, 1])).toEqual([34, 33, 33])
  expect(allocate(minor(101), [0, 1, 1])).toEqual([0, 51, 50])
  expect(allocate(minor(0), [1, 2])).toEqual([0, 0])
})

test('a split sums to its whole, whatever the weights', () => {
  const weights = fc
    .array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 20 })
    .filter((each) => each.some((weight) => weight > 0))
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), weights, (whole, shares) => {
      const parts = allocate(minor(whole), shares)
      expect(sum(parts)).toBe(whole)
      const total = shares.reduce((all, weight) => all + weight, 0)
      for (const [index, part] of parts.entries()) {
        const share = shares[index] ?? 0
        const exact = mulDivFloor(whole, share, total)
        expect(part === exact || (share > 0 && part === exact + 1)).toBe(true)
      }
    }),
  )
})

test.for([
  { whole: -1, weights: [1], claim: 'not negative' },
  { whole: 1, weights: [], claim: 'weights have a sum' },
  { whole: 1, weights: [0], claim: 'weights have a sum' },
  { whole: 1, weights: [-1, 2], claim: 'every weight' },
  { whole: 1, weights: [0.5], claim: 'every weight' },
])('a split of $whole by $weights is a bug', ({ whole, weights, claim }) => {
  expect(() => allocate(minor(whole), weights)).toThrow(claim)
})
