import { expect, test } from 'vitest'
import type { ProductId, ShopId } from '../base/id.ts'
import { amountMax, type Currency, minor } from '../money/money.ts'
import { linesMax } from '../sale/complete-sale.ts'
import {
  fullDrawer,
  openSession,
  ownAuthority,
  shopId,
  staffId,
  thb,
  tillId,
} from '../sale/sale.gen.ts'
import {
  decideRefundUnlinked,
  type RefundUnlinked,
  type RefundUnlinkedState,
} from './refund-unlinked.ts'

const coffee = {
  id: 'coffee' as ProductId,
  code: 'C',
  name: 'Coffee',
  currency: thb,
  priceMinor: minor(4_500),
  vatBasisPoints: 700,
  active: false, // It is not sold any more, and may come back.
}
const state: RefundUnlinkedState = {
  at: { shopId },
  drawer: fullDrawer,
  session: openSession,
  products: new Map([['coffee', coffee]]),
  receipt: { tillNumber: 2, businessDate: '2026-11-21', lastCounter: 7 },
  authority: {
    ...ownAuthority,
    actor: { staffId, permissions: ['sale.refund_unlinked'], limits: [] },
  },
}
const line = { productId: 'coffee', quantity: 1_500, unitPriceMinor: minor(4_001) }
const command: RefundUnlinked = {
  staffId,
  currency: thb,
  lines: [line],
  method: 'card',
  reason: 'no receipt',
}

test('goods without a receipt come back at the price that is believed', () => {
  expect(decideRefundUnlinked(state, command)).toEqual({
    ok: true,
    value: {
      shopId,
      tillId,
      sessionId: openSession.id,
      staffId,
      receiptNumber: 'RCP-261121-020008',
      receiptCounter: 8,
      currency: 'THB',
      lines: [
        {
          lineNo: 1,
          productId: 'coffee',
          code: 'C',
          name: 'Coffee',
          quantity: 1_500,
          totalMinor: 6_002, // 60.015 goes up.
          vatBasisPoints: 700,
        },
      ],
      taxes: [{ vatBasisPoints: 700, netMinor: 5_609, taxMinor: 393 }],
      totalMinor: 6_002,
      taxMinor: 393,
      tenders: [{ method: 'card', amountMinor: 6_002, givenMinor: 6_002 }],
      reason: 'no receipt',
    },
  })
})

const closed = { ...openSession, state: 'closed' } as const
const large = { ...line, quantity: 1_000, unitPriceMinor: minor(amountMax) }
const many = Array.from({ length: linesMax + 1 }, () => ({ ...line, productId: 'none' }))
test.for<[string, Partial<RefundUnlinkedState>, Partial<RefundUnlinked>, object | number]>([
  ['no session', { session: undefined }, { lines: [] }, { code: 'session_not_found' }],
  [
    'a session of another shop',
    { at: { shopId: 'other' as ShopId }, session: closed },
    {},
    { code: 'session_of_other_shop' },
  ],
  [
    'a closed session',
    { session: closed },
    { lines: [] },
    { code: 'session_not_open', state: 'closed' },
  ],
  [
    'another currency',
    {},
    { currency: 'USD' as Currency, lines: [] },
    { code: 'currency_differs', currency: 'THB' },
  ],
  ['no lines', {}, { lines: [] }, { code: 'no_lines' }],
  ['too many lines', {}, { lines: many }, { code: 'too_many_lines', max: linesMax }],
  [
    'an unknown product',
    {},
    { lines: [line, { ...line, productId: 'none' }, { ...large, quantity: 2_000 }] },
    { code: 'product_not_found', index: 1 },
  ],
  [
    'a line too large',
    {},
    { lines: [{ ...large, quantity: 1_001 }] },
    { code: 'amount_too_large' },
  ],
  ['a total too large', {}, { lines: [large, line] }, { code: 'amount_too_large' }],
  ['pieces of a card', {}, { pieces: [] }, { code: 'pieces_only_of_cash', of: 'refund' }],
  [
    'pieces that do not add up',
    {},
    { method: 'cash', pieces: [] },
    { code: 'pieces_do_not_add_up', of: 'refund' },
  ],
  ['goods that were free', {}, { lines: [{ ...line, unitPriceMinor: minor(0) }] }, 0],
  ['two lines', {}, { lines: [line, line] }, 12_004],
])('%s', ([, differing, asked, end]) => {
  const outcome = decideRefundUnlinked({ ...state, ...differing }, { ...command, ...asked })
  expect(outcome.ok ? outcome.value.totalMinor : outcome.refusal).toEqual(end)
})

test('what our own code never asks for is a bug', () => {
  const wrong = (fields: object) => () =>
    decideRefundUnlinked(state, { ...command, lines: [{ ...line, ...fields }] })
  expect(wrong({ quantity: 0 })).toThrow('something comes back')
  expect(wrong({ unitPriceMinor: minor(-1) })).toThrow('a price is not negative')
})
