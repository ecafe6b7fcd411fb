import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ProductId, StaffId } from '../base/id.ts'
import { type CashRounding, roundCash } from '../money/cash-rounding.ts'
import { minor } from '../money/money.ts'
import { payBack } from '../refund/pay-back.ts'
import { takenBy } from '../till/close-till.ts'
import { addRefund, addSale, noTotals } from '../till/session-totals.ts'
import { expectedMinor } from '../till/till-session.ts'
import { decideVoidSale, type VoidSaleState } from '../verify/void-sale.ts'
import { fullDrawer, openSession, shopId, thb } from './sale.gen.ts'
import { type AskedTender, settleTenders } from './settle-tenders.ts'

// What a cash recycler took or gave: it counts as notes and coins do, and never as cash of the drawer.

const attemptId = '01940000-0000-7000-8000-0000000000e1'
const quarter: CashRounding = { stepMinor: minor(25), way: 'nearest' }
const rounding = quarter
const by = (method: AskedTender['method'], given: number): AskedTender => ({
  ...{ method, givenMinor: minor(given) },
  ...(method === 'machine' && { attemptId }),
})
const settled = (due: number, asked: readonly AskedTender[]) => {
  const outcome = settleTenders(minor(due), asked, { currency: thb, rounding: quarter })
  return outcome.ok ? outcome.value : outcome.refusal
}
const act = { taxMinor: minor(0), currency: thb }

test('a machine pays what is due as cash is rounded, and names its attempt', () => {
  expect(settled(13_510, [by('machine', 13_500)])).toEqual({
    tenders: [{ method: 'machine', amountMinor: 13_500, givenMinor: 13_500, attemptId }],
    changeMinor: 0,
    roundingMinor: -10,
  })
})

test('what a machine kept and owes comes out of the drawer as change', () => {
  expect(settled(30_000, [by('machine', 40_000)])).toEqual({
    tenders: [{ method: 'machine', amountMinor: 30_000, givenMinor: 40_000, attemptId }],
    changeMinor: 10_000,
  })
  expect(settled(30_000, [by('cash', 10_000), by('machine', 25_000)])).toEqual({
    tenders: [
      { method: 'cash', amountMinor: 5_000, givenMinor: 10_000 },
      { method: 'machine', amountMinor: 25_000, givenMinor: 25_000, attemptId },
    ],
    changeMinor: 5_000,
  })
})

test.for<[string, readonly AskedTender[], object]>([
  [
    'no attempt is named',
    [{ method: 'machine', givenMinor: minor(5) }],
    { code: 'machine_attempt_missing', index: 0 },
  ],
  [
    'cash names one',
    [{ ...by('cash', 5), attemptId }],
    { code: 'attempt_only_of_machine', index: 0 },
  ],
  [
    'one is named twice',
    [by('machine', 5), by('machine', 5)],
    { code: 'machine_attempt_used', attemptId },
  ],
  [
    'it kept less than is due',
    [by('machine', 9_900)],
    { code: 'not_enough_given', dueMinor: 10_000, givenMinor: 9_900 },
  ],
  [
    'a card pays too much beside it',
    [by('card', 10_100), by('machine', 5)],
    { code: 'tender_above_due', dueMinor: 10_000 },
  ],
  [
    'it names pieces, which its attempt knows',
    [{ ...by('machine', 10_000), pieces: [] }],
    { code: 'pieces_only_of_cash', of: 'tender', index: 0 },
  ],
])('a tender by machine is refused where %s', ([, asked, refusal]) => {
  expect(settled(10_000, asked)).toEqual(refusal)
})

test('a refund by machine is rounded as cash is, and names the attempt that gave it', () => {
  const paid = payBack(minor(13_510), { method: 'machine', attemptId }, { currency: thb, rounding })
  expect(paid).toEqual({
    ok: true,
    value: {
      tenders: [{ method: 'machine', amountMinor: 13_500, givenMinor: 13_500, attemptId }],
      roundingMinor: -10,
    },
  })
  const refusal = (method: 'machine' | 'card', named?: string) =>
    payBack(minor(5), { method, attemptId: named }, { currency: thb })
  expect(refusal('machine')).toMatchObject({ refusal: { code: 'machine_attempt_missing' } })
  expect(refusal('card', attemptId)).toMatchObject({ refusal: { code: 'attempt_only_of_machine' } })
})

