import { assert } from '../base/assert.ts'
import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import type { CashAmount } from '../money/cash-amount.ts'
import { orderPieces, type Pieces, piecesAddUp } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import type { TenderMethod } from '../sale/tender.ts'
import { type CountAmount, compareCount } from './compare-count.ts'
import { type CountedCash, findRepeated } from './counted-cash.ts'
import type { SessionTotals } from './session-totals.ts'
import { checkSession, type Place, type SessionRefusal, type TillSession } from './till-session.ts'

export type CloseTillState = {
  readonly at: Place
  readonly session: TillSession | undefined
  /** Of the session, every act up to now; held still until the close is recorded. */
  readonly totals: SessionTotals
}

/** What was taken by a way that is not cash, by its own slips. */
export type Declared = { readonly method: TenderMethod; readonly countedMinor: Minor }

export type CloseTill = {
  /** Who counted. */
  readonly staffId: StaffId
  /** What was counted in the drawer, in the session's currency. Never below zero. */
  readonly countedMinor: Minor
  readonly pieces?: Pieces | undefined
  /** The drawer's other currencies. One of which something is expected and nothing counted has none. */
  readonly others?: readonly CountAmount[] | undefined
  /** What stays in the drawer as the next float. Left out: nothing stays. */
  readonly left?: readonly CashAmount[] | undefined
  /** How often it was counted again before. */
  readonly recounts?: number | undefined
  readonly declared?: readonly Declared[] | undefined
  readonly note?: string | undefined
}

/** A session ended. The body of the fact `till.closed`; see `stateAfterClose`. */
export type TillClosed = {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly ofStaffId?: StaffId
  readonly currency: Currency
  readonly countedMinor: Minor
  readonly pieces?: Pieces
  /** Float + in − out − dropped + topped up. Below zero if more was taken out than ever came in. */
  readonly expectedMinor: Minor
  /** Counted less expected: below zero is a shortage, above zero a surplus. */
  readonly varianceMinor: Minor
  readonly others?: readonly CountedCash[]
  readonly left?: readonly CashAmount[]
  readonly recounts?: number
  readonly declared?: readonly (Declared & { readonly expectedMinor: Minor })[]
  readonly knew?: { readonly sales: number; readonly refunds: number }
  readonly note?: string
}

export type CloseTillRefusal =
  | SessionRefusal
  | { readonly code: 'pieces_do_not_add_up'; readonly of: 'count' | 'left' }
  | { readonly code: 'currency_repeated'; readonly currency: Currency }
  /** More would stay in the drawer than was counted in it, in all or of one face. */
  | { readonly code: 'left_above_count'; readonly currency: Currency }

/**
 * Decides whether a blind count closes a session; also one that was ended without a count. Refusals are
 * checked in the order of their union. A variance, however large, is recorded and never refused, and so
 * are no sales at all: the count is what is there.
 */
export function decideCloseTill(
  state: CloseTillState,
  command: CloseTill,
): Outcome<TillClosed, CloseTillRefusal> {
  assert(command.countedMinor >= 0, 'a drawer holds no less than nothing')
  const checked = checkSession(state.session, state.at, { states: ['open', 'reconciling'] })
  if (!checked.ok) return checked
  const session = checked.value
  const refusal = checkCount(session, command)
  if (refusal !== undefined) return refused(refusal)

  const { totals } = state
  const { countedMinor, pieces, note, recounts = 0, left = [], declared = [] } = command
  const { sales, refunds } = totals
  const [own, ...others] = compareCount({ session, totals }, [
    { currency: session.currency, countedMinor, pieces },
    ...(command.others ?? []),
  ])
  assert(own !== undefined, 'the session’s own currency is counted first')
  return accepted({
    shopId: session.shopId,
    tillId: session.tillId,
    sessionId: session.id,
    staffId: command.staffId,
    ...(session.staffId !== command.staffId && { ofStaffId: session.staffId }),
    ...own,
    ...(others.length > 0 && { others }),
    ...(left.length > 0 && { left: left.map(spell) }),
    ...(recounts > 0 && { recounts }),
    ...(declared.length > 0 && {
      declared: declared.map((each) => ({ ...each, expectedMinor: takenBy(totals, each.method) })),
    }),
    knew: { sales, refunds },
    ...(note !== undefined && { note }),
  })
}

function checkCount(session: TillSession, command: CloseTill): CloseTillRefusal | undefined {
  const { others = [], left = [], ...own } = command
  const counts = [{ ...own, currency: session.currency }, ...others]
  for (const { pieces, countedMinor } of counts) {
    if (pieces !== undefined && !piecesAddUp(pieces, countedMinor)) {
      return { code: 'pieces_do_not_add_up', of: 'count' }
    }
  }
  for (const { pieces, minor: amount } of left) {
    if (pieces !== undefined && !piecesAddUp(pieces, amount)) {
      return { code: 'pieces_do_not_add_up', of: 'left' }
    }
  }
  const repeated = findRepeated(counts) ?? findRepeated(left)
  if (repeated !== undefined) return { code: 'currency_repeated', currency: repeated }
  for (const each of left) {
    const counted = counts.find(({ currency }) => currency === each.currency)
    if (counted === undefined || !isWithin(each, counted)) {
      return { code: 'left_above_count', currency: each.currency }
    }
  }
  return undefined
}

function isWithin(left: CashAmount, counted: Omit<CountAmount, 'currency'>): boolean {
  if (left.minor > counted.countedMinor) return false
  if (left.pieces === undefined || counted.pieces === undefined) return true
  const there = new Map(counted.pieces.map((each) => [each.faceMinor, each.pieces]))
  return left.pieces.every((each) => each.pieces <= (there.get(each.faceMinor) ?? 0))
}

function spell({ currency, minor: amount, pieces }: CashAmount): CashAmount {
  return {
    currency,
    minor: amount,
    ...(pieces !== undefined && { pieces: orderPieces(pieces) }),
  }
}

/** What a session's sales less refunds took by one way of paying. Of cash: what went through the drawer. */
export function takenBy(totals: SessionTotals, method: TenderMethod): Minor {
  switch (method) {
    case 'card':
      return totals.cardMinor
    case 'bank_transfer':
      return totals.bankTransferMinor
    case 'promptpay':
      return totals.promptpayMinor
    case 'machine':
      return totals.machineMinor
    case 'cash':
      return minor(
        totals.cashInMinor - totals.payInMinor - (totals.cashOutMinor - totals.payOutMinor),
      )
  }
}
