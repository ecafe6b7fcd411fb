import type { Day } from '../base/instant.ts'
import type { Currency, Minor } from '../money/money.ts'
import type { StatementLineId } from './match-statement.ts'
import { bagNumberKey } from './seal-bag.ts'

/** A line that nobody has matched yet. */
export type OpenLine = {
  readonly id: StatementLineId
  readonly currency: Currency
  readonly bookedOn: Day
  readonly amountMinor: Minor
  readonly reference: string
  readonly description: string
}

/** A bag, or an order that came, of which no line says so yet. One of two currencies stands here twice. */
export type OpenItem = {
  readonly kind: 'bag' | 'order'
  readonly id: string
  readonly currency: Currency
  /** What the bank should show: above zero for a bag, below for an order. */
  readonly amountMinor: Minor
  /** Since when it may be on the account. */
  readonly since: Day
  /** The bag's number; empty for an order. */
  readonly number: string
  /** What stands on slips, such as the carrier's and the bank's. */
  readonly references: readonly string[]
}

/** Why a line may be what is proposed, the strongest first. */
export type MatchReason =
  | 'bag_number'
  | 'reference'
  | 'amount'
  | 'sum'
  | 'near_amount'
  | 'same_day'
  | 'days'

export type Proposal = {
  readonly lineId: StatementLineId
  readonly items: readonly Pick<OpenItem, 'kind' | 'id'>[]
  readonly reasons: readonly MatchReason[]
  /** The higher, the surer; from 80 on it names the bag or slip and the amount is right. */
  readonly score: number
  /** What the line has more than what is proposed for it. */
  readonly differenceMinor: number
}

const weights: Readonly<Record<MatchReason, number>> = {
  bag_number: 50,
  reference: 40,
  amount: 40,
  sum: 35,
  near_amount: 10,
  same_day: 12,
  days: 6,
}
/** A bank books cash within so many days, also over a long holiday. */
export const matchDaysMax = 14
const proposalsPerLineMax = 3
const referenceCharsMin = 4
const sumItemsMax = 4
const sumCandidatesMax = 12
const dayMs = 86_400_000

/**
 * Proposes what lines are, each by the best reasons: the bag's number or a slip's reference in its text, the amount,
 * and the days between. Amount and day alone are named too, as the weakest. A person accepts; nothing is booked here.
 */
export function proposeMatches(
  lines: readonly OpenLine[],
  items: readonly OpenItem[],
): readonly Proposal[] {
  return lines.flatMap((line) => {
    const near = items.filter((item) => mayBe(line, item))
    const single = near.flatMap((item) => propose(line, [item]))
    const exact = single.some(({ differenceMinor }) => differenceMinor === 0)
    const sums = exact ? [] : sumsOf(line, near)
    return [...single, ...sums]
      .sort(
        (a, b) => b.score - a.score || (a.items[0]?.id ?? '').localeCompare(b.items[0]?.id ?? ''),
      )
      .slice(0, proposalsPerLineMax)
  })
}

function mayBe(line: OpenLine, item: OpenItem): boolean {
  if (line.currency !== item.currency) return false
  if (line.amountMinor > 0 !== item.amountMinor > 0) return false
  const days = daysBetween(item.since, line.bookedOn)
  return days >= -1 && days <= matchDaysMax
}

function propose(line: OpenLine, items: readonly OpenItem[]): Proposal[] {
  const total = items.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
  const differenceMinor = line.amountMinor - total
  const text = bagNumberKey(`${line.reference} ${line.description}`)
  const names = (words: readonly string[]) =>
    words.map(bagNumberKey).some((key) => key.length >= referenceCharsMin && text.includes(key))
  const reasons: MatchReason[] = []
  if (items.every(({ number }) => names([number]))) reasons.push('bag_number')
  if (items.some(({ references }) => names(references))) reasons.push('reference')
  const named = reasons.length > 0
  if (differenceMinor === 0) reasons.push(items.length === 1 ? 'amount' : 'sum')
  else if (!named) return []
  else if (Math.abs(differenceMinor) * 100 <= Math.abs(total)) reasons.push('near_amount')
  const days = Math.max(...items.map(({ since }) => daysBetween(since, line.bookedOn)))
  if (days <= 1) reasons.push('same_day')
  else if (days <= 4) reasons.push('days')
  const score = reasons.reduce((sum, reason) => sum + weights[reason], 0)
  const chosen = items.map(({ kind, id }) => ({ kind, id }))
  return [{ lineId: line.id, items: chosen, reasons, score, differenceMinor }]
}

/** One credit for several bags that went together. Only sums that are exact, of the bags nearest in time. */
function sumsOf(line: OpenLine, near: readonly OpenItem[]): Proposal[] {
  const candidates = [...near]
    .sort((a, b) => b.since.localeCompare(a.since))
    .slice(0, sumCandidatesMax)
  const found: Proposal[] = []
  const grow = (chosen: readonly OpenItem[], from: number, left: number): void => {
    if (chosen.length >= 2 && left === 0) found.push(...propose(line, chosen))
    if (chosen.length === sumItemsMax) return
    for (let at = from; at < candidates.length; at += 1) {
      const item = candidates[at] as OpenItem
      if (Math.abs(item.amountMinor) > Math.abs(left)) continue
      grow([...chosen, item], at + 1, left - item.amountMinor)
    }
  }
  grow([], 0, line.amountMinor)
  return found
}

function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs)
}
