import type { SessionId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import {
  decideIssueFund,
  decideReturnFund,
  type FundAsk,
  type FundDrawer,
  type FundState,
  type IssueFundRefusal,
  type ReturnFund,
  type ReturnFundRefusal,
} from '@tillkeeper/core/fund/staff-fund.ts'
import type { Cash } from '@tillkeeper/core/money/cash-amount.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import { listFunds } from '@tillkeeper/projections/fund/fund-sql.ts'
import type { ActRefusal, Done, StoreNode } from '../act/record-act.ts'
import { readSafeStock, recordSafeAct, type SafeActing } from '../safe/record-safe-act.ts'
import { readDrawerCash } from '../till/move-cash.ts'
import { readSessions, readStaff, readTotals } from '../till/session-sql.ts'

type Of<Command> = Omit<Command, 'byStaffId'> & {
  readonly holderId: StaffId
  /** Of the drawer that takes part; left out: the safe. */
  readonly sessionId?: SessionId | undefined
}

/** Gives somebody change of the safe or of a drawer. */
export function issueFund(
  node: StoreNode,
  acting: SafeActing,
  { holderId, sessionId, ...given }: Of<FundAsk>,
): Promise<Outcome<Done, IssueFundRefusal | ActRefusal>> {
  return recordSafeAct(node, acting, 'fund.issued', async (tx) => {
    const state = await readFund(tx, node, { holderId, sessionId, cash: given.cash })
    return decideIssueFund(state, { ...given, byStaffId: acting.staffId })
  })
}

/** Takes back change, in part or all of it. */
export function returnFund(
  node: StoreNode,
  acting: SafeActing,
  { holderId, sessionId, ...back }: Of<ReturnFund>,
): Promise<Outcome<Done, ReturnFundRefusal | ActRefusal>> {
  return recordSafeAct(node, acting, 'fund.returned', async (tx) => {
    const state = await readFund(tx, node, { holderId, sessionId, cash: back.cash })
    return decideReturnFund(state, { ...back, byStaffId: acting.staffId })
  })
}

type Asked = Pick<Of<FundAsk>, 'holderId' | 'sessionId' | 'cash'>

async function readFund(
  tx: Tx,
  node: StoreNode,
  { holderId: staffId, sessionId, cash }: Asked,
): Promise<FundState> {
  const { org, shopId } = node
  const shops = new Set([shopId])
  const [stock, holder, [fund], drawer] = await Promise.all([
    readSafeStock(tx, node),
    readStaff(tx, org, { staffId, shopId }),
    listFunds(tx, org, { shops, shopId, staffId, limit: 1 }),
    sessionId === undefined ? undefined : readDrawer(tx, node, { sessionId, cash }),
  ])
  return { shopId, stock, drawer, holder, held: fund?.cash ?? [] }
}

async function readDrawer(
  tx: Tx,
  { org, shopId }: StoreNode,
  { sessionId, cash }: { readonly sessionId: SessionId; readonly cash: Cash },
): Promise<FundDrawer> {
  const [sessions, totals] = await Promise.all([
    readSessions(tx, org, { ids: [sessionId], days: [] }),
    readTotals(tx, org, sessionId),
  ])
  const session = sessions.get(sessionId)?.session
  const drawer =
    session === undefined ? undefined : await readDrawerCash(tx, org, { session, totals })
  const holds = new Map(
    drawer === undefined ? [] : cash.map(({ currency }) => [currency, drawer(currency)] as const),
  )
  return { at: { shopId }, session, holds }
}
