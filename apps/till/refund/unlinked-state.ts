import type { CatalogueProduct } from '@tillkeeper/core/catalogue/product.ts'
import { type Currency, type Minor, minor, mulDivRound, sum } from '@tillkeeper/core/money/money.ts'
import { linesMax } from '@tillkeeper/core/sale/complete-sale.ts'
import { unitQuantity } from '@tillkeeper/core/sale/price-line.ts'
import type { TenderMethod } from '@tillkeeper/core/sale/tender.ts'
import { cartQuantityMax } from '../sale/cart.ts'

/** Goods that come back without the receipt of their sale, while they are chosen. */
export type Returning = {
  readonly stage: 'returning' | 'paying'
  /** The refund's id: trying again never pays twice. */
  readonly id: string
  /** What is searched for. */
  readonly typed: string
  readonly lines: readonly ReturnedLine[]
  readonly method: TenderMethod
  readonly reason: string
  /** Why it was refused, by code, the last time it was tried. */
  readonly refusal?: string | undefined
}

export type ReturnedLine = {
  readonly productId: string
  /** In thousandths, above zero. */
  readonly quantity: number
  /** What the customer is believed to have paid for one. */
  readonly unitPriceMinor: Minor
}

/** Begins a refund without a receipt. */
export function startReturning(id: string): Returning {
  return { stage: 'returning', id, typed: '', lines: [], method: 'cash', reason: '' }
}

/**
 * One more of a product, at its price of today until another is said; the search begins anew. One that has its
 * price in another currency has none here until it is said.
 */
export function addReturned(
  refund: Returning,
  product: Pick<CatalogueProduct, 'id' | 'priceMinor' | 'currency'>,
  currency: Currency,
): Returning {
  const { id } = product
  const held = refund.lines.some(({ productId }) => productId === id)
  if (held) return { ...stepReturned(refund, id, 1), typed: '' }
  if (refund.lines.length >= linesMax) return { ...refund, typed: '' }
  const line = { productId: id, quantity: unitQuantity, unitPriceMinor: priceIn(product, currency) }
  return { ...rest(refund), typed: '', lines: [...refund.lines, line] }
}

/** A product's price of today, in the shop's currency; zero where it has none in it. */
export function priceIn(
  product: Pick<CatalogueProduct, 'priceMinor' | 'currency'>,
  currency: Currency,
): Minor {
  return product.currency === currency ? product.priceMinor : minor(0)
}

/** One unit more or less; a line of which nothing comes back goes. */
export function stepReturned(refund: Returning, productId: string, by: 1 | -1): Returning {
  return changeLine(refund, productId, (line) => ({
    ...line,
    quantity: Math.min(cartQuantityMax, line.quantity + by * unitQuantity),
  }))
}

/** What is paid back for one of them, in place of its price of today. */
export function repriceReturned(
  refund: Returning,
  productId: string,
  unitPriceMinor: Minor,
): Returning {
  return changeLine(refund, productId, (line) => ({ ...line, unitPriceMinor }))
}

/** What a line is worth, as core rounds it. */
export function worthOfReturned({ quantity, unitPriceMinor }: ReturnedLine): Minor {
  return minor(mulDivRound(unitPriceMinor, quantity, unitQuantity))
}

/** What all of it is worth. */
export function returnedTotal({ lines }: Pick<Returning, 'lines'>): Minor {
  return sum(lines.map(worthOfReturned))
}

/** Whether it can be paid back: something comes back for some money, and why is said. */
export function isReturnable(refund: Returning): boolean {
  return refund.stage === 'returning' && returnedTotal(refund) > 0 && refund.reason.trim() !== ''
}

function changeLine(
  refund: Returning,
  productId: string,
  change: (line: ReturnedLine) => ReturnedLine,
): Returning {
  const lines = refund.lines
    .map((line) => (line.productId === productId ? change(line) : line))
    .filter(({ quantity }) => quantity > 0)
  return { ...rest(refund), lines }
}

function rest({ refusal: _, ...refund }: Returning): Returning {
  return refund
}
