import type { Tally } from './tally.ts'

/** Prints a tally per shop, per day and per item, amounts in minor units: three plain tables. */
export function printTotals({ days, items }: Tally, print: (line: string) => void): void {
  const groups = [
    { name: 'shop', rows: group(days, ([shop = '']) => `S${Number(shop) + 1}`, dayCells) },
    { name: 'day', rows: group(days, ([, day = '']) => day, dayCells) },
    { name: 'item', rows: group(items, ([, , ...code]) => code.join('/'), itemCells) },
  ]
  for (const { name, rows } of groups) {
    print('')
    print(name === 'item' ? `${name}\tpieces\ttotalMinor` : `${name}\tsales\trefunds\ttotalMinor`)
    for (const [key, cells] of rows) print([key, ...cells].join('\t'))
  }
}

function dayCells(day: {
  sales: number
  refunds: number
  salesMinor: number
  refundsMinor: number
}) {
  return [day.sales, day.refunds, day.salesMinor - day.refundsMinor]
}

function itemCells(item: { pieces: number; totalMinor: number }) {
  return [item.pieces, item.totalMinor]
}

function group<T>(
  map: ReadonlyMap<string, T>,
  nameOf: (parts: readonly string[]) => string,
  cellsOf: (value: T) => readonly number[],
): readonly (readonly [string, readonly number[]])[] {
  const sums = new Map<string, readonly number[]>()
  for (const [key, value] of map) {
    const name = nameOf(key.split('/'))
    const cells = cellsOf(value)
    const before = sums.get(name)
    sums.set(
      name,
      before === undefined ? cells : before.map((cell, index) => cell + (cells[index] ?? 0)),
    )
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1))
}
