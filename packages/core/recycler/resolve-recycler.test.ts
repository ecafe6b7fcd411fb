import { expect, test } from 'vitest'
import type { ShopId, StaffId } from '../base/id.ts'
import { type Currency, minor } from '../money/money.ts'
import { decideResolveRecycler, type UnitFace } from './resolve-recycler.ts'

const currency = 'THB' as Currency
const of = (faceMinor: number, pieces: number) => ({ faceMinor: minor(faceMinor), pieces })
const line = (unit: UnitFace['unit'], face: number, pieces: number) => ({
  ...{ unit, currency },
  ...of(face, pieces),
})
const cash = (...pieces: ReturnType<typeof of>[]) => ({
  currency,
  minor: pieces.reduce((all, { faceMinor, pieces: count }) => all + faceMinor * count, 0),
  pieces,
})
const work = { kind: 'pay_in', amountMinor: 80_00 }
const state = {
  ...{ shopId: 'shop' as ShopId, recyclerId: 'machine', known: true },
  held: [line('recycling', 100_00, 5), line('recycling', 20_00, 10), line('cash_box', 100_00, 1)],
  attempt: { work, currency, unresolved: true },
}
const by = { staffId: 'ploy' as StaffId, reason: 'looked' }
const said = { attemptId: 'attempt', in: [of(100_00, 1)], out: [of(20_00, 1)] }

test.each([
  ['nothing', state, {}, 'nothing_resolved'],
  [
    'an attempt of no machine',
    { ...state, attempt: undefined },
    { attempt: said },
    'recycler_attempt_not_found',
  ],
  [
    'an attempt whose end is known',
    { ...state, attempt: { ...state.attempt, unresolved: false } },
    { attempt: said },
    'recycler_attempt_not_unresolved',
  ],
])('%s is not resolved', (_, held, command, code) => {
  expect(decideResolveRecycler(held, { ...by, ...command })).toEqual({
    ok: false,
    refusal: { code },
  })
})

test('an attempt is taken to be done by what it kept, and then the books agree with the count', () => {
  const counted = [
    line('recycling', 100_00, 6),
    line('recycling', 20_00, 9),
    line('cash_box', 100_00, 1),
  ]
  const decided = decideResolveRecycler(state, { ...by, attempt: said, counted })
  expect(decided).toMatchObject({
    value: {
      attempt: { ending: 'done', in: cash(of(100_00, 1)), out: cash(of(20_00, 1)) },
      variances: [],
    },
  })
  const back = { ...said, out: said.in }
  expect(decideResolveRecycler(state, { ...by, attempt: back })).toMatchObject({
    value: { attempt: { ending: 'not_done' } },
  })
})

test('a count is over and short face by face, never one against the other', () => {
  const counted = [line('recycling', 100_00, 4), line('recycling', 20_00, 15)]
  const decided = decideResolveRecycler(state, { ...by, counted })
  expect(decided).toMatchObject({
    value: {
      variances: [
        { unit: 'cash_box', way: 'short', cash: cash(of(100_00, 1)) },
        { unit: 'recycling', way: 'over', cash: cash(of(20_00, 5)) },
        { unit: 'recycling', way: 'short', cash: cash(of(100_00, 1)) },
      ],
    },
  })
  expect(decided.ok && 'first' in decided.value).toBe(false)
})

test('what a collection put into the cash box is in it', () => {
  const collect = { kind: 'collect', to: 'cash_box', pieces: [of(100_00, 2)] }
  const attempt = { work: collect, currency, unresolved: true }
  const counted = [
    line('recycling', 100_00, 3),
    line('recycling', 20_00, 10),
    line('cash_box', 100_00, 3),
  ]
  const moved = { attemptId: 'attempt', in: [], out: [of(100_00, 2)] }
  expect(
    decideResolveRecycler({ ...state, attempt }, { ...by, attempt: moved, counted }),
  ).toMatchObject({ value: { variances: [] } })
})

test('the first count finds what was always there', () => {
  const counted = [line('recycling', 100_00, 5)]
  expect(
    decideResolveRecycler({ ...state, held: [], known: false }, { ...by, counted }),
  ).toMatchObject({
    value: { first: true, variances: [{ way: 'over', cash: cash(of(100_00, 5)) }] },
  })
})
