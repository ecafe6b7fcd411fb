import { assert } from '../base/assert.ts'
import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { orderPieces, type Pieces, piecesAddUp } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import type { SessionTotals } from './session-totals.ts'
import {
  checkSession,
  expectedMinor,
  type Place,
  type SessionRefusal,
  type TillSession,
} from './till-session.ts'

export type CloseTillState = {
  readonly at: Place
  readonly session: TillSession | undefined
  /** Of the session, every act up to now; held still until the close is recorded. */
  readonly totals: SessionTotals
}

export type CloseTill = {
  /** Who counted. */
  readonly staffId: StaffId
  /** What was counted in the drawer, in the session's currency. Never below zero. */
  readonly countedMinor: Minor
  readonly pieces?: Pieces | undefined
  readonly note?: string | undefined
}

/** A session ended. The body of the fact `till.closed`; see `stateAfterClose`. */
export type TillClosed = {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly currency: Currency
  readonly countedMinor: Minor
  readonly pieces?: Pieces
  /** Float + in − out − dropped + topped up. Below zero if more was taken out than ever came in. */
  readonly expectedMinor: Minor
  /** Counted less expected: below zero is a shortage, above zero a surplus. */
  readonly varianceMinor: Minor
  readonly note?: string
}

export type CloseTillRefusal =
  | SessionRefusal
  | { readonly code: 'pieces_do_not_add_up'; readonly of: 'count' }

/**
 * Decides whether a blind count closes a session. Refusals are checked in the order of their union. A
 * variance, however large, is recorded and never refused: the count is what is there.
 */
export function decideCloseTill(
  state: CloseTillState,
  command: CloseTill,
): Outcome<TillClosed, CloseTillRefusal> {
  const { countedMinor, pieces, note } = command
  assert(countedMinor >= 0, 'a drawer holds no less than nothing')

  const checked = checkSession(state.session, state.at)
  if (!checked.ok) return checked
  const session = checked.value
  if (pieces !== undefined && !piecesAddUp(pieces, countedMinor)) {
    return refused({ code: 'pieces_do_not_add_up', of: 'count' })
  }

  const expected = expectedMinor(session.floatMinor, state.totals)
  return accepted({
    shopId: session.shopId,
    tillId: session.tillId,
    sessionId: session.id,
    staffId: command.staffId,
    currency: session.currency,
    countedMinor,
    ...(pieces !== undefined && { pieces: orderPieces(pieces) }),
    expectedMinor: expected,
    varianceMinor: minor(countedMinor - expected),
    ...(note !== undefined && { note }),
  })
}
