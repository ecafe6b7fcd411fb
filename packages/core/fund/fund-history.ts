import type { Cash } from '../money/cash-amount.ts'
import type { Currency } from '../money/money.ts'
import type { FundVariance } from './staff-fund.ts'

type Event = {
  readonly kind: 'issued' | 'returned'
  readonly cash: Cash
  readonly settled: readonly FundVariance[] | null
}

/** What somebody held of each currency; below zero only where facts are missing. */
export type FundBalance = readonly { readonly currency: Currency; readonly minor: number }[]

/**
 * A person's history with what they held after each event. It is counted back from what they hold now, so the newest
 * part of a long history is right without the rest. Events are oldest first.
 */
export function addBalances<E extends Event>(
  events: readonly E[],
  held: FundBalance,
): readonly (E & { readonly balance: FundBalance })[] {
  const now = new Map(held.map(({ currency, minor }) => [currency, minor]))
  return [...events]
    .reverse()
    .map((event) => {
      const balance = toBalance(now)
      for (const [currency, change] of changesOf(event)) {
        now.set(currency, (now.get(currency) ?? 0) - change)
      }
      return { ...event, balance }
    })
    .reverse()
}

/** What an event adds to what is held. */
function changesOf({ kind, cash, settled }: Event): readonly (readonly [Currency, number])[] {
  const sign = kind === 'issued' ? 1 : -1
  return [
    ...cash.map(({ currency, minor }) => [currency, sign * minor] as const),
    ...(settled ?? []).map(({ currency, varianceMinor }) => [currency, varianceMinor] as const),
  ]
}

function toBalance(now: ReadonlyMap<Currency, number>): FundBalance {
  return [...now]
    .filter(([, minor]) => minor !== 0)
    .map(([currency, minor]) => ({ currency, minor }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1))
}