const amount = fc.integer({ min: 0, max: 500_000 })

test('nothing that a machine kept or gave moves what the drawer should hold', () => {
  fc.assert(
    fc.property(
      fc.record({ due: amount, card: fc.nat({ max: 100 }), machine: fc.nat({ max: 100 }) }),
      fc.record({ kept: fc.constantFrom(0, 0, 500, 20_000), cash: fc.constantFrom(0, 0, 10_000) }),
      ({ due, card, machine }, { kept, cash }) => {
        const paid = Math.floor((due * card) / 100)
        const most = roundCash(minor(due - paid), quarter)
        const took = Math.floor((most * machine) / 100) + kept
        const rest = Math.max(0, most - took)
        const own = rest === 0 ? 0 : rest + cash
        const asked = [by('card', paid), by('machine', took), by('cash', own)]
        const outcome = settleTenders(minor(due), asked, { currency: thb, rounding: quarter })
        if (!outcome.ok) throw new Error(outcome.refusal.code)
        const { changeMinor, roundingMinor = minor(0) } = outcome.value
        const sale = { ...act, ...outcome.value, totalMinor: minor(due) }
        const after = addSale(noTotals, sale)
        expect(expectedMinor(minor(0), after)).toBe(own - changeMinor)
        expect(after.machineMinor).toBe(took)
        expect(takenBy(after, 'machine') + takenBy(after, 'cash') + takenBy(after, 'card')).toBe(
          due + roundingMinor,
        )
        const back = payBack(minor(due), { method: 'machine', attemptId }, { currency: thb })
        if (!back.ok) throw new Error(back.refusal.code)
        const done = addRefund(after, { ...act, ...back.value, totalMinor: minor(due) })
        expect(expectedMinor(minor(0), done)).toBe(own - changeMinor)
        expect(done.machineMinor).toBe(took - due)
      },
    ),
  )
})

const manager = 'ploy' as StaffId
const at = '2026-11-20T05:00:00.000Z'
const state: VoidSaleState = {
  at: { shopId },
  session: openSession,
  drawer: fullDrawer,
  sale: {
    ...{ id: 'sale', currency: thb, sessionId: openSession.id, businessDate: '2026-11-20' },
    ...{ staffId: 'nok' as StaffId, totalMinor: minor(10_700), refunds: [] },
    lines: [
      {
        ...{ lineNo: 1, productId: 'p' as ProductId, code: 'C', name: 'Cake', quantity: 1_000 },
        ...{ totalMinor: minor(10_700), vatBasisPoints: 700 },
      },
    ],
    paidBy: [
      { method: 'machine', amountMinor: minor(6_700) },
      { method: 'card', amountMinor: minor(4_000) },
    ],
  },
  receipt: { tillNumber: 2, businessDate: '2026-11-20', lastCounter: 6 },
  authority: {
    ...{ actId: 'act', at },
    actor: { staffId: manager, permissions: ['sale.void', 'sale.refund'], limits: [] },
  },
}

test('a void gives back by an attempt what a machine took, and without one out of the drawer', () => {
  const tenders = (named?: string) => {
    const command = { staffId: manager, reason: 'rung up twice', attemptId: named }
    const outcome = decideVoidSale(state, command)
    return outcome.ok ? outcome.value.body.tenders : outcome.refusal
  }
  const card = { method: 'card', amountMinor: 4_000, givenMinor: 4_000 }
  const back = { amountMinor: 6_700, givenMinor: 6_700 }
  expect(tenders(attemptId)).toEqual([{ method: 'machine', ...back, attemptId }, card])
  expect(tenders()).toEqual([{ method: 'cash', ...back }, card])
})
