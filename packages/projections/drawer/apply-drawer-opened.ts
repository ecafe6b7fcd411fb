import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { jsonParameter, type Tx } from '../db.ts'

/** Inserts openings of drawers; those that are there are left as they are. Returns the ids that were not. */
export async function insertDrawerOpenings(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'drawer.opened'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    id,
    shop_id: body.shopId,
    till_id: body.tillId,
    session_id: body.sessionId,
    staff_id: body.staffId,
    reason: body.reason,
    approver_id: body.approval?.approverId,
    business_date: businessDate,
    opened_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO drawer_opening
      (org_id, id, shop_id, till_id, session_id, staff_id, reason, approver_id, business_date,
       opened_at)
    SELECT ${org}::uuid, id, shop_id, till_id, session_id, staff_id, reason, approver_id,
      business_date, opened_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (id uuid, shop_id uuid, till_id uuid, session_id uuid, staff_id uuid, reason text,
       approver_id uuid, business_date date, opened_at timestamptz)
    ON CONFLICT (org_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}
