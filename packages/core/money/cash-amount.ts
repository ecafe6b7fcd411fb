import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { orderPieces, type Pieces, piecesAddUp } from './denominations.ts'
import type { Currency, Minor } from './money.ts'

/** Cash of one currency, and of which notes and coins it is where that was counted. */
export type CashAmount = {
  readonly currency: Currency
  /** Zero or more. */
  readonly minor: Minor
  /** They add up to `minor`. */
  readonly pieces?: Pieces
}

/** Cash of several currencies, each once. */
export type Cash = readonly CashAmount[]

export type CashRefusal<Of extends string> =
  | { readonly code: 'currency_repeated'; readonly currency: Currency }
  | { readonly code: 'pieces_do_not_add_up'; readonly of: Of }

/**
 * Cash in its one spelling: by currency, its pieces high to low. Refused where a currency stands in it
 * twice, or where pieces are not worth their amount.
 */
export function checkCash<Of extends string>(cash: Cash, of: Of): Outcome<Cash, CashRefusal<Of>> {
  const seen = new Set<Currency>()
  for (const { currency, minor, pieces } of cash) {
    if (seen.has(currency)) return refused({ code: 'currency_repeated', currency })
    seen.add(currency)
    if (pieces !== undefined && !piecesAddUp(pieces, minor)) {
      return refused({ code: 'pieces_do_not_add_up', of })
    }
  }
  const ordered = cash.map(({ currency, minor, pieces }) => ({
    ...{ currency, minor },
    ...(pieces !== undefined && { pieces: orderPieces(pieces) }),
  }))
  // Not by locale: every node writes the same bytes.
  return accepted(ordered.sort((a, b) => (a.currency < b.currency ? -1 : 1)))
}

/** As `checkCash`, without what is nothing; refused where nothing is left. */
export function checkSomeCash<Of extends string>(
  cash: Cash,
  of: Of,
): Outcome<Cash, CashRefusal<Of> | { readonly code: 'no_cash' }> {
  const checked = checkCash(cash, of)
  if (!checked.ok) return checked
  const some = checked.value.filter(({ minor }) => minor > 0)
  return some.length === 0 ? refused({ code: 'no_cash' }) : accepted(some)
}

/** How much of a currency there is; 0 where there is none. */
export function minorOf(cash: Cash, currency: Currency): number {
  return cash.find((amount) => amount.currency === currency)?.minor ?? 0
}
