import type { CashAmount } from '@tillkeeper/core/money/cash-amount.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import type { CountAmount } from '@tillkeeper/core/till/compare-count.ts'
import {
  blankCount,
  type CashCount,
  listPieces,
  totalOf,
} from '@tillkeeper/ui/denomination/count-state.ts'

/** Counts by currency; one that is missing was not counted. */
export type Counts = ReadonlyMap<Currency, CashCount>

/** What was counted, as decisions take it: the drawer's own currency first. */
export function listCountAmounts(counts: Counts, own: Currency): readonly CountAmount[] {
  const named = [own, ...[...counts.keys()].filter((currency) => currency !== own)]
  return named.map((currency) => {
    const count = counts.get(currency) ?? blankCount
    return { currency, countedMinor: totalOf(count), pieces: listPieces(count) }
  })
}

/** The same as cash: what a screen says of it. */
export function listCash(counts: Counts, own: Currency): readonly CashAmount[] {
  return listCountAmounts(counts, own).map(({ currency, countedMinor }) => ({
    ...{ currency, minor: countedMinor },
  }))
}
