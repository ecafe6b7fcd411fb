import type { Currency } from '@tillkeeper/core/money/money.ts'

/** Rows by their currency, in the order in which each first comes: amounts of two are never added. */
export function groupByCurrency<Row extends { readonly currency: Currency }>(
  rows: readonly Row[],
): readonly { readonly currency: Currency; readonly rows: readonly Row[] }[] {
  const groups = new Map<Currency, Row[]>()
  for (const row of rows) groups.set(row.currency, [...(groups.get(row.currency) ?? []), row])
  return [...groups].map(([currency, own]) => ({ currency, rows: own }))
}
