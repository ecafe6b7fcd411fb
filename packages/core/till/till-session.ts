import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import type { CashTotals, SessionTotals } from './session-totals.ts'

/** States only move up: from open to one of the closed ones, and from those to verified. */
export type SessionState = 'open' | 'closed' | 'closed_with_variance' | 'verified'

/** One person at one till, from a counted float to a counted close. */
export type TillSession = {
  readonly id: SessionId
  readonly shopId: ShopId
  readonly tillId: TillId
  /** Whose session it is. */
  readonly staffId: StaffId
  readonly currency: Currency
  readonly floatMinor: Minor
  readonly state: SessionState
}

/** Where a node or a device acts: a store server for its shop, a till for itself alone. */
export type Place = { readonly shopId: ShopId; readonly tillId?: TillId | undefined }

/** Why nothing can be done in a session, in order of precedence. */
export type SessionRefusal =
  | { readonly code: 'session_not_found' }
  | { readonly code: 'session_of_other_shop' }
  | { readonly code: 'session_of_other_till' }
  | { readonly code: 'session_not_open'; readonly state: SessionState }

/** The session, if something can be done in it from here. */
export function checkSession(
  session: TillSession | undefined,
  at: Place,
): Outcome<TillSession, SessionRefusal> {
  if (session === undefined) return refused({ code: 'session_not_found' })
  if (session.shopId !== at.shopId) return refused({ code: 'session_of_other_shop' })
  if (at.tillId !== undefined && session.tillId !== at.tillId) {
    return refused({ code: 'session_of_other_till' })
  }
  if (session.state !== 'open') return refused({ code: 'session_not_open', state: session.state })
  return accepted(session)
}

/** The cash that should lie in the drawer: `float + in − out − dropped + topped up`. */
export function expectedMinor(floatMinor: Minor, totals: Omit<CashTotals, 'floatMinor'>): Minor {
  return minor(
    floatMinor +
      totals.cashInMinor -
      totals.cashOutMinor -
      totals.droppedMinor +
      totals.toppedUpMinor,
  )
}

/** What should lie in the drawer of each currency: the session's own first, then by name. */
export function expectedOf(
  session: Pick<TillSession, 'currency' | 'floatMinor'>,
  totals: SessionTotals,
): ReadonlyMap<Currency, Minor> {
  const others = Object.entries(totals.others ?? {}) as [Currency, CashTotals][]
  return new Map([
    [session.currency, expectedMinor(session.floatMinor, totals)],
    ...others
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, cash]) => [currency, expectedMinor(cash.floatMinor, cash)] as const),
  ])
}

/** What a close makes of a session. */
export function stateAfterClose(varianceMinor: Minor): SessionState {
  return varianceMinor === 0 ? 'closed' : 'closed_with_variance'
}
