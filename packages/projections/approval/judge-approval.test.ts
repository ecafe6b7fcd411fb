import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { expect, test } from 'vitest'
import { findApprovalBreach } from './judge-approval.ts'

const approval = {
  ...{ id: 'word', approverId: 'ploy', at: '2026-11-20T05:00:00.000Z', method: 'pin' },
  ...{ permission: 'sale.refund', amountMinor: 500, currency: 'THB' },
}
const refund = { saleId: 's', totalMinor: 500, currency: 'THB' }
const sale = (line: object) => ({ currency: 'THB', limitMinor: 0, lines: [line] })
const missing = 'approval_missing'
const differs = 'approval_differs'

test.for<[string, KnownFact['type'], object, string | undefined]>([
  ['within the limit', 'sale.refunded', { ...refund, limitMinor: 500 }, undefined],
  ['above the limit', 'sale.refunded', { ...refund, limitMinor: 499 }, missing],
  ['no right at all', 'sale.refunded', { ...refund, totalMinor: 0, limitMinor: 0 }, missing],
  ['no limit', 'sale.refunded', refund, undefined],
  ['approved', 'sale.refunded', { ...refund, limitMinor: 0, approval }, undefined],
  ['approved less', 'sale.refunded', { ...refund, totalMinor: 501, approval }, differs],
  ['without a receipt', 'sale.refunded', { ...refund, saleId: undefined, approval }, differs],
  ['a void by that word', 'sale.voided', { ...refund, approval }, differs],
  [
    'a pay-out by that word',
    'cash.moved',
    { amountMinor: 500, currency: 'THB', approval },
    differs,
  ],
  ['a drawer by that word', 'drawer.opened', { approval }, differs],
  ['the catalogue’s price', 'sale.completed', sale({ discountMinor: 0, totalMinor: 9 }), undefined],
  [
    'another price',
    'sale.completed',
    sale({ listMinor: 10, discountMinor: 0, totalMinor: 9 }),
    missing,
  ],
  ['a fact that needs nobody', 'till.opened', {}, undefined],
])('a fact judged by what it says: %s', ([, type, body, kind]) => {
  const breach = findApprovalBreach({ type, body } as unknown as KnownFact)
  expect(breach?.kind).toBe(kind)
})
