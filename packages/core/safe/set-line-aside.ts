import type { ShopId, StaffId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import type { StatementLine, StatementLineId } from './match-statement.ts'

/** What stands of a line: what somebody said last and nobody took back. */
export type LineSaid =
  | { readonly kind: 'match'; readonly id: string; readonly bookedMinor: Minor }
  | { readonly kind: 'aside'; readonly id: string }

export type SettleLineState = {
  readonly shopId: ShopId
  readonly line: StatementLine | undefined
  /** `undefined` where the line waits. */
  readonly said: LineSaid | undefined
}

export type SettleLine = { readonly staffId: StaffId; readonly reason: string }

/** A line is no deposit and no change order: a fee, a transfer. The body of the fact `statement.set_aside`. */
export type LineSetAside = {
  readonly shopId: ShopId
  readonly staffId: StaffId
  readonly lineId: StatementLineId
  readonly reason: string
}

/** A match, or that a line was set aside, is taken back. The body of the fact `statement.undone`. */
export type LineUndone = LineSetAside & {
  /** The fact that no longer stands. */
  readonly undoneId: string
  readonly currency: Currency
  /** What was booked as over (above zero) or short by it, and is booked back. */
  readonly varianceMinor: Minor
}

export type SetLineAsideRefusal =
  | { readonly code: 'statement_line_not_found' }
  | { readonly code: 'statement_line_matched' }
  | { readonly code: 'statement_line_set_aside' }

/** Decides whether a line is set aside. Refusals are checked in the order of their union. */
export function decideSetLineAside(
  { shopId, line, said }: SettleLineState,
  { staffId, reason }: SettleLine,
): Outcome<LineSetAside, SetLineAsideRefusal> {
  if (line === undefined || line.shopId !== shopId) {
    return refused({ code: 'statement_line_not_found' })
  }
  if (said?.kind === 'match') return refused({ code: 'statement_line_matched' })
  if (said?.kind === 'aside') return refused({ code: 'statement_line_set_aside' })
  return accepted({ shopId, staffId, lineId: line.id, reason })
}

export type UndoLineRefusal =
  | { readonly code: 'statement_line_not_found' }
  | { readonly code: 'statement_line_waits' }

/** Decides whether what was said of a line is taken back: then it waits again, and so do its bags and orders. */
export function decideUndoLine(
  { shopId, line, said }: SettleLineState,
  { staffId, reason }: SettleLine,
): Outcome<LineUndone, UndoLineRefusal> {
  if (line === undefined || line.shopId !== shopId) {
    return refused({ code: 'statement_line_not_found' })
  }
  if (said === undefined) return refused({ code: 'statement_line_waits' })
  const variance = said.kind === 'match' ? line.amountMinor - said.bookedMinor : 0
  return accepted({
    ...{ shopId, staffId, lineId: line.id, reason, undoneId: said.id },
    ...{ currency: line.currency, varianceMinor: minor(variance) },
  })
}
