import type { StaffId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { orderPieces, type Pieces, piecesAddUp } from '../money/denominations.ts'
import type { Currency, Minor } from '../money/money.ts'
import { type InSession, nameSession } from './end-till.ts'
import { recountsMax } from './recount.ts'
import type { SessionTotals } from './session-totals.ts'
import {
  checkSession,
  expectedOf,
  type Place,
  type SessionRefusal,
  type TillSession,
} from './till-session.ts'

/**
 * `snap`: the whole drawer in the middle of a session. `cycle`: some faces in a quiet moment. `recount`:
 * a count before one that was asked for once more. `second`: by another person, who did not see the first.
 */
export type CountKind = 'snap' | 'cycle' | 'recount' | 'second'

export type CountTillState = {
  readonly at: Place
  readonly session: TillSession | undefined
  readonly totals: SessionTotals
  /** How many counts of the kind `recount` the session has. */
  readonly recounts: number
}

export type CountTill = {
  readonly staffId: StaffId
  readonly kind: CountKind
  readonly currency: Currency
  readonly countedMinor: Minor
  /** All pieces; of a cycle count its faces, also those of which there are none. */
  readonly faces?: Pieces | undefined
  /** Of a cycle count: what those faces should come to, where their pieces are known. */
  readonly expectedMinor?: Minor | undefined
}

/** What somebody found in a drawer. The body of the fact `till.counted`. */
export type TillCounted = InSession & {
  readonly kind: CountKind
  readonly currency: Currency
  readonly countedMinor: Minor
  readonly faces?: Pieces
  readonly expectedMinor?: Minor
}

export type CountTillRefusal =
  | SessionRefusal
  | { readonly code: 'pieces_do_not_add_up'; readonly of: 'count' }
  /** A cycle count says which faces it is of. */
  | { readonly code: 'faces_required' }
  | { readonly code: 'recounted_too_often'; readonly max: number }

/** Decides whether a count is recorded. Refusals are checked in the order of their union. */
export function decideCountTill(
  state: CountTillState,
  command: CountTill,
): Outcome<TillCounted, CountTillRefusal> {
  const states = command.kind === 'cycle' ? (['open'] as const) : (['open', 'reconciling'] as const)
  const checked = checkSession(state.session, state.at, { states })
  if (!checked.ok) return checked
  const session = checked.value
  const { staffId, kind, currency, countedMinor, faces } = command
  if (faces !== undefined && !piecesAddUp(faces, countedMinor)) {
    return refused({ code: 'pieces_do_not_add_up', of: 'count' })
  }
  if (kind === 'cycle' && (faces === undefined || faces.length === 0)) {
    return refused({ code: 'faces_required' })
  }
  if (kind === 'recount' && state.recounts >= recountsMax) {
    return refused({ code: 'recounted_too_often', max: recountsMax })
  }
  const whole = expectedOf(session, state.totals).get(currency)
  const expected = kind === 'cycle' ? command.expectedMinor : whole
  return accepted({
    ...nameSession(session),
    staffId,
    kind,
    currency,
    countedMinor,
    ...(faces !== undefined && {
      faces: kind === 'cycle' ? orderFaces(faces) : orderPieces(faces),
    }),
    ...(expected !== undefined && { expectedMinor: expected }),
  })
}

// That there are none of a face is what a cycle count may have found.
function orderFaces(faces: Pieces): Pieces {
  return [...faces].sort((a, b) => b.faceMinor - a.faceMinor)
}
