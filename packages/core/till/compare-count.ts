import { orderPieces, type Pieces } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import type { CountedCash } from './counted-cash.ts'
import type { SessionTotals } from './session-totals.ts'
import { expectedOf, type TillSession } from './till-session.ts'

/** What was counted of one currency. */
export type CountAmount = {
  readonly currency: Currency
  readonly countedMinor: Minor
  readonly pieces?: Pieces | undefined
}

type Held = { readonly session: TillSession; readonly totals: SessionTotals }

/**
 * Counts beside what was expected, the session's own currency first, then all others that were counted or
 * of which something is expected, by name. Each currency stands in the counts at most once.
 */
export function compareCount(held: Held, counts: readonly CountAmount[]): CountedCash[] {
  const expected = expectedOf(held.session, held.totals)
  const { currency: own } = held.session
  const named = new Set([...expected.keys(), ...counts.map(({ currency }) => currency)])
  named.delete(own)
  return [own, ...[...named].sort()].map((currency) => {
    const count = counts.find((each) => each.currency === currency)
    const counted = count?.countedMinor ?? minor(0)
    const due = expected.get(currency) ?? minor(0)
    return {
      currency,
      countedMinor: counted,
      ...(count?.pieces !== undefined && { pieces: orderPieces(count.pieces) }),
      expectedMinor: due,
      varianceMinor: minor(counted - due),
    }
  })
}
