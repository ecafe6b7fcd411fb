import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { usesOfTenders } from '@tillkeeper/core/recycler/check-machine-use.ts'
import {
  decideRefundSale,
  type RefundSale,
  type RefundSaleRefusal,
} from '@tillkeeper/core/refund/refund-sale.ts'
import { checkMachine, type MachineUseRefusal } from '../act/check-machine.ts'
import { draftAct } from '../act/draft-act.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'
import { type ApprovalUseRefusal, type ByRight, readAuthority } from '../approval/read-authority.ts'
import { type InSession, readDrawerCash } from '../till/move-cash.ts'
import { daysAround, readSessions, readTotals } from '../till/session-sql.ts'
import { readRefundableSale } from './refundable-sale-sql.ts'

/** Takes goods of a sale back, in part or whole, and pays for them. */
export function refundSale(
  node: StoreNode,
  acting: Acting,
  {
    sessionId,
    staffId,
    saleId,
    right,
    ...command
  }: InSession<RefundSale> & { readonly saleId: string; readonly right: ByRight },
): Promise<Outcome<Done, RefundSaleRefusal | ApprovalUseRefusal | MachineUseRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct<RefundSaleRefusal | ApprovalUseRefusal | MachineUseRefusal>(
    node,
    acting,
    async (tx, occurredAt) => {
      const [sessions, sale] = await Promise.all([
        readSessions(tx, org, { ids: [sessionId], days: daysAround(occurredAt) }),
        readRefundableSale(tx, org, saleId),
      ])
      const held = sessions.get(sessionId)
      if (held === undefined) return refused({ code: 'session_not_found' })
      const { session, series, timeZone, counters, rounding } = held
      const businessDate = businessDateOf(occurredAt, timeZone)
      const lastCounter = counters.get(businessDate) ?? 0
      const receipt = { tillNumber: series.number, businessDate, lastCounter }
      const totals = await readTotals(tx, org, sessionId)
      const drawer = await readDrawerCash(tx, org, { session, totals })
      const authority = await readAuthority(tx, node, { actId: acting.id, ...right })
      if (!authority.ok) return authority
      const refunded = decideRefundSale(
        { at: { shopId }, session, drawer, sale, receipt, rounding, authority: authority.value },
        { ...command, staffId: staffId ?? session.staffId },
      )
      if (!refunded.ok) return refunded
      const checked = await checkMachine(tx, org, usesOfTenders('refund', refunded.value))
      if (!checked.ok) return checked
      const { id, actor } = acting
      const act = { type: 'sale.refunded', id, shopId, sessionId, actor } as const
      const body = refunded.value
      return accepted(draftAct({ ...act, occurredAt, businessDate, refs: [saleId], body }))
    },
  )
}
