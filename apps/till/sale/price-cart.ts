import type { CatalogueProduct } from '@tillkeeper/core/catalogue/product.ts'
import { type Currency, type Minor, minor, sum } from '@tillkeeper/core/money/money.ts'
import {
  type AskedLine,
  overrideOf,
  type PriceLineRefusal,
  priceLine,
  type SaleLine,
} from '@tillkeeper/core/sale/price-line.ts'
import { type TaxTotal, taxTotals } from '@tillkeeper/core/tax/tax.ts'
import type { Cart, CartLine } from './cart.ts'

/** A line of the cart with its price, or the reason why it cannot be sold. */
export type PricedLine = { readonly line: CartLine } & (
  | { readonly state: 'priced'; readonly priced: SaleLine }
  | {
      readonly state: 'refused'
      readonly code: PriceLineRefusal['code']
      readonly name: string
    }
)

export type PricedCart = {
  readonly lines: readonly PricedLine[]
  readonly taxes: readonly TaxTotal[]
  readonly totalMinor: Minor
  /** By how much its prices differ from the catalogue's; `undefined` where none does. */
  readonly overrideMinor: Minor | undefined
  /** Whether every line can be sold, and there is one. */
  readonly payable: boolean
}

type Terms = {
  readonly products: ReadonlyMap<string, CatalogueProduct>
  readonly currency: Currency
}

/**
 * Prices each line on its own, so that one that is no longer sold is shown as that and stops no other.
 * The decision of a sale uses the same prices.
 */
export function priceCart(cart: Cart, terms: Terms): PricedCart {
  const asked = askedLines(cart)
  const lines = cart.lines.map((line, index): PricedLine => {
    const priced = priceLine(terms, asked[index] as AskedLine, index)
    if (priced.ok) return { line, state: 'priced', priced: priced.value }
    const name = terms.products.get(line.productId)?.name ?? ''
    return { line, state: 'refused', code: priced.refusal.code, name }
  })
  const priced = lines.flatMap((line) => (line.state === 'priced' ? [line.priced] : []))
  return {
    lines,
    taxes: taxTotals(priced),
    totalMinor: priced.length === 0 ? minor(0) : sum(priced.map((line) => line.totalMinor)),
    overrideMinor: overrideOf(priced),
    payable: lines.length > 0 && priced.length === lines.length,
  }
}

/** The cart as a sale asks for it. */
export function askedLines(cart: Cart): readonly AskedLine[] {
  return cart.lines.map(({ productId, quantity, unitPriceMinor, discountMinor }) => ({
    productId,
    quantity,
    ...(unitPriceMinor !== undefined && { unitPriceMinor }),
    ...(discountMinor !== undefined && { discountMinor }),
  }))
}
