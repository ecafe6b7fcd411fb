import {
  type Approval,
  type ApprovalRefusal,
  type Authority,
  checkAuthority,
} from '../approval/check-approval.ts'
import { assert } from '../base/assert.ts'
import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { checkHolds, type DrawerHolds, type HoldsRefusal } from '../drawer/check-holds.ts'
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
  /** Of the movement's currency. */
  readonly holds: DrawerHolds
  readonly authority: Authority
}

/** What a movement was for, where the shop's other books know it. */
export type MovementLinks = {
  readonly saleId?: string
  readonly expenseId?: string
  readonly bookingId?: string
  readonly paymentId?: string
}

export type MoveCash = {
  readonly staffId: StaffId
  readonly kind: CashMovementKind
  /** Left out: the session's. */
  readonly currency?: Currency | undefined
  /** Above zero. */
  readonly amountMinor: Minor
  readonly pieces?: Pieces | undefined
  readonly category?: string | undefined
  readonly recipient?: string | undefined
  readonly note?: string | undefined
  readonly attachmentId?: string | undefined
  readonly links?: MovementLinks | undefined
  /** The attempt of a cash recycler that took or gave the money, in place of drawer or safe. */
  readonly attemptId?: string | undefined
}

/** Cash moved. The body of the fact `cash.moved`. */
export type CashMoved = {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly kind: CashMovementKind
  readonly currency: Currency
  /** Not the session's own. */
  readonly foreign?: true
  readonly amountMinor: Minor
  readonly pieces?: Pieces
  readonly category?: string
  readonly recipient?: string
  readonly note?: string
  readonly attachmentId?: string
  readonly attemptId?: string
  readonly approval?: Approval
  readonly links?: MovementLinks
}

export type MoveCashRefusal =
  | SessionRefusal
  | { readonly code: 'pieces_do_not_add_up'; readonly of: 'movement' }
  /** What goes from a drawer to the safe goes through no machine. */
  | { readonly code: 'attempt_not_for_drop' }
  | HoldsRefusal
  | ApprovalRefusal

/**
 * Decides whether cash may move in or out of a drawer. Refusals are checked in the order of their union. What
 * goes out has to be there; how much is there is not said, since it would tell a person who counts blind. What a machine
 * gave out was there. A pay-out above the actor's limit needs another person's approval, wherever the money lay.
 */
export function decideMoveCash(
  state: MoveCashState,
  command: MoveCash,
): Outcome<CashMoved, MoveCashRefusal> {
  const { kind, amountMinor, pieces, category, recipient, note, attachmentId, links } = command
  const { attemptId } = command
  assert(amountMinor > 0, 'a movement moves something')
  const checked = checkSession(state.session, state.at)
  if (!checked.ok) return checked
  const session = checked.value
  const currency = command.currency ?? session.currency
  if (pieces !== undefined && !piecesAddUp(pieces, amountMinor)) {
    return refused({ code: 'pieces_do_not_add_up', of: 'movement' })
  }
  if (kind === 'drop' && attemptId !== undefined) return refused({ code: 'attempt_not_for_drop' })
  if (attemptId === undefined && (kind === 'pay_out' || kind === 'drop')) {
    const held = checkHolds(state.holds, { amountMinor, pieces })
    if (!held.ok) return held
  }
  const approved =
    kind === 'pay_out'
      ? checkAuthority(state.authority, {
          permission: 'cash.move',
          amountMinor,
          currency,
          limitCurrency: session.currency,
        })
      : accepted(undefined)
  if (!approved.ok) return approved
  return accepted({
    shopId: session.shopId,
    tillId: session.tillId,
    sessionId: session.id,
    staffId: command.staffId,
    kind,
    currency,
    ...(currency !== session.currency && { foreign: true as const }),
    amountMinor,
    ...(pieces !== undefined && { pieces: orderPieces(pieces) }),
    ...(category !== undefined && { category }),
    ...(recipient !== undefined && { recipient }),
    ...(note !== undefined && { note }),
    ...(attachmentId !== undefined && { attachmentId }),
    ...(attemptId !== undefined && { attemptId }),
    ...(approved.value !== undefined && { approval: approved.value }),
    ...(links !== undefined && { links }),
  })
}
