import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ProductId, ShopId } from '../base/id.ts'
import { type Currency, minor, sum } from '../money/money.ts'
import { decideCompleteSale } from '../sale/complete-sale.ts'
import {
  fullDrawer,
  openSession,
  ownAuthority,
  shopId,
  someSale,
  staffId,
  thb,
  tillId,
} from '../sale/sale.gen.ts'
import type { SaleRefunded } from './refund.ts'
import {
  decideRefundSale,
  type RefundableSale,
  type RefundSale,
  type RefundSaleState,
  remainingOf,
} from './refund-sale.ts'

const line = (lineNo: number, quantity: number, totalMinor: number, vatBasisPoints = 700) => ({
  lineNo,
  productId: `product ${lineNo}` as ProductId,
  code: `P${lineNo}`,
  name: `Product ${lineNo}`,
  quantity,
  totalMinor: minor(totalMinor),
  vatBasisPoints,
})
const sale: RefundableSale = {
  id: 'the sale',
  currency: thb,
  lines: [line(1, 3_000, 10_000), line(2, 1_000, 500, 0), line(3, 2_000, 0)],
  refunds: [],
}
const state: RefundSaleState = {
  at: { shopId },
  drawer: fullDrawer,
  session: openSession,
  sale,
  receipt: { tillNumber: 2, businessDate: '2026-11-21', lastCounter: 0 },
  authority: ownAuthority,
}
const command: RefundSale = { staffId, method: 'cash', reason: 'stale' }
const of = (...lines: readonly (readonly [lineNo: number, quantity: number])[]): RefundSale => ({
  ...command,
  lines: lines.map(([lineNo, quantity]) => ({ lineNo, quantity })),
})
const notes = (...each: readonly (readonly [face: number, count: number])[]) =>
  each.map(([face, count]) => ({ faceMinor: minor(face), pieces: count }))

test('a refund is whole: what came back, its tax, how it was paid back', () => {
  const outcome = decideRefundSale(state, {
    ...of([2, 1_000], [1, 1_000]),
    pieces: notes([25, 1], [2_000, 1], [500, 3], [100, 3], [1, 8]),
  })
  expect(outcome).toEqual({
    ok: true,
    value: {
      shopId,
      tillId,
      sessionId: openSession.id,
      staffId,
      saleId: 'the sale',
      receiptNumber: 'RCP-261121-020001',
      receiptCounter: 1,
      currency: 'THB',
      lines: [
        { ...line(2, 1_000, 500, 0) },
        { ...line(1, 1_000, 3_333) }, // A third of 100.00, rounded down.
      ],
      taxes: [
        { vatBasisPoints: 0, netMinor: 500, taxMinor: 0 },
        { vatBasisPoints: 700, netMinor: 3_115, taxMinor: 218 },
      ],
      totalMinor: 3_833,
      taxMinor: 218,
      tenders: [
        {
          method: 'cash',
          amountMinor: 3_833,
          givenMinor: 3_833,
          pieces: notes([2_000, 1], [500, 3], [100, 3], [25, 1], [1, 8]),
        },
      ],
      reason: 'stale',
    },
  })
})

