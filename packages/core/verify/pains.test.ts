import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StaffId } from '../base/id.ts'
import { hintDrop } from '../drawer/drawer-limit.ts'
import { denominationsOf } from '../money/denominations.ts'
import { type Currency, minor } from '../money/money.ts'
import { openSession, shopId, staffId, thb, tillId } from '../sale/sale.gen.ts'
import { decideCloseTill } from '../till/close-till.ts'
import { decideEndTill } from '../till/end-till.ts'
import { decideOpenTill } from '../till/open-till.ts'
import { addOtherCash, addSale, noTotals } from '../till/session-totals.ts'
import { expectedOf } from '../till/till-session.ts'

// What users of other systems complain of, each held against our rules: the numbers are those of the field
// study's list. The rest of the list stands in apps/store/pains.pg.test.ts.

const usd = 'USD' as Currency
const at = { shopId, tillId }
const opening = {
  at,
  till: { id: tillId, shopId, active: true },
  currency: thb,
  staff: { id: staffId, active: true },
  openSessionId: undefined,
}
const must = <Value>(outcome: { ok: true; value: Value } | { ok: false; refusal: object }) => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal))
  return outcome.value
}

test('pain 19: the opening count has its own difference against what was left, and keeps it', () => {
  const left = [{ currency: thb, minor: minor(1_000_00) }]
  const opened = must(
    decideOpenTill({ ...opening, left }, { currency: thb, floatMinor: minor(950_00) }),
  )
  expect(opened).toMatchObject({ floatMinor: 950_00, leftMinor: 1_000_00, varianceMinor: -50_00 })
  // The close then counts from what was entered, not from what the last close said.
  const session = { ...openSession, floatMinor: opened.floatMinor }
  const closed = must(
    decideCloseTill({ at, session, totals: noTotals }, { staffId, countedMinor: minor(950_00) }),
  )
  expect(closed.varianceMinor).toBe(0)
})

test('pain 22: what cash is rounded by is in the totals that a drawer is held against', () => {
  // 13.33 paid as 13.25 in cash: the drawer gains what was handed over, nothing else.
  const paid = {
    ...{ totalMinor: minor(13_33), taxMinor: minor(0), roundingMinor: minor(-8) },
    tenders: [{ method: 'cash' as const, amountMinor: minor(13_25), givenMinor: minor(13_25) }],
    changeMinor: minor(0),
  }
  const totals = addSale(noTotals, paid)
  expect(expectedOf({ ...openSession, floatMinor: minor(0) }, totals).get(thb)).toBe(13_25)
})

test('pain 23: a forgotten session is ended by a manager without a count, and counted later', () => {
  const manager = 'manager' as StaffId
  const ended = must(
    decideEndTill({ at: { shopId }, session: openSession }, { staffId: manager, reason: 'forgot' }),
  )
  expect(ended).toMatchObject({ sessionId: openSession.id, staffId: manager })
  const session = { ...openSession, state: 'reconciling' } as const
  const late = decideCloseTill(
    { at, session, totals: noTotals },
    { staffId, countedMinor: minor(7) },
  )
  expect(late.ok).toBe(true)
  // Nothing else is done in it any more.
  expect(decideEndTill({ at, session }, { staffId, reason: 'again' }).ok).toBe(false)
})

test('pain 30: what stays as the next float is said by pieces, and the rest goes to the safe', () => {
  const pieces = [
    { faceMinor: minor(1_000_00), pieces: 2 },
    { faceMinor: minor(100_00), pieces: 12 },
  ]
  const left = [
    { currency: thb, minor: minor(1_000_00), pieces: [{ faceMinor: minor(100_00), pieces: 10 }] },
  ]
  const command = { staffId, countedMinor: minor(3_200_00), pieces, left }
  const closed = must(decideCloseTill({ at, session: openSession, totals: noTotals }, command))
  expect(closed.left).toEqual(left)
  const more = [
    { ...left[0], minor: minor(1_300_00), pieces: [{ faceMinor: minor(100_00), pieces: 13 }] },
  ]
  const refused = decideCloseTill(
    { at, session: openSession, totals: noTotals },
    { ...command, left: more as typeof left },
  )
  expect(refused).toMatchObject({ ok: false, refusal: { code: 'left_above_count' } })
})

