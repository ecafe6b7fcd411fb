import type { OrgId, SessionId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Day } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { Minor } from '@tillkeeper/core/money/money.ts'
import { usesOfTenders } from '@tillkeeper/core/recycler/check-machine-use.ts'
import {
  decideVoidSale,
  type VoidableSale,
  type VoidSale,
  type VoidSaleRefusal,
} from '@tillkeeper/core/verify/void-sale.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
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

/** Takes a sale back whole; too late for that, it is a refund of what is left. */
export function voidSale(
  node: StoreNode,
  acting: Acting,
  {
    sessionId,
    staffId,
    saleId,
    right,
    ...command
  }: InSession<VoidSale> & { readonly saleId: string; readonly right: ByRight },
): Promise<Outcome<Done, VoidSaleRefusal | ApprovalUseRefusal | MachineUseRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct<VoidSaleRefusal | ApprovalUseRefusal | MachineUseRefusal>(
    node,
    acting,
    async (tx, occurredAt) => {
      const [read, sale] = await Promise.all([
        readGivingBack(tx, node, { actId: acting.id, sessionId, occurredAt, right }),
        readVoidableSale(tx, org, saleId),
      ])
      if (!read.ok) return read
      const { businessDate, terms } = read.value
      const decided = decideVoidSale(
        { ...terms, sale },
        { ...command, staffId: staffId ?? terms.session.staffId },
      )
      if (!decided.ok) return decided
      const { type, body } = decided.value
      const checked = await checkMachine(tx, org, usesOfTenders('refund', body))
      if (!checked.ok) return checked
      const act = {
        id: acting.id,
        shopId,
        sessionId,
        actor: acting.actor,
        occurredAt,
        businessDate,
      }
      return accepted(draftAct({ ...act, type, refs: [saleId], body }))
    },
  )
}

type Row = {
  readonly sessionId: SessionId
  readonly businessDate: Day
  readonly staffId: StaffId
  readonly totalMinor: Minor
  readonly paidBy: VoidableSale['paidBy']
}

async function readVoidableSale(
  tx: Tx,
  org: OrgId,
  saleId: string,
): Promise<VoidableSale | undefined> {
  const [sale, [row]] = await Promise.all([
    readRefundableSale(tx, org, saleId),
    tx<Row[]>`
      SELECT session_id AS "sessionId", business_date AS "businessDate", staff_id AS "staffId",
        total_minor AS "totalMinor", tenders AS "paidBy"
      FROM sale
      WHERE org_id = ${org} AND id = ${saleId}
    `,
  ])
  return sale === undefined || row === undefined ? undefined : { ...sale, ...row }
}
