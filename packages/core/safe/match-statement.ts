import type { Id, ShopId, StaffId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import type { BagId, BagState, Credited } from './deposit-bag.ts'
import type { ChangeOrderId, ChangeOrderState } from './order-change.ts'

/** Made of what the line says, so the same line has the same id in every file. */
export type StatementLineId = Id<'statement_line'>

/** A line of the bank's statement. */
export type StatementLine = {
  readonly id: StatementLineId
  readonly shopId: ShopId
  readonly currency: Currency
  /** Above zero where the bank put money on the account. */
  readonly amountMinor: Minor
}

/** A bag or an order as it may be matched. */
export type Bookable<Id, State> = {
  readonly id: Id
  readonly shopId: ShopId
  readonly state: State
  /** What was booked at the bank, of each currency: credited, or received. */
  readonly booked: readonly Credited[]
  /** A line of this currency says so already. */
  readonly matched: readonly Currency[]
}

export type MatchStatementState = {
  readonly shopId: ShopId
  readonly line: StatementLine | undefined
  /** Somebody matched the line before, and nobody took it back. */
  readonly lineMatched: boolean
  /** Somebody said that it is no deposit. */
  readonly lineAside?: boolean
  /** Those that are asked for, as far as they are known. */
  readonly bags: readonly Bookable<BagId, BagState>[]
  readonly orders: readonly Bookable<ChangeOrderId, ChangeOrderState>[]
}

export type MatchStatement = {
  readonly staffId: StaffId
  readonly bags: readonly BagId[]
  readonly orders: readonly ChangeOrderId[]
}

/**
 * A person says that a line is what these bags and orders came to. The body of the fact `statement.matched`.
 * Line less booked is what the bank has more or less than our books, and is booked as over or short.
 */
export type StatementMatched = {
  readonly shopId: ShopId
  readonly staffId: StaffId
  readonly lineId: StatementLineId
  readonly currency: Currency
  readonly lineMinor: Minor
  /** Credits of bags less what orders brought. */
  readonly bookedMinor: Minor
  readonly bags: readonly BagId[]
  readonly orders: readonly ChangeOrderId[]
}

export type MatchStatementRefusal =
  | { readonly code: 'statement_line_not_found' }
  | { readonly code: 'statement_line_matched' }
  | { readonly code: 'statement_line_set_aside' }
  | { readonly code: 'nothing_to_match' }
  | { readonly code: 'bag_not_found' }
  | { readonly code: 'bag_not_in_state'; readonly state: BagState }
  | { readonly code: 'bag_matched' }
  | { readonly code: 'change_order_not_found' }
  | { readonly code: 'change_order_not_received'; readonly state: ChangeOrderState }
  | { readonly code: 'change_order_matched' }

/** Decides whether a line may be matched. Refusals are checked in the order of their union. */
export function decideMatchStatement(
  { shopId, line, lineMatched, lineAside = false, ...known }: MatchStatementState,
  command: MatchStatement,
): Outcome<StatementMatched, MatchStatementRefusal> {
  if (line === undefined || line.shopId !== shopId) {
    return refused({ code: 'statement_line_not_found' })
  }
  if (lineMatched) return refused({ code: 'statement_line_matched' })
  if (lineAside) return refused({ code: 'statement_line_set_aside' })
  const bags = [...new Set(command.bags)].sort()
  const orders = [...new Set(command.orders)].sort()
  if (bags.length + orders.length === 0) return refused({ code: 'nothing_to_match' })
  const { currency } = line
  let bookedMinor = 0
  for (const id of bags) {
    const bag = known.bags.find((each) => each.id === id && each.shopId === shopId)
    if (bag === undefined) return refused({ code: 'bag_not_found' })
    if (bag.state !== 'deposited') return refused({ code: 'bag_not_in_state', state: bag.state })
    if (bag.matched.includes(currency)) return refused({ code: 'bag_matched' })
    bookedMinor += bookedOf(bag, currency)
  }
  for (const id of orders) {
    const order = known.orders.find((each) => each.id === id && each.shopId === shopId)
    if (order === undefined) return refused({ code: 'change_order_not_found' })
    if (order.state !== 'received') {
      return refused({ code: 'change_order_not_received', state: order.state })
    }
    if (order.matched.includes(currency)) return refused({ code: 'change_order_matched' })
    bookedMinor -= bookedOf(order, currency)
  }
  return accepted({
    ...{ shopId, staffId: command.staffId, lineId: line.id, currency },
    ...{ lineMinor: line.amountMinor, bookedMinor: minor(bookedMinor), bags, orders },
  })
}

function bookedOf({ booked }: Bookable<unknown, unknown>, currency: Currency): number {
  return booked.find((credit) => credit.currency === currency)?.minor ?? 0
}
