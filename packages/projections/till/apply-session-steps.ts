import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { addToDay, addTransfer, changeSession, type Effects } from '../apply/effects.ts'
import { drawer } from '../cash/location.ts'
import { jsonParameter, type Tx } from '../db.ts'

// Steps of a session between its opening and its close, as rows of one table.

type Step = {
  readonly id: string
  readonly session_id: string
  readonly shop_id: string
  readonly till_id: string
  readonly staff_id: string
  readonly kind: 'ended' | 'handed_over' | 'suspended' | 'resumed'
  readonly business_date: string
  readonly occurred_at: string
  readonly to_staff_id?: string
  readonly from_till_id?: string
  readonly counted?: unknown
  readonly reason?: string
}
type AppliedStep =
  | AppliedOf<'till.ended'>
  | AppliedOf<'till.handed_over'>
  | AppliedOf<'till.suspended'>
  | AppliedOf<'till.resumed'>

/** Inserts steps; those that are there already are left as they are. Returns the ids that were not. */
export async function insertSteps(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedStep[],
): Promise<readonly string[]> {
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO session_step
      (org_id, session_id, id, kind, shop_id, till_id, staff_id, to_staff_id, from_till_id, counted,
       reason, business_date, occurred_at)
    SELECT ${org}::uuid, session_id, id, kind, shop_id, till_id, staff_id, to_staff_id, from_till_id,
      counted, coalesce(reason, ''), business_date, occurred_at
    FROM jsonb_to_recordset(${jsonParameter(tx, facts.map(toStep))}) AS asked
      (session_id uuid, id uuid, kind text, shop_id uuid, till_id uuid, staff_id uuid,
       to_staff_id uuid, from_till_id uuid, counted jsonb, reason text, business_date date,
       occurred_at timestamptz)
    ON CONFLICT (org_id, session_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

function toStep({ fact }: AppliedStep): Step {
  const { id, body, businessDate, occurredAt } = fact
  const row = {
    id,
    session_id: body.sessionId,
    shop_id: body.shopId,
    till_id: body.tillId,
    business_date: businessDate,
    occurred_at: occurredAt,
  }
  switch (fact.type) {
    case 'till.ended':
      return { ...row, kind: 'ended', staff_id: fact.body.staffId, reason: fact.body.reason }
    case 'till.suspended':
      return { ...row, kind: 'suspended', staff_id: fact.body.staffId }
    case 'till.resumed': {
      const { staffId, fromTillId } = fact.body
      return { ...row, kind: 'resumed', staff_id: staffId, from_till_id: fromTillId }
    }
    case 'till.handed_over': {
      const { fromStaffId, toStaffId, counted } = fact.body
      return { ...row, kind: 'handed_over', staff_id: fromStaffId, to_staff_id: toStaffId, counted }
    }
  }
}

/** A session ends without a count, or rests: where it stands changes, and no cash moves. */
export function addStep(
  effects: Effects,
  { fact }: AppliedOf<'till.ended'> | AppliedOf<'till.suspended'>,
): void {
  changeSession(effects, fact.body.sessionId)
}

/**
 * Of a session's variance what was there at the hand-over is the giver's, and no more the taker's: the close
 * books the whole of it for who has the drawer then. Shares of hand-overs add up to nothing.
 */
export function addTillHandOver(effects: Effects, { fact }: AppliedOf<'till.handed_over'>): void {
  const { body, businessDate } = fact
  changeSession(effects, body.sessionId)
  for (const { currency, varianceMinor } of body.counted) {
    const day = { shop_id: body.shopId, business_date: businessDate, currency }
    addToDay(effects, { ...day, staff_id: body.fromStaffId }, { variance_minor: varianceMinor })
    addToDay(effects, { ...day, staff_id: body.toStaffId }, { variance_minor: -varianceMinor })
  }
}

/** A session goes on at a till: what its drawer holds was carried there. */
export function addResume(effects: Effects, { fact }: AppliedOf<'till.resumed'>): void {
  const { id, body, businessDate, occurredAt } = fact
  changeSession(effects, body.sessionId)
  if (body.fromTillId === body.tillId) return
  for (const { currency, minor, pieces } of body.carried) {
    addTransfer(effects, {
      id: `${id}/carried/${currency}`,
      fact_id: id,
      shop_id: body.shopId,
      session_id: body.sessionId,
      staff_id: body.staffId,
      type: 'hand_over',
      from_location: drawer(body.fromTillId),
      to_location: drawer(body.tillId),
      currency,
      amount_minor: minor,
      pieces,
      business_date: businessDate,
      occurred_at: occurredAt,
    })
  }
}
