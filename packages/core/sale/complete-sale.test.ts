import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ProductId, ShopId, TillId } from '../base/id.ts'
import { amountMax, type Currency, minor, sum } from '../money/money.ts'
import {
  type CompleteSale,
  type CompleteSaleState,
  decideCompleteSale,
  linesMax,
  tendersMax,
} from './complete-sale.ts'
import { openSession, ownAuthority, shopId, someSale, staffId, thb, tillId } from './sale.gen.ts'

const product = (id: string, priceMinor: number, fields = {}) => ({
  id: id as ProductId,
  code: id.toUpperCase(),
  name: `A ${id}`,
  currency: thb,
  priceMinor: minor(priceMinor),
  vatBasisPoints: 700,
  active: true,
  ...fields,
})
const products = new Map(
  [
    product('coffee', 4_500),
    product('croissant', 4_500),
    product('leaflet', 0),
    product('book', 10_000, { vatBasisPoints: 0 }),
    product('gone', 4_500, { active: false }),
    product('import', 100, { currency: 'USD' as Currency }),
    product('crown', amountMax),
  ].map((each) => [each.id as string, each]),
)
const state: CompleteSaleState = {
  at: { shopId },
  session: openSession,
  products,
  authority: ownAuthority,
  receipt: { tillNumber: 2, businessDate: '2026-11-20', lastCounter: 41 },
}
const mayPrice = {
  authority: {
    ...ownAuthority,
    actor: { staffId, permissions: ['sale.price'], limits: [] },
  },
}
const needsApproval = { code: 'approval_required', permission: 'sale.price', maxMinor: 0 }
const coffee = { productId: 'coffee', quantity: 1_000 }
const cash = (given: number) => ({ method: 'cash', givenMinor: minor(given) }) as const
const card = (given: number) => ({ method: 'card', givenMinor: minor(given) }) as const
const notes = (...each: readonly (readonly [face: number, count: number])[]) =>
  each.map(([face, count]) => ({ faceMinor: minor(face), pieces: count }))
const command: CompleteSale = { staffId, currency: thb, lines: [coffee], tenders: [cash(4_500)] }

test('a sale is whole: lines, taxes, tenders, change, number', () => {
  const outcome = decideCompleteSale(state, {
    staffId,
    currency: thb,
    lines: [
      { productId: 'coffee', quantity: 2_000 },
      { productId: 'book', quantity: 250, discountMinor: minor(500) },
    ],
    tenders: [card(1_000), { ...cash(12_000), pieces: notes([2_000, 1], [10_000, 1], [500, 0]) }],
    changePieces: notes([500, 2], [1_000, 1]),
    expectedTotalMinor: minor(11_000),
    customerNumber: '17850',
    note: 'two spoons',
  })
  expect(outcome).toEqual({
    ok: true,
    value: {
      shopId,
      tillId,
      sessionId: openSession.id,
      staffId,
      receiptNumber: 'RCP-261120-020042',
      receiptCounter: 42,
      currency: 'THB',
      lines: [
        {
          lineNo: 1,
          productId: 'coffee',
          code: 'COFFEE',
          name: 'A coffee',
          quantity: 2_000,
          unitPriceMinor: 4_500,
          discountMinor: 0,
          totalMinor: 9_000,
          vatBasisPoints: 700,
        },
        {
          lineNo: 2,
          productId: 'book',
          code: 'BOOK',
          name: 'A book',
          quantity: 250,
          unitPriceMinor: 10_000,
          discountMinor: 500,
          totalMinor: 2_000,
          vatBasisPoints: 0,
        },
      ],
      taxes: [
        { vatBasisPoints: 0, netMinor: 2_000, taxMinor: 0 },
        { vatBasisPoints: 700, netMinor: 8_411, taxMinor: 589 },
      ],
      totalMinor: 11_000,
      taxMinor: 589,
      tenders: [
        { method: 'card', amountMinor: 1_000, givenMinor: 1_000 },
        {
          method: 'cash',
          amountMinor: 10_000,
          givenMinor: 12_000,
          pieces: notes([10_000, 1], [2_000, 1]),
        },
      ],
      changeMinor: 2_000,
      changePieces: notes([1_000, 1], [500, 2]),
      customerNumber: '17850',
      note: 'two spoons',
    },
  })
})

