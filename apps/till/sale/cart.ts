import { assert } from '@tillkeeper/core/base/assert.ts'
import type { Instant } from '@tillkeeper/core/base/instant.ts'
import type { Minor } from '@tillkeeper/core/money/money.ts'
import { linesMax } from '@tillkeeper/core/sale/complete-sale.ts'
import { unitQuantity } from '@tillkeeper/core/sale/price-line.ts'

// What a customer is buying, before anything is paid. Values only: prices come from the catalogue when
// it is drawn, and the decision in core prices it again when it is paid.

export type CartLine = {
  /** Names the line while the cart lives; never used again in it. */
  readonly key: number
  readonly productId: string
  /** In thousandths, above zero. */
  readonly quantity: number
  /** Another price than the catalogue's, for one unit. */
  readonly unitPriceMinor?: Minor | undefined
  readonly discountMinor?: Minor | undefined
}

export type Cart = {
  readonly lines: readonly CartLine[]
  /** The line that `+`, `−`, `Del` and a discount act on. */
  readonly selected: number | undefined
  readonly nextKey: number
  /** The line that was voided last, and where it stood, until something else is done. */
  readonly voided?: { readonly line: CartLine; readonly at: number } | undefined
}

/** A cart put aside, to go on with another customer. */
export type HeldCart = {
  readonly id: string
  readonly cart: Cart
  readonly heldAt: Instant
  readonly heldBy: string
}

/** Carts put aside at once: more than that is no queue but a forgotten list. */
export const heldMax = 50
/** 99,999 pieces, in thousandths: more is a barcode that was typed as a quantity. */
export const cartQuantityMax = 99_999 * unitQuantity

export const emptyCart: Cart = { lines: [], selected: undefined, nextKey: 1 }

/** Whether two carts hold the same lines, whichever is selected. */
export function isSameCart(one: Cart, other: Cart): boolean {
  return one.nextKey === other.nextKey && JSON.stringify(one.lines) === JSON.stringify(other.lines)
}

/**
 * The cart with some more of a product: on its own line, unless a line of it is there at the catalogue's price and
 * without a discount. That line is selected. A full cart stays as it is.
 */
export function addProduct(cart: Cart, productId: string, quantity: number): Cart {
  assert(Number.isSafeInteger(quantity) && quantity > 0, 'something is added')
  const same = cart.lines.find(
    (line) =>
      line.productId === productId &&
      line.discountMinor === undefined &&
      line.unitPriceMinor === undefined,
  )
  if (same !== undefined) return changeQuantity(cart, same.key, same.quantity + quantity)
  if (cart.lines.length >= linesMax) return cart
  const line: CartLine = {
    key: cart.nextKey,
    productId,
    quantity: Math.min(quantity, cartQuantityMax),
  }
  return { lines: [...cart.lines, line], selected: line.key, nextKey: cart.nextKey + 1 }
}

/** The cart with another quantity on a line, which is selected. Nothing or less voids the line. */
export function changeQuantity(cart: Cart, key: number, quantity: number): Cart {
  if (quantity <= 0) return voidLine(cart, key)
  return {
    ...changeLine(cart, key, (line) => ({
      ...line,
      quantity: Math.min(quantity, cartQuantityMax),
    })),
    selected: key,
  }
}

/** The cart with a discount on a line; none takes it off again. */
export function discountLine(cart: Cart, key: number, discountMinor: Minor | undefined): Cart {
  return changeLine(cart, key, ({ discountMinor: _, ...line }) =>
    discountMinor === undefined || discountMinor === 0 ? line : { ...line, discountMinor },
  )
}

/** The cart with another price on a line, for one unit; none is the catalogue's again. Its discount goes. */
export function repriceLine(cart: Cart, key: number, unitPriceMinor: Minor | undefined): Cart {
  return changeLine(cart, key, ({ unitPriceMinor: _, discountMinor: __, ...line }) =>
    unitPriceMinor === undefined ? line : { ...line, unitPriceMinor },
  )
}

/** The cart without a line. The one after it is selected, or the last; `undoVoid` brings it back. */
export function voidLine(cart: Cart, key: number): Cart {
  const at = cart.lines.findIndex((line) => line.key === key)
  const line = cart.lines[at]
  if (line === undefined) return cart
  const lines = cart.lines.filter((each) => each.key !== key)
  const selected = lines[Math.min(at, lines.length - 1)]?.key
  return { ...cart, lines, selected, voided: { line, at } }
}

/** The cart with the line that was voided last where it stood. */
export function undoVoid(cart: Cart): Cart {
  const { voided, ...rest } = cart
  if (voided === undefined) return cart
  return {
    ...rest,
    lines: cart.lines.toSpliced(voided.at, 0, voided.line),
    selected: voided.line.key,
  }
}

/** The cart with the line selected that stands so many lines further; it stops at both ends. */
export function moveSelection(cart: Cart, by: number): Cart {
  if (cart.lines.length === 0) return cart
  const at = cart.lines.findIndex(({ key }) => key === cart.selected)
  const next = at < 0 ? cart.lines.length - 1 : at + by
  const bounded = Math.max(0, Math.min(cart.lines.length - 1, next))
  return { ...cart, selected: cart.lines[bounded]?.key }
}

export function selectLine(cart: Cart, key: number): Cart {
  return { ...cart, selected: key }
}

export function selectedLine(cart: Cart): CartLine | undefined {
  return cart.lines.find(({ key }) => key === cart.selected)
}

function changeLine(cart: Cart, key: number, change: (line: CartLine) => CartLine): Cart {
  const { voided: _, ...rest } = cart
  return { ...rest, lines: cart.lines.map((line) => (line.key === key ? change(line) : line)) }
}
