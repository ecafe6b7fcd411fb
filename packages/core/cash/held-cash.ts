import type { Pieces } from '../money/denominations.ts'
import type { Currency, Minor } from '../money/money.ts'

/** What a place holds of a currency, as far as it is known by piece. */
export type HeldCash = {
  readonly currency: Currency
  readonly balanceMinor: Minor
  /** High to low, each with one or more pieces. */
  readonly pieces: Pieces
  /**
   * The balance less what the pieces are worth: cash whose pieces nobody said. Below zero where some of
   * the pieces went out and nobody said which.
   */
  readonly unknownMinor: Minor
}

export type NotThere = {
  readonly code: 'cash_not_there'
  readonly currency: Currency
  /** Left out where the amount as a whole is not there. */
  readonly faceMinor?: Minor
}

/**
 * Why cash cannot be taken out of a place that holds `held`: the amount is more than lies there, or more of
 * some faces is asked for than is known there and than what is unknown could be. `undefined` where it can be.
 */
export function findNotThere(held: HeldCash, wanted: WantedCash): NotThere | undefined {
  const { currency } = held
  const missing = findMissing(held, wanted)
  if (missing === undefined) return undefined
  return { code: 'cash_not_there', currency, ...(missing !== 'amount' && { faceMinor: missing }) }
}

/** What is to be taken out of a place. */
export type WantedCash = { readonly amountMinor: Minor; readonly pieces?: Pieces | undefined }

/** What of it is not there: the amount as a whole, or the first face that there is too little of. */
export function findMissing(
  held: Omit<HeldCash, 'currency'>,
  wanted: WantedCash,
): 'amount' | Minor | undefined {
  if (wanted.amountMinor > held.balanceMinor) return 'amount'
  const known = new Map(held.pieces.map(({ faceMinor, pieces }) => [faceMinor, pieces]))
  // What is not among the known pieces can only be among the unknown.
  let unknown = Math.max(0, held.unknownMinor)
  for (const { faceMinor, pieces } of wanted.pieces ?? []) {
    unknown -= faceMinor * Math.max(0, pieces - (known.get(faceMinor) ?? 0))
    if (unknown < 0) return faceMinor
  }
  return undefined
}
