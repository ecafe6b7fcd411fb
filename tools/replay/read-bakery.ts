import type { Act, FileProduct, RejectedRow, TradingFile } from './act.ts'
import { priceOf } from './bakery-prices.ts'

export const bakeryColumns = ['date', 'time', 'transaction', 'item'] as const

const day = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/
const time = /^[0-9]{2}:[0-9]{2}:[0-9]{2}$/

/** An act whose lines still grow while its rows are read. */
type BakeryAct = Omit<Act, 'lines'> & {
  readonly lines: { readonly code: string; pieces: number; readonly unitMinor: number }[]
}

/**
 * Reads the bakery's file: a row for each item, rows of one transaction together. It has no prices, so
 * each item gets one. Rows that name no item (`NONE`) were rung up all the same: they are sold as the
 * item they say, at nothing.
 */
export function readBakery(rows: readonly Readonly<Record<string, string>>[]): TradingFile {
  const rejected: RejectedRow[] = []
  const codes = new Map<string, number>()
  const acts = new Map<string, BakeryAct>()
  for (const [index, { date = '', time: at = '', transaction = '', item = '' }] of rows.entries()) {
    const row = index + 2
    if (!day.test(date) || !time.test(at)) {
      rejected.push({ row, reason: 'the date or time is not one' })
      continue
    }
    if (transaction === '' || item === '') {
      rejected.push({ row, reason: 'the transaction or the item is missing' })
      continue
    }
    const unitMinor = priceOf(item)
    codes.set(item, unitMinor)
    const act = acts.get(transaction) ?? {
      kind: 'sale' as const,
      number: transaction,
      row,
      // The shop stands in Bangkok: seven hours ahead of UTC, the whole year.
      occurredAt: new Date(`${date}T${at}.000+07:00`).toISOString(),
      day: date,
      lines: [],
    }
    acts.set(transaction, act)
    const line = act.lines.find(({ code }) => code === item)
    if (line === undefined) act.lines.push({ code: item, pieces: 1, unitMinor })
    else line.pieces += 1
  }
  const products = [...codes].map(
    ([name, priceMinor]): FileProduct => ({
      code: name,
      name,
      category: 'bakery',
      priceMinor,
      vatBasisPoints: 700,
    }),
  )
  const inOrder = [...acts.values()].sort((a, b) =>
    a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : a.row - b.row,
  )
  return { currency: 'THB', timeZone: 'Asia/Bangkok', products, acts: inOrder, rejected }
}
