import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { addTransfer, type Effects, type TransferRow } from '../apply/effects.ts'
import { addToDrawer } from '../cash/apply-cash-moved.ts'
import { drawer, overShort, transit } from '../cash/location.ts'
import { jsonParameter, type Tx } from '../db.ts'

/** Inserts the first signatures of transfers. Returns the ids that were not there. */
export async function insertHandOvers(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'cash.given'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    id,
    shop_id: body.shopId,
    till_id: body.tillId,
    session_id: body.sessionId,
    staff_id: body.staffId,
    to_till_id: body.toTillId,
    currency: body.currency,
    amount_minor: body.amountMinor,
    pieces: body.pieces,
    note: body.note ?? '',
    business_date: businessDate,
    given_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO hand_over
      (org_id, id, shop_id, till_id, session_id, staff_id, to_till_id, currency, amount_minor, pieces,
       note, business_date, given_at)
    SELECT ${org}::uuid, id, shop_id, till_id, session_id, staff_id, to_till_id, currency,
      amount_minor, pieces, note, business_date, given_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (id uuid, shop_id uuid, till_id uuid, session_id uuid, staff_id uuid, to_till_id uuid,
       currency text, amount_minor bigint, pieces jsonb, note text, business_date date,
       given_at timestamptz)
    ON CONFLICT (org_id, id) DO NOTHING
    RETURNING id
  `.execute()
  const ids = inserted.map(({ id }) => id)
  if (ids.length > 0) await raiseHandOvers(tx, org, ids)
  return ids
}

/** Inserts second signatures of transfers. Returns the ids that were not there. */
export async function insertHandOverAnswers(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'cash.received'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, occurredAt } }) => ({
    transfer_id: body.transferId,
    id,
    shop_id: body.shopId,
    till_id: body.tillId,
    session_id: body.sessionId,
    staff_id: body.staffId,
    answer: body.answer,
    currency: body.currency,
    given_minor: body.givenMinor,
    counted_minor: body.countedMinor,
    variance_minor: body.varianceMinor,
    note: body.note ?? '',
    answered_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO hand_over_answer
      (org_id, transfer_id, id, shop_id, till_id, session_id, staff_id, answer, currency, given_minor,
       counted_minor, variance_minor, note, answered_at)
    SELECT ${org}::uuid, transfer_id, id, shop_id, till_id, session_id, staff_id, answer, currency,
      given_minor, counted_minor, variance_minor, note, answered_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (transfer_id uuid, id uuid, shop_id uuid, till_id uuid, session_id uuid, staff_id uuid,
       answer text, currency text, given_minor bigint, counted_minor bigint, variance_minor bigint,
       note text, answered_at timestamptz)
    ON CONFLICT (org_id, transfer_id, id) DO NOTHING
    RETURNING id
  `.execute()
  if (inserted.length > 0) {
    await raiseHandOvers(tx, org, [...new Set(rows.map(({ transfer_id }) => transfer_id))])
  }
  return inserted.map(({ id }) => id)
}

// Looked at from both signatures, and each time whole: so it ends the same whichever came first.
async function raiseHandOvers(tx: Tx, org: OrgId, ids: readonly string[]): Promise<void> {
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT ${org}::uuid, asked.id || '/' || kind, coalesce(given.shop_id, said.shop_id), kind,
      ARRAY['transfer:' || asked.id],
      jsonb_build_object('transferId', asked.id, 'currency', coalesce(given.currency, said.currency),
        'givenMinor', coalesce(given.amount_minor, said.given_minor), 'answers', said.answers)
    FROM unnest(${ids}::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT (array_agg(shop_id ORDER BY id))[1] AS shop_id,
        (array_agg(currency ORDER BY id))[1] AS currency,
        (array_agg(given_minor ORDER BY id))[1] AS given_minor,
        count(*) AS times, bool_or(variance_minor <> 0) AS varies,
        min(given_minor) AS least, max(given_minor) AS most,
        jsonb_agg(jsonb_build_object('id', id, 'staffId', staff_id, 'tillId', till_id,
          'countedMinor', counted_minor, 'varianceMinor', variance_minor) ORDER BY id) AS answers
      FROM hand_over_answer
      WHERE org_id = ${org} AND transfer_id = asked.id AND answer = 'accepted'
    ) AS said
    LEFT JOIN LATERAL (
      SELECT shop_id, currency, amount_minor
      FROM hand_over
      WHERE org_id = ${org} AND hand_over.id = asked.id
      LIMIT 1
    ) AS given ON TRUE
    CROSS JOIN LATERAL (
      SELECT 'transfer_differs' AS kind
      WHERE said.varies OR said.least <> said.most OR given.amount_minor <> said.least
      UNION ALL
      SELECT 'transfer_received_twice' WHERE said.times > 1
    ) AS broken
    ON CONFLICT (org_id, id) DO UPDATE SET shop_id = excluded.shop_id, detail = excluded.detail
  `.execute()
}

/** Cash leaves the drawer and is on its way. */
export function addHandOver(effects: Effects, { fact }: AppliedOf<'cash.given'>): void {
  const { id, body } = fact
  addTransfer(effects, {
    ...rowOf(fact),
    id: `${id}/given`,
    type: 'hand_over',
    from_location: drawer(body.tillId),
    to_location: transit(body.shopId, id),
    amount_minor: body.amountMinor,
    pieces: body.pieces,
  })
  addToDrawer(effects, body, { dropped_minor: body.amountMinor })
}

/**
 * What was counted comes into the drawer, and a difference goes to over and short: so nothing is left on its
 * way. Where it was declined, all of it is.
 */
export function addHandOverAnswer(effects: Effects, { fact }: AppliedOf<'cash.received'>): void {
  const { id, body } = fact
  if (body.answer === 'declined') return
  const way = transit(body.shopId, body.transferId)
  const surplus = body.varianceMinor > 0
  addTransfer(effects, {
    ...rowOf(fact),
    id: `${id}/variance`,
    type: surplus ? 'surplus' : 'shortage',
    from_location: surplus ? overShort(body.shopId) : way,
    to_location: surplus ? way : overShort(body.shopId),
    amount_minor: Math.abs(body.varianceMinor),
  })
  addTransfer(effects, {
    ...rowOf(fact),
    id: `${id}/received`,
    type: 'hand_over',
    from_location: way,
    to_location: drawer(body.tillId),
    amount_minor: body.countedMinor,
    pieces: body.pieces,
  })
  addToDrawer(effects, body, { topped_up_minor: body.countedMinor })
}

type Handed = AppliedOf<'cash.given'>['fact'] | AppliedOf<'cash.received'>['fact']
type Shared = Omit<TransferRow, 'id' | 'type' | 'from_location' | 'to_location' | 'amount_minor'>

function rowOf({ id, body, businessDate, occurredAt }: Handed): Shared {
  return {
    fact_id: id,
    shop_id: body.shopId,
    session_id: body.sessionId,
    staff_id: body.staffId,
    currency: body.currency,
    note: body.note,
    business_date: businessDate,
    occurred_at: occurredAt,
  }
}
