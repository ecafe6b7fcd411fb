import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { addToSession, addTransfer, type Effects } from '../apply/effects.ts'
import { jsonParameter, type Tx } from '../db.ts'

/** Inserts explanations; those that are there already are left as they are. Returns the ids that were not. */
export async function insertExplanations(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'till.explained'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    session_id: body.sessionId,
    id,
    shop_id: body.shopId,
    staff_id: body.staffId,
    currency: body.currency,
    reason: body.reason,
    class: body.class,
    note: body.note,
    photo_id: body.photoId,
    bookings: body.bookings,
    booked_minor: body.bookings.reduce((all, { amountMinor }) => all + amountMinor, 0),
    business_date: businessDate,
    explained_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO till_explanation
      (org_id, session_id, id, shop_id, staff_id, currency, reason, class, note, photo_id, bookings,
       booked_minor, business_date, explained_at)
    SELECT ${org}::uuid, session_id, id, shop_id, staff_id, currency, reason, class, note, photo_id,
      bookings, booked_minor, business_date, explained_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (session_id uuid, id uuid, shop_id uuid, staff_id uuid, currency text, reason text, class text,
       note text, photo_id uuid, bookings jsonb, booked_minor bigint, business_date date,
       explained_at timestamptz)
    ON CONFLICT (org_id, session_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** What is found goes from over and short to where it is, or back. The session's totals stay. */
export function addExplanation(effects: Effects, { fact }: AppliedOf<'till.explained'>): void {
  const { id, body, businessDate, occurredAt } = fact
  for (const [index, booking] of body.bookings.entries()) {
    addTransfer(effects, {
      id: `${id}/correction/${index + 1}`,
      fact_id: id,
      shop_id: body.shopId,
      session_id: body.sessionId,
      staff_id: body.staffId,
      type: 'correction',
      from_location: booking.from,
      to_location: booking.to,
      currency: booking.currency,
      amount_minor: booking.amountMinor,
      category: body.reason,
      note: body.note,
      business_date: businessDate,
      occurred_at: occurredAt,
    })
  }
  addToSession(effects, body.sessionId, {})
}
