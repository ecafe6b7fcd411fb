import { assert } from '../base/assert.ts'
import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import type { CashAmount } from '../money/cash-amount.ts'
import { orderPieces, type Pieces, piecesAddUp } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import { findRepeated } from './counted-cash.ts'
import { addOtherCash, noTotals, type SessionTotals } from './session-totals.ts'
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
  /** What the last close left in the drawer, as far as is known here. */
  readonly left?: readonly CashAmount[] | undefined
}

/** What was counted into a drawer of one currency, and how much of it came from the safe. */
export type FloatCounted = {
  readonly floatMinor: Minor
  readonly pieces?: Pieces | undefined
  /** From the safe. Left out: the whole float where nothing was left in the drawer, else nothing. */
  readonly loanMinor?: Minor | undefined
  readonly loanPieces?: Pieces | undefined
}

export type OpenTill = FloatCounted & {
  readonly currency: Currency
  /** Floats in other currencies, each once. */
  readonly others?: readonly (FloatCounted & { readonly currency: Currency })[] | undefined
}

/** Where a float came from: `float = left + loan + variance`. */
export type FloatFrom = {
  readonly leftMinor: Minor
  readonly loanMinor: Minor
  readonly loanPieces?: Pieces
  readonly varianceMinor: Minor
}

/** A session began. The body of the fact `till.opened`; the fact's id is the session's. */
export type TillOpened = {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly staffId: StaffId
  readonly currency: Currency
  readonly floatMinor: Minor
  readonly pieces?: Pieces
  readonly leftMinor: Minor
  readonly loanMinor: Minor
  readonly loanPieces?: Pieces
  /** What the drawer gained or lost since its last count. It is booked, and never hidden. */
  readonly varianceMinor: Minor
  readonly others?: readonly (CashAmount & FloatFrom)[]
}

export type OpenTillRefusal =
  | { readonly code: 'till_not_found' }
  | { readonly code: 'till_of_other_shop' }
  | { readonly code: 'till_not_active' }
  | { readonly code: 'staff_not_found' }
  | { readonly code: 'staff_not_active' }
  | { readonly code: 'session_already_open'; readonly sessionId: SessionId }
  | { readonly code: 'currency_differs'; readonly currency: Currency }
  | { readonly code: 'pieces_do_not_add_up'; readonly of: 'float' | 'loan' }
  | { readonly code: 'currency_repeated'; readonly currency: Currency }

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
  const others = command.others ?? []
  for (const each of [command, ...others]) {
    const refusal = checkFloat(each)
    if (refusal !== undefined) return refused(refusal)
  }
  const repeated = findRepeated([command, ...others])
  if (repeated !== undefined) return refused({ code: 'currency_repeated', currency: repeated })

  return accepted({
    shopId: till.shopId,
    tillId: till.id,
    staffId: staff.id,
    currency,
    floatMinor,
    ...(pieces !== undefined && { pieces: orderPieces(pieces) }),
    ...floatFrom(state.left, command),
    ...(others.length > 0 && {
      others: others.map((each) => ({
        currency: each.currency,
        minor: each.floatMinor,
        ...(each.pieces !== undefined && { pieces: orderPieces(each.pieces) }),
        ...floatFrom(state.left, each),
      })),
    }),
  })
}

function checkFloat(float: FloatCounted): OpenTillRefusal | undefined {
  if (float.pieces !== undefined && !piecesAddUp(float.pieces, float.floatMinor)) {
    return { code: 'pieces_do_not_add_up', of: 'float' }
  }
  const { loanMinor = minor(0), loanPieces } = float
  if (loanPieces !== undefined && !piecesAddUp(loanPieces, loanMinor)) {
    return { code: 'pieces_do_not_add_up', of: 'loan' }
  }
  return undefined
}

function floatFrom(
  left: readonly CashAmount[] = [],
  float: FloatCounted & { readonly currency: Currency },
): FloatFrom {
  const leftMinor = left.find(({ currency }) => currency === float.currency)?.minor ?? minor(0)
  const loanMinor = float.loanMinor ?? (leftMinor === 0 ? float.floatMinor : minor(0))
  return {
    leftMinor,
    loanMinor,
    ...(float.loanPieces !== undefined && { loanPieces: orderPieces(float.loanPieces) }),
    varianceMinor: minor(float.floatMinor - leftMinor - loanMinor),
  }
}

/** The totals that a session begins with: its floats in other currencies. */
export function totalsOfOpening({ others = [] }: Pick<TillOpened, 'others'>): SessionTotals {
  return others.reduce(
    (totals, { currency, minor: floatMinor }) => addOtherCash(totals, currency, { floatMinor }),
    noTotals,
  )
}
