import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { CashAmount } from '@tillkeeper/facts/catalogue/parts.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { addToDay, addToSession, changeSession, type Effects } from '../apply/effects.ts'
import { jsonParameter, type Tx } from '../db.ts'
import { addToSafe, addVariance } from './drawer-transfers.ts'

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
    of_staff_id: body.ofStaffId,
    others: body.others,
    left_cash: body.left,
    recounts: body.recounts ?? 0,
    declared: body.declared,
    knew: body.knew,
    note: body.note ?? '',
    business_date: businessDate,
    closed_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO till_close
      (org_id, session_id, id, shop_id, till_id, staff_id, currency, counted_minor, counted_pieces,
       expected_minor, variance_minor, of_staff_id, others, left_cash, recounts, declared, knew, note,
       business_date, closed_at)
    SELECT ${org}::uuid, session_id, id, shop_id, till_id, staff_id, currency, counted_minor,
      counted_pieces, expected_minor, variance_minor, of_staff_id, others, left_cash, recounts,
      declared, knew, note, business_date, closed_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (session_id uuid, id uuid, shop_id uuid, till_id uuid, staff_id uuid, currency text,
       counted_minor bigint, counted_pieces jsonb, expected_minor bigint, variance_minor bigint,
       of_staff_id uuid, others jsonb, left_cash jsonb, recounts integer, declared jsonb, knew jsonb,
       note text, business_date date, closed_at timestamptz)
    ON CONFLICT (org_id, session_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/**
 * The variance is booked against over and short, and what was counted goes to the safe, but for what stays
 * in the drawer: currency by currency.
 */
export function addClose(effects: Effects, { fact }: AppliedOf<'till.closed'>): void {
  const { id, body, businessDate, occurredAt } = fact
  const { shopId, tillId, sessionId } = body
  const act = {
    fact_id: id,
    shop_id: shopId,
    session_id: sessionId,
    staff_id: body.staffId,
    business_date: businessDate,
    occurred_at: occurredAt,
  }
  const staff_id = body.ofStaffId ?? body.staffId
  for (const [index, counted] of [body, ...(body.others ?? [])].entries()) {
    const { currency, countedMinor, varianceMinor } = counted
    const part = index === 0 ? '' : `/${currency}`
    const left = body.left?.find((each) => each.currency === currency)
    addVariance(effects, act, { part: `variance${part}`, tillId, currency, minor: varianceMinor })
    addToSafe(effects, act, {
      ...{ part: `takings${part}`, type: 'takings', tillId, currency },
      minor: countedMinor - (left?.minor ?? 0),
      pieces: takenPieces(counted.pieces, left),
    })
    addToDay(
      effects,
      { shop_id: shopId, business_date: businessDate, staff_id, currency },
      { closes: index === 0 ? 1 : 0, variance_minor: varianceMinor },
    )
  }
  addToSession(effects, sessionId, {})
  changeSession(effects, sessionId)
  effects.sessionsClosed.add(sessionId)
}

// What goes to the safe by piece, where both sides are known.
function takenPieces(counted: Pieces | undefined, left: CashAmount | undefined) {
  if (counted === undefined || left === undefined || left.minor === 0) return counted
  if (left.pieces === undefined) return undefined
  const stays = new Map(left.pieces.map((each) => [each.faceMinor, each.pieces]))
  return counted
    .map(({ faceMinor, pieces }) => ({ faceMinor, pieces: pieces - (stays.get(faceMinor) ?? 0) }))
    .filter(({ pieces }) => pieces > 0)
}
