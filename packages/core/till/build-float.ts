import { assert } from '../base/assert.ts'
import {
  type DenominationCount,
  makeChange,
  orderPieces,
  type Pieces,
  sumPieces,
} from '../money/denominations.ts'
import { type Minor, minor } from '../money/money.ts'

/** Which pieces stay in a drawer as the next float, and which go to the safe. */
export type FloatSplit = {
  readonly left: readonly DenominationCount[]
  readonly leftMinor: Minor
  readonly bag: readonly DenominationCount[]
  readonly bagMinor: Minor
}

export type BuiltFloat =
  | (FloatSplit & { readonly kind: 'exact' })
  /** Less was counted than should stay: all of it stays, and so much is missing. */
  | (FloatSplit & { readonly kind: 'not_enough'; readonly missingMinor: Minor })
  /** No pieces make the target: what comes nearest stays, more rather than less where both are as near. */
  | (FloatSplit & { readonly kind: 'nearest' })

/** So many amounts around the target are tried: with the smallest piece counted, well beyond a coin roll. */
const stepsMax = 200

/**
 * Splits what was counted into the next float and what goes to the safe. The safe gets the large pieces, so
 * that the float is of those that make change.
 */
export function buildFloat(counted: Pieces, targetMinor: Minor): BuiltFloat {
  assert(targetMinor >= 0, 'a float is no less than nothing')
  const all = orderPieces(counted)
  const totalMinor = sumPieces(all)
  if (totalMinor < targetMinor) {
    const missingMinor = minor(targetMinor - totalMinor)
    return { kind: 'not_enough', missingMinor, ...split(all, []) }
  }
  const exact = makeChange(minor(totalMinor - targetMinor), all, all)
  if (exact !== undefined) return { kind: 'exact', ...split(all, exact) }
  const step = all.at(-1)?.faceMinor ?? minor(1)
  for (let steps = 1; steps <= stepsMax; steps += 1) {
    for (const around of [targetMinor + steps * step, targetMinor - steps * step]) {
      // The smallest piece need not divide the target: from its multiples there is always a way at the end.
      const near = minor(around - (around % step))
      if (near < 0 || near > totalMinor) continue
      const bag = makeChange(minor(totalMinor - near), all, all)
      if (bag !== undefined) return { kind: 'nearest', ...split(all, bag) }
    }
  }
  return { kind: 'nearest', ...split(all, []) }
}

function split(all: Pieces, bag: readonly DenominationCount[]): FloatSplit {
  const taken = new Map(bag.map(({ faceMinor, pieces }) => [faceMinor, pieces]))
  const left = orderPieces(
    all.map(({ faceMinor, pieces }) => ({
      faceMinor,
      pieces: pieces - (taken.get(faceMinor) ?? 0),
    })),
  )
  return { left, leftMinor: sumPieces(left), bag: orderPieces(bag), bagMinor: sumPieces(bag) }
}
