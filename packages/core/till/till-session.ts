import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import type { CashTotals, SessionTotals } from './session-totals.ts'

/**
 * States only move up. `reconciling`: ended without a count, which is still to come. Of the closed ones the
 * count decides; `verified`: somebody else looked at it.
 */
export const sessionStates = [
  'open',
  'reconciling',
  'closed',
  'closed_with_variance',
  'verified',
] as const
export type SessionState = (typeof sessionStates)[number]

/** A drawer's session, from a counted float to a counted close; one person's at a time. */
export type TillSession = {
  readonly id: SessionId
  readonly shopId: ShopId
  readonly tillId: TillId
  /** Whose session it is now: of the last hand-over. */
  readonly staffId: StaffId
  readonly currency: Currency
  readonly floatMinor: Minor
  readonly state: SessionState
  /** It rests, and its till may be used by another: nothing is sold in it until it goes on. */
  readonly suspended?: boolean | undefined
}

/** Where a node or a device acts: a store server for its shop, a till for itself alone. */
export type Place = { readonly shopId: ShopId; readonly tillId?: TillId | undefined }

/** Whether a session's count is sealed: from then on what was expected is no secret. */
export function isSealed(state: SessionState): boolean {
  return state !== 'open' && state !== 'reconciling'
}

/** Why nothing can be done in a session, in order of precedence. */
export type SessionRefusal =
  | { readonly code: 'session_not_found' }
  | { readonly code: 'session_of_other_shop' }
  | { readonly code: 'session_of_other_till' }
  | { readonly code: 'session_not_open'; readonly state: SessionState }
  | { readonly code: 'session_suspended' }

/** What of a session an act may be done in, where that is more than one that is open and does not rest. */
export type SessionTakes = {
  readonly states?: readonly SessionState[]
  readonly suspended?: boolean
}

/** The session, if something can be done in it from here. */
export function checkSession(
  session: TillSession | undefined,
  at: Place,
  { states = ['open'], suspended = false }: SessionTakes = {},
): Outcome<TillSession, SessionRefusal> {
  if (session === undefined) return refused({ code: 'session_not_found' })
  if (session.shopId !== at.shopId) return refused({ code: 'session_of_other_shop' })
  if (at.tillId !== undefined && session.tillId !== at.tillId) {
    return refused({ code: 'session_of_other_till' })
  }
  if (!states.includes(session.state)) {
    return refused({ code: 'session_not_open', state: session.state })
  }
  if (session.suspended === true && !suspended) return refused({ code: 'session_suspended' })
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

/** What a close makes of a session: a difference in any currency is one. */
export function stateAfterClose(
  varianceMinor: Minor,
  others: readonly { readonly varianceMinor: Minor }[] = [],
): 'closed' | 'closed_with_variance' {
  const even = varianceMinor === 0 && others.every((other) => other.varianceMinor === 0)
  return even ? 'closed' : 'closed_with_variance'
}

/** How far a session came, by the acts that are known of it, in whatever order they were heard of. */
export function stateBy(acts: {
  readonly ended: boolean
  /** Of two closes the earlier one is the session's. */
  readonly close?: Parameters<typeof stateOfClose>[0] | null | undefined
  readonly verified?: boolean
}): SessionState {
  // Who verified looked at a close: where it is not known yet, nothing is sealed here.
  if (acts.close == null) return acts.ended ? 'reconciling' : 'open'
  return acts.verified === true ? 'verified' : stateOfClose(acts.close)
}

function stateOfClose(close: {
  readonly varianceMinor: Minor
  readonly others?: readonly { readonly varianceMinor: Minor }[] | null | undefined
}): SessionState {
  return stateAfterClose(close.varianceMinor, close.others ?? [])
}
