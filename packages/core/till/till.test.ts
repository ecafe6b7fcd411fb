import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ShopId, StaffId, TillId } from '../base/id.ts'
import { type Currency, minor } from '../money/money.ts'
import { openSession, shopId, staffId, thb, tillId } from '../sale/sale.gen.ts'
import type { TenderMethod } from '../sale/tender.ts'
import { type CloseTill, type CloseTillState, decideCloseTill } from './close-till.ts'
import { decideMoveCash, type MoveCash, type MoveCashState } from './move-cash.ts'
import { decideOpenTill, type OpenTill, type OpenTillState } from './open-till.ts'
import {
  addMovement,
  addOtherCash,
  addRefund,
  addSale,
  noTotals,
  type SessionTotals,
} from './session-totals.ts'
import { expectedMinor, expectedOf, stateAfterClose } from './till-session.ts'

const notes = (...each: readonly (readonly [face: number, count: number])[]) =>
  each.map(([face, count]) => ({ faceMinor: minor(face), pieces: count }))
const otherShop = 'other' as ShopId
const otherTill = 'other' as TillId
const sessionId = openSession.id
const closed = { ...openSession, state: 'closed' } as const

const opening: OpenTillState = {
  at: { shopId },
  till: { id: tillId, shopId, active: true },
  currency: thb,
  staff: { id: staffId, active: true },
  openSessionId: undefined,
}
const open: OpenTill = { currency: thb, floatMinor: minor(10_000) }
const usd = { ...open, currency: 'USD' as Currency, pieces: [] }
const away = { id: staffId, active: false }
const opened = { shopId, tillId, staffId, currency: 'THB' }
const fromSafe = { leftMinor: 0, loanMinor: 10_000, varianceMinor: 0 }
const idle = { id: tillId, shopId, active: false }
test.for<[string, Partial<OpenTillState>, OpenTill, object]>([
  ['no till', { till: undefined, staff: undefined }, usd, { code: 'till_not_found' }],
  [
    'a till of another shop',
    { till: { ...idle, shopId: otherShop } },
    usd,
    { code: 'till_of_other_shop' },
  ],
  [
    'another till than this one',
    { at: { shopId, tillId: otherTill }, till: idle },
    usd,
    { code: 'till_of_other_shop' },
  ],
  ['a till out of use', { till: idle, staff: undefined }, usd, { code: 'till_not_active' }],
  ['nobody', { staff: undefined, openSessionId: sessionId }, usd, { code: 'staff_not_found' }],
  [
    'somebody who left',
    { staff: away, openSessionId: sessionId },
    usd,
    { code: 'staff_not_active' },
  ],
  ['an open till', { openSessionId: sessionId }, usd, { code: 'session_already_open', sessionId }],
  ['another currency', {}, usd, { code: 'currency_differs', currency: 'THB' }],
  [
    'a float that does not add up',
    {},
    { ...open, pieces: notes([5_000, 1]) },
    { code: 'pieces_do_not_add_up', of: 'float' },
  ],
  ['a float', {}, open, { ...opened, floatMinor: 10_000, ...fromSafe }],
  [
    'no float',
    { at: { shopId, tillId } },
    { ...open, floatMinor: minor(0) },
    { ...opened, floatMinor: 0, leftMinor: 0, loanMinor: 0, varianceMinor: 0 },
  ],
  [
    'a counted float',
    {},
    { ...open, pieces: notes([500, 4], [2_000, 4], [100, 0]) },
    {
      ...opened,
      floatMinor: 10_000,
      ...fromSafe,
      pieces: notes([2_000, 4], [500, 4]),
    },
  ],
])('open: %s', ([, differing, command, end]) => {
  const outcome = decideOpenTill({ ...opening, ...differing }, command)
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(end)
})