// One row for each way that a refund can end, refusals in order of precedence.
const foreign = { ...sale, currency: 'USD' as Currency }
const closed = { ...openSession, state: 'closed' } as const
const back = (
  ...lines: readonly (readonly [lineNo: number, quantity: number, total: number])[]
) => ({
  ...sale,
  refunds: [
    {
      lines: lines.map(([lineNo, quantity, total]) => ({
        lineNo,
        quantity,
        totalMinor: minor(total),
      })),
      taxes: [],
    },
  ],
})
const all = back([1, 3_000, 10_000], [2, 1_000, 500], [3, 2_000, 0])
const over = back([1, 4_000, 13_333], [2, 1_000, 500], [3, 2_000, 0])
test.for<[string, Partial<RefundSaleState>, RefundSale, object | number]>([
  ['no session', { session: undefined, sale: undefined }, of(), { code: 'session_not_found' }],
  [
    'a session of another shop',
    { at: { shopId: 'other' as ShopId }, session: closed },
    of(),
    { code: 'session_of_other_shop' },
  ],
  [
    'a closed session',
    { session: closed, sale: undefined },
    of(),
    { code: 'session_not_open', state: 'closed' },
  ],
  ['no sale', { sale: undefined }, of(), { code: 'sale_not_found' }],
  [
    'a sale in another currency',
    { sale: foreign },
    of(),
    { code: 'currency_differs', currency: 'THB' },
  ],
  ['no lines', { sale: all }, of(), { code: 'no_lines' }],
  [
    'a line that was not sold',
    { sale: all },
    of([1, 1], [1, 1], [4, 1]),
    { code: 'line_repeated', lineNo: 1 },
  ],
  [
    'a line that was not sold, first',
    { sale: all },
    of([4, 1], [1, 1], [1, 1]),
    { code: 'line_not_found', lineNo: 4 },
  ],
  ['a line twice', { sale: all }, of([2, 9_000], [2, 1]), { code: 'line_repeated', lineNo: 2 }],
  ['nothing left', { sale: all }, of([1, 1]), { code: 'nothing_left_to_refund' }],
  ['nothing left at all', { sale: all }, command, { code: 'nothing_left_to_refund' }],
  ['more came back than was sold', { sale: over }, command, { code: 'nothing_left_to_refund' }],
  [
    'more than was sold',
    {},
    of([2, 1_001]),
    { code: 'quantity_above_remaining', lineNo: 2, remaining: 1_000 },
  ],
  [
    'more than is left',
    { sale: back([1, 2_000, 6_666]) },
    of([2, 1], [1, 1_001]),
    { code: 'quantity_above_remaining', lineNo: 1, remaining: 1_000 },
  ],
  [
    'of a line that is all back',
    { sale: back([2, 1_000, 500]) },
    of([2, 1]),
    { code: 'quantity_above_remaining', lineNo: 2, remaining: 0 },
  ],
  [
    'pieces of a card',
    {},
    { ...command, method: 'card', pieces: [] },
    { code: 'pieces_only_of_cash', of: 'refund' },
  ],
  [
    'pieces that do not add up',
    {},
    { ...command, pieces: notes([500, 20]) },
    { code: 'pieces_do_not_add_up', of: 'refund' },
  ],
  ['all of it', {}, command, 10_500],
  ['all of it by lines', {}, of([1, 3_000], [2, 1_000], [3, 2_000]), 10_500],
  ['what is left', { sale: back([1, 1_000, 3_333]) }, command, 7_167],
  ['what cost nothing', {}, of([3, 2_000]), 0],
  ['a part by card', {}, { ...of([1, 1_000]), method: 'card' }, 3_333],
  ['the second third', { sale: back([1, 1_000, 3_333]) }, of([1, 1_000]), 3_333],
  ['the last third', { sale: back([1, 2_000, 6_666]) }, of([1, 1_000]), 3_334],
  // Two shops that were cut off each took back the first third.
  [
    'the last third after two first ones',
    { sale: back([1, 1_000, 3_333], [1, 1_000, 3_333]) },
    of([1, 1_000]),
    3_334,
  ],
  ['a little after too much was paid', { sale: back([1, 1_000, 9_999]) }, of([1, 1]), 0],
])('%s', ([, differing, asked, end]) => {
  const outcome = decideRefundSale({ ...state, ...differing }, asked)
  expect(outcome.ok ? outcome.value.totalMinor : outcome.refusal).toEqual(end)
})

test('a refund of nothing is paid back by nothing', () => {
  const outcome = decideRefundSale(state, of([3, 1_000]))
  expect(outcome.ok && outcome.value.tenders).toEqual([])
})

test('less than nothing never comes back', () => {
  expect(() => decideRefundSale(state, of([1, 0]))).toThrow('something comes back')
  expect(() => decideRefundSale(state, of([1, 0.5]))).toThrow('something comes back')
})

test('what remains of a line counts what came back of it', () => {
  const [first, second] = remainingOf(over)
  expect(first).toMatchObject({ remaining: 0, refundedQuantity: 4_000, refundedMinor: 13_333 })
  expect(second).toMatchObject({ remaining: 0, refundedQuantity: 1_000, refundedMinor: 500 })
})

