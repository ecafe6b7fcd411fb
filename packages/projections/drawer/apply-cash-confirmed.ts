import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { addTransfer, type Effects } from '../apply/effects.ts'
import { overShort, safe } from '../cash/location.ts'
import { jsonParameter, type Tx } from '../db.ts'

/** Inserts signatures of drops. Returns the ids that were not there. */
export async function insertDropConfirmations(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'cash.confirmed'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, occurredAt } }) => ({
    movement_id: body.movementId,
    id,
    shop_id: body.shopId,
    session_id: body.sessionId,
    staff_id: body.staffId,
    currency: body.currency,
    dropped_minor: body.droppedMinor,
    counted_minor: body.countedMinor,
    counted_pieces: body.pieces,
    variance_minor: body.countedMinor - body.droppedMinor,
    note: body.note ?? '',
    confirmed_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO drop_confirmation
      (org_id, movement_id, id, shop_id, session_id, staff_id, currency, dropped_minor, counted_minor,
       counted_pieces, variance_minor, note, confirmed_at)
    SELECT ${org}::uuid, movement_id, id, shop_id, session_id, staff_id, currency, dropped_minor,
      counted_minor, counted_pieces, variance_minor, note, confirmed_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (movement_id uuid, id uuid, shop_id uuid, session_id uuid, staff_id uuid, currency text,
       dropped_minor bigint, counted_minor bigint, counted_pieces jsonb, variance_minor bigint,
       note text, confirmed_at timestamptz)
    ON CONFLICT (org_id, movement_id, id) DO NOTHING
    RETURNING id
  `.execute()
  if (inserted.length > 0) {
    await raiseDrops(tx, org, [...new Set(rows.map(({ movement_id }) => movement_id))])
  }
  return inserted.map(({ id }) => id)
}

async function raiseDrops(tx: Tx, org: OrgId, ids: readonly string[]): Promise<void> {
  await tx`
    WITH said AS (
      SELECT movement_id, (array_agg(shop_id ORDER BY id))[1] AS shop_id, count(*) AS times,
        bool_or(variance_minor <> 0) AS varies,
        jsonb_agg(jsonb_build_object('id', id, 'staffId', staff_id, 'currency', currency,
          'droppedMinor', dropped_minor, 'countedMinor', counted_minor,
          'varianceMinor', variance_minor) ORDER BY id) AS counts
      FROM drop_confirmation
      WHERE org_id = ${org} AND movement_id = ANY(${ids}::uuid[])
      GROUP BY movement_id
    )
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT ${org}::uuid, movement_id || '/' || kind, shop_id, kind, ARRAY['movement:' || movement_id],
      jsonb_build_object('movementId', movement_id, 'counts', counts)
    FROM said
    CROSS JOIN LATERAL (
      SELECT 'drop_differs' AS kind WHERE varies
      UNION ALL
      SELECT 'drop_confirmed_twice' WHERE times > 1
    ) AS broken
    ON CONFLICT (org_id, id) DO UPDATE SET shop_id = excluded.shop_id, detail = excluded.detail
  `.execute()
}

/** What was not in the safe, or was more than was said, is booked against over and short. */
export function addDropConfirmation(
  effects: Effects,
  { fact: { id, body, businessDate, occurredAt } }: AppliedOf<'cash.confirmed'>,
): void {
  const varianceMinor = body.countedMinor - body.droppedMinor
  const surplus = varianceMinor > 0
  addTransfer(effects, {
    id: `${id}/variance`,
    fact_id: id,
    shop_id: body.shopId,
    session_id: body.sessionId,
    staff_id: body.staffId,
    type: surplus ? 'surplus' : 'shortage',
    from_location: surplus ? overShort(body.shopId) : safe(body.shopId),
    to_location: surplus ? safe(body.shopId) : overShort(body.shopId),
    currency: body.currency,
    amount_minor: Math.abs(varianceMinor),
    note: body.note,
    business_date: businessDate,
    occurred_at: occurredAt,
  })
}
