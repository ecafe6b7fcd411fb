import fc from 'fast-check'
import type { Authority } from '../approval/check-approval.ts'
import type { ProductId, SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import type { CatalogueProduct } from '../catalogue/product.ts'
import { amountMax, type Currency, minor } from '../money/money.ts'
import type { TillSession } from '../till/till-session.ts'
import { type CompleteSale, type CompleteSaleState, priceSale } from './complete-sale.ts'

// Shops, carts and ways to pay that a decision accepts, and one open session to do it all in.

export const thb = 'THB' as Currency
export const shopId = '01940000-0000-7000-8000-000000000001' as ShopId
export const tillId = '01940000-0000-7000-8000-000000000002' as TillId
export const staffId = '01940000-0000-7000-8000-000000000003' as StaffId

export const openSession: TillSession = {
  id: '01940000-0000-7000-8000-000000000004' as SessionId,
  shopId,
  tillId,
  staffId,
  currency: thb,
  floatMinor: minor(100_000),
  state: 'open',
}

/** A drawer that no refund empties. */
export const fullDrawer = () => ({ amountMinor: minor(amountMax) })

/** Who may sell and give back without a limit, and nothing else. */
export const ownAuthority: Authority = {
  actId: '01940000-0000-7000-8000-000000000005',
  at: '2026-11-20T05:00:00.000Z',
  actor: { staffId, permissions: ['sale.create', 'sale.refund'], limits: [] },
}

const names = ['กาแฟเย็น', 'Iced latte', 'ครัวซองต์ช็อกโกแลต', 'Kopi susu', 'ข้าวเหนียวมะม่วง', 'Baguette']

/** Products of every usual rate, some free of charge, some sold by weight at odd prices. */
export const someProducts: fc.Arbitrary<readonly CatalogueProduct[]> = fc
  .array(
    fc.record({
      name: fc.constantFrom(...names),
      priceMinor: fc.oneof(
        fc.constantFrom(0, 1, 4_500, 9_999),
        fc.integer({ min: 0, max: 100_000_000 }),
      ),
      vatBasisPoints: fc.constantFrom(0, 700, 1_100, 2_000),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((each) =>
    each.map(({ name, priceMinor, vatBasisPoints }, index) => ({
      id: `01940000-0000-7000-8000-0000000001${String(index).padStart(2, '0')}` as ProductId,
      code: `P${index + 1}`,
      name: `${name} ${index + 1}`,
      category: '',
      currency: thb,
      priceMinor: minor(priceMinor),
      vatBasisPoints,
      barcodes: [],
      active: true,
    })),
  )

/** A sale before it is asked for: quantities of products by their place, and how it is paid. */
const somePlan = fc.record({
  products: someProducts,
  lines: fc.array(
    fc.record({
      product: fc.nat(),
      quantity: fc.oneof(fc.constantFrom(1_000, 2_000, 5_000), fc.integer({ min: 1, max: 20_000 })),
      /** In thousandths of the line's price. */
      discount: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1_000 })),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  /** In thousandths of the total. */
  card: fc.oneof(fc.constantFrom(0, 1_000), fc.integer({ min: 0, max: 1_000 })),
  extraCash: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100_000 })),
  lastCounter: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20_000 })),
})

export type AcceptedSale = { readonly state: CompleteSaleState; readonly command: CompleteSale }

/** A sale that is accepted: part by card, the rest in cash, with or without change. */
export const someSale: fc.Arbitrary<AcceptedSale> = somePlan.map((plan) => {
  const products = new Map(plan.products.map((product) => [product.id as string, product]))
  const terms = { products, currency: thb }
  const whole = plan.lines.map(({ product, quantity }) => ({
    productId: plan.products[product % plan.products.length]?.id ?? '',
    quantity,
  }))
  const lines = whole.map((line, index) => {
    const priced = priceSale(terms, [line])
    const full = priced.ok ? priced.value.totalMinor : 0
    const discount = Math.floor((full * (plan.lines[index]?.discount ?? 0)) / 1_000)
    return discount === 0 ? line : { ...line, discountMinor: minor(discount) }
  })
  const priced = priceSale(terms, lines)
  const total = priced.ok ? priced.value.totalMinor : 0
  const card = Math.floor((total * plan.card) / 1_000)
  const cash = total - card + plan.extraCash
  return {
    state: {
      at: { shopId },
      session: openSession,
      products,
      authority: ownAuthority,
      receipt: { tillNumber: 1, businessDate: '2026-11-20', lastCounter: plan.lastCounter },
    },
    command: {
      staffId,
      currency: thb,
      lines,
      tenders: [
        { method: 'card', givenMinor: minor(card) },
        { method: 'cash', givenMinor: minor(Math.floor(cash / 3)) },
        { method: 'cash', givenMinor: minor(cash - Math.floor(cash / 3)) },
      ],
    },
  }
})
