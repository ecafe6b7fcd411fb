import { exponentOf } from '../money/currency.ts'
import type { Currency, Minor } from '../money/money.ts'

/**
 * What a variance asks of people, from least to most. `none`: there is none. `within_tolerance`: a coin, and
 * nobody is asked. `explain`: somebody says why. `investigate`: somebody says why, with what was looked at.
 */
export const varianceClasses = ['none', 'within_tolerance', 'explain', 'investigate'] as const
export type VarianceClass = (typeof varianceClasses)[number]

/** A shop's bounds, in the minor unit of the variance's currency. */
export type VarianceBounds = {
  /** As much, over or short, is tolerated. */
  readonly toleranceMinor: number
  /** From so much on it is investigated. Never below the tolerance: then the tolerance counts. */
  readonly investigateMinor: number
}

/** What holds where a shop has set nothing: 20 and 500 whole units, which is baht where most shops are. */
export function defaultBounds(currency: Currency): VarianceBounds {
  const unit = 10 ** exponentOf(currency)
  return { toleranceMinor: 20 * unit, investigateMinor: 500 * unit }
}

/** The class of a variance: a shortage and a surplus of one size ask the same. */
export function classOfVariance(
  varianceMinor: Minor,
  { toleranceMinor, investigateMinor }: VarianceBounds,
): VarianceClass {
  const size = Math.abs(varianceMinor)
  if (size === 0) return 'none'
  if (size <= toleranceMinor) return 'within_tolerance'
  return size >= investigateMinor ? 'investigate' : 'explain'
}

/** The class that asks most. */
export function worstClass(classes: Iterable<VarianceClass>): VarianceClass {
  let worst = 0
  for (const each of classes) worst = Math.max(worst, varianceClasses.indexOf(each))
  return varianceClasses[worst] ?? 'none'
}
