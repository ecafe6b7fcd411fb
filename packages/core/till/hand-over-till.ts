import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { piecesAddUp } from '../money/denominations.ts'
import type { Currency, Minor } from '../money/money.ts'
import { minor } from '../money/money.ts'
import { type CountAmount, compareCount } from './compare-count.ts'
import { type CountedCash, findRepeated } from './counted-cash.ts'
import { nameSession } from './end-till.ts'
import type { SessionTotals } from './session-totals.ts'
import { checkSession, type Place, type SessionRefusal, type TillSession } from './till-session.ts'

export type HandOverTillState = {
  readonly at: Place
  readonly session: TillSession | undefined
  readonly totals: SessionTotals
  /** Who would take it; `undefined` where there is nobody of that id. */
  readonly toStaff: { readonly id: StaffId; readonly active: boolean } | undefined
}

export type HandOverTill = {
  /** What was counted, the session's own currency among it. */
  readonly counts: readonly CountAmount[]
}

/** A drawer went from one person to another, counted. The body of the fact `till.handed_over`. */
export type TillHandedOver = {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly sessionId: SessionId
  readonly fromStaffId: StaffId
  readonly toStaffId: StaffId
  readonly counted: readonly CountedCash[]
}

export type HandOverTillRefusal =
  | SessionRefusal
  | { readonly code: 'staff_not_found' }
  | { readonly code: 'staff_not_active' }
  /** It is theirs already. */
  | { readonly code: 'session_of_same_staff' }
  | { readonly code: 'pieces_do_not_add_up'; readonly of: 'count' }
  | { readonly code: 'currency_repeated'; readonly currency: Currency }

/** Decides whether a drawer goes to another person. Refusals are checked in the order of their union. */
export function decideHandOverTill(
  state: HandOverTillState,
  { counts }: HandOverTill,
): Outcome<TillHandedOver, HandOverTillRefusal> {
  const checked = checkSession(state.session, state.at)
  if (!checked.ok) return checked
  const session = checked.value
  const { toStaff, totals } = state
  if (toStaff === undefined) return refused({ code: 'staff_not_found' })
  if (!toStaff.active) return refused({ code: 'staff_not_active' })
  if (toStaff.id === session.staffId) return refused({ code: 'session_of_same_staff' })
  for (const { pieces, countedMinor } of counts) {
    if (pieces !== undefined && !piecesAddUp(pieces, countedMinor)) {
      return refused({ code: 'pieces_do_not_add_up', of: 'count' })
    }
  }
  const repeated = findRepeated(counts)
  if (repeated !== undefined) return refused({ code: 'currency_repeated', currency: repeated })
  return accepted({
    ...nameSession(session),
    fromStaffId: session.staffId,
    toStaffId: toStaff.id,
    counted: compareCount({ session, totals }, counts),
  })
}

/** A person's part of a session's variance, in the order in which they had the drawer. */
export type VarianceShare = {
  readonly staffId: StaffId
  readonly currency: Currency
  readonly varianceMinor: Minor
}

/**
 * Whose a session's variance is: at each hand-over and at the close it is what was added since the one
 * before. The shares of a currency add up to the variance of the close.
 */
export function shareVariance(
  handOvers: readonly Pick<TillHandedOver, 'fromStaffId' | 'counted'>[],
  closed: { readonly staffId: StaffId; readonly counted: readonly CountedCash[] } | undefined,
): VarianceShare[] {
  const before = new Map<Currency, number>()
  const steps = [
    ...handOvers.map(({ fromStaffId, counted }) => ({ staffId: fromStaffId, counted })),
    ...(closed === undefined ? [] : [closed]),
  ]
  return steps.flatMap(({ staffId, counted }) =>
    counted.map(({ currency, varianceMinor }) => {
      const share = minor(varianceMinor - (before.get(currency) ?? 0))
      before.set(currency, varianceMinor)
      return { staffId, currency, varianceMinor: share }
    }),
  )
}
