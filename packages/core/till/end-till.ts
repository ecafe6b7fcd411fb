import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import { accepted, type Outcome } from '../base/outcome.ts'
import { checkSession, type Place, type SessionRefusal, type TillSession } from './till-session.ts'

/** Who did something in which session. The first part of many facts. */
export type InSession = {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly sessionId: SessionId
  readonly staffId: StaffId
}

export type EndTillState = { readonly at: Place; readonly session: TillSession | undefined }

export type EndTill = {
  /** Who ends it: mostly not whose it is. */
  readonly staffId: StaffId
  readonly reason: string
}

/** A forgotten session ended without a count. The body of the fact `till.ended`. */
export type TillEnded = InSession & { readonly reason: string }

/**
 * Decides whether a session is ended without a count, so that its till can be opened again: the count comes
 * later, by `decideCloseTill`. It asks for the permission `till.end`.
 */
export function decideEndTill(
  state: EndTillState,
  { staffId, reason }: EndTill,
): Outcome<TillEnded, SessionRefusal> {
  const checked = checkSession(state.session, state.at, { suspended: true })
  return checked.ok ? accepted({ ...nameSession(checked.value), staffId, reason }) : checked
}

/** What a fact says of the session that it happened in. */
export function nameSession({ id, shopId, tillId }: TillSession): Omit<InSession, 'staffId'> {
  return { shopId, tillId, sessionId: id }
}
