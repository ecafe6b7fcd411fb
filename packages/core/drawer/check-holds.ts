import { accepted, type Outcome, refused } from '../base/outcome.ts'
import type { Pieces } from '../money/denominations.ts'
import type { Minor } from '../money/money.ts'

/** What a drawer should hold of one currency, as far as it is known. */
export type DrawerHolds = {
  readonly amountMinor: Minor
  /** Of every face in it how many; left out where not all of it was counted by piece. */
  readonly pieces?: Pieces | undefined
}

/**
 * `faceMinor` where there is enough, and not in these pieces. How much there is, is not said: who counts blind
 * learns no more than that it is less than what they asked for.
 */
export type HoldsRefusal = { readonly code: 'not_in_drawer'; readonly faceMinor?: Minor }

/** Whether a drawer holds what is to be taken out of it: by amount, and by piece where both are known. */
export function checkHolds(
  holds: DrawerHolds,
  taken: { readonly amountMinor: Minor; readonly pieces?: Pieces | undefined },
): Outcome<undefined, HoldsRefusal> {
  if (taken.amountMinor > holds.amountMinor) return refused({ code: 'not_in_drawer' })
  const faceMinor = findMissing(holds.pieces, taken.pieces)
  return faceMinor === undefined
    ? accepted(undefined)
    : refused({ code: 'not_in_drawer', faceMinor })
}

// The first face of which more is taken than is there.
function findMissing(held: Pieces | undefined, taken: Pieces | undefined): Minor | undefined {
  if (held === undefined || taken === undefined) return undefined
  const there = new Map(held.map(({ faceMinor, pieces }) => [faceMinor, pieces]))
  return taken.find(({ faceMinor, pieces }) => pieces > (there.get(faceMinor) ?? 0))?.faceMinor
}
