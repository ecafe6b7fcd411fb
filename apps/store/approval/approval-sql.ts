import type { HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { jsonParameter, type Tx } from '@tillkeeper/projections/db.ts'

/** What is not used within this is forgotten: it was good for minutes. */
const forgetMs = 3_600_000
const forgottenMax = 1_000

/** Keeps an approval until its act comes. */
export async function insertApproval(
  tx: Tx,
  org: OrgId,
  { approval, actId }: HeldApproval,
): Promise<void> {
  const before = new Date(Date.parse(approval.at) - forgetMs).toISOString()
  await tx`
    DELETE FROM approval_given
    WHERE (org_id, id) IN (
      SELECT org_id, id FROM approval_given
      WHERE org_id = ${org} AND given_at < ${before}
      LIMIT ${forgottenMax}
    )
  `
  await tx`
    INSERT INTO approval_given (org_id, id, act_id, approval, given_at)
    VALUES (${org}, ${approval.id}, ${actId}, ${jsonParameter(tx, approval)}, ${approval.at})
  `
}

/** Finds an approval with whether any act used it. */
export async function findApproval(
  tx: Tx,
  org: OrgId,
  id: string,
): Promise<(HeldApproval & { readonly used: boolean }) | undefined> {
  const [row] = await tx<(HeldApproval & { used: boolean })[]>`
    SELECT given.approval, given.act_id AS "actId", EXISTS (
      SELECT FROM approval_use AS use
      WHERE use.org_id = given.org_id AND use.approval_id = given.id
    ) AS used
    FROM approval_given AS given
    WHERE given.org_id = ${org} AND given.id = ${id}
  `
  return row
}
