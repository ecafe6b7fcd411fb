import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import {
  type ChangeOrderAt,
  type ChangeOrderId,
  type ChangeOrderRefusal,
  decideCancelChange,
  decideOrderChange,
  decideReceiveChange,
  type OrderChange,
  type OrderChangeRefusal,
  type ReceiveChange,
  type ReceiveChangeRefusal,
} from '@tillkeeper/core/safe/order-change.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import { listChangeOrders } from '@tillkeeper/projections/safe/change-order-sql.ts'
import type { ActRefusal, Done, StoreNode } from '../act/record-act.ts'
import { recordSafeAct, type SafeActing } from './record-safe-act.ts'

/** Orders notes and coins from the bank. The act's id is the order's. */
export function orderChange(
  node: StoreNode,
  acting: SafeActing,
  command: Omit<OrderChange, 'staffId'>,
): Promise<Outcome<Done, OrderChangeRefusal | ActRefusal>> {
  return recordSafeAct(node, acting, 'change.ordered', async () =>
    decideOrderChange(node.shopId, { ...command, staffId: acting.staffId }),
  )
}

/** Puts what came into the safe, as counted. */
export function receiveChange(
  node: StoreNode,
  acting: SafeActing,
  { orderId, ...came }: Omit<ReceiveChange, 'staffId'> & { readonly orderId: ChangeOrderId },
): Promise<Outcome<Done, ReceiveChangeRefusal | ActRefusal>> {
  return recordSafeAct(node, acting, 'change.received', async (tx) =>
    decideReceiveChange(await readOrder(tx, node, orderId), { ...came, staffId: acting.staffId }),
  )
}

/** Says that an order will not come. */
export function cancelChange(
  node: StoreNode,
  acting: SafeActing,
  { orderId, reason }: { readonly orderId: ChangeOrderId; readonly reason: string },
): Promise<Outcome<Done, ChangeOrderRefusal | ActRefusal>> {
  return recordSafeAct(node, acting, 'change.cancelled', async (tx) =>
    decideCancelChange(await readOrder(tx, node, orderId), { reason, staffId: acting.staffId }),
  )
}

async function readOrder(
  tx: Tx,
  { org, shopId }: StoreNode,
  orderId: ChangeOrderId,
): Promise<ChangeOrderAt> {
  const asked = { shops: new Set([shopId]), ids: [orderId], limit: 1 }
  const { items } = await listChangeOrders(tx, org, asked)
  return { shopId, order: items[0] }
}