test('pain 31: a drawer opens, moves and closes in two currencies, each with its own difference', () => {
  const opened = must(
    decideOpenTill(opening, {
      ...{ currency: thb, floatMinor: minor(1_000_00) },
      others: [{ currency: usd, floatMinor: minor(50_00) }],
    }),
  )
  expect(opened.others).toMatchObject([{ currency: 'USD', minor: 50_00 }])
  const zero = { floatMinor: minor(0), cashInMinor: minor(0), cashOutMinor: minor(0) }
  const totals = addOtherCash(addOtherCash(noTotals, usd, { floatMinor: minor(50_00) }), usd, {
    cashInMinor: minor(20_00),
  })
  expect(zero.floatMinor).toBe(0)
  const closed = must(
    decideCloseTill(
      { at, session: openSession, totals },
      {
        ...{ staffId, countedMinor: openSession.floatMinor },
        others: [{ currency: usd, countedMinor: minor(69_00) }],
      },
    ),
  )
  expect(closed.varianceMinor).toBe(0)
  expect(closed.others).toMatchObject([
    { currency: 'USD', expectedMinor: 70_00, countedMinor: 69_00, varianceMinor: -1_00 },
  ])
})

test('pain 32: part in dollars, part in baht, change in baht: the drawer knows each currency', () => {
  // 500.00 for 10 dollars at 34.25 and 200.00 in baht; 42.50 goes back in baht.
  const totals = addSale(noTotals, {
    ...{ totalMinor: minor(500_00), taxMinor: minor(0), changeMinor: minor(42_50) },
    tenders: [
      {
        ...{ method: 'cash' as const, amountMinor: minor(342_50), givenMinor: minor(342_50) },
        foreign: { currency: usd, givenMinor: minor(10_00), rateId: 'r', rate: 3_425, scale: 2 },
      },
      { method: 'cash' as const, amountMinor: minor(157_50), givenMinor: minor(200_00) },
    ],
  })
  const expected = expectedOf({ ...openSession, floatMinor: minor(0) }, totals)
  expect(expected.get(thb)).toBe(157_50)
  expect(expected.get(usd)).toBe(10_00)
})

test('pain 34: a drawer above its limit asks for a drop, by notes, and tells a blind counter no amount', () => {
  const limit = {
    ...{ limitMinor: minor(5_000_00), targetMinor: minor(1_000_00) },
    denominations: denominationsOf(thb),
  }
  const hint = (amountMinor: number, blind: boolean) =>
    hintDrop({ amountMinor: minor(amountMinor) }, { ...limit, blind })
  expect(hint(5_000_00, false)).toBeUndefined()
  expect(hint(5_000_01, false)?.pieces).toEqual([{ faceMinor: 1_000_00, pieces: 4 }])
  fc.assert(
    fc.property(fc.integer({ min: 5_000_01, max: 9_000_000 }), (amountMinor) => {
      expect(hint(amountMinor, true)).toEqual(hint(5_000_01, true))
    }),
  )
})

test('pain 17: no count at all is refused for what it is', () => {
  const count = fc.integer({ min: 0, max: 1_000_000_000 })
  fc.assert(
    fc.property(count, count, (counted, cashIn) => {
      const totals = { ...noTotals, cashInMinor: minor(cashIn) }
      const closed = must(
        decideCloseTill(
          { at, session: openSession, totals },
          { staffId, countedMinor: minor(counted) },
        ),
      )
      expect(closed.varianceMinor).toBe(counted - openSession.floatMinor - cashIn)
    }),
  )
})