test('where too much tax was given back, the next refund gives none, and never more than its total', () => {
  const taxed = (taxMinor: number) => ({
    ...sale,
    refunds: [
      {
        lines: [{ lineNo: 1, quantity: 1_000, totalMinor: minor(3_333) }],
        taxes: [
          { vatBasisPoints: 700, taxMinor: minor(taxMinor) },
          { vatBasisPoints: 0, taxMinor: minor(0) },
        ],
      },
    ],
  })
  const taxOf = (known: RefundableSale) => {
    const outcome = decideRefundSale({ ...state, sale: known }, of([1, 1]))
    return outcome.ok && outcome.value.taxes
  }
  expect(taxOf(taxed(9_999))).toEqual([{ vatBasisPoints: 700, netMinor: 3, taxMinor: 0 }])
  expect(taxOf(taxed(0))).toEqual([{ vatBasisPoints: 700, netMinor: 0, taxMinor: 3 }])
})

// How a sale comes back: line by line, quantities in thousandths of what is left, then the rest.
const someParts = fc.array(
  fc.array(fc.record({ line: fc.nat(), share: fc.integer({ min: 1, max: 1_000 }) }), {
    minLength: 1,
    maxLength: 4,
  }),
  { maxLength: 6 },
)

test('however a sale comes back, it is worth what was paid, line by line, and its tax is the sale’s', () => {
  fc.assert(
    fc.property(someSale, someParts, (sold, parts) => {
      const made = decideCompleteSale(sold.state, sold.command)
      if (!made.ok) throw new Error(made.refusal.code)
      const refunds: SaleRefunded[] = []
      const known = () => ({ id: 'the sale', currency: thb, lines: made.value.lines, refunds })
      const refund = (lines: RefundSale['lines']) => {
        const outcome = decideRefundSale({ ...state, sale: known() }, { ...command, lines })
        if (outcome.ok) refunds.push(outcome.value)
        return outcome.ok
      }
      for (const part of parts) {
        const left = remainingOf(known()).filter(({ remaining }) => remaining > 0)
        const wanted = new Map(
          part.flatMap(({ line: place, share }) => {
            const each = left[place % Math.max(left.length, 1)]
            return each === undefined
              ? []
              : [[each.line.lineNo, Math.ceil((each.remaining * share) / 1_000)] as const]
          }),
        )
        if (wanted.size > 0) {
          expect(refund(Array.from(wanted, ([lineNo, quantity]) => ({ lineNo, quantity })))).toBe(
            true,
          )
        }
      }
      const rest = refund(undefined)
      expect(rest || refunds.length > 0).toBe(true)
      expect(refund(undefined)).toBe(false)

      expect(sum(refunds.map((each) => each.totalMinor))).toBe(made.value.totalMinor)
      for (const { lineNo, totalMinor, quantity } of made.value.lines) {
        const own = refunds.flatMap((each) => each.lines).filter((each) => each.lineNo === lineNo)
        expect(sum(own.map((each) => each.totalMinor))).toBe(totalMinor)
        expect(own.reduce((total, each) => total + each.quantity, 0)).toBe(quantity)
      }
      for (const { vatBasisPoints, netMinor, taxMinor } of made.value.taxes) {
        const own = refunds
          .flatMap((each) => each.taxes)
          .filter((each) => each.vatBasisPoints === vatBasisPoints)
        expect(sum(own.map((each) => each.taxMinor))).toBe(taxMinor)
        expect(sum(own.map((each) => each.netMinor))).toBe(netMinor)
      }
      for (const { taxes, taxMinor, totalMinor, tenders } of refunds) {
        for (const tax of taxes) {
          expect(tax.taxMinor).toBeGreaterThanOrEqual(0)
          expect(tax.netMinor).toBeGreaterThanOrEqual(0)
        }
        expect(sum(taxes.map((tax) => tax.taxMinor))).toBe(taxMinor)
        expect(sum(tenders.map((tender) => tender.amountMinor))).toBe(totalMinor)
      }
    }),
  )
})
