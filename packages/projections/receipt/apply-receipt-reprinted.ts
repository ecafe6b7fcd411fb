import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { jsonParameter, type Tx } from '../db.ts'

/** Inserts copies of papers; those that are there already are left as they are. Returns the ids that were not. */
export async function insertReprints(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'receipt.reprinted'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    receipt_id: body.receiptId,
    id,
    shop_id: body.shopId,
    staff_id: body.staffId,
    kind: body.kind,
    receipt_number: body.receiptNumber,
    reason: body.reason ?? '',
    business_date: businessDate,
    reprinted_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO receipt_reprint
      (org_id, receipt_id, id, shop_id, staff_id, kind, receipt_number, reason, business_date,
       reprinted_at)
    SELECT ${org}::uuid, receipt_id, id, shop_id, staff_id, kind, receipt_number, reason,
      business_date, reprinted_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (receipt_id uuid, id uuid, shop_id uuid, staff_id uuid, kind text, receipt_number text,
       reason text, business_date date, reprinted_at timestamptz)
    ON CONFLICT (org_id, receipt_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}