// One row for each way that a sale can end, refusals in order of precedence: each row is wrong in a later
// way too, where it can be. The code is that of the refusal, or the change.
const nobody = { ...command, lines: [], currency: 'USD' as Currency }
const closed = { ...openSession, state: 'closed_with_variance' } as const
const elsewhere = { ...openSession, shopId: 'other' as ShopId, state: 'closed' } as const
const many = Array.from({ length: linesMax + 1 }, () => coffee)
const lines = (...each: CompleteSale['lines']) => ({ ...command, lines: each })
test.for<[string, Partial<CompleteSaleState>, CompleteSale, object | number]>([
  ['no session', { session: undefined }, nobody, { code: 'session_not_found' }],
  ['a session of another shop', { session: elsewhere }, nobody, { code: 'session_of_other_shop' }],
  [
    'a session of another till',
    { session: closed, at: { shopId, tillId: 'other' as TillId } },
    nobody,
    { code: 'session_of_other_till' },
  ],
  [
    'a closed session',
    { session: closed, at: { shopId, tillId } },
    nobody,
    { code: 'session_not_open', state: 'closed_with_variance' },
  ],
  ['another currency', {}, nobody, { code: 'currency_differs', currency: 'THB' }],
  ['no lines', {}, { ...command, lines: [], tenders: [] }, { code: 'no_lines' }],
  ['too many lines', {}, { ...command, lines: many }, { code: 'too_many_lines', max: linesMax }],
  [
    'too many tenders',
    {},
    {
      ...lines({ ...coffee, productId: 'none' }),
      tenders: Array.from({ length: tendersMax + 1 }, () => cash(1)),
    },
    { code: 'too_many_tenders', max: tendersMax },
  ],
  [
    'an unknown product',
    {},
    lines(coffee, { productId: 'none', quantity: 1 }),
    { code: 'product_not_found', index: 1 },
  ],
  [
    'a product that is not sold',
    {},
    lines({ productId: 'gone', quantity: 1_000, unitPriceMinor: minor(1) }),
    { code: 'product_not_sold', index: 0 },
  ],
  ['a price of one’s own', {}, lines({ ...coffee, unitPriceMinor: minor(4_499) }), needsApproval],
  [
    'a price of one’s own for an import',
    {},
    lines({ productId: 'import', quantity: 1_000, unitPriceMinor: minor(100) }),
    needsApproval,
  ],
  [
    'a price in another currency',
    {},
    lines({ productId: 'import', quantity: 1_000 }),
    { code: 'product_currency_differs', index: 0 },
  ],
  [
    'a line too large',
    {},
    lines({ productId: 'crown', quantity: 1_001, discountMinor: minor(amountMax) }),
    { code: 'amount_too_large' },
  ],
  [
    'a line beyond exact numbers',
    {},
    lines({ productId: 'crown', quantity: 1_000_000_000 }),
    { code: 'amount_too_large' },
  ],
  [
    'a discount above its line',
    {},
    lines({ ...coffee, discountMinor: minor(4_501) }),
    { code: 'discount_above_line', index: 0 },
  ],
  [
    'a total too large',
    {},
    {
      ...lines({ productId: 'crown', quantity: 1_000 }, { ...coffee, quantity: 1 }),
      expectedTotalMinor: minor(1),
    },
    { code: 'amount_too_large' },
  ],
  [
    'another total',
    {},
    { ...command, expectedTotalMinor: minor(4_499), tenders: [] },
    { code: 'total_differs', totalMinor: 4_500 },
  ],
  [
    'pieces of a card',
    {},
    { ...command, tenders: [cash(1), { ...card(4_501), pieces: [] }] },
    { code: 'pieces_only_of_cash', of: 'tender', index: 1 },
  ],
  [
    'pieces that do not add up',
    {},
    { ...command, tenders: [{ ...cash(1), pieces: notes([25, 1]) }] },
    { code: 'pieces_do_not_add_up', of: 'tender', index: 0 },
  ],
  [
    'more than can be given',
    {},
    { ...command, tenders: [cash(amountMax), card(4_501)] },
    { code: 'amount_too_large' },
  ],
  [
    'a card above what is due',
    {},
    { ...command, tenders: [card(4_501)] },
    { code: 'tender_above_due', dueMinor: 4_500 },
  ],
  [
    'cards above what is due',
    {},
    { ...command, tenders: [card(4_500), card(1)] },
    { code: 'tender_above_due', dueMinor: 4_500 },
  ],
  [
    'too little',
    {},
    { ...command, tenders: [card(400), cash(4_099)], changePieces: notes([25, 1]) },
    { code: 'not_enough_given', dueMinor: 4_500, givenMinor: 4_499 },
  ],
  [
    'nothing given',
    {},
    { ...command, tenders: [] },
    { code: 'not_enough_given', dueMinor: 4_500, givenMinor: 0 },
  ],
  [
    'change that does not add up',
    {},
    { ...command, tenders: [cash(5_000)], changePieces: notes([25, 19]) },
    { code: 'pieces_do_not_add_up', of: 'change' },
  ],
  [
    'change of nothing',
    {},
    { ...command, changePieces: notes([25, 1]) },
    { code: 'pieces_do_not_add_up', of: 'change' },
  ],
  ['the exact amount', {}, command, 0],
  ['more cash', {}, { ...command, tenders: [cash(100_000)] }, 95_500],
  ['cash in two parts', {}, { ...command, tenders: [cash(4_000), cash(1_000)] }, 500],
  [
    'a card and cash that is not needed',
    {},
    { ...command, tenders: [cash(500), card(4_500)] },
    500,
  ],
  ['the catalogue’s own price', {}, lines({ ...coffee, unitPriceMinor: minor(4_500) }), 0],
  [
    'a price of one’s own, allowed',
    mayPrice,
    lines({ ...coffee, unitPriceMinor: minor(4_000) }),
    500,
  ],
  [
    'an import at a price of one’s own, allowed',
    mayPrice,
    lines({ productId: 'import', quantity: 1_000, unitPriceMinor: minor(4_500) }),
    0,
  ],
  ['a discount of all', {}, lines({ ...coffee, discountMinor: minor(4_500) }), 4_500],
  [
    'a sale of nothing, unpaid',
    {},
    { ...lines({ productId: 'leaflet', quantity: 1_000 }), tenders: [] },
    0,
  ],
  [
    'a sale of nothing, paid with nothing',
    {},
    { ...lines({ productId: 'leaflet', quantity: 1_000 }), tenders: [cash(0)] },
    0,
  ],
  [
    'the largest sale',
    {},
    { ...lines({ productId: 'crown', quantity: 1_000 }), tenders: [cash(amountMax)] },
    0,
  ],
  ['a thousandth of a coffee', {}, lines({ ...coffee, quantity: 1 }), 4_495], // 4.5 goes up to 5.
])('%s', ([, differing, asked, end]) => {
  const outcome = decideCompleteSale({ ...state, ...differing }, asked)
  expect(outcome.ok ? outcome.value.changeMinor : outcome.refusal).toEqual(end)
})

