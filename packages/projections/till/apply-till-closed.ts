import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { addToDay, addToSession, addTransfer, type Effects } from '../apply/effects.ts'
import { drawer, overShort, safe } from '../cash/location.ts'
import { jsonParameter, type Tx } from '../db.ts'

/** Inserts closes; those that are there already are left as they are. Returns the ids that were not. */
export async function insertCloses(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'till.closed'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    session_id: body.sessionId,
    id,
    shop_id: body.shopId,
    till_id: body.tillId,
    staff_id: body.staffId,
    currency: body.currency,
    counted_minor: body.countedMinor,
    counted_pieces: body.pieces,
    expected_minor: body.expectedMinor,
    variance_minor: body.varianceMinor,
    note: body.note ?? '',
    business_date: businessDate,
    closed_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO till_close
      (org_id, session_id, id, shop_id, till_id, staff_id, currency, counted_minor, counted_pieces,
       expected_minor, variance_minor, note, business_date, closed_at)
    SELECT ${org}::uuid, session_id, id, shop_id, till_id, staff_id, currency, counted_minor,
      counted_pieces, expected_minor, variance_minor, note, business_date, closed_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (session_id uuid, id uuid, shop_id uuid, till_id uuid, staff_id uuid, currency text,
       counted_minor bigint, counted_pieces jsonb, expected_minor bigint, variance_minor bigint,
       note text, business_date date, closed_at timestamptz)
    ON CONFLICT (org_id, session_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** The variance is booked against over and short, and what was counted goes to the safe. */
export function addClose(effects: Effects, { fact }: AppliedOf<'till.closed'>): void {
  const { id, body, businessDate, occurredAt } = fact
  const { shopId, varianceMinor } = body
  const moved = {
    fact_id: id,
    shop_id: shopId,
    session_id: body.sessionId,
    staff_id: body.staffId,
    currency: body.currency,
    business_date: businessDate,
    occurred_at: occurredAt,
  }
  const inside = drawer(body.tillId)
  const surplus = varianceMinor > 0
  addTransfer(effects, {
    ...moved,
    id: `${id}/variance`,
    type: surplus ? 'surplus' : 'shortage',
    from_location: surplus ? overShort(shopId) : inside,
    to_location: surplus ? inside : overShort(shopId),
    amount_minor: Math.abs(varianceMinor),
  })
  addTransfer(effects, {
    ...moved,
    id: `${id}/takings`,
    type: 'takings',
    from_location: inside,
    to_location: safe(shopId),
    amount_minor: body.countedMinor,
    pieces: body.pieces,
  })
  addToSession(effects, body.sessionId, {})
  addToDay(
    effects,
    {
      shop_id: shopId,
      business_date: businessDate,
      staff_id: body.staffId,
      currency: body.currency,
    },
    { closes: 1, variance_minor: varianceMinor },
  )
  effects.sessionsClosed.add(body.sessionId)
}
