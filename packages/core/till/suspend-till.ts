import type { SessionId, StaffId, TillId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import type { CashAmount } from '../money/cash-amount.ts'
import { type InSession, nameSession } from './end-till.ts'
import type { Till } from './open-till.ts'
import type { SessionTotals } from './session-totals.ts'
import {
  checkSession,
  expectedOf,
  type Place,
  type SessionRefusal,
  type TillSession,
} from './till-session.ts'

export type SuspendTillState = { readonly at: Place; readonly session: TillSession | undefined }

/** A session rests. The body of the fact `till.suspended`. */
export type TillSuspended = InSession

/** Decides whether a session may rest, so that its till is free and its drawer can be carried. */
export function decideSuspendTill(
  state: SuspendTillState,
  { staffId }: { readonly staffId: StaffId },
): Outcome<TillSuspended, SessionRefusal> {
  const checked = checkSession(state.session, state.at)
  return checked.ok ? accepted({ ...nameSession(checked.value), staffId }) : checked
}

export type ResumeTillState = {
  /** Of a device: of the till that it goes on at. */
  readonly at: Place
  readonly session: TillSession | undefined
  readonly totals: SessionTotals
  /** The till that it would go on at; `undefined` where there is none of that id. */
  readonly till: Till | undefined
  readonly openSessionId: SessionId | undefined
}

/** A session goes on, at `tillId`. The body of the fact `till.resumed`. */
export type TillResumed = InSession & {
  readonly fromTillId: TillId
  readonly carried: readonly CashAmount[]
}

export type ResumeTillRefusal =
  | SessionRefusal
  | { readonly code: 'session_not_suspended' }
  | { readonly code: 'till_not_found' }
  | { readonly code: 'till_of_other_shop' }
  | { readonly code: 'till_not_active' }
  | { readonly code: 'session_already_open'; readonly sessionId: SessionId }

/** Decides whether a session goes on, here or at another till. Refusals are checked in their order. */
export function decideResumeTill(
  state: ResumeTillState,
  { staffId }: { readonly staffId: StaffId },
): Outcome<TillResumed, ResumeTillRefusal> {
  const { at, till, totals } = state
  const checked = checkSession(state.session, { shopId: at.shopId }, { suspended: true })
  if (!checked.ok) return checked
  const session = checked.value
  if (session.suspended !== true) return refused({ code: 'session_not_suspended' })
  if (till === undefined) return refused({ code: 'till_not_found' })
  if (till.shopId !== at.shopId || (at.tillId !== undefined && at.tillId !== till.id)) {
    return refused({ code: 'till_of_other_shop' })
  }
  if (!till.active) return refused({ code: 'till_not_active' })
  if (state.openSessionId !== undefined) {
    return refused({ code: 'session_already_open', sessionId: state.openSessionId })
  }
  const moves = till.id !== session.tillId
  return accepted({
    ...nameSession(session),
    tillId: till.id,
    staffId,
    fromTillId: session.tillId,
    carried: moves ? carriedOf(session, totals) : [],
  })
}

// A drawer from which more was paid out than it had carries nothing: its books stay where they are.
function carriedOf(session: TillSession, totals: SessionTotals): CashAmount[] {
  return [...expectedOf(session, totals)]
    .filter(([, amount]) => amount > 0)
    .map(([currency, minor]) => ({ currency, minor }))
}
