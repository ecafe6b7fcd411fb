import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import { usesOfTenders } from '@tillkeeper/core/recycler/check-machine-use.ts'
import {
  decideRefundUnlinked,
  type RefundUnlinked,
  type RefundUnlinkedRefusal,
} from '@tillkeeper/core/refund/refund-unlinked.ts'
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
import { readProducts } from '../sale/product-sql.ts'
import type { InSession } from '../till/move-cash.ts'
import { readGivingBack } from './read-giving-back.ts'

/** Takes goods back without the receipt of their sale, and pays for them. */
export function refundUnlinked(
  node: StoreNode,
  acting: Acting,
  {
    sessionId,
    staffId,
    right,
    ...command
  }: InSession<RefundUnlinked> & { readonly right: ByRight },
): Promise<
  Outcome<Done, RefundUnlinkedRefusal | ApprovalUseRefusal | MachineUseRefusal | ActRefusal>
> {
  const { org, shopId } = node
  return recordAct<RefundUnlinkedRefusal | ApprovalUseRefusal | MachineUseRefusal>(
    node,
    acting,
    async (tx, occurredAt) => {
      const productIds = [...new Set(command.lines.map(({ productId }) => productId))]
      const [read, products] = await Promise.all([
        readGivingBack(tx, node, { actId: acting.id, sessionId, occurredAt, right }),
        readProducts(tx, org, productIds),
      ])
      if (!read.ok) return read
      const { businessDate, terms } = read.value
      const refunded = decideRefundUnlinked(
        { ...terms, products },
        { ...command, staffId: staffId ?? terms.session.staffId },
      )
      if (!refunded.ok) return refunded
      const checked = await checkMachine(tx, org, usesOfTenders('refund', refunded.value))
      if (!checked.ok) return checked
      const { id, actor } = acting
      const act = { type: 'sale.refunded', id, shopId, sessionId, actor } as const
      return accepted(draftAct({ ...act, occurredAt, businessDate, body: refunded.value }))
    },
  )
}