const at = '2026-11-20T05:00:00.000Z'
const actor = { permissions: ['cash.move'], limits: [], staffId }
const moving: MoveCashState = {
  at: { shopId },
  session: openSession,
  holds: { amountMinor: minor(5_000) },
  authority: { actId: 'act', at, actor },
}
const limited = {
  ...moving.authority,
  actor: { ...actor, limits: [{ permission: 'cash.move', maxMinor: minor(4_999) }] },
}
const approval = {
  id: 'approval',
  approverId: 'manager' as StaffId,
  permission: 'cash.move',
  amountMinor: minor(5_000),
  currency: thb,
  at,
  method: 'pin',
} as const
const drop: MoveCash = { staffId, kind: 'drop', amountMinor: minor(5_000) }
const bad = { ...drop, pieces: notes([2_000, 1]) }
const topUp = { ...drop, kind: 'top_up' } as const
const none = { amountMinor: minor(0) }
const moved = { shopId, tillId, sessionId, staffId, currency: 'THB', amountMinor: 5_000 }
test.for<[string, Partial<MoveCashState>, MoveCash, object]>([
  ['no session', { session: undefined }, bad, { code: 'session_not_found' }],
  [
    'a session of another shop',
    { at: { shopId: otherShop, tillId: otherTill } },
    bad,
    { code: 'session_of_other_shop' },
  ],
  [
    'a session of another till',
    { at: { shopId, tillId: otherTill }, session: closed },
    bad,
    { code: 'session_of_other_till' },
  ],
  ['a closed session', { session: closed }, bad, { code: 'session_not_open', state: 'closed' }],
  ['pieces that do not add up', {}, bad, { code: 'pieces_do_not_add_up', of: 'movement' }],
  ['a drop', {}, drop, { ...moved, kind: 'drop' }],
  [
    'an expense',
    { at: { shopId, tillId } },
    {
      ...drop,
      kind: 'pay_out',
      pieces: notes([5_000, 1]),
      category: 'ice',
      recipient: 'Nok',
      note: 'two bags',
    },
    {
      ...moved,
      kind: 'pay_out',
      pieces: notes([5_000, 1]),
      category: 'ice',
      recipient: 'Nok',
      note: 'two bags',
    },
  ],
  [
    'more than there is',
    { holds: { amountMinor: minor(4_999) }, authority: limited },
    { ...drop, kind: 'pay_out' },
    { code: 'not_in_drawer' },
  ],
  ['a drop of more than there is', { holds: none }, drop, { code: 'not_in_drawer' }],
  ['a top-up of any drawer', { holds: none }, topUp, { ...moved, kind: 'top_up' }],
  [
    'notes that are not there',
    { holds: { amountMinor: minor(9_000), pieces: notes([2_000, 3], [1_000, 3]) } },
    { ...drop, pieces: notes([2_000, 2], [500, 2]) },
    { code: 'not_in_drawer', faceMinor: 500 },
  ],
  ['a drop above a limit of pay-outs', { authority: limited }, drop, { ...moved, kind: 'drop' }],
  [
    'an expense above the limit',
    { authority: limited },
    { ...drop, kind: 'pay_out' },
    { code: 'approval_required', permission: 'cash.move', maxMinor: 4_999 },
  ],
  [
    'an expense above the limit, approved',
    { authority: { ...limited, approval: { approval, actId: 'act' } } },
    { ...drop, kind: 'pay_out' },
    { ...moved, kind: 'pay_out', approval },
  ],
  [
    'dollars into a drawer of baht',
    {},
    { ...topUp, currency: 'USD' as Currency },
    { ...moved, kind: 'top_up', currency: 'USD', foreign: true },
  ],
])('move: %s', ([, differing, command, end]) => {
  const outcome = decideMoveCash({ ...moving, ...differing }, command)
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(end)
})

