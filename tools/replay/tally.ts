import type { Posting } from './plan.ts'

/** What a shop's day, or a day's item, adds up to. Refunds stand apart in days, and count off in items. */
export type DayTally = {
  readonly sales: number
  readonly salesMinor: number
  readonly refunds: number
  readonly refundsMinor: number
}
export type ItemTally = { readonly pieces: number; readonly totalMinor: number }

/** Totals of a chain, keyed by `<shop>/<day>` and `<shop>/<day>/<code>`. */
export type Tally = {
  readonly days: ReadonlyMap<string, DayTally>
  readonly items: ReadonlyMap<string, ItemTally>
}

const noDay: DayTally = { sales: 0, salesMinor: 0, refunds: 0, refundsMinor: 0 }
const noItem: ItemTally = { pieces: 0, totalMinor: 0 }

/**
 * Adds up what a file asks for, with arithmetic of its own: pieces times price, and nothing of the
 * product's code, so that a fault there cannot hide here.
 */
export function tallyPostings(postings: readonly Posting[]): Tally {
  const days = new Map<string, DayTally>()
  const items = new Map<string, ItemTally>()
  for (const { shop, day, ask } of postings) {
    const sign = ask.kind === 'sale' ? 1 : -1
    let total = 0
    for (const { code, pieces, unitMinor } of ask.lines) {
      total += pieces * unitMinor
      const key = `${shop}/${day}/${code}`
      const item = items.get(key) ?? noItem
      items.set(key, {
        pieces: item.pieces + sign * pieces,
        totalMinor: item.totalMinor + sign * pieces * unitMinor,
      })
    }
    const key = `${shop}/${day}`
    const before = days.get(key) ?? noDay
    days.set(
      key,
      sign === 1
        ? { ...before, sales: before.sales + 1, salesMinor: before.salesMinor + total }
        : { ...before, refunds: before.refunds + 1, refundsMinor: before.refundsMinor + total },
    )
  }
  return { days, items }
}

export type Sum = { readonly sales: number; readonly refunds: number; readonly totalMinor: number }

/** The whole of a tally: sales less refunds. */
export function sumTally({ days }: Tally): Sum {
  let sales = 0
  let refunds = 0
  let totalMinor = 0
  for (const day of days.values()) {
    sales += day.sales
    refunds += day.refunds
    totalMinor += day.salesMinor - day.refundsMinor
  }
  return { sales, refunds, totalMinor }
}

/** Every place in which two tallies differ, as lines for a person; empty when they agree to the satang. */
export function differences(name: string, wanted: Tally, found: Tally): readonly string[] {
  return [
    ...differ(`${name}: shop/day`, wanted.days, found.days, noDay),
    ...differ(`${name}: shop/day/item`, wanted.items, found.items, noItem),
  ]
}

function differ<T extends object>(
  name: string,
  wanted: ReadonlyMap<string, T>,
  found: ReadonlyMap<string, T>,
  none: T,
): string[] {
  const lines: string[] = []
  for (const key of new Set([...wanted.keys(), ...found.keys()])) {
    const a = JSON.stringify(wanted.get(key) ?? none)
    const b = JSON.stringify(found.get(key) ?? none)
    if (a !== b) lines.push(`${name} ${key}: wanted ${a}, found ${b}`)
  }
  return lines
}