test('cash in two parts pays what is due once', () => {
  const outcome = decideCompleteSale(state, { ...command, tenders: [cash(4_000), cash(1_000)] })
  expect(outcome.ok && outcome.value.tenders.map((tender) => tender.amountMinor)).toEqual([
    4_000, 500,
  ])
})

test('what our own code never asks for is a bug', () => {
  const wrong = (asked: Partial<CompleteSale>) => () =>
    decideCompleteSale(state, { ...command, ...asked })
  for (const quantity of [0, -1, 0.5, Number.NaN]) {
    expect(wrong({ lines: [{ ...coffee, quantity }] })).toThrow('a line sells something')
  }
  expect(wrong({ lines: [{ ...coffee, discountMinor: minor(-1) }] })).toThrow('a discount')
  const negative = { ...command, lines: [{ ...coffee, unitPriceMinor: minor(-1) }] }
  expect(() => decideCompleteSale({ ...state, ...mayPrice }, negative)).toThrow(
    'a price is not negative',
  )
  expect(wrong({ tenders: [cash(-1)] })).toThrow('nobody hands over less than nothing')
})

test('a sale adds up in every way that it can be read', () => {
  fc.assert(
    fc.property(someSale, ({ state: shop, command: asked }) => {
      const outcome = decideCompleteSale(shop, asked)
      expect(outcome.ok).toBe(true)
      if (!outcome.ok) return
      const sale = outcome.value
      expect(sum(sale.lines.map((line) => line.totalMinor))).toBe(sale.totalMinor)
      expect(sum(sale.tenders.map((tender) => tender.amountMinor))).toBe(sale.totalMinor)
      const given = sum(sale.tenders.map((tender) => tender.givenMinor))
      expect(given - sale.changeMinor).toBe(sale.totalMinor)
      expect(sum(sale.taxes.flatMap((tax) => [tax.netMinor, tax.taxMinor]))).toBe(sale.totalMinor)
      expect(sum(sale.taxes.map((tax) => tax.taxMinor))).toBe(sale.taxMinor)
      for (const tender of sale.tenders) {
        expect(tender.givenMinor).toBeGreaterThan(0)
        expect(tender.amountMinor).toBeGreaterThanOrEqual(0)
        if (tender.method !== 'cash') expect(tender.amountMinor).toBe(tender.givenMinor)
      }
      expect(sale.lines.map((line) => line.lineNo)).toEqual(sale.lines.map((_, index) => index + 1))
      expect(sale.receiptCounter).toBe(shop.receipt.lastCounter + 1)
    }),
  )
})

test('a line is within half a satang of its price', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.integer({ min: 1, max: 100_000 }),
      (price, quantity) => {
        const outcome = decideCompleteSale(
          { ...state, ...mayPrice },
          {
            ...lines({ ...coffee, quantity, unitPriceMinor: minor(price) }),
            tenders: [cash(1_000_000_000)],
          },
        )
        const total = outcome.ok ? outcome.value.totalMinor : Number.NaN
        const thousandths = total * 1_000 - price * quantity
        // Halves go up, never down.
        expect(thousandths > -500 && thousandths <= 500).toBe(true)
      },
    ),
  )
})
