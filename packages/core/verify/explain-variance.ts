import { assert } from '../base/assert.ts'
import type { SessionId, ShopId, StaffId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import type { Currency, Minor } from '../money/money.ts'
import { hadAHand, type OwnWorkRefusal } from './own-work.ts'
import { classOfVariance, type VarianceBounds, type VarianceClass } from './variance-class.ts'

/** A closed session as who looks at it in the evening needs it. */
export type ClosedSession = {
  readonly id: SessionId
  readonly shopId: ShopId
  /** Everybody who had a hand in it. */
  readonly workers: readonly StaffId[]
  /** As the close has it, by currency; undefined while it is not closed. It never changes. */
  readonly variances:
    | readonly { readonly currency: Currency; readonly varianceMinor: Minor }[]
    | undefined
  /** What explanations booked already, by currency: zero or more. */
  readonly booked: readonly { readonly currency: Currency; readonly bookedMinor: number }[]
  /** Currencies that somebody explained. */
  readonly explained: readonly Currency[]
  readonly verified: boolean
}

export type ExplainState = {
  readonly at: { readonly shopId: ShopId }
  readonly session: ClosedSession | undefined
  readonly bounds: VarianceBounds
}

/** Where cash of a variance is found to be, or to have gone. */
export type ExplainedPlace = {
  /** A place of the shop's ledger, such as `safe:<shop>` or `customer:<shop>`; no drawer, and not over/short. */
  readonly place: string
  readonly amountMinor: Minor
}

export type ExplainVariance = {
  readonly staffId: StaffId
  readonly currency: Currency
  /** What it was, in one word: `missing_drop`, `wrong_change`, `unknown` … */
  readonly reason: string
  readonly note: string
  readonly photoId?: string | undefined
  /** What of the variance is booked where it belongs. None: why is known, and the cash is not found. */
  readonly places: readonly ExplainedPlace[]
}

export type ExplanationBooking = {
  readonly from: string
  readonly to: string
  readonly type: 'correction'
  readonly currency: Currency
  readonly amountMinor: Minor
}

/** The body of the fact `till.explained`. The variance of the close stays what it was. */
export type TillExplained = {
  readonly shopId: ShopId
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly currency: Currency
  readonly reason: string
  readonly class: VarianceClass
  readonly note: string
  readonly photoId?: string
  readonly bookings: readonly ExplanationBooking[]
}

/** Why a session cannot be looked at, in order of precedence. */
export type ClosedSessionRefusal =
  | { readonly code: 'session_not_found' }
  | { readonly code: 'session_of_other_shop' }
  | { readonly code: 'session_not_closed' }
  | OwnWorkRefusal

export type ExplainVarianceRefusal =
  | ClosedSessionRefusal
  | { readonly code: 'session_verified' }
  | { readonly code: 'no_variance' }
  | { readonly code: 'note_required' }
  | { readonly code: 'place_not_of_shop'; readonly place: string }
  | {
      readonly code: 'explains_more_than_variance'
      /** What may still be booked, zero or more. */
      readonly leftMinor: number
    }

/** The session, if this person may look at it from here. */
export function checkClosedSession(
  session: ClosedSession | undefined,
  at: { readonly shopId: ShopId },
  staffId: StaffId,
): Outcome<
  ClosedSession & { readonly variances: NonNullable<ClosedSession['variances']> },
  ClosedSessionRefusal
> {
  if (session === undefined) return refused({ code: 'session_not_found' })
  if (session.shopId !== at.shopId) return refused({ code: 'session_of_other_shop' })
  const { variances } = session
  if (variances === undefined) return refused({ code: 'session_not_closed' })
  if (hadAHand(staffId, session.workers)) return refused({ code: 'own_session' })
  return accepted({ ...session, variances })
}

/** Places of a shop that a variance may be booked to. */
const bookable = ['safe', 'bag', 'transit', 'advance', 'fund', 'customer', 'supplier', 'bank']

/**
 * Decides whether a variance is explained. Refusals are checked in the order of their union. What was short lies
 * with over/short since the close: what is found goes from there to where it is; a surplus goes back to whom it
 * belongs to. Never more than the variance is booked, and never the other way.
 */
export function decideExplainVariance(
  { at, session: held, bounds }: ExplainState,
  command: ExplainVariance,
): Outcome<TillExplained, ExplainVarianceRefusal> {
  const { staffId, currency, reason, note, photoId, places } = command
  for (const { amountMinor } of places) assert(amountMinor > 0, 'a booking moves something')
  const checked = checkClosedSession(held, at, staffId)
  if (!checked.ok) return checked
  const session = checked.value
  if (session.verified) return refused({ code: 'session_verified' })
  const own = session.variances.find((each) => each.currency === currency)
  if (own === undefined || own.varianceMinor === 0) return refused({ code: 'no_variance' })
  const asked = classOfVariance(own.varianceMinor, bounds)
  if (asked === 'investigate' && note.trim() === '' && photoId === undefined) {
    return refused({ code: 'note_required' })
  }
  const { shopId } = session
  const strange = places.find(({ place }) => !isPlaceOf(place, shopId))
  if (strange !== undefined) return refused({ code: 'place_not_of_shop', place: strange.place })
  const before = session.booked.find((each) => each.currency === currency)?.bookedMinor ?? 0
  const leftMinor = Math.max(0, Math.abs(own.varianceMinor) - before)
  if (places.reduce((all, { amountMinor }) => all + amountMinor, 0) > leftMinor) {
    return refused({ code: 'explains_more_than_variance', leftMinor })
  }
  const overShort = `over_short:${shopId}`
  return accepted({
    shopId,
    sessionId: session.id,
    staffId,
    currency,
    reason,
    class: asked,
    note,
    ...(photoId !== undefined && { photoId }),
    bookings: places.map(({ place, amountMinor }) => ({
      from: own.varianceMinor < 0 ? overShort : place,
      to: own.varianceMinor < 0 ? place : overShort,
      type: 'correction' as const,
      currency,
      amountMinor,
    })),
  })
}

function isPlaceOf(place: string, shopId: ShopId): boolean {
  const [kind = '', shop] = place.split(':')
  return bookable.includes(kind) && shop === shopId
}
