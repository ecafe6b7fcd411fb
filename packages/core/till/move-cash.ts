import { assert } from '../base/assert.ts'
import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { orderPieces, type Pieces, piecesAddUp } from '../money/denominations.ts'
import type { Currency, Minor } from '../money/money.ts'
import { checkSession, type Place, type SessionRefusal, type TillSession } from './till-session.ts'

/**
 * Pay-in and pay-out: into or out of the drawer from or to outside the shop. Drop: from the drawer to
 * the safe. Top-up: from the safe to the drawer.
 */
export type CashMovementKind = 'pay_in' | 'pay_out' | 'drop' | 'top_up'

export type MoveCashState = {
  readonly at: Place
  readonly session: TillSession | undefined
}

export type MoveCash = {
  readonly staffId: StaffId
  readonly kind: CashMovementKind
  /** Above zero, in the session's currency. */
  readonly amountMinor: Minor
  readonly pieces?: Pieces | undefined
  readonly category?: string | undefined
  readonly recipient?: string | undefined
  readonly note?: string | undefined
}

/** Cash moved. The body of the fact `cash.moved`. */
export type CashMoved = {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly kind: CashMovementKind
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly pieces?: Pieces
  readonly category?: string
  readonly recipient?: string
  readonly note?: string
}

export type MoveCashRefusal =
  | SessionRefusal
  | { readonly code: 'pieces_do_not_add_up'; readonly of: 'movement' }

/**
 * Decides whether cash may move in or out of a drawer. Refusals are checked in the order of their
 * union. What the drawer is expected to hold is no reason: it would tell a person who counts blind.
 */
export function decideMoveCash(
  state: MoveCashState,
  command: MoveCash,
): Outcome<CashMoved, MoveCashRefusal> {
  const { pieces, category, recipient, note } = command
  assert(command.amountMinor > 0, 'a movement moves something')

  const checked = checkSession(state.session, state.at)
  if (!checked.ok) return checked
  const session = checked.value
  if (pieces !== undefined && !piecesAddUp(pieces, command.amountMinor)) {
    return refused({ code: 'pieces_do_not_add_up', of: 'movement' })
  }

  return accepted({
    shopId: session.shopId,
    tillId: session.tillId,
    sessionId: session.id,
    staffId: command.staffId,
    kind: command.kind,
    currency: session.currency,
    amountMinor: command.amountMinor,
    ...(pieces !== undefined && { pieces: orderPieces(pieces) }),
    ...(category !== undefined && { category }),
    ...(recipient !== undefined && { recipient }),
    ...(note !== undefined && { note }),
  })
}
