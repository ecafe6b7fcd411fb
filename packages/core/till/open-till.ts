import { assert } from '../base/assert.ts'
import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { orderPieces, type Pieces, piecesAddUp } from '../money/denominations.ts'
import type { Currency, Minor } from '../money/money.ts'
import type { Place } from './till-session.ts'

/** A till as it is known where the act happens. */
export type Till = {
  readonly id: TillId
  readonly shopId: ShopId
  readonly active: boolean
}

export type OpenTillState = {
  readonly at: Place
  /** The till that is to be opened; `undefined` where there is none of that id. */
  readonly till: Till | undefined
  /** The currency of the shop. */
  readonly currency: Currency
  /** Whose session it would be; `undefined` where there is nobody of that id. */
  readonly staff: { readonly id: StaffId; readonly active: boolean } | undefined
  /** The session that is open on this till. */
  readonly openSessionId: SessionId | undefined
}

export type OpenTill = {
  readonly currency: Currency
  /** What was counted into the drawer. Zero or more. */
  readonly floatMinor: Minor
  readonly pieces?: Pieces | undefined
}

/** A session began. The body of the fact `till.opened`; the fact's id is the session's. */
export type TillOpened = {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly staffId: StaffId
  readonly currency: Currency
  readonly floatMinor: Minor
  readonly pieces?: Pieces
}

export type OpenTillRefusal =
  | { readonly code: 'till_not_found' }
  | { readonly code: 'till_of_other_shop' }
  | { readonly code: 'till_not_active' }
  | { readonly code: 'staff_not_found' }
  | { readonly code: 'staff_not_active' }
  | { readonly code: 'session_already_open'; readonly sessionId: SessionId }
  | { readonly code: 'currency_differs'; readonly currency: Currency }
  | { readonly code: 'pieces_do_not_add_up'; readonly of: 'float' }

/** Decides whether a session may begin. Refusals are checked in the order of their union. */
export function decideOpenTill(
  state: OpenTillState,
  command: OpenTill,
): Outcome<TillOpened, OpenTillRefusal> {
  const { at, till, staff } = state
  const { currency, floatMinor, pieces } = command
  assert(floatMinor >= 0, 'a drawer holds no less than nothing')

  if (till === undefined) return refused({ code: 'till_not_found' })
  if (till.shopId !== at.shopId || (at.tillId !== undefined && at.tillId !== till.id)) {
    return refused({ code: 'till_of_other_shop' })
  }
  if (!till.active) return refused({ code: 'till_not_active' })
  if (staff === undefined) return refused({ code: 'staff_not_found' })
  if (!staff.active) return refused({ code: 'staff_not_active' })
  if (state.openSessionId !== undefined) {
    return refused({ code: 'session_already_open', sessionId: state.openSessionId })
  }
  if (currency !== state.currency) {
    return refused({ code: 'currency_differs', currency: state.currency })
  }
  if (pieces !== undefined && !piecesAddUp(pieces, floatMinor)) {
    return refused({ code: 'pieces_do_not_add_up', of: 'float' })
  }

  return accepted({
    shopId: till.shopId,
    tillId: till.id,
    staffId: staff.id,
    currency,
    floatMinor,
    ...(pieces !== undefined && { pieces: orderPieces(pieces) }),
  })
}
