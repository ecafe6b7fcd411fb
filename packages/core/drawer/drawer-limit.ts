import {
  type Denomination,
  type DenominationCount,
  type Pieces,
  sumPieces,
} from '../money/denominations.ts'
import type { Minor } from '../money/money.ts'
import type { DrawerHolds } from './check-holds.ts'

// A drawer that holds too much invites somebody. The till asks for a drop, and says which notes.

/** What a till says of too much cash: the kinds of notes to drop, and how many where it may be told. */
export type DropHint = {
  readonly faces: readonly Minor[]
  /** Only for who may see what is expected: what to drop so that at least the target stays. */
  readonly pieces?: Pieces
}

export type DrawerLimit = {
  readonly limitMinor: Minor
  /** What should stay: the float. */
  readonly targetMinor: Minor
  readonly denominations: readonly Denomination[]
  readonly blind: boolean
}

/** As many kinds of notes are named. */
const facesMax = 2

/**
 * What to drop when a drawer holds more than its limit; `undefined` where it does not. A limit of 0 is none.
 * Who counts blind is told the highest kinds of notes alone, whatever the drawer holds: so the hint says of the
 * expected amount only that it is above the limit.
 */
export function hintDrop(
  holds: DrawerHolds,
  { limitMinor, targetMinor, denominations, blind }: DrawerLimit,
): DropHint | undefined {
  if (limitMinor === 0 || holds.amountMinor <= limitMinor) return undefined
  const notes = denominations
    .filter(({ kind }) => kind === 'note')
    .map(({ faceMinor }) => faceMinor)
    .sort((a, b) => b - a)
  const faces = notes.slice(0, facesMax)
  return blind ? { faces } : { faces, pieces: choosePieces(holds, notes, targetMinor) }
}

// The highest notes first, never below the target, and no more than there are where that is known.
function choosePieces(
  { amountMinor, pieces }: DrawerHolds,
  notes: readonly Minor[],
  targetMinor: Minor,
): Pieces {
  // Known whole or not at all: a part of it would hide what else is there.
  const whole = pieces !== undefined && sumPieces(pieces) === amountMinor
  const there = whole ? new Map(pieces.map((each) => [each.faceMinor, each.pieces])) : undefined
  let left = amountMinor - targetMinor
  const chosen: DenominationCount[] = []
  for (const faceMinor of notes) {
    const fit = Math.max(0, Math.floor(left / faceMinor))
    const count = there === undefined ? fit : Math.min(fit, there.get(faceMinor) ?? 0)
    if (count > 0) chosen.push({ faceMinor, pieces: count })
    left -= count * faceMinor
  }
  return chosen
}
