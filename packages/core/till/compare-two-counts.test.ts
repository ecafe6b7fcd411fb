import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Pieces } from '../money/denominations.ts'
import { minor } from '../money/money.ts'
import { compareTwoCounts } from './compare-two-counts.ts'

const notes = (...each: readonly (readonly [face: number, count: number])[]): Pieces =>
  each.map(([face, count]) => ({ faceMinor: minor(face), pieces: count }))

test.for([
  ['nothing and nothing', notes(), notes(), []],
  ['the same, none said apart from not said', notes([100, 3], [20, 0]), notes([100, 3]), []],
  ['one more', notes([100, 3]), notes([100, 4]), [{ faceMinor: 100, first: 3, second: 4 }]],
  [
    'a pile that one of them did not see',
    notes([20, 5], [100, 1]),
    notes([500, 2], [100, 1]),
    [
      { faceMinor: 500, first: 0, second: 2 },
      { faceMinor: 20, first: 5, second: 0 },
    ],
  ],
] as const)('%s', ([, first, second, differences]) => {
  expect(compareTwoCounts(first, second)).toEqual(differences)
})

test('what both found alike is never in it', () => {
  const somePieces = fc.uniqueArray(
    fc.record({
      faceMinor: fc.constantFrom(25, 100, 2_000, 100_000).map(minor),
      pieces: fc.nat({ max: 9 }),
    }),
    { selector: ({ faceMinor }) => faceMinor },
  )
  fc.assert(
    fc.property(somePieces, somePieces, (first, second) => {
      const of = (pieces: Pieces, face: number) =>
        pieces.find(({ faceMinor }) => faceMinor === face)?.pieces ?? 0
      const differing = new Set(compareTwoCounts(first, second).map(({ faceMinor }) => faceMinor))
      for (const face of [25, 100, 2_000, 100_000].map(minor)) {
        expect(differing.has(face)).toBe(of(first, face) !== of(second, face))
      }
    }),
  )
})
