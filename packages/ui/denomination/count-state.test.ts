import { minor } from '@tillkeeper/core/money/money.ts'
import { expect, test } from 'vitest'
import {
  addPieces,
  blankCount,
  listPieces,
  piecesMax,
  readPieces,
  setPieces,
  totalOf,
} from './count-state.ts'

const hundred = minor(10_000)
const twenty = minor(2_000)

test('a count starts blank: nothing is counted, which is not the same as none', () => {
  expect(blankCount.get(hundred)).toBeUndefined()
  expect(setPieces(blankCount, hundred, 0).get(hundred)).toBe(0)
  expect(setPieces(setPieces(blankCount, hundred, 3), hundred, undefined)).toEqual(blankCount)
})

test('the total is what the pieces are worth', () => {
  const count = addPieces(addPieces(setPieces(blankCount, hundred, 3), twenty, 10), twenty, 1)
  expect(totalOf(count)).toBe(3 * 10_000 + 11 * 2_000)
})

test('a fact carries the pieces high to low, and no face of which there are none', () => {
  const count = setPieces(setPieces(addPieces(blankCount, twenty, 2), hundred, 1), minor(25), 0)
  expect(listPieces(count)).toEqual([
    { faceMinor: 10_000, pieces: 1 },
    { faceMinor: 2_000, pieces: 2 },
  ])
})

test('a count changes nothing of the one that it was made from', () => {
  const first = setPieces(blankCount, hundred, 1)
  addPieces(first, hundred, 1)
  expect(first.get(hundred)).toBe(1)
})

test.for([
  ['12', 12],
  ['', undefined],
  ['1a2', 12],
  ['-3', 3],
  ['0', 0],
  ['99999999', piecesMax],
] as const)('the field %s holds %s pieces', ([text, pieces]) => {
  expect(readPieces(text)).toBe(pieces)
})
