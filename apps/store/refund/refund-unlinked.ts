import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import {
  decideRefundUnlinked,
  type RefundUnlinked,
  type RefundUnlinkedRefusal,
} from '@tillkeeper/core/refund/refund-unlinked.ts'
import { draftAct } from '../act/draft-act.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'
import { readProducts } from '../sale/product-sql.ts'
import type { InSession } from '../till/move-cash.ts'
import { daysAround, readSessions } from '../till/session-sql.ts'

/** Takes goods back without the receipt of their sale, and pays for them. */
export function refundUnlinked(
  node: StoreNode,
  acting: Acting,
  { sessionId, staffId, ...command }: InSession<RefundUnlinked>,
): Promise<Outcome<Done, RefundUnlinkedRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct(node, acting, async (tx, occurredAt) => {
    const productIds = [...new Set(command.lines.map(({ productId }) => productId))]
    const [sessions, products] = await Promise.all([
      readSessions(tx, org, { ids: [sessionId], days: daysAround(occurredAt) }),
      readProducts(tx, org, productIds),
    ])
    const held = sessions.get(sessionId)
    if (held === undefined) return refused({ code: 'session_not_found' })
    const { session, tillNumber, timeZone, counters, rounding } = held
    const businessDate = businessDateOf(occurredAt, timeZone)
    const receipt = { tillNumber, businessDate, lastCounter: counters.get(businessDate) ?? 0 }
    const refunded = decideRefundUnlinked(
      { at: { shopId }, session, products, receipt, rounding },
      { ...command, staffId: staffId ?? session.staffId },
    )
    if (!refunded.ok) return refunded
    const { id, actor } = acting
    const act = { type: 'sale.refunded', id, shopId, sessionId, actor } as const
    return accepted(draftAct({ ...act, occurredAt, businessDate, body: refunded.value }))
  })
}
