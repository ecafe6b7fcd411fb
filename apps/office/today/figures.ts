import type { DaySummary, Today } from '@tillkeeper/client/api/shapes.ts'
import { localTimeOf } from '@tillkeeper/core/base/instant.ts'
import { type Currency, type Minor, minor, mulDivRound } from '@tillkeeper/core/money/money.ts'

export type ShopToday = Today['shops'][number]

/** The figures of all shops that trade in one currency. */
export type Figures = {
  readonly currency: Currency
  readonly shops: number
  readonly sales: number
  /** Sales less refunds. */
  readonly netMinor: Minor
  readonly refunds: number
  readonly cashMinor: Minor
  readonly openTills: number
  readonly exceptions: number
}

/** Amounts of two currencies are never added: one row a currency, the one with most shops first. */
export function sumFigures(shops: readonly ShopToday[]): readonly Figures[] {
  const byCurrency = new Map<Currency, ShopToday[]>()
  for (const row of shops) {
    const rows = byCurrency.get(row.shop.currency) ?? []
    rows.push(row)
    byCurrency.set(row.shop.currency, rows)
  }
  return [...byCurrency]
    .map(([currency, rows]) => ({
      currency,
      shops: rows.length,
      sales: total(rows, ({ day }) => day.sales),
      netMinor: minor(total(rows, ({ day }) => netOf(day))),
      refunds: total(rows, ({ day }) => day.refunds),
      cashMinor: minor(total(rows, ({ cashInShopMinor }) => cashInShopMinor)),
      openTills: total(rows, ({ openTills }) => openTills),
      exceptions: total(rows, ({ exceptions }) => exceptions),
    }))
    .sort((a, b) => b.shops - a.shops)
}

/** Sales less refunds. */
export function netOf(day: { readonly salesMinor: Minor; readonly refundsMinor: Minor }): Minor {
  return minor(day.salesMinor - day.refundsMinor)
}

/** Net sales of each hour of a day, 0 to 23, on the shop's wall clock. */
export type Hours = readonly Minor[]

/** Sorts a day's hours by the shop's wall clock. An hour of 30 minutes' offset goes where it begins. */
export function hoursOf(hours: DaySummary['hours'], timeZone: string): Hours {
  const sums = new Array<number>(24).fill(0)
  for (const hour of hours) {
    const at = localTimeOf(hour.hourAt, timeZone).hour
    sums[at] = (sums[at] ?? 0) + netOf(hour)
  }
  return sums.map(minor)
}

/** Adds hours of several shops or days. */
export function addHours(days: readonly Hours[]): Hours {
  const sums = new Array<number>(24).fill(0)
  for (const day of days) {
    for (const [hour, amount] of day.entries()) sums[hour] = (sums[hour] ?? 0) + amount
  }
  return sums.map(minor)
}

/** The usual hours: the mean of the days that had any sale, rounded; none if no day had. */
export function usualHours(days: readonly Hours[]): Hours | undefined {
  const traded = days.filter((day) => day.some((amount) => amount !== 0))
  if (traded.length === 0) return undefined
  return addHours(traded).map((amount) => minor(mulDivRound(amount, 1, traded.length)))
}

/**
 * What hours add up to until a wall clock time; the hour that runs counts by its minutes. So a day
 * that is not over is held against the same part of another.
 */
export function sumUntil(
  hours: Hours,
  until: { readonly hour: number; readonly minute: number } | undefined,
): Minor {
  let sum = 0
  for (const [hour, amount] of hours.entries()) {
    if (until === undefined || hour < until.hour) sum += amount
    else if (hour === until.hour) sum += mulDivRound(amount, until.minute, 60)
  }
  return minor(sum)
}

/** The change from `before` to `now` in tenths of a per cent; undefined if there was nothing before. */
export function changePermille(now: Minor, before: Minor): number | undefined {
  if (before <= 0) return undefined
  return mulDivRound(now - before, 1000, before)
}

/** The same weekday, some weeks before. */
export function weeksBefore(day: string, weeks: number): string {
  const weekMs = 7 * 24 * 60 * 60 * 1000
  return new Date(Date.parse(`${day}T00:00:00.000Z`) - weeks * weekMs).toISOString().slice(0, 10)
}

/** The first and the last hour worth drawing: those with figures, and one more on either side. */
export function hoursInSight(series: readonly (Hours | undefined)[]): readonly [number, number] {
  const used = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) =>
    series.some((hours) => (hours?.[hour] ?? 0) !== 0),
  )
  const first = used[0] ?? 8
  const last = used.at(-1) ?? 20
  return [Math.max(0, Math.min(first - 1, 23 - 6)), Math.min(23, Math.max(last + 1, first + 6))]
}

function total(rows: readonly ShopToday[], of: (row: ShopToday) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0)
}
