import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { addToSession, addToSessionCash, changeSession, type Effects } from '../apply/effects.ts'
import { jsonParameter, type Tx } from '../db.ts'
import { addToSafe, addVariance } from './drawer-transfers.ts'

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
    left_minor: body.leftMinor,
    loan_minor: body.loanMinor,
    opening_variance_minor: body.varianceMinor,
    others: body.others,
    business_date: businessDate,
    opened_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO till_session
      (org_id, id, shop_id, till_id, staff_id, currency, float_minor, float_pieces, left_minor,
       loan_minor, opening_variance_minor, others, business_date, opened_at)
    SELECT ${org}::uuid, id, shop_id, till_id, staff_id, currency, float_minor, float_pieces,
      left_minor, loan_minor, opening_variance_minor, others, business_date, opened_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (id uuid, shop_id uuid, till_id uuid, staff_id uuid, currency text, float_minor bigint,
       float_pieces jsonb, left_minor bigint, loan_minor bigint, opening_variance_minor bigint,
       others jsonb, business_date date, opened_at timestamptz)
    ON CONFLICT (org_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/**
 * The loan goes from the safe into the drawer, beside what was left in it; what the drawer gained or lost
 * since it was counted last is booked against over and short.
 */
export function addSession(effects: Effects, { fact }: AppliedOf<'till.opened'>): void {
  const { id, body, businessDate, occurredAt } = fact
  const { tillId, pieces, others = [] } = body
  addToSession(effects, id, {})
  changeSession(effects, id)
  const act = {
    fact_id: id,
    shop_id: body.shopId,
    session_id: id,
    staff_id: body.staffId,
    business_date: businessDate,
    occurred_at: occurredAt,
  }
  const own = { ...body, pieces, part: '' }
  for (const { part, ...float } of [
    own,
    ...others.map((each) => ({ ...each, part: `/${each.currency}` })),
  ]) {
    const { currency, leftMinor, loanMinor, loanPieces, varianceMinor } = float
    // A float that is all from the safe has the pieces that were counted.
    const allLoan = leftMinor === 0 && varianceMinor === 0
    addToSafe(effects, act, {
      ...{ part: `float${part}`, type: 'float', tillId, currency, minor: -loanMinor },
      pieces: loanPieces ?? (allLoan ? float.pieces : undefined),
    })
    addVariance(effects, act, {
      ...{ part: `variance${part}`, tillId, currency, minor: varianceMinor },
    })
  }
  for (const { currency, minor } of others) {
    addToSessionCash(effects, { session_id: id, currency }, { float_minor: minor })
  }
}
