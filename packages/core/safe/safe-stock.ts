import { accepted, type Outcome, refused } from '../base/outcome.ts'
import type { Cash } from '../money/cash-amount.ts'
import type { Currency, Minor } from '../money/money.ts'

/**
 * What a shop's safe holds of one currency. A currency is *known* from the safe's first count in it: before
 * that floats came out of a safe that nobody had counted, and its balance says nothing.
 */
export type SafeStock = {
  readonly currency: Currency
  readonly balanceMinor: Minor
  readonly known: boolean
  /**
   * How many of each face came in less how many went out. What moved without its pieces is not in it, so they may
   * be worth less or more than the balance, and a face may be below zero.
   */
  readonly faces?: ReadonlyMap<number, number> | undefined
}

export type TakeRefusal =
  | { readonly code: 'safe_holds_less'; readonly currency: Currency; readonly heldMinor: Minor }
  | {
      readonly code: 'safe_lacks_pieces'
      readonly currency: Currency
      readonly faceMinor: Minor
      readonly heldPieces: number
    }

/** The pieces of a safe, where all that moved since was counted by pieces; else `undefined`. */
export function knownPieces({
  balanceMinor,
  faces,
}: Pick<SafeStock, 'balanceMinor' | 'faces'>): ReadonlyMap<number, number> | undefined {
  if (faces === undefined) return undefined
  let worth = 0
  for (const [faceMinor, count] of faces) {
    if (count < 0) return undefined
    worth += faceMinor * count
  }
  return worth === balanceMinor ? faces : undefined
}

/** Nothing leaves a safe that is not in it, as far as is known what that is. */
export function checkTake(stock: readonly SafeStock[], cash: Cash): Outcome<Cash, TakeRefusal> {
  for (const { currency, minor, pieces } of cash) {
    const held = stock.find((each) => each.currency === currency)
    if (held === undefined || !held.known) continue
    const { balanceMinor: heldMinor } = held
    const faces = knownPieces(held)
    if (minor > heldMinor) return refused({ code: 'safe_holds_less', currency, heldMinor })
    if (faces === undefined) continue
    for (const { faceMinor, pieces: count } of pieces ?? []) {
      const heldPieces = faces.get(faceMinor) ?? 0
      if (count > heldPieces) {
        return refused({ code: 'safe_lacks_pieces', currency, faceMinor, heldPieces })
      }
    }
  }
  return accepted(cash)
}
