import { expect, test } from 'vitest'
import type { ShopId, StaffId } from '../base/id.ts'
import { type Currency, minor } from '../money/money.ts'
import { compareHeld } from './compare-held.ts'
import { decideEmptyRecycler } from './empty-recycler.ts'
import type { UnitFace } from './resolve-recycler.ts'

const [thb, eur] = ['THB', 'EUR'] as Currency[]
const line = (
  unit: UnitFace['unit'],
  face: number,
  pieces: number,
  currency = thb as Currency,
): UnitFace => ({ unit, currency, faceMinor: minor(face), pieces })
const cash = (face: number, pieces: number, currency = thb as Currency) => ({
  currency,
  pieces: [{ faceMinor: minor(face), pieces }],
})
const empty = (held: readonly UnitFace[], known: boolean, taken: ReturnType<typeof cash>[]) =>
  decideEmptyRecycler(
    { shopId: 'shop' as ShopId, recyclerId: 'machine', held, known },
    { staffId: 'ploy' as StaffId, cash: taken },
  )
const variances = (outcome: ReturnType<typeof empty>) =>
  outcome.ok
    ? (outcome.value.variances ?? []).map(
        ({ unit, way, cash: of }) => `${unit} ${way} ${of.currency} ${of.minor}`,
      )
    : outcome.refusal.code

test.each<[string, UnitFace[], ReturnType<typeof cash>[], string[] | string]>([
  ['as booked', [line('cash_box', 10_000, 3)], [cash(10_000, 3)], []],
  ['fewer', [line('cash_box', 10_000, 3)], [cash(10_000, 2)], ['cash_box short THB 10000']],
  ['more', [line('cash_box', 10_000, 3)], [cash(10_000, 5)], ['cash_box over THB 20000']],
  [
    'a face that was not taken stays',
    [line('cash_box', 100, 9)],
    [cash(10_000, 1)],
    ['cash_box over THB 10000'],
  ],
  [
    'what gives change is no box',
    [line('recycling', 10_000, 3)],
    [cash(10_000, 3)],
    ['cash_box over THB 30000'],
  ],
  [
    'of another currency',
    [line('cash_box', 500, 2, eur)],
    [cash(500, 1, eur)],
    ['cash_box short EUR 500'],
  ],
  ['nothing', [], [], 'no_cash'],
  ['a currency twice', [], [cash(10_000, 1), cash(2_000, 1)], 'currency_repeated'],
])('a box that held %s', (_, held, taken, expected) => {
  expect(variances(empty(held, true, taken))).toEqual(expected)
})

test('of a machine that was never counted, what was found is no surplus', () => {
  expect(empty([], false, [cash(10_000, 1)])).toMatchObject({ value: { first: true } })
  expect(empty([line('cash_box', 10_000, 1)], true, [cash(10_000, 1)])).toMatchObject({
    value: { cash: [{ minor: 10_000 }] },
  })
})

test('books and machine are compared by part, currency and face', () => {
  const held = [
    line('recycling', 10_000, 5),
    line('cash_box', 10_000, 1),
    line('recycling', 500, 2),
  ]
  expect(compareHeld(held, held)).toEqual([])
  const moved = [line('recycling', 10_000, 4), line('cash_box', 10_000, 2)]
  expect(compareHeld(held, moved)).toMatchObject([
    { unit: 'recycling', faceMinor: 10_000, expected: 5, reported: 4 },
    { unit: 'recycling', faceMinor: 500, expected: 2, reported: 0 },
    { unit: 'cash_box', faceMinor: 10_000, expected: 1, reported: 2 },
  ])
})
