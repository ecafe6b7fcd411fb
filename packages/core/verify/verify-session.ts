import type { SessionId, ShopId, StaffId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import type { Currency } from '../money/money.ts'
import {
  type ClosedSessionRefusal,
  checkClosedSession,
  type ExplainState,
} from './explain-variance.ts'
import { classOfVariance } from './variance-class.ts'

export type VerifySession = { readonly staffId: StaffId; readonly note?: string | undefined }

/** Somebody who had no hand in it looked at a session, and it is done. The body of the fact `till.verified`. */
export type TillVerified = {
  readonly shopId: ShopId
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly note?: string
}

export type VerifySessionRefusal =
  | ClosedSessionRefusal
  | { readonly code: 'session_verified' }
  | { readonly code: 'variance_not_explained'; readonly currency: Currency }

/**
 * Decides whether a session is verified. Refusals are checked in the order of their union. What is within the
 * shop's tolerance needs no explanation; what is above it has one first.
 */
export function decideVerifySession(
  { at, session: held, bounds }: ExplainState,
  { staffId, note }: VerifySession,
): Outcome<TillVerified, VerifySessionRefusal> {
  const checked = checkClosedSession(held, at, staffId)
  if (!checked.ok) return checked
  const session = checked.value
  if (session.verified) return refused({ code: 'session_verified' })
  for (const { currency, varianceMinor } of session.variances) {
    const asked = classOfVariance(varianceMinor, bounds)
    if (asked === 'none' || asked === 'within_tolerance') continue
    if (!session.explained.includes(currency)) {
      return refused({ code: 'variance_not_explained', currency })
    }
  }
  const { shopId, id: sessionId } = session
  return accepted({ shopId, sessionId, staffId, ...(note !== undefined && { note }) })
}
