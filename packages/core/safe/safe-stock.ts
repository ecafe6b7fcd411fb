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
  /** How many of each face there are, where every one of them was counted; else `undefined`. */
  readonly pieces?: ReadonlyMap<number, number> | undefined
}

export type TakeRefusal =
  | { readonly code: 'safe_holds_less'; readonly currency: Currency; readonly heldMinor: Minor }
  | {
      readonly code: 'safe_lacks_pieces'
      readonly currency: Currency
      readonly faceMinor: Minor
      readonly heldPieces: number
    }

/** Nothing leaves a safe that is not in it, as far as is known what that is. */
export function checkTake(stock: readonly SafeStock[], cash: Cash): Outcome<Cash, TakeRefusal> {
  for (const { currency, minor, pieces } of cash) {
    const held = stock.find((each) => each.currency === currency)
    if (held === undefined || !held.known) continue
    const { balanceMinor: heldMinor, pieces: faces } = held
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
