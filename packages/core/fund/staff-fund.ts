import type { ShopId, StaffId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import {
  type Cash,
  type CashRefusal,
  checkCash,
  checkSomeCash,
  minorOf,
} from '../money/cash-amount.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import { checkTake, type SafeStock, type TakeRefusal } from '../safe/safe-stock.ts'

/** The change that somebody works with, apart from any drawer. */
export type FundState = {
  readonly shopId: ShopId
  readonly stock: readonly SafeStock[]
  /** Who holds it; `undefined` where nobody of that id works here. */
  readonly holder: { readonly id: StaffId; readonly active: boolean } | undefined
  /** What that person still holds. */
  readonly held: Cash
}

export type FundAsk = {
  /** Who gives it out or takes it back: another person than who holds it. */
  readonly byStaffId: StaffId
  readonly cash: Cash
  readonly note?: string | undefined
}

/** Change went from the safe to somebody. The body of the fact `fund.issued`. */
export type FundIssued = {
  readonly shopId: ShopId
  readonly staffId: StaffId
  readonly byStaffId: StaffId
  readonly cash: Cash
  readonly note?: string
}

type HolderRefusal =
  | { readonly code: 'staff_not_found' }
  | { readonly code: 'staff_not_active' }
  | { readonly code: 'fund_of_self' }

export type IssueFundRefusal =
  | HolderRefusal
  | CashRefusal<'fund'>
  | { readonly code: 'no_cash' }
  | TakeRefusal

/** Decides whether somebody may be given change. Refusals are checked in the order of their union. */
export function decideIssueFund(
  { shopId, stock, holder }: FundState,
  { byStaffId, cash, note }: FundAsk,
): Outcome<FundIssued, IssueFundRefusal> {
  if (holder === undefined) return refused({ code: 'staff_not_found' })
  if (!holder.active) return refused({ code: 'staff_not_active' })
  if (holder.id === byStaffId) return refused({ code: 'fund_of_self' })
  const checked = checkSomeCash(cash, 'fund')
  if (!checked.ok) return checked
  const there = checkTake(stock, checked.value)
  if (!there.ok) return there
  return accepted({
    ...{ shopId, staffId: holder.id, byStaffId, cash: there.value },
    ...(note !== undefined && { note }),
  })
}

/** What was missing (below zero) or too much when somebody gave all back. */
export type FundVariance = { readonly currency: Currency; readonly varianceMinor: Minor }

/** Change came back to the safe. The body of the fact `fund.returned`. */
export type FundReturned = FundIssued & {
  /** All that was left came back, and these differences are booked as short or over. */
  readonly settled?: readonly FundVariance[]
}

export type ReturnFund = FundAsk & {
  /** This is all of it: what is missing then is short, and the person holds nothing any more. */
  readonly settle: boolean
}

export type ReturnFundRefusal =
  | Exclude<HolderRefusal, { readonly code: 'staff_not_active' }>
  | CashRefusal<'fund'>
  | { readonly code: 'no_cash' }
  | { readonly code: 'fund_holds_less'; readonly currency: Currency; readonly heldMinor: Minor }

/**
 * Decides what somebody gives back. Who does not work here any more can still do it. A part can be no more than
 * is held, so that no fund is ever below zero; when all is given back, a difference is booked and not refused.
 */
export function decideReturnFund(
  { shopId, holder, held }: FundState,
  { byStaffId, cash, note, settle }: ReturnFund,
): Outcome<FundReturned, ReturnFundRefusal> {
  if (holder === undefined) return refused({ code: 'staff_not_found' })
  if (holder.id === byStaffId) return refused({ code: 'fund_of_self' })
  const said = { ...(note !== undefined && { note }) }
  const who = { shopId, staffId: holder.id, byStaffId }
  if (!settle) {
    const checked = checkSomeCash(cash, 'fund')
    if (!checked.ok) return checked
    for (const { currency, minor: back } of checked.value) {
      const heldMinor = minor(minorOf(held, currency))
      if (back > heldMinor) return refused({ code: 'fund_holds_less', currency, heldMinor })
    }
    return accepted({ ...who, cash: checked.value, ...said })
  }
  const checked = checkCash(cash, 'fund')
  if (!checked.ok) return checked
  const back = checked.value.filter((amount) => amount.minor > 0)
  const open = held.filter((amount) => amount.minor !== 0)
  if (back.length === 0 && open.length === 0) return refused({ code: 'no_cash' })
  const currencies = [...new Set([...back, ...open].map(({ currency }) => currency))].sort()
  const settled = currencies.map((currency) => ({
    currency,
    varianceMinor: minor(minorOf(back, currency) - minorOf(held, currency)),
  }))
  return accepted({ ...who, cash: back, settled, ...said })
}
