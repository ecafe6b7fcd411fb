import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
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
import type { ApprovalUseRefusal, ByRight } from '../approval/read-authority.ts'
import type { InSession } from '../till/move-cash.ts'
import { readGivingBack } from './read-giving-back.ts'
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
      const [read, sale] = await Promise.all([
        readGivingBack(tx, node, { actId: acting.id, sessionId, occurredAt, right }),
        readRefundableSale(tx, org, saleId),
      ])
      if (!read.ok) return read
      const { businessDate, terms } = read.value
      const refunded = decideRefundSale(
        { ...terms, sale },
        { ...command, staffId: staffId ?? terms.session.staffId },
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
