import type { SessionId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, refused } from '@tillkeeper/core/base/outcome.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import type { StoreNode } from '../act/record-act.ts'
import { type ByRight, readAuthority } from '../approval/read-authority.ts'
import { readDrawerCash } from '../till/move-cash.ts'
import { daysAround, readSessions, readTotals } from '../till/session-sql.ts'

/** Reads what every giving back is decided by, with or without a sale: session, drawer, next number, authority. */
export async function readGivingBack(
  tx: Tx,
  node: StoreNode,
  {
    actId,
    sessionId,
    occurredAt,
    right,
  }: {
    readonly actId: string
    readonly sessionId: SessionId
    readonly occurredAt: string
    readonly right: ByRight
  },
) {
  const { org, shopId } = node
  const sessions = await readSessions(tx, org, { ids: [sessionId], days: daysAround(occurredAt) })
  const held = sessions.get(sessionId)
  if (held === undefined) return refused({ code: 'session_not_found' } as const)
  const { session, series, timeZone, counters, rounding } = held
  const businessDate = businessDateOf(occurredAt, timeZone)
  const lastCounter = counters.get(businessDate) ?? 0
  const receipt = { tillNumber: series.number, businessDate, lastCounter }
  const totals = await readTotals(tx, org, sessionId)
  const drawer = await readDrawerCash(tx, org, { session, totals })
  const authority = await readAuthority(tx, node, { actId, ...right })
  if (!authority.ok) return authority
  const terms = { at: { shopId }, session, drawer, receipt, rounding, authority: authority.value }
  return accepted({ businessDate, terms })
}
