import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { jsonParameter, type Tx } from '../db.ts'

/**
 * Inserts devices that became tills; those that are there already are left as they are. Returns the ids
 * that were not. A fact that the shop's own server did not seal makes no device: a till that could
 * enrol another would speak for it.
 */
export async function insertTillDevices(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'till.enrolled'>[],
): Promise<readonly string[]> {
  const rows = facts
    .filter(({ fact }) => fact.author === `s-${fact.body.shopId}`)
    .map(({ fact: { id, body, occurredAt } }) => ({
      id,
      till_id: body.tillId,
      shop_id: body.shopId,
      major: body.major,
      token_hash: body.tokenHash,
      public_key: body.publicKey,
      enrolled_by: body.staffId,
      enrolled_at: occurredAt,
    }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO till_device
      (org_id, id, till_id, shop_id, major, token_hash, public_key, enrolled_by, enrolled_at)
    SELECT ${org}::uuid, id, till_id, shop_id, major, token_hash, public_key, enrolled_by, enrolled_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (id uuid, till_id uuid, shop_id uuid, major integer, token_hash text, public_key text,
       enrolled_by uuid, enrolled_at timestamptz)
    ON CONFLICT (org_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}
