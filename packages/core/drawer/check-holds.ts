import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { findMissing, type WantedCash } from '../cash/held-cash.ts'
import { type Pieces, sumPieces } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import type { Tender } from '../sale/tender.ts'

/** What a drawer should hold of one currency, as far as it is known. */
export type DrawerHolds = {
  readonly amountMinor: Minor
  /** The pieces in it that are known, one or more of each face; what they are not worth may be any. Left out: none. */
  readonly pieces?: Pieces | undefined
}

/** What a drawer should hold of a currency. */
export type DrawerCash = (currency: Currency) => DrawerHolds

/**
 * `faceMinor` where there is enough, and not in these pieces. How much there is, is not said: who counts blind
 * learns no more than that it is less than what they asked for.
 */
export type HoldsRefusal = { readonly code: 'not_in_drawer'; readonly faceMinor?: Minor }

/**
 * Whether a drawer holds what is to be taken out of it: by amount, and by piece as far as they are known. Pieces that
 * are not known to be there may be among the cash whose pieces nobody said, up to its worth.
 */
export function checkHolds(
  { amountMinor, pieces = [] }: DrawerHolds,
  taken: WantedCash,
): Outcome<undefined, HoldsRefusal> {
  const unknownMinor = minor(amountMinor - sumPieces(pieces))
  const missing = findMissing({ balanceMinor: amountMinor, pieces, unknownMinor }, taken)
  if (missing === undefined) return accepted(undefined)
  return refused({ code: 'not_in_drawer', ...(missing !== 'amount' && { faceMinor: missing }) })
}

/** The same of what is paid back in cash, each currency by itself. */
export function checkPaidBack(
  drawer: DrawerCash,
  own: Currency,
  tenders: readonly Pick<Tender, 'method' | 'amountMinor' | 'foreign' | 'pieces'>[],
): Outcome<undefined, HoldsRefusal> {
  for (const { method, amountMinor, foreign, pieces } of tenders) {
    if (method !== 'cash') continue
    const back = { amountMinor: foreign?.givenMinor ?? amountMinor, pieces }
    const held = checkHolds(drawer(foreign?.currency ?? own), back)
    if (!held.ok) return held
  }
  return accepted(undefined)
}
