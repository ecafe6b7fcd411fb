import type { ShopId, StaffId } from '../base/id.ts'
import type { Instant } from '../base/instant.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import type { Currency } from '../money/money.ts'
import type { Rate } from '../money/rate.ts'

export type SetRateState = {
  /** The currency that the shop sells in; of a rate for all shops, the one that is asked. */
  readonly base: Currency
  readonly now: Instant
  /** The shop that it is for; left out: all shops with that base. */
  readonly shopId?: ShopId | undefined
}

export type SetRate = {
  readonly currency: Currency
  /** What the asker takes the base for, if it says so. */
  readonly base?: Currency | undefined
  /** 0: the currency is not taken any more. */
  readonly rate: number
  readonly scale: number
  readonly source: string
  /** Left out: from now on. */
  readonly from?: Instant | undefined
  readonly staffId?: StaffId | undefined
}

/** What a rate says. Its id is the act's. */
export type RateSet = Omit<Rate, 'id' | 'shopId'> & {
  readonly shopId?: ShopId
  readonly staffId?: StaffId
}

export type SetRateRefusal =
  | { readonly code: 'currency_differs'; readonly currency: Currency }
  | { readonly code: 'rate_of_base' }
  | { readonly code: 'rate_from_past'; readonly now: Instant }

/** A clock of another machine may be behind by so much. */
const pastToleranceMs = 300_000

/**
 * Decides whether a rate is set. It holds from now on or later, never from a moment that has been: what held
 * then is history, and sales were made by it.
 */
export function decideSetRate(
  { base, now, shopId }: SetRateState,
  command: SetRate,
): Outcome<RateSet, SetRateRefusal> {
  const { currency, rate, scale, source, from = now, staffId } = command
  if (command.base !== undefined && command.base !== base) {
    return refused({ code: 'currency_differs', currency: base })
  }
  if (currency === base) return refused({ code: 'rate_of_base' })
  if (Date.parse(from) < Date.parse(now) - pastToleranceMs) {
    return refused({ code: 'rate_from_past', now })
  }
  return accepted({
    ...{ currency, base, rate, scale, source, from },
    ...(shopId !== undefined && { shopId }),
    ...(staffId !== undefined && { staffId }),
  })
}
