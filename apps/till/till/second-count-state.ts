import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { type CountDifference, compareTwoCounts } from '@tillkeeper/core/till/compare-two-counts.ts'
import {
  blankCount,
  type CashCount,
  listPieces,
  setPieces,
} from '@tillkeeper/ui/denomination/count-state.ts'
import type { Person } from '../catalogue/directory.ts'
import type { Counts } from './count-state.ts'

/** Where two counts differ, by currency. */
export type Differing = CountDifference & { readonly currency: Currency }

/** A second person counts the drawer that somebody has counted, and sees nothing of that until both are done. */
export type SecondCount =
  | { readonly stage: 'signing' }
  | { readonly stage: 'counting'; readonly by: Person; readonly counts: Counts }
  | {
      readonly stage: 'comparing'
      readonly by: Person
      readonly differing: readonly Differing[]
      /** Of what differs, what they found together; blank at first. */
      readonly agreed: Counts
    }

export function startSecond(by: Person): SecondCount {
  return { stage: 'counting', by, counts: new Map() }
}

export function countSecond(
  second: SecondCount,
  currency: Currency,
  count: CashCount,
): SecondCount {
  if (second.stage !== 'counting') return second
  return { ...second, counts: new Map(second.counts).set(currency, count) }
}

/** Both are done: only what differs is shown. */
export function compareSecond(second: SecondCount, first: Counts): SecondCount {
  if (second.stage !== 'counting') return second
  const { by, counts } = second
  const currencies = [...new Set([...first.keys(), ...counts.keys()])]
  const differing = currencies.flatMap((currency) =>
    compareTwoCounts(piecesOf(first, currency), piecesOf(counts, currency)).map((each) => ({
      ...each,
      currency,
    })),
  )
  return { stage: 'comparing', by, differing, agreed: new Map() }
}

export function agreeOn(
  second: SecondCount,
  of: Differing,
  pieces: number | undefined,
): SecondCount {
  if (second.stage !== 'comparing') return second
  const { currency, faceMinor } = of
  const count = setPieces(second.agreed.get(currency) ?? blankCount, faceMinor, pieces)
  return { ...second, agreed: new Map(second.agreed).set(currency, count) }
}

/** The first count with what was found together in place of what differed; `undefined` until all of it was. */
export function settleSecond(second: SecondCount, first: Counts): Counts | undefined {
  if (second.stage !== 'comparing') return undefined
  let counts = first
  for (const { currency, faceMinor } of second.differing) {
    const pieces = second.agreed.get(currency)?.get(faceMinor)
    if (pieces === undefined) return undefined
    const count = counts.get(currency) ?? blankCount
    counts = new Map(counts).set(currency, setPieces(count, faceMinor, pieces))
  }
  return counts
}

function piecesOf(counts: Counts, currency: Currency): Pieces {
  return listPieces(counts.get(currency) ?? blankCount)
}
