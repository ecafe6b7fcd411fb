import type { StaffId } from '@tillkeeper/core/base/id.ts'
import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import {
  decideIssueFund,
  decideReturnFund,
  type FundAsk,
  type FundState,
  type IssueFundRefusal,
  type ReturnFund,
  type ReturnFundRefusal,
} from '@tillkeeper/core/fund/staff-fund.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import { listFunds } from '@tillkeeper/projections/fund/fund-sql.ts'
import type { ActRefusal, Done, StoreNode } from '../act/record-act.ts'
import { readSafeStock, recordSafeAct, type SafeActing } from '../safe/record-safe-act.ts'
import { readStaff } from '../till/session-sql.ts'

type Of<Command> = Omit<Command, 'byStaffId'> & { readonly holderId: StaffId }

/** Gives somebody change of the safe. */
export function issueFund(
  node: StoreNode,
  acting: SafeActing,
  { holderId, ...given }: Of<FundAsk>,
): Promise<Outcome<Done, IssueFundRefusal | ActRefusal>> {
  return recordSafeAct(node, acting, 'fund.issued', async (tx) =>
    decideIssueFund(await readFund(tx, node, holderId), { ...given, byStaffId: acting.staffId }),
  )
}

/** Takes back change, in part or all of it. */
export function returnFund(
  node: StoreNode,
  acting: SafeActing,
  { holderId, ...back }: Of<ReturnFund>,
): Promise<Outcome<Done, ReturnFundRefusal | ActRefusal>> {
  return recordSafeAct(node, acting, 'fund.returned', async (tx) =>
    decideReturnFund(await readFund(tx, node, holderId), { ...back, byStaffId: acting.staffId }),
  )
}

async function readFund(tx: Tx, node: StoreNode, staffId: StaffId): Promise<FundState> {
  const { org, shopId } = node
  const shops = new Set([shopId])
  const [stock, holder, [fund]] = await Promise.all([
    readSafeStock(tx, node),
    readStaff(tx, org, { staffId, shopId }),
    listFunds(tx, org, { shops, shopId, staffId, limit: 1 }),
  ])
  return { shopId, stock, holder, held: fund?.cash ?? [] }
}
