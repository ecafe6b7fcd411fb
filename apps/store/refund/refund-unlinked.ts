import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
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
import { type ApprovalUseRefusal, type ByRight, readAuthority } from '../approval/read-authority.ts'
import { readProducts } from '../sale/product-sql.ts'
import { type InSession, readDrawerCash } from '../till/move-cash.ts'
import { daysAround, readSessions, readTotals } from '../till/session-sql.ts'

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
      const [sessions, products] = await Promise.all([
        readSessions(tx, org, { ids: [sessionId], days: daysAround(occurredAt) }),
        readProducts(tx, org, productIds),
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
      const refunded = decideRefundUnlinked(
        {
          at: { shopId },
          session,
          drawer,
          products,
          receipt,
          rounding,
          authority: authority.value,
        },
        { ...command, staffId: staffId ?? session.staffId },
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
