import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { addToSession, changeSession, type Effects } from '../apply/effects.ts'
import { jsonParameter, type Tx } from '../db.ts'

/** Inserts verifications; those that are there already are left as they are. Returns the ids that were not. */
export async function insertVerifications(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'till.verified'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    session_id: body.sessionId,
    id,
    shop_id: body.shopId,
    staff_id: body.staffId,
    note: body.note ?? '',
    business_date: businessDate,
    verified_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO till_verification
      (org_id, session_id, id, shop_id, staff_id, note, business_date, verified_at)
    SELECT ${org}::uuid, session_id, id, shop_id, staff_id, note, business_date, verified_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (session_id uuid, id uuid, shop_id uuid, staff_id uuid, note text, business_date date,
       verified_at timestamptz)
    ON CONFLICT (org_id, session_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** A verification moves nothing; its session is looked at again, for who verified it. */
export function addVerification(effects: Effects, { fact }: AppliedOf<'till.verified'>): void {
  addToSession(effects, fact.body.sessionId, {})
  changeSession(effects, fact.body.sessionId)
}

/** Inserts a row for each movement that was verified. Returns the ids of facts that were not there. */
export async function insertMovementVerifications(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'cash.verified'>[],
): Promise<readonly string[]> {
  const rows = facts.flatMap(({ fact: { id, body, occurredAt } }) =>
    [...new Set(body.movementIds)].map((movement_id) => ({
      movement_id,
      id,
      shop_id: body.shopId,
      staff_id: body.staffId,
      verified_at: occurredAt,
    })),
  )
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO movement_verification (org_id, movement_id, id, shop_id, staff_id, verified_at)
    SELECT ${org}::uuid, movement_id, id, shop_id, staff_id, verified_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (movement_id uuid, id uuid, shop_id uuid, staff_id uuid, verified_at timestamptz)
    ON CONFLICT (org_id, movement_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return [...new Set(inserted.map(({ id }) => id))]
}
