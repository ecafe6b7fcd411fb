import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { addToSession, addTransfer, type Effects } from '../apply/effects.ts'
import { drawer, safe } from '../cash/location.ts'
import { jsonParameter, type Tx } from '../db.ts'

/** Inserts sessions; those that are there already are left as they are. Returns the ids that were not. */
export async function insertSessions(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'till.opened'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    id,
    shop_id: body.shopId,
    till_id: body.tillId,
    staff_id: body.staffId,
    currency: body.currency,
    float_minor: body.floatMinor,
    float_pieces: body.pieces,
    business_date: businessDate,
    opened_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO till_session
      (org_id, id, shop_id, till_id, staff_id, currency, float_minor, float_pieces, business_date,
       opened_at)
    SELECT ${org}::uuid, id, shop_id, till_id, staff_id, currency, float_minor, float_pieces,
      business_date, opened_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (id uuid, shop_id uuid, till_id uuid, staff_id uuid, currency text, float_minor bigint,
       float_pieces jsonb, business_date date, opened_at timestamptz)
    ON CONFLICT (org_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** The float goes from the safe into the drawer. */
export function addSession(effects: Effects, { fact }: AppliedOf<'till.opened'>): void {
  const { id, body, businessDate, occurredAt } = fact
  addToSession(effects, id, {})
  addTransfer(effects, {
    id: `${id}/float`,
    fact_id: id,
    shop_id: body.shopId,
    session_id: id,
    staff_id: body.staffId,
    type: 'float',
    from_location: safe(body.shopId),
    to_location: drawer(body.tillId),
    currency: body.currency,
    amount_minor: body.floatMinor,
    pieces: body.pieces,
    business_date: businessDate,
    occurred_at: occurredAt,
  })
}
