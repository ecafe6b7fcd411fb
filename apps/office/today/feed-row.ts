import type { LiveEvent } from '@tillkeeper/client/api/shapes.ts'
import { isCurrency } from '@tillkeeper/core/money/currency.ts'
import { type Money, minor } from '@tillkeeper/core/money/money.ts'
import type { SignDisplay } from '@tillkeeper/ui/money/format-money.ts'
import type { OfficeKey } from '../messages/en.ts'

/** A line of the feed. */
export type FeedRow = {
  readonly event: LiveEvent
  readonly text: OfficeKey
  readonly receipt: string
  readonly staffName: string | undefined
  readonly money: Money | undefined
  readonly sign: SignDisplay
  readonly tone: 'plain' | 'danger' | 'warn'
  /** Said after the amount: short, over. */
  readonly word: OfficeKey | 'ui.variance.short' | 'ui.variance.over' | undefined
}

type Shown = {
  readonly text: OfficeKey
  /** Which amount of the summary is shown, and which way it went. */
  readonly amount: string
  readonly out: boolean
}

const shown: Readonly<Record<string, Shown>> = {
  'sale.completed': { text: 'feed.sale', amount: 'totalMinor', out: false },
  'sale.refunded': { text: 'feed.refund', amount: 'totalMinor', out: true },
  'till.opened': { text: 'feed.opened', amount: 'floatMinor', out: false },
  'till.closed': { text: 'feed.closed', amount: 'varianceMinor', out: false },
  'cash.moved/pay_in': { text: 'feed.payIn', amount: 'amountMinor', out: false },
  'cash.moved/pay_out': { text: 'feed.payOut', amount: 'amountMinor', out: true },
  'expense.requested': { text: 'feed.expenseAsked', amount: 'amountMinor', out: false },
  'expense.paid': { text: 'feed.expensePaid', amount: 'amountMinor', out: true },
  'expense.settled': { text: 'feed.expenseSettled', amount: 'spentMinor', out: true },
  'cash.moved/drop': { text: 'feed.drop', amount: 'amountMinor', out: true },
  'cash.moved/top_up': { text: 'feed.topUp', amount: 'amountMinor', out: false },
}

/** Reads an event for the feed; undefined for what is no news to a manager, such as a new price. */
export function readFeedRow(event: LiveEvent): FeedRow | undefined {
  const { summary, type } = event
  const look = shown[type] ?? shown[`${type}/${String(summary.kind)}`]
  if (look === undefined) return undefined
  const amount = wholeOf(summary[look.amount])
  const currency = textOf(summary.currency)
  const signed = amount === undefined ? undefined : look.out ? -Math.abs(amount) : amount
  const isClose = type === 'till.closed'
  const variance = isClose ? (amount ?? 0) : 0
  return {
    event,
    text: isClose && variance === 0 ? 'feed.closed.exact' : look.text,
    receipt: textOf(summary.receiptNumber) ?? '',
    staffName: textOf(summary.staffName),
    money:
      signed !== undefined &&
      currency !== undefined &&
      isCurrency(currency) &&
      !isExact(type, signed)
        ? { currency, minor: minor(signed) }
        : undefined,
    sign: isClose ? 'always' : 'auto',
    tone: variance < 0 ? 'danger' : variance > 0 ? 'warn' : 'plain',
    word: variance < 0 ? 'ui.variance.short' : variance > 0 ? 'ui.variance.over' : undefined,
  }
}

// A close without variance says so in words; an amount of 0 would say less.
function isExact(type: string, amount: number): boolean {
  return type === 'till.closed' && amount === 0
}

function wholeOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
