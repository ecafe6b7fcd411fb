import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { jsonParameter, type Tx } from '../db.ts'

/** Inserts photos; those that are there already are left as they are. Returns the ids that were not. */
export async function insertAttachments(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'attachment.added'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, occurredAt } }) => ({
    id,
    shop_id: body.shopId,
    staff_id: body.staffId,
    mime: body.mime,
    // Whatever was sealed as base64 is kept as the bytes that a tolerant reader makes of it.
    bytes: Buffer.from(body.bytes, 'base64').toString('base64'),
    added_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO attachment (org_id, id, shop_id, staff_id, mime, bytes, added_at)
    SELECT ${org}::uuid, id, shop_id, staff_id, mime, decode(bytes, 'base64'), added_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (id uuid, shop_id uuid, staff_id uuid, mime text, bytes text, added_at timestamptz)
    ON CONFLICT (org_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}
