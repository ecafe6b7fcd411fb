import { expect, test } from 'vitest'
import type { ProductId, StaffId } from '../base/id.ts'
import { minor } from '../money/money.ts'
import { decideRefundSale } from '../refund/refund-sale.ts'
import { decideRefundUnlinked } from '../refund/refund-unlinked.ts'
import { decideCompleteSale } from '../sale/complete-sale.ts'
import { staffId as cashier, fullDrawer, openSession, shopId, thb } from '../sale/sale.gen.ts'
import type { Approval, Authority } from './check-approval.ts'

// The acts that a cashier does with another person's word: each needs it above what they may do alone, and takes
// it for its own amount only.

const manager = 'ploy' as StaffId
const at = '2026-11-20T05:00:00.000Z'
const common = {
  ...{ at: { shopId }, session: openSession, drawer: fullDrawer },
  receipt: { tillNumber: 1, businessDate: '2026-11-20', lastCounter: 0 },
} as const
const cake = {
  ...{ id: 'cake' as ProductId, code: 'C', name: 'Cake', currency: thb, active: true },
  ...{ priceMinor: minor(10_000), vatBasisPoints: 700 },
}
const products = new Map([['cake', cake]])
const line = {
  ...{ lineNo: 1, productId: cake.id, code: 'C', name: 'Cake', quantity: 1_000 },
  ...{ totalMinor: minor(10_000), vatBasisPoints: 700 },
}
const back = { staffId: cashier, method: 'cash', reason: 'stale' } as const

const acts = {
  'sale.refund': (authority: Authority) =>
    decideRefundSale(
      { ...common, sale: { id: 's', currency: thb, lines: [line], refunds: [] }, authority },
      back,
    ),
  'sale.refund_unlinked': (authority: Authority) =>
    decideRefundUnlinked(
      { ...common, products, authority },
      {
        ...{ ...back, currency: thb },
        lines: [{ productId: 'cake', quantity: 1_000, unitPriceMinor: minor(10_000) }],
      },
    ),
  // Two cakes of 100 at 50 are 100 away from the catalogue.
  'sale.price': (authority: Authority) =>
    decideCompleteSale(
      { ...common, products, authority },
      {
        ...{ staffId: cashier, currency: thb },
        lines: [{ productId: 'cake', quantity: 2_000, unitPriceMinor: minor(5_000) }],
        tenders: [{ method: 'cash', givenMinor: minor(10_000) }],
      },
    ),
}

for (const [permission, act] of Object.entries(acts)) {
  const approval: Approval = {
    ...{ id: 'word', approverId: manager, permission, at, method: 'pin' },
    ...{ amountMinor: minor(10_000), currency: thb },
  }
  const decide = (maxMinor: number | undefined, given?: Partial<Approval>, actId = 'act') => {
    const limits = maxMinor === undefined ? [] : [{ permission, maxMinor: minor(maxMinor) }]
    const actor = { staffId: cashier, permissions: maxMinor === 0 ? [] : [permission], limits }
    const held = given && { approval: { ...approval, ...given }, actId }
    const outcome = act({ actId: 'act', at, actor, approval: held })
    return outcome.ok ? outcome.value : outcome.refusal
  }

  test(`${permission}: alone up to the limit, and the fact says by what right`, () => {
    expect(decide(undefined)).not.toHaveProperty('limitMinor')
    expect(decide(10_000)).toMatchObject({ limitMinor: 10_000 })
    expect(decide(10_000)).not.toHaveProperty('approval')
    const required = { code: 'approval_required', permission }
    expect(decide(9_999)).toEqual({ ...required, maxMinor: 9_999 })
    expect(decide(0)).toEqual({ ...required, maxMinor: 0 })
  })

  test(`${permission}: another person’s word for this act and this amount lets it through`, () => {
    expect(decide(9_999, {})).toMatchObject({ approval, limitMinor: 9_999 })
    expect(decide(0, {})).toMatchObject({ approval, limitMinor: 0 })
    const other = { code: 'approval_not_for_this' }
    expect(decide(0, { amountMinor: minor(9_999) })).toEqual(other)
    expect(decide(0, { amountMinor: minor(10_001) })).toEqual(other)
    expect(decide(0, { permission: 'cash.move' })).toEqual(other)
    expect(decide(0, {}, 'another act')).toEqual(other)
    expect(decide(0, { approverId: cashier })).toEqual({ code: 'approval_of_self' })
    expect(decide(0, { at: '2026-11-20T04:50:00.000Z' })).toEqual({ code: 'approval_expired' })
  })
}

test('a price is another one up or down, and the catalogue’s own is none', () => {
  const limits = [{ permission: 'sale.price', maxMinor: minor(100) }]
  const sell = (unitPriceMinor: number, permissions: readonly string[] = []) =>
    decideCompleteSale(
      {
        ...{ ...common, products },
        authority: { actId: 'act', at, actor: { staffId: cashier, permissions, limits } },
      },
      {
        ...{ staffId: cashier, currency: thb },
        lines: [{ productId: 'cake', quantity: 1_000, unitPriceMinor: minor(unitPriceMinor) }],
        tenders: [{ method: 'cash', givenMinor: minor(20_000) }],
      },
    )
  expect(sell(10_000).ok).toBe(true)
  expect([sell(9_999).ok, sell(10_001).ok]).toEqual([false, false])
  // Up to a limit in either direction.
  const within = [9_900, 10_100].map((price) => sell(price, ['sale.price']).ok)
  const beyond = [9_899, 10_101].map((price) => sell(price, ['sale.price']).ok)
  expect([...within, ...beyond]).toEqual([true, true, false, false])
})
