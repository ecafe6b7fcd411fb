import { assert } from '../base/assert.ts'
import type { ProductId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import type { Product } from '../catalogue/product.ts'
import { amountMax, type Currency, type Minor, minor, mulDivRound } from '../money/money.ts'

/** Thousandths in one unit: a quantity of 1000 is one piece, of 250 a quarter of a kilogram. */
export const unitQuantity = 1_000

/** A line as it was sold: it keeps name, price and rate, and is never computed again. */
export type SaleLine = {
  /** From 1, in the order of the receipt. */
  readonly lineNo: number
  readonly productId: ProductId
  readonly code: string
  readonly name: string
  /** In thousandths, above zero. */
  readonly quantity: number
  /** With tax, for one unit. */
  readonly unitPriceMinor: Minor
  /**
   * Where another price than the catalogue's was asked: what the quantity costs by the catalogue. 0 where the product
   * has no price in the sale's currency.
   */
  readonly listMinor?: Minor
  /** Taken off the line; never above its price. */
  readonly discountMinor: Minor
  /** With tax: unit price × quantity, rounded half up, less discount. */
  readonly totalMinor: Minor
  readonly vatBasisPoints: number
}

/** A line as it is asked for. */
export type AskedLine = {
  readonly productId: string
  /** In thousandths, above zero. */
  readonly quantity: number
  /** With tax, for one unit. Left out: the catalogue's price. */
  readonly unitPriceMinor?: Minor | undefined
  readonly discountMinor?: Minor | undefined
}

/** Why a line cannot be sold, in order of precedence; `index` counts from 0. */
export type PriceLineRefusal =
  | { readonly code: 'product_not_found'; readonly index: number }
  | { readonly code: 'product_not_sold'; readonly index: number }
  | { readonly code: 'product_currency_differs'; readonly index: number }
  | { readonly code: 'amount_too_large' }
  | { readonly code: 'discount_above_line'; readonly index: number }

/** What prices a line: the catalogue, and the sale's currency. */
export type PriceTerms = {
  readonly products: { get(id: string): Product | undefined }
  readonly currency: Currency
}

/**
 * Prices the line at `index` from the catalogue, or at the price that is asked. Whether another price may be asked is
 * for the sale to decide.
 */
export function priceLine(
  terms: PriceTerms,
  asked: AskedLine,
  index: number,
): Outcome<SaleLine, PriceLineRefusal> {
  const { quantity, discountMinor = minor(0) } = asked
  assert(Number.isSafeInteger(quantity) && quantity > 0, 'a line sells something')
  assert(discountMinor >= 0, 'a discount takes something off')

  const product = terms.products.get(asked.productId)
  if (product === undefined) return refused({ code: 'product_not_found', index })
  if (!product.active) return refused({ code: 'product_not_sold', index })

  const ownPrice = product.currency === terms.currency ? product.priceMinor : undefined
  const unitPriceMinor = asked.unitPriceMinor ?? ownPrice
  if (unitPriceMinor === undefined) return refused({ code: 'product_currency_differs', index })
  assert(unitPriceMinor >= 0, 'a price is not negative')

  // Checked before it is an amount: the product of both bounds is no exact number any more.
  const priced = mulDivRound(unitPriceMinor, quantity, unitQuantity)
  if (priced > amountMax) return refused({ code: 'amount_too_large' })
  const listed = mulDivRound(ownPrice ?? minor(0), quantity, unitQuantity)
  if (listed > amountMax) return refused({ code: 'amount_too_large' })
  if (discountMinor > priced) return refused({ code: 'discount_above_line', index })

  return accepted({
    lineNo: index + 1,
    productId: product.id,
    code: product.code,
    name: product.name,
    quantity,
    unitPriceMinor,
    ...(unitPriceMinor !== ownPrice && { listMinor: minor(listed) }),
    discountMinor,
    totalMinor: minor(priced - discountMinor),
    vatBasisPoints: product.vatBasisPoints,
  })
}

/**
 * By how much a sale's lines differ from the catalogue's prices, up or down, before discounts; `undefined` where none
 * was sold at another price.
 */
export function overrideOf(
  lines: readonly Pick<SaleLine, 'listMinor' | 'discountMinor' | 'totalMinor'>[],
): Minor | undefined {
  const others = lines.filter(({ listMinor }) => listMinor !== undefined)
  if (others.length === 0) return undefined
  const differs = others.reduce(
    (all, { listMinor = 0, discountMinor, totalMinor }) =>
      all + Math.abs(totalMinor + discountMinor - listMinor),
    0,
  )
  // Rises and cuts are added up, so their sum may be above what any amount is.
  return minor(Math.min(differs, amountMax))
}
