import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  denominationsOf,
  makeChange,
  orderPieces,
  piecesAddUp,
  quickTenders,
  sumPieces,
} from './denominations.ts'
import { type Currency, minor } from './money.ts'

const thb = denominationsOf('THB' as Currency)
const faces = thb.map(({ faceMinor }) => faceMinor)
const pieces = (...each: readonly (readonly [face: number, count: number])[]) =>
  each.map(([face, count]) => ({ faceMinor: minor(face), pieces: count }))

test('baht has five notes and six coins, high to low', () => {
  expect(faces).toEqual([100_000, 50_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 25])
  expect(thb.filter(({ kind }) => kind === 'note')).toHaveLength(5)
})

test('each table goes down and knows each face once', () => {
  for (const currency of ['THB', 'GBP', 'USD', 'EUR', 'JPY', 'IDR', 'CNY', 'AUD', 'RUB']) {
    const own = denominationsOf(currency as Currency).map(({ faceMinor }) => faceMinor)
    expect(own.length).toBeGreaterThan(6)
    expect(own).toEqual([...new Set(own)].sort((a, b) => b - a))
  }
  expect(denominationsOf('KWD' as Currency)).toEqual([])
})

test('pieces are worth their faces', () => {
  expect(sumPieces(pieces([2_000, 3], [25, 2]))).toBe(6_050)
  expect(sumPieces([])).toBe(0)
})

test.for([
  { given: pieces([2_000, 3]), amount: 6_000, adds: true },
  { given: pieces([2_000, 3], [1_000, 0]), amount: 6_000, adds: true },
  { given: [], amount: 0, adds: true },
  { given: pieces([2_000, 3]), amount: 6_001, adds: false },
  { given: pieces([2_000, 1], [2_000, 2]), amount: 6_000, adds: false }, // A face twice.
  { given: pieces([1_000_000_000_000, 1_000_000]), amount: 1, adds: false }, // Beyond 2^53.
])('$given for $amount: $adds', ({ given, amount, adds }) => {
  expect(piecesAddUp(given, minor(amount))).toBe(adds)
})

test('cash has one spelling', () => {
  const given = pieces([25, 4], [100_000, 1], [500, 0])
  expect(orderPieces(given)).toEqual(pieces([100_000, 1], [25, 4]))
  expect(given[0]?.pieces).toBe(4)
})

test.for([
  { amount: 6_500, stock: undefined, change: pieces([5_000, 1], [1_000, 1], [500, 1]) },
  { amount: 0, stock: undefined, change: [] },
  { amount: 0, stock: [], change: [] },
  { amount: 10, stock: undefined, change: undefined }, // There is no coin of 0.10.
  { amount: 6_500, stock: pieces([1_000, 9], [500, 1]), change: pieces([1_000, 6], [500, 1]) },
  // Only without the 50 does it come out: the greedy way alone would find nothing.
  { amount: 6_000, stock: pieces([5_000, 1], [2_000, 3]), change: pieces([2_000, 3]) },
  { amount: 6_500, stock: pieces([5_000, 1]), change: undefined },
])('$amount out of $stock', ({ amount, stock, change }) => {
  expect(makeChange(minor(amount), thb, stock)).toEqual(change)
})

test('change is not negative', () => {
  expect(() => makeChange(minor(-1), thb)).toThrow('not negative')
})

test('a search for change that would not end is given up', () => {
  // Even faces only: no way makes an odd amount, and there are millions to try.
  const even = Array.from({ length: 30 }, (_, index) => ({ faceMinor: minor(2 * (index + 1)) }))
  expect(makeChange(minor(9_999), even)).toBeUndefined()
})

test('change adds up, fits the drawer, and is found wherever there are enough small coins', () => {
  const stock = fc.array(
    fc.record({ face: fc.constantFrom(...faces), count: fc.integer({ min: 0, max: 5 }) }),
  )
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40_000 }), stock, (quarters, held) => {
      const amount = minor(quarters * 25)
      const unbound = makeChange(amount, thb)
      expect(unbound && sumPieces(unbound)).toBe(amount)
      expect(unbound).toEqual(orderPieces(unbound ?? []))

      const available = pieces(...new Map(held.map(({ face, count }) => [face, count])))
      const bound = makeChange(amount, thb, available)
      if (bound === undefined) return
      expect(sumPieces(bound)).toBe(amount)
      const counts = new Map(available.map((entry) => [entry.faceMinor, entry.pieces]))
      for (const entry of bound) {
        expect(entry.pieces).toBeLessThanOrEqual(counts.get(entry.faceMinor) ?? 0)
      }
    }),
  )
})

test.for([
  { due: 13_500, amounts: [13_500, 14_000, 15_000, 20_000, 50_000] },
  { due: 10_000, amounts: [10_000, 50_000, 100_000] },
  { due: 1, amounts: [1, 2_000, 5_000, 10_000, 50_000] },
  { due: 250_000, amounts: [250_000, 300_000] },
  { due: 0, amounts: [] },
])('quick amounts for $due', ({ due, amounts }) => {
  expect(quickTenders(minor(due), thb)).toEqual(amounts)
})

test('without a table of notes only the exact amount is quick', () => {
  expect(quickTenders(minor(5), [])).toEqual([5])
})
