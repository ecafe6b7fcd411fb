import { assert } from '../base/assert.ts'
import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { orderPieces, type Pieces, piecesAddUp } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import type { Till } from '../till/open-till.ts'
import {
  checkSession,
  type Place,
  type SessionRefusal,
  type TillSession,
} from '../till/till-session.ts'
import { checkHolds, type DrawerHolds, type HoldsRefusal } from './check-holds.ts'

// Cash from one drawer to another, signed twice: by who gives it, and by who counts it into theirs. In between
// it is on its way, and in nobody's drawer.

export type GiveCashState = {
  readonly at: Place
  readonly session: TillSession | undefined
  /** Whose drawer it goes to; `undefined` where there is none of that id. */
  readonly toTill: Till | undefined
  readonly holds: DrawerHolds
}

export type GiveCash = {
  readonly staffId: StaffId
  /** Left out: the session's. */
  readonly currency?: Currency | undefined
  /** Above zero. */
  readonly amountMinor: Minor
  readonly pieces?: Pieces | undefined
  readonly note?: string | undefined
}

/** Cash left a drawer for another. The body of the fact `cash.given`, whose id is the transfer's. */
export type CashGiven = {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly toTillId: TillId
  readonly currency: Currency
  /** Not the session's own. */
  readonly foreign?: true
  readonly amountMinor: Minor
  readonly pieces?: Pieces
  readonly note?: string
}

export type GiveCashRefusal =
  | SessionRefusal
  | { readonly code: 'till_not_found' }
  | { readonly code: 'till_of_other_shop' }
  | { readonly code: 'till_not_active' }
  | { readonly code: 'same_drawer' }
  | { readonly code: 'pieces_do_not_add_up'; readonly of: 'movement' }
  | HoldsRefusal

/** Decides whether cash may leave a drawer for another one of the shop. Checked in the order of the union. */
export function decideGiveCash(
  { at, session: asked, toTill, holds }: GiveCashState,
  { staffId, currency, amountMinor, pieces, note }: GiveCash,
): Outcome<CashGiven, GiveCashRefusal> {
  assert(amountMinor > 0, 'a transfer moves something')
  const checked = checkSession(asked, at)
  if (!checked.ok) return checked
  const session = checked.value
  if (toTill === undefined) return refused({ code: 'till_not_found' })
  if (toTill.shopId !== session.shopId) return refused({ code: 'till_of_other_shop' })
  if (!toTill.active) return refused({ code: 'till_not_active' })
  if (toTill.id === session.tillId) return refused({ code: 'same_drawer' })
  if (pieces !== undefined && !piecesAddUp(pieces, amountMinor)) {
    return refused({ code: 'pieces_do_not_add_up', of: 'movement' })
  }
  const held = checkHolds(holds, { amountMinor, pieces })
  if (!held.ok) return held
  return accepted({
    shopId: session.shopId,
    tillId: session.tillId,
    sessionId: session.id,
    staffId,
    toTillId: toTill.id,
    currency: currency ?? session.currency,
    ...isForeign(session, currency),
    amountMinor,
    ...(pieces !== undefined && { pieces: orderPieces(pieces) }),
    ...(note !== undefined && { note }),
  })
}

/** A transfer that was given, as it is known where it is answered. */
export type HandOver = Pick<
  CashGiven,
  'shopId' | 'tillId' | 'sessionId' | 'staffId' | 'toTillId' | 'currency' | 'amountMinor'
> & {
  readonly id: string
  /** `declined` waits for its giver to take it back; `received` is over, wherever it was counted. */
  readonly state: 'given' | 'declined' | 'received'
}

export type ReceiveCashState = {
  readonly at: Place
  readonly session: TillSession | undefined
  readonly transfer: HandOver | undefined
}

export type ReceiveCash = {
  readonly staffId: StaffId
  readonly answer: 'accepted' | 'declined'
  /** What the receiver counted; of a declined transfer nothing is. */
  readonly countedMinor: Minor
  readonly pieces?: Pieces | undefined
  readonly note?: string | undefined
}

/** The second signature. The body of the fact `cash.received`. */
export type CashReceived = {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly transferId: string
  readonly fromSessionId: SessionId
  readonly answer: 'accepted' | 'declined'
  readonly currency: Currency
  readonly foreign?: true
  readonly givenMinor: Minor
  readonly countedMinor: Minor
  readonly pieces?: Pieces
  readonly varianceMinor: Minor
  readonly note?: string
}

export type ReceiveCashRefusal =
  | SessionRefusal
  | { readonly code: 'transfer_not_found' }
  | { readonly code: 'transfer_of_other_till' }
  | { readonly code: 'transfer_received' }
  | { readonly code: 'transfer_declined' }
  | { readonly code: 'signed_by_giver' }
  | { readonly code: 'pieces_do_not_add_up'; readonly of: 'movement' }

/**
 * Decides whether a transfer may be answered from here: accepted or declined at the till that it goes to, by
 * somebody else than its giver; or taken back at the till that it came from. A difference is recorded and
 * never refused: what was counted is what is there. Checked in the order of the union.
 */
export function decideReceiveCash(
  { at, session: asked, transfer }: ReceiveCashState,
  { staffId, answer, countedMinor, pieces, note }: ReceiveCash,
): Outcome<CashReceived, ReceiveCashRefusal> {
  const checked = checkSession(asked, at)
  if (!checked.ok) return checked
  const session = checked.value
  if (transfer === undefined || transfer.shopId !== session.shopId) {
    return refused({ code: 'transfer_not_found' })
  }
  const isReturn = transfer.tillId === session.tillId
  // Nobody declines what they gave: it is taken back or waits.
  if (isReturn ? answer === 'declined' : transfer.toTillId !== session.tillId) {
    return refused({ code: 'transfer_of_other_till' })
  }
  if (transfer.state === 'received') return refused({ code: 'transfer_received' })
  if (transfer.state === 'declined' && !isReturn) return refused({ code: 'transfer_declined' })
  if (!isReturn && transfer.staffId === staffId) return refused({ code: 'signed_by_giver' })
  const accepts = answer === 'accepted'
  if (accepts && pieces !== undefined && !piecesAddUp(pieces, countedMinor)) {
    return refused({ code: 'pieces_do_not_add_up', of: 'movement' })
  }
  return accepted({
    shopId: session.shopId,
    tillId: session.tillId,
    sessionId: session.id,
    staffId,
    transferId: transfer.id,
    fromSessionId: transfer.sessionId,
    answer,
    currency: transfer.currency,
    ...isForeign(session, transfer.currency),
    givenMinor: transfer.amountMinor,
    countedMinor: accepts ? countedMinor : minor(0),
    ...(accepts && pieces !== undefined && { pieces: orderPieces(pieces) }),
    varianceMinor: minor(accepts ? countedMinor - transfer.amountMinor : 0),
    ...(note !== undefined && { note }),
  })
}

function isForeign({ currency: own }: TillSession, currency: Currency | undefined) {
  return currency === undefined || currency === own ? {} : ({ foreign: true } as const)
}
