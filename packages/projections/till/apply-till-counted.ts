import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { jsonParameter, type Tx } from '../db.ts'

/** Inserts counts; those that are there already are left as they are. A count moves nothing. */
export async function insertCounts(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'till.counted'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    session_id: body.sessionId,
    id,
    shop_id: body.shopId,
    till_id: body.tillId,
    staff_id: body.staffId,
    kind: body.kind,
    currency: body.currency,
    counted_minor: body.countedMinor,
    faces: body.faces,
    expected_minor: body.expectedMinor,
    business_date: businessDate,
    occurred_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO till_count
      (org_id, session_id, id, shop_id, till_id, staff_id, kind, currency, counted_minor, faces,
       expected_minor, business_date, occurred_at)
    SELECT ${org}::uuid, session_id, id, shop_id, till_id, staff_id, kind, currency, counted_minor,
      faces, expected_minor, business_date, occurred_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (session_id uuid, id uuid, shop_id uuid, till_id uuid, staff_id uuid, kind text, currency text,
       counted_minor bigint, faces jsonb, expected_minor bigint, business_date date,
       occurred_at timestamptz)
    ON CONFLICT (org_id, session_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}
