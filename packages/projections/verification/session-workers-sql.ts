import type { OrgId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Fragment } from 'postgres'
import type { Reader } from '../db.ts'

/**
 * Everybody who had a hand in a session, as a query for one column, `staff_id`: who opened, sold, refunded,
 * moved cash in or out of its drawer, or counted. A correction is the work of who looked at it, not in it.
 */
export const sessionWorkers = (sql: Reader, org: OrgId, sessionId: Fragment): Fragment => sql`
  SELECT staff_id FROM till_session WHERE org_id = ${org} AND id = ${sessionId}
  UNION
  SELECT staff_id FROM till_close WHERE org_id = ${org} AND session_id = ${sessionId}
  UNION
  SELECT staff_id FROM sale WHERE org_id = ${org} AND session_id = ${sessionId}
  UNION
  SELECT staff_id FROM refund WHERE org_id = ${org} AND session_id = ${sessionId}
  UNION
  SELECT staff_id FROM cash_transfer
  WHERE org_id = ${org} AND session_id = ${sessionId} AND type <> 'correction'
    AND (from_location LIKE 'drawer:%' OR to_location LIKE 'drawer:%')
`

/** Everybody who had a hand in a session; nobody where it is not known. */
export async function listSessionWorkers(
  sql: Reader,
  org: OrgId,
  sessionId: string,
): Promise<readonly StaffId[]> {
  const rows = await sql<{ staffId: StaffId }[]>`
    SELECT staff_id AS "staffId"
    FROM (${sessionWorkers(sql, org, sql`${sessionId}::uuid`)}) AS worker
  `
  return rows.map(({ staffId }) => staffId)
}
