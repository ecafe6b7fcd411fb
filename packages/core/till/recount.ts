import type { Currency, Minor } from '../money/money.ts'
import type { CountedCash } from './counted-cash.ts'

/** A count that differs is asked for once more, and no more: then it is what it is. */
export const recountsMax = 1

export type RecountTerms = {
  /** How often it was asked before. */
  readonly recounts: number
  /** The shop's own currency, which its tolerance is in. */
  readonly currency: Currency
  /** Up to here a difference is let be; 0 where a shop lets none be. */
  readonly toleranceMinor: Minor
}

/**
 * Whether who counted is asked to count once more: where a difference is above the shop's tolerance, which is of
 * its own currency; of another one any difference is. They learn that something differs, and not what: neither
 * the currency nor the direction, so a count stays one.
 */
export function asksRecount(
  counted: readonly Pick<CountedCash, 'currency' | 'varianceMinor'>[],
  { recounts, currency: own, toleranceMinor }: RecountTerms,
): boolean {
  if (recounts >= recountsMax) return false
  return counted.some(
    ({ currency, varianceMinor }) =>
      Math.abs(varianceMinor) > (currency === own ? toleranceMinor : 0),
  )
}