const totals: SessionTotals = {
  ...noTotals,
  cashInMinor: minor(50_000),
  cashOutMinor: minor(8_000),
  droppedMinor: minor(20_000),
  toppedUpMinor: minor(1_000),
}
const closing: CloseTillState = { at: { shopId }, session: openSession, totals }
const count: CloseTill = { staffId, countedMinor: minor(123_000) }
const short = { ...count, pieces: notes([1_000, 1]) }
// The float was 1,000.00, so 1,230.00 is expected.
const ended = {
  shopId,
  tillId,
  sessionId,
  staffId,
  currency: 'THB',
  countedMinor: 123_000,
  expectedMinor: 123_000,
  knew: { sales: 0, refunds: 0 },
}
test.for<[string, Partial<CloseTillState>, CloseTill, object]>([
  ['no session', { session: undefined }, short, { code: 'session_not_found' }],
  [
    'a session of another shop',
    { at: { shopId: otherShop }, session: closed },
    short,
    { code: 'session_of_other_shop' },
  ],
  [
    'a session of another till',
    { at: { shopId, tillId: otherTill }, session: closed },
    short,
    { code: 'session_of_other_till' },
  ],
  ['a closed session', { session: closed }, short, { code: 'session_not_open', state: 'closed' }],
  ['a count that does not add up', {}, short, { code: 'pieces_do_not_add_up', of: 'count' }],
  ['what is expected', {}, count, { ...ended, varianceMinor: 0 }],
  [
    'a shortage',
    {},
    { ...count, countedMinor: minor(122_975), note: 'a coin fell' },
    { ...ended, countedMinor: 122_975, varianceMinor: -25, note: 'a coin fell' },
  ],
  [
    'a surplus, by denomination',
    {},
    { staffId: 'another' as StaffId, countedMinor: minor(200_000), pieces: notes([100_000, 2]) },
    {
      ...ended,
      staffId: 'another',
      ofStaffId: staffId,
      countedMinor: 200_000,
      pieces: notes([100_000, 2]),
      varianceMinor: 77_000,
    },
  ],
  [
    'an empty drawer',
    {},
    { ...count, countedMinor: minor(0), pieces: [] },
    { ...ended, countedMinor: 0, pieces: [], varianceMinor: -123_000 },
  ],
  [
    'a drawer that should hold less than nothing',
    { totals: { ...noTotals, droppedMinor: minor(100_001) } },
    { ...count, countedMinor: minor(0) },
    { ...ended, countedMinor: 0, expectedMinor: -1, varianceMinor: 1 },
  ],
])('close: %s', ([, differing, command, end]) => {
  const outcome = decideCloseTill({ ...closing, ...differing }, command)
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(end)
})

test('less than nothing is never counted or moved', () => {
  const less = minor(-1)
  expect(() => decideOpenTill(opening, { ...open, floatMinor: less })).toThrow(
    'no less than nothing',
  )
  expect(() => decideCloseTill(closing, { ...count, countedMinor: less })).toThrow('no less than')
  expect(() => decideMoveCash(moving, { ...drop, amountMinor: minor(0) })).toThrow(
    'moves something',
  )
})

test('a close leaves a session closed, with a variance or without', () => {
  expect([-1, 0, 1].map((variance) => stateAfterClose(minor(variance)))).toEqual([
    'closed_with_variance',
    'closed',
    'closed_with_variance',
  ])
})

// ---- totals

const amount = fc.integer({ min: 0, max: 1_000_000 }).map(minor)
const method = fc.constantFrom<TenderMethod>(
  ...(['cash', 'card', 'bank_transfer', 'promptpay', 'machine'] as const),
)
const paid = fc
  .record({ tenders: fc.array(fc.record({ method, amountMinor: amount })), taxMinor: amount })
  .map(({ tenders, taxMinor }) => ({
    tenders: tenders.map((tender) => ({ ...tender, givenMinor: tender.amountMinor })),
    taxMinor,
    totalMinor: minor(tenders.reduce((all, tender) => all + tender.amountMinor, 0)),
  }))
const kind = fc.constantFrom('pay_in', 'pay_out', 'drop', 'top_up')
const act = fc.oneof(
  fc.record({ type: fc.constant('sale'), paid }),
  fc.record({ type: fc.constant('refund'), paid }),
  fc.record({ type: fc.constant('move'), kind, amountMinor: amount }),
)
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never

