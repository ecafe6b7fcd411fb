import type { Id, ShopId, StaffId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { type Cash, type CashRefusal, checkSomeCash } from '../money/cash-amount.ts'

/** The fact that ordered names the order. */
export type ChangeOrderId = Id<'change_order'>

/** A lattice, as a bag's: it only moves up. */
export const changeOrderStates = ['ordered', 'cancelled', 'received'] as const
export type ChangeOrderState = (typeof changeOrderStates)[number]

/** Notes and coins that the bank or a carrier is asked to bring. */
export type ChangeOrder = {
  readonly id: ChangeOrderId
  readonly shopId: ShopId
  readonly state: ChangeOrderState
  readonly cash: Cash
}

export type OrderChange = {
  readonly staffId: StaffId
  /** Every amount of it by pieces: a bank brings rolls and bundles, no sums. */
  readonly cash: Cash
  /** When it is needed, `YYYY-MM-DD`. */
  readonly neededOn?: string | undefined
  readonly note?: string | undefined
}

/** Change was ordered; nothing moved yet. The body of the fact `change.ordered`; its id is the order's. */
export type ChangeOrdered = {
  readonly shopId: ShopId
  readonly staffId: StaffId
  readonly cash: Cash
  readonly neededOn?: string
  readonly note?: string
}

export type OrderChangeRefusal =
  | CashRefusal<'order'>
  | { readonly code: 'no_cash' }
  | { readonly code: 'pieces_needed' }

/** Decides whether an order can be written. */
export function decideOrderChange(
  shopId: ShopId,
  { staffId, cash, neededOn, note }: OrderChange,
): Outcome<ChangeOrdered, OrderChangeRefusal> {
  const checked = checkSomeCash(cash, 'order')
  if (!checked.ok) return checked
  if (checked.value.some(({ pieces }) => pieces === undefined)) {
    return refused({ code: 'pieces_needed' })
  }
  return accepted({
    ...{ shopId, staffId, cash: checked.value },
    ...(neededOn !== undefined && { neededOn }),
    ...(note !== undefined && { note }),
  })
}

export type ChangeOrderRefusal =
  | { readonly code: 'change_order_not_found' }
  | { readonly code: 'change_order_not_open'; readonly state: ChangeOrderState }

/** What a node in a shop knows of an order. */
export type ChangeOrderAt = { readonly shopId: ShopId; readonly order: ChangeOrder | undefined }

function checkOrder({ shopId, order }: ChangeOrderAt): Outcome<ChangeOrder, ChangeOrderRefusal> {
  if (order === undefined || order.shopId !== shopId) {
    return refused({ code: 'change_order_not_found' })
  }
  if (order.state !== 'ordered') {
    return refused({ code: 'change_order_not_open', state: order.state })
  }
  return accepted(order)
}

export type ReceiveChange = {
  readonly staffId: StaffId
  /** What was counted when it came. */
  readonly cash: Cash
  readonly reference?: string | undefined
  readonly note?: string | undefined
}

/** Change came from the bank into the safe. The body of the fact `change.received`. */
export type ChangeReceived = {
  readonly shopId: ShopId
  readonly orderId: ChangeOrderId
  readonly staffId: StaffId
  readonly cash: Cash
  readonly reference?: string
  readonly note?: string
}

export type ReceiveChangeRefusal =
  | ChangeOrderRefusal
  | CashRefusal<'change'>
  | { readonly code: 'no_cash' }

/** Decides what came of an order: what was counted goes to the safe, whatever was ordered. */
export function decideReceiveChange(
  at: ChangeOrderAt,
  { staffId, cash, reference, note }: ReceiveChange,
): Outcome<ChangeReceived, ReceiveChangeRefusal> {
  const order = checkOrder(at)
  if (!order.ok) return order
  const checked = checkSomeCash(cash, 'change')
  if (!checked.ok) return checked
  return accepted({
    ...{ shopId: at.shopId, orderId: order.value.id, staffId, cash: checked.value },
    ...(reference !== undefined && { reference }),
    ...(note !== undefined && { note }),
  })
}

/** An order that will not come. The body of the fact `change.cancelled`. */
export type ChangeCancelled = {
  readonly shopId: ShopId
  readonly orderId: ChangeOrderId
  readonly staffId: StaffId
  readonly reason: string
}

/** Decides whether an order may be taken back. */
export function decideCancelChange(
  at: ChangeOrderAt,
  { staffId, reason }: { readonly staffId: StaffId; readonly reason: string },
): Outcome<ChangeCancelled, ChangeOrderRefusal> {
  const order = checkOrder(at)
  if (!order.ok) return order
  return accepted({ shopId: at.shopId, orderId: order.value.id, staffId, reason })
}
