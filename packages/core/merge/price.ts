import type { Minor } from '../money/money.ts'

/** A price from a moment on, until one that is optional. It is never edited: a new price is a new fact. */
export type PriceVersion = {
  /** The id of the fact: a sale keeps it beside the amount, and is never reckoned again. */
  readonly factId: string
  readonly hlc: string
  /** A campaign's price beats the ordinary one while it is valid: the higher wins. */
  readonly prio: number
  /** ISO 8601 in UTC with milliseconds; inclusive. */
  readonly from: string
  /** Exclusive. Left out: until another is better. */
  readonly to?: string
  readonly minor: Minor
}

/** The prices of one product in one list, by the fact that made each. */
export type PriceVersions = ReadonlyMap<string, PriceVersion>

/** Takes a price. Order and repetition do not matter. */
export function takePrice(held: PriceVersions, price: PriceVersion): PriceVersions {
  return held.has(price.factId) ? held : new Map(held).set(price.factId, price)
}

/** The price at an instant: of those valid then the highest `(prio, from, hlc, fact id)`. */
export function findPrice(prices: PriceVersions, at: string): PriceVersion | undefined {
  let best: PriceVersion | undefined
  for (const price of prices.values()) {
    if (price.from > at || (price.to !== undefined && price.to <= at)) continue
    if (best === undefined || comparePrices(best, price) < 0) best = price
  }
  return best
}

function comparePrices(a: PriceVersion, b: PriceVersion): number {
  if (a.prio !== b.prio) return a.prio - b.prio
  if (a.from !== b.from) return a.from < b.from ? -1 : 1
  if (a.hlc !== b.hlc) return a.hlc < b.hlc ? -1 : 1
  return a.factId < b.factId ? -1 : 1
}