function add(into: SessionTotals, each: Act): SessionTotals {
  if ('kind' in each) return addMovement(into, each)
  return each.type === 'sale' ? addSale(into, each.paid) : addRefund(into, each.paid)
}

test('totals are sums: their order does not matter, and cash is what is expected', () => {
  fc.assert(
    fc.property(fc.array(act), fc.infiniteStream(fc.nat()), amount, (acts, chance, float) => {
      const end = acts.reduce(add, noTotals)
      const shuffled = acts
        .map((each) => ({ each, at: chance.next().value as number }))
        .sort((a, b) => a.at - b.at)
        .map(({ each }) => each)
      expect(shuffled.reduce(add, noTotals)).toEqual(end)

      let drawer: number = float
      for (const each of acts) {
        if ('kind' in each) {
          drawer +=
            each.kind === 'pay_in' || each.kind === 'top_up' ? each.amountMinor : -each.amountMinor
          continue
        }
        for (const tender of each.paid.tenders) {
          if (tender.method !== 'cash') continue
          drawer += each.type === 'sale' ? tender.amountMinor : -tender.amountMinor
        }
      }
      expect(expectedMinor(float, end)).toBe(drawer)

      const notCash = end.cardMinor + end.bankTransferMinor + end.promptpayMinor + end.machineMinor
      const cash = end.cashInMinor - end.payInMinor - (end.cashOutMinor - end.payOutMinor)
      expect(notCash + cash).toBe(end.salesMinor - end.refundsMinor)
      const count = (type: string) => acts.filter((each) => each.type === type).length
      expect([end.sales, end.refunds]).toEqual([count('sale'), count('refund')])
      const tax = (type: string) =>
        acts.reduce(
          (all, each) => ('paid' in each && each.type === type ? all + each.paid.taxMinor : all),
          0,
        )
      expect(end.taxMinor).toBe(tax('sale') - tax('refund'))
    }),
  )
})

test('a movement goes to its own totals', () => {
  const one = (movement: 'pay_in' | 'pay_out' | 'drop' | 'top_up') =>
    addMovement(noTotals, { kind: movement, amountMinor: minor(5) })
  expect(one('pay_in')).toEqual({ ...noTotals, cashInMinor: 5, payInMinor: 5 })
  expect(one('pay_out')).toEqual({ ...noTotals, cashOutMinor: 5, payOutMinor: 5 })
  expect(one('drop')).toEqual({ ...noTotals, droppedMinor: 5 })
  expect(one('top_up')).toEqual({ ...noTotals, toppedUpMinor: 5 })
})

test('each currency of a drawer has its own sums, and none touches another', () => {
  const usd = 'USD' as Currency
  const eur = 'EUR' as Currency
  const first = addOtherCash(noTotals, usd, { floatMinor: minor(5_000), cashInMinor: minor(700) })
  const both = addOtherCash(first, eur, { toppedUpMinor: minor(40), droppedMinor: minor(15) })
  const paid = addOtherCash(both, usd, { cashOutMinor: minor(200) })
  const dropped = { kind: 'drop', currency: usd, foreign: true, amountMinor: minor(1_000) } as const
  const end = addMovement(paid, dropped)
  expect(end).toEqual({
    ...noTotals,
    others: {
      USD: {
        ...{ floatMinor: 5_000, cashInMinor: 700, cashOutMinor: 200 },
        ...{ droppedMinor: 1_000, toppedUpMinor: 0 },
      },
      EUR: {
        ...{ floatMinor: 0, cashInMinor: 0, cashOutMinor: 0 },
        ...{ droppedMinor: 15, toppedUpMinor: 40 },
      },
    },
  })
  const opened = { currency: 'THB' as Currency, floatMinor: minor(100) }
  expect([...expectedOf(opened, end)]).toEqual([
    ['THB', 100],
    ['EUR', 25],
    ['USD', 4_500],
  ])
})
