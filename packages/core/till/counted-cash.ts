import type { Pieces } from '../money/denominations.ts'
import type { Currency, Minor } from '../money/money.ts'

/** What was counted of one currency, beside what was expected. */
export type CountedCash = {
  readonly currency: Currency
  readonly countedMinor: Minor
  readonly pieces?: Pieces
  readonly expectedMinor: Minor
  /** Counted less expected. */
  readonly varianceMinor: Minor
}

/** A currency that stands in the list twice, if there is one. */
export function findRepeated(
  amounts: readonly { readonly currency: Currency }[],
): Currency | undefined {
  const seen = new Set<Currency>()
  for (const { currency } of amounts) {
    if (seen.has(currency)) return currency
    seen.add(currency)
  }
  return undefined
}
