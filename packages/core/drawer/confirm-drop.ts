import { assert } from '../base/assert.ts'
import type { SessionId, ShopId, StaffId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { orderPieces, type Pieces, piecesAddUp } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'

/** A drop into the safe, as it is known where it is confirmed. */
export type Drop = {
  readonly id: string
  readonly shopId: ShopId
  readonly sessionId: SessionId
  /** Who dropped it. */
  readonly staffId: StaffId
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly confirmed: boolean
}

export type ConfirmDropState = {
  readonly at: { readonly shopId: ShopId }
  readonly drop: Drop | undefined
}

export type ConfirmDrop = {
  readonly staffId: StaffId
  readonly countedMinor: Minor
  readonly pieces?: Pieces | undefined
  readonly note?: string | undefined
}

/** A drop was looked for in the safe. The body of the fact `cash.confirmed`. */
export type CashConfirmed = {
  readonly shopId: ShopId
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly movementId: string
  readonly currency: Currency
  readonly droppedMinor: Minor
  readonly countedMinor: Minor
  readonly pieces?: Pieces
  readonly varianceMinor: Minor
  readonly note?: string
}

export type ConfirmDropRefusal =
  | { readonly code: 'drop_not_found' }
  | { readonly code: 'drop_confirmed' }
  | { readonly code: 'signed_by_giver' }
  | { readonly code: 'pieces_do_not_add_up'; readonly of: 'count' }

/**
 * Decides whether somebody may sign for a drop: once, and never who dropped it. A difference is recorded and
 * never refused. Checked in the order of the union.
 */
export function decideConfirmDrop(
  { at, drop }: ConfirmDropState,
  { staffId, countedMinor, pieces, note }: ConfirmDrop,
): Outcome<CashConfirmed, ConfirmDropRefusal> {
  assert(countedMinor >= 0, 'nobody finds less than nothing')
  if (drop === undefined || drop.shopId !== at.shopId) return refused({ code: 'drop_not_found' })
  if (drop.confirmed) return refused({ code: 'drop_confirmed' })
  if (drop.staffId === staffId) return refused({ code: 'signed_by_giver' })
  if (pieces !== undefined && !piecesAddUp(pieces, countedMinor)) {
    return refused({ code: 'pieces_do_not_add_up', of: 'count' })
  }
  return accepted({
    shopId: drop.shopId,
    sessionId: drop.sessionId,
    staffId,
    movementId: drop.id,
    currency: drop.currency,
    droppedMinor: drop.amountMinor,
    countedMinor,
    ...(pieces !== undefined && { pieces: orderPieces(pieces) }),
    varianceMinor: minor(countedMinor - drop.amountMinor),
    ...(note !== undefined && { note }),
  })
}
