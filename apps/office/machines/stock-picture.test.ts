import type { RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { expect, test } from 'vitest'
import {
  allBut,
  differencesOf,
  facesBeyond,
  fillOf,
  pictureOf,
  type StockLine,
  totalsOf,
} from './stock-picture.ts'

const THB = 'THB' as Currency
const line = (face: number, pieces: number, more: Partial<StockLine> = {}): StockLine => ({
  ...{ unit: 'recycling', currency: THB, faceMinor: minor(face), pieces, level: 'normal' },
  ...more,
})
const held = (face: number, pieces: number, unit: StockLine['unit'] = 'recycling') => ({
  ...{ unit, currency: THB, faceMinor: minor(face), pieces },
})
const machine = (
  books: RecyclerView['held'],
  known = true,
): Pick<RecyclerView, 'held' | 'known' | 'currencies'> => ({
  ...{ held: books, known, currencies: [THB] },
})

test.each([
  [line(100_00, 25, { maxPieces: 100 }), 0.25, true],
  [line(100_00, 120, { maxPieces: 100 }), 1, true],
  [line(100_00, 0, { level: 'empty' }), 0, true],
  // No number of places: the machine's word says how it looks, and that it is no number.
  [line(100_00, 3, { level: 'near_empty' }), 0.12, false],
  [line(100_00, 900, { level: 'near_full' }), 0.88, false],
  [line(100_00, 900, { maxPieces: 0, level: 'full' }), 1, false],
])('a slot is as full as it is (%#)', (slot, share, measured) => {
  expect(fillOf(slot)).toEqual({ share, measured })
})

test('an empty slot asks for nobody where nothing ever lay in it, nor does an empty cash box', () => {
  const stock = [line(100_00, 0), line(25, 0), line(500_00, 0, { unit: 'cash_box' })]
  const parts = pictureOf(machine([held(100_00, 0), held(500_00, 0, 'cash_box')]), stock)
  expect(parts.flatMap(({ slots }) => slots.map(({ missed }) => missed))).toEqual([
    ...[true, false],
    false,
  ])
})

test('a machine is drawn part by part, high to low, with what the books say where they differ', () => {
  const stock = [
    line(20_00, 10),
    line(100_00, 5),
    line(1_000_00, 2, { unit: 'cash_box' }),
    line(5_00, 1, { currency: 'EUR' as Currency }),
  ]
  const books = [held(100_00, 5), held(20_00, 9), held(1_000_00, 2, 'cash_box')]
  expect(
    pictureOf(machine(books), stock).map(({ unit, currency, slots, totalMinor, bookedMinor }) => [
      ...[unit, currency, totalMinor, bookedMinor],
      slots.map(({ faceMinor, pieces, booked }) => [faceMinor, pieces, booked]),
    ]),
  ).toEqual([
    [
      ...['recycling', 'THB', 700_00, 680_00],
      [
        [100_00, 5, undefined],
        [20_00, 10, 9],
      ],
    ],
    ['cash_box', 'THB', 2_000_00, 2_000_00, [[1_000_00, 2, undefined]]],
    // The books know nothing of euros: that it holds some is a difference.
    ['recycling', 'EUR', 5_00, 0, [[5_00, 1, 0]]],
  ])
})

test('a face that only the books know is an empty slot, unless they were never told by a count', () => {
  const [part] = pictureOf(machine([held(50_00, 3)]), [])
  expect(part?.slots).toMatchObject([{ faceMinor: 50_00, pieces: 0, booked: 3, level: 'unknown' }])
  expect(pictureOf(machine([held(50_00, 3)], false), [])).toEqual([])
  const [young] = pictureOf(machine([held(50_00, 3)], false), [line(50_00, 1)])
  expect(young).toMatchObject({ bookedMinor: undefined, slots: [{ booked: undefined }] })
})

test('what it holds is told by currency, over all parts', () => {
  const stock = [line(20_00, 2), line(100_00, 1, { unit: 'cash_box' })]
  expect(totalsOf(stock)).toEqual([{ currency: 'THB', minor: 140_00 }])
})

test('it differs part by part, as the exception does that a count ends', () => {
  const stock = [line(100_00, 4), line(100_00, 3, { unit: 'cash_box' })]
  const asBooked = [held(100_00, 4), held(100_00, 3, 'cash_box')]
  expect(differencesOf(machine(asBooked), stock)).toEqual([])
  expect(differencesOf(machine([held(100_00, 7)]), stock)).toMatchObject([
    { unit: 'recycling', faceMinor: 100_00, expected: 7, reported: 4 },
    { unit: 'cash_box', faceMinor: 100_00, expected: 0, reported: 3 },
  ])
  expect(differencesOf(machine(asBooked, false), [])).toEqual([])
})

test('all but a reserve leaves the reserve of each face, and takes nothing that is not there', () => {
  const stock = [
    line(100_00, 50),
    line(20_00, 20),
    line(10_00, 5),
    line(1_000_00, 9, { unit: 'cash_box' }),
    line(50_00, 30, { level: 'absent' }),
    line(5_00, 99, { currency: 'EUR' as Currency }),
  ]
  expect([...allBut(stock, THB, 20)]).toEqual([[100_00, 30]])
  expect([...allBut(stock, THB, 0)]).toEqual([
    [100_00, 50],
    [20_00, 20],
    [10_00, 5],
  ])
})

test('more than can be given is told by face', () => {
  const stock = [line(100_00, 5), line(1_000_00, 9, { unit: 'cash_box' })]
  const count = new Map([
    [minor(100_00), 5],
    [minor(1_000_00), 1],
  ])
  expect(facesBeyond(count, stock, THB)).toEqual([1_000_00])
  expect(facesBeyond(new Map([[minor(100_00), 6]]), stock, THB)).toEqual([100_00])
})
