import type { CountedCash } from './counted-cash.ts'

/** A count that differs is asked for once more, and no more: then it is what it is. */
export const recountsMax = 1

/**
 * Whether who counted is asked to count once more. They learn that something differs, and not what: neither
 * the currency nor the direction, so a count stays one.
 */
export function asksRecount(
  counted: readonly Pick<CountedCash, 'varianceMinor'>[],
  recounts: number,
): boolean {
  return recounts < recountsMax && counted.some(({ varianceMinor }) => varianceMinor !== 0)
}
