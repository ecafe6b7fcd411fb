import { expect, test } from 'vitest'
import type { ProductId, SessionId, StaffId } from '../base/id.ts'
import { minor } from '../money/money.ts'
import { fullDrawer, openSession, shopId, thb } from '../sale/sale.gen.ts'
import { decideVoidSale, type VoidSaleState } from './void-sale.ts'

const seller = 'nok' as StaffId
const manager = 'ploy' as StaffId
const at = '2026-11-20T05:00:00.000Z'
const sale: NonNullable<VoidSaleState['sale']> = {
  id: 'sale',
  currency: thb,
  sessionId: openSession.id,
  businessDate: '2026-11-20',
  staffId: seller,
  totalMinor: minor(10_700),
  lines: [
    {
      ...{ lineNo: 1, productId: 'p' as ProductId, code: 'C', name: 'Cake', quantity: 1_000 },
      ...{ totalMinor: minor(10_700), vatBasisPoints: 700 },
    },
  ],
  refunds: [],
  paidBy: [
    { method: 'cash', amountMinor: minor(4_000) },
    { method: 'card', amountMinor: minor(6_700) },
  ],
}
const may = (staffId: StaffId) => ({
  staffId,
  permissions: ['sale.void', 'sale.refund'],
  limits: [],
})
const state: VoidSaleState = {
  at: { shopId },
  session: openSession,
  drawer: fullDrawer,
  sale,
  receipt: { tillNumber: 2, businessDate: '2026-11-20', lastCounter: 6 },
  authority: { actId: 'act', at, actor: may(manager) },
}
const approval = {
  ...{ id: 'approval', approverId: manager, permission: 'sale.void', at, method: 'pin' as const },
  ...{ amountMinor: minor(10_700), currency: thb },
}
const approved = { approval, actId: 'act' }
const command = { staffId: manager, reason: 'rung up twice' }
const decide = (differing: Partial<VoidSaleState>, staffId = manager) => {
  const outcome = decideVoidSale({ ...state, ...differing }, { ...command, staffId })
  return outcome.ok ? outcome.value : outcome.refusal
}

test('a void is whole, goes back by the ways it came, and has a number of its own', () => {
  expect(decide({})).toMatchObject({
    type: 'sale.voided',
    body: {
      ...{ saleId: 'sale', receiptCounter: 7, totalMinor: 10_700, taxMinor: 700 },
      tenders: [
        { method: 'cash', amountMinor: 4_000, givenMinor: 4_000 },
        { method: 'card', amountMinor: 6_700, givenMinor: 6_700 },
      ],
    },
  })
})

test('who may not, and who sold it, need another person’s word, for this act and amount', () => {
  const cashier = { staffId: seller, permissions: ['sale.refund'], limits: [] }
  const required = { code: 'approval_required', permission: 'sale.void', maxMinor: 0 }
  expect(decide({ authority: { actId: 'act', at, actor: cashier } }, seller)).toEqual(required)
  // Also where the seller is a manager: nobody takes back alone what they sold.
  expect(decide({ authority: { actId: 'act', at, actor: may(seller) } }, seller)).toEqual(required)
  for (const actor of [cashier, may(seller)]) {
    expect(
      decide({ authority: { actId: 'act', at, actor, approval: approved } }, seller),
    ).toMatchObject({
      type: 'sale.voided',
      body: { approval },
    })
    const less = { ...approved, approval: { ...approval, amountMinor: minor(1) } }
    expect(decide({ authority: { actId: 'act', at, actor, approval: less } }, seller)).toEqual({
      code: 'approval_not_for_this',
    })
    const own = { ...approved, approval: { ...approval, approverId: seller } }
    expect(decide({ authority: { actId: 'act', at, actor, approval: own } }, seller)).toEqual({
      code: 'approval_of_self',
    })
  }
})

test.for<[string, Partial<VoidSaleState>]>([
  ['in another session', { sale: { ...sale, sessionId: 'closed' as SessionId } }],
  ['on another day', { sale: { ...sale, businessDate: '2026-11-19' } }],
])('too late for a void, %s, it is a refund of all that is left', ([, differing]) => {
  expect(decide(differing)).toMatchObject({
    type: 'sale.refunded',
    body: { totalMinor: 10_700, tenders: [{ method: 'card', amountMinor: 10_700 }] },
  })
  // And so it needs what a refund needs.
  const actor = { staffId: manager, permissions: ['sale.void'], limits: [] }
  expect(decide({ ...differing, authority: { actId: 'act', at, actor } })).toMatchObject({
    code: 'approval_required',
    permission: 'sale.refund',
  })
})

test('what came back already is not taken back twice', () => {
  const lines = [{ lineNo: 1, quantity: 1_000, totalMinor: minor(10_700) }]
  expect(decide({ sale: { ...sale, refunds: [{ lines, taxes: [] }] } })).toEqual({
    code: 'nothing_left_to_refund',
  })
  expect(decide({ sale: undefined })).toEqual({ code: 'sale_not_found' })
})
