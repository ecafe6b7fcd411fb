import { exponentOf } from '../money/currency.ts'
import { denominationsOf, makeChange } from '../money/denominations.ts'
import { type Minor, minor } from '../money/money.ts'
import { amountWithin, type RateTerms, worthOf } from '../money/rate.ts'
import type { AskedChange } from './settle-tenders.ts'

/**
 * Change of this worth as far as notes of the rate's currency make it: a till keeps no foreign coins. What
 * is left is given in the sale's own currency. `undefined` where no note fits into it. Where we have no table
 * of the notes, whole units are given.
 */
export function planForeignChange(changeMinor: Minor, terms: RateTerms): AskedChange | undefined {
  const { currency } = terms
  const notes = denominationsOf(currency).filter(({ kind }) => kind === 'note')
  const least = notes.at(-1)?.faceMinor ?? minor(10 ** exponentOf(currency))
  const amount = amountWithin(changeMinor, terms, least)
  if (amount === 0) return undefined
  const pieces = makeChange(amount, notes)
  return { currency, minor: amount, ...(pieces !== undefined && { pieces }) }
}

/**
 * As much of a refund as goes back in a currency that its sale was paid in: no more than is left of what came
 * in it, and in whole notes. `undefined` where no note fits into it.
 */
export function planForeignBack(
  totalMinor: Minor,
  paid: { readonly leftMinor: Minor },
  terms: RateTerms,
): AskedChange | undefined {
  const least = minor(Math.min(totalMinor, worthOf(paid.leftMinor, terms)))
  const planned = planForeignChange(least, terms)
  return planned === undefined || planned.minor > paid.leftMinor ? undefined : planned
}
