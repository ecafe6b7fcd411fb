import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { checkHolds, type DrawerHolds, type HoldsRefusal } from '../drawer/check-holds.ts'
import {
  type Cash,
  type CashRefusal,
  checkCash,
  checkSomeCash,
  minorOf,
} from '../money/cash-amount.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import { checkTake, type SafeStock, type TakeRefusal } from '../safe/safe-stock.ts'
import {
  checkSession,
  type Place,
  type SessionRefusal,
  type TillSession,
} from '../till/till-session.ts'

/** A drawer that change comes out of or goes back to, where it is not the safe. */
export type FundDrawer = {
  readonly at: Place
  readonly session: TillSession | undefined
  /** What it holds of each currency; of one that is not in it, nothing. */
  readonly holds: ReadonlyMap<Currency, DrawerHolds>
}

/** The session of a drawer as a fact names it. Cash of another currency than the session's counts in its own sums. */
export type FundSession = {
  readonly tillId: TillId
  readonly sessionId: SessionId
  readonly currency: Currency
}

/** The change that somebody works with, apart from any drawer. */
export type FundState = {
  readonly shopId: ShopId
  /** What the safe holds; not looked at where a drawer takes part. */
  readonly stock: readonly SafeStock[]
  /** Left out: the safe. */
  readonly drawer?: FundDrawer | undefined
  /** Who holds it; `undefined` where nobody of that id works here. */
  readonly holder: { readonly id: StaffId; readonly active: boolean } | undefined
  /** What that person still holds; `undefined` where this node does not know: a till that is cut off. */
  readonly held: Cash | undefined
}

export type FundAsk = {
  /** Who gives it out or takes it back: another person than who holds it. */
  readonly byStaffId: StaffId
  readonly cash: Cash
  readonly note?: string | undefined
}

/** Change went from the safe or a drawer to somebody. The body of the fact `fund.issued`. */
export type FundIssued = {
  readonly shopId: ShopId
  readonly staffId: StaffId
  readonly byStaffId: StaffId
  readonly cash: Cash
  /** Left out: the safe. */
  readonly drawer?: FundSession
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
  | SessionRefusal
  | HoldsRefusal

/**
 * Decides whether somebody may be given change. Refusals are checked in the order of their union. What comes out of
 * a drawer has to be in it; how much is there is not said, since its session is counted blind.
 */
export function decideIssueFund(
  { shopId, stock, drawer, holder }: FundState,
  { byStaffId, cash, note }: FundAsk,
): Outcome<FundIssued, IssueFundRefusal> {
  if (holder === undefined) return refused({ code: 'staff_not_found' })
  if (!holder.active) return refused({ code: 'staff_not_active' })
  if (holder.id === byStaffId) return refused({ code: 'fund_of_self' })
  const checked = checkSomeCash(cash, 'fund')
  if (!checked.ok) return checked
  const from = drawer === undefined ? checkTake(stock, checked.value) : checkDrawer(drawer)
  if (!from.ok) return from
  for (const { currency, minor: amountMinor, pieces } of drawer === undefined
    ? []
    : checked.value) {
    const holds = drawer?.holds.get(currency) ?? { amountMinor: minor(0) }
    const held = checkHolds(holds, { amountMinor, pieces })
    if (!held.ok) return held
  }
  return accepted({
    ...{ shopId, staffId: holder.id, byStaffId, cash: checked.value },
    ...nameDrawer(drawer),
    ...(note !== undefined && { note }),
  })
}

/** What was missing (below zero) or too much when somebody gave all back. */
export type FundVariance = { readonly currency: Currency; readonly varianceMinor: Minor }

/** Change came back to the safe or a drawer. The body of the fact `fund.returned`. */
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
  | SessionRefusal
  | { readonly code: 'fund_not_known' }
  | { readonly code: 'fund_holds_less'; readonly currency: Currency; readonly heldMinor: Minor }

/**
 * Decides what somebody gives back. Who does not work here any more can still do it. A part can be no more than
 * is held, so that no fund is ever below zero; when all is given back, a difference is booked and not refused. Where it is
 * not known what is held, a part is taken as it is, and that it was all cannot be said.
 */
export function decideReturnFund(
  { shopId, drawer, holder, held }: FundState,
  { byStaffId, cash, note, settle }: ReturnFund,
): Outcome<FundReturned, ReturnFundRefusal> {
  if (holder === undefined) return refused({ code: 'staff_not_found' })
  if (holder.id === byStaffId) return refused({ code: 'fund_of_self' })
  const said = { ...nameDrawer(drawer), ...(note !== undefined && { note }) }
  const who = { shopId, staffId: holder.id, byStaffId }
  if (!settle) {
    const checked = checkSomeCash(cash, 'fund')
    if (!checked.ok) return checked
    const to = drawer === undefined ? accepted(undefined) : checkDrawer(drawer)
    if (!to.ok) return to
    for (const { currency, minor: back } of held === undefined ? [] : checked.value) {
      const heldMinor = minor(minorOf(held ?? [], currency))
      if (back > heldMinor) return refused({ code: 'fund_holds_less', currency, heldMinor })
    }
    return accepted({ ...who, cash: checked.value, ...said })
  }
  const checked = checkCash(cash, 'fund')
  if (!checked.ok) return checked
  const to = drawer === undefined ? accepted(undefined) : checkDrawer(drawer)
  if (!to.ok) return to
  if (held === undefined) return refused({ code: 'fund_not_known' })
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

function checkDrawer({ at, session }: FundDrawer): Outcome<TillSession, SessionRefusal> {
  return checkSession(session, at)
}

function nameDrawer(drawer: FundDrawer | undefined): { readonly drawer?: FundSession } {
  const session = drawer?.session
  if (session === undefined) return {}
  const { id: sessionId, tillId, currency } = session
  return { drawer: { tillId, sessionId, currency } }
}
