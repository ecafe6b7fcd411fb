import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { orderPieces, type Pieces } from '../money/denominations.ts'
import { amountMax, type Currency, type Minor, minor } from '../money/money.ts'
import {
  checkSession,
  type Place,
  type SessionRefusal,
  type TillSession,
} from '../till/till-session.ts'
import { checkHolds, type DrawerHolds, type HoldsRefusal } from './check-holds.ts'

export type SwapNotesState = {
  readonly at: Place
  readonly session: TillSession | undefined
  readonly holds: DrawerHolds
}

export type SwapNotes = {
  readonly staffId: StaffId
  /** Left out: the session's. */
  readonly currency?: Currency | undefined
  /** Out of the drawer. */
  readonly given: Pieces
  /** Into the drawer. */
  readonly taken: Pieces
  readonly with: 'customer' | 'safe'
}

/** Notes changed for others of the same worth. The body of the fact `cash.swapped`. */
export type CashSwapped = {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly given: Pieces
  readonly taken: Pieces
  readonly with: 'customer' | 'safe'
}

export type SwapNotesRefusal =
  | SessionRefusal
  | { readonly code: 'nothing_swapped' }
  | { readonly code: 'amount_too_large' }
  | { readonly code: 'swap_not_equal' }
  | HoldsRefusal

/** Decides whether notes may be swapped: worth the same on both sides. Checked in the order of the union. */
export function decideSwapNotes(
  { at, session: asked, holds }: SwapNotesState,
  command: SwapNotes,
): Outcome<CashSwapped, SwapNotesRefusal> {
  const checked = checkSession(asked, at)
  if (!checked.ok) return checked
  const session = checked.value
  const given = orderPieces(command.given)
  const taken = orderPieces(command.taken)
  if (given.length === 0 || taken.length === 0) return refused({ code: 'nothing_swapped' })
  if (Math.max(worth(given), worth(taken)) > amountMax) return refused({ code: 'amount_too_large' })
  // A face named twice is refused with them: it is no way to spell cash.
  if (worth(given) !== worth(taken) || isRepeated(given) || isRepeated(taken)) {
    return refused({ code: 'swap_not_equal' })
  }
  const amountMinor = minor(worth(given))
  const held = checkHolds(holds, { amountMinor, pieces: given })
  if (!held.ok) return held
  return accepted({
    shopId: session.shopId,
    tillId: session.tillId,
    sessionId: session.id,
    staffId: command.staffId,
    currency: command.currency ?? session.currency,
    amountMinor,
    given,
    taken,
    with: command.with,
  })
}

// May be inexact where it is far above `amountMax`, and is then only compared with it.
function worth(pieces: Pieces): number {
  return pieces.reduce((all, { faceMinor, pieces: count }) => all + faceMinor * count, 0)
}

function isRepeated(pieces: Pieces): boolean {
  return new Set(pieces.map(({ faceMinor }) => faceMinor)).size < pieces.length
}
