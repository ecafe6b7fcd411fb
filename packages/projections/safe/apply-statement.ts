import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import type { Effects } from '../apply/effects.ts'
import { addVariance } from '../cash/add-cash.ts'
import { bank, overShort } from '../cash/location.ts'
import { jsonParameter, type Tx } from '../db.ts'

/** Inserts statements with their lines. A line that another file brought before stays one line. */
export async function insertStatements(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'statement.imported'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, occurredAt } }) => ({
    id,
    shop_id: body.shopId,
    staff_id: body.staffId,
    account: body.account,
    currency: body.currency,
    file_name: body.fileName,
    line_count: body.lines.length,
    imported_at: occurredAt,
  }))
  const lines = facts.flatMap(({ fact: { id: fact_id, body } }) =>
    body.lines.map(({ id, bookedOn, amountMinor, reference, description }) => ({
      ...{ id, fact_id, shop_id: body.shopId, account: body.account, currency: body.currency },
      ...{ booked_on: bookedOn, amount_minor: amountMinor, reference, description },
    })),
  )
  const [inserted] = await Promise.all([
    tx<{ id: string }[]>`
      INSERT INTO statement_import
        (org_id, id, shop_id, staff_id, account, currency, file_name, line_count, imported_at)
      SELECT ${org}::uuid, id, shop_id, staff_id, account, currency, file_name, line_count,
        imported_at
      FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
        (id uuid, shop_id uuid, staff_id uuid, account text, currency text, file_name text,
         line_count integer, imported_at timestamptz)
      ON CONFLICT (org_id, id) DO NOTHING
      RETURNING id
    `.execute(),
    tx`
      INSERT INTO statement_line AS line
        (org_id, id, fact_id, shop_id, account, currency, booked_on, amount_minor, reference,
         description)
      SELECT DISTINCT ON (id) ${org}::uuid, id, fact_id, shop_id, account, currency, booked_on,
        amount_minor, reference, description
      FROM jsonb_to_recordset(${jsonParameter(tx, lines)}) AS asked
        (id uuid, fact_id uuid, shop_id uuid, account text, currency text, booked_on date,
         amount_minor bigint, reference text, description text)
      ORDER BY id, fact_id, booked_on, amount_minor, reference, description
      ON CONFLICT (org_id, id) DO UPDATE
      SET fact_id = excluded.fact_id, shop_id = excluded.shop_id, account = excluded.account,
        currency = excluded.currency, booked_on = excluded.booked_on,
        amount_minor = excluded.amount_minor, reference = excluded.reference,
        description = excluded.description
      WHERE excluded.fact_id < line.fact_id
    `.execute(),
  ])
  return inserted.map(({ id }) => id)
}

/** Inserts what people said lines are. */
export async function insertMatches(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'statement.matched'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, occurredAt } }) => ({
    id,
    line_id: body.lineId,
    shop_id: body.shopId,
    staff_id: body.staffId,
    currency: body.currency,
    line_minor: body.lineMinor,
    booked_minor: body.bookedMinor,
    bags: body.bags,
    orders: body.orders,
    matched_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO statement_match
      (org_id, line_id, id, shop_id, staff_id, currency, line_minor, booked_minor, bags, orders,
       matched_at)
    SELECT ${org}::uuid, line_id, id, shop_id, staff_id, currency, line_minor, booked_minor,
      ARRAY(SELECT jsonb_array_elements_text(bags)::uuid),
      ARRAY(SELECT jsonb_array_elements_text(orders)::uuid), matched_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (line_id uuid, id uuid, shop_id uuid, staff_id uuid, currency text, line_minor bigint,
       booked_minor bigint, bags jsonb, orders jsonb, matched_at timestamptz)
    ON CONFLICT (org_id, line_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** What the bank has more or less than our books is booked as over or short there. */
export function addMatch(effects: Effects, { fact }: AppliedOf<'statement.matched'>): void {
  const { shopId, lineId, currency, lineMinor, bookedMinor } = fact.body
  effects.touched.lines.add(lineId)
  addVariance(effects, fact, {
    ...{ place: bank(shopId), outside: overShort(shopId), part: 'matched', currency },
    varianceMinor: lineMinor - bookedMinor,
  })
}

/** Inserts which lines people said are no deposits. */
export async function insertAsides(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'statement.set_aside'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, occurredAt } }) => ({
    ...{ id, line_id: body.lineId, shop_id: body.shopId, staff_id: body.staffId },
    ...{ reason: body.reason, set_at: occurredAt },
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO statement_aside (org_id, line_id, id, shop_id, staff_id, reason, set_at)
    SELECT ${org}::uuid, line_id, id, shop_id, staff_id, reason, set_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (line_id uuid, id uuid, shop_id uuid, staff_id uuid, reason text, set_at timestamptz)
    ON CONFLICT (org_id, line_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** Inserts what people took back, whether it is known yet or not. */
export async function insertUndone(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'statement.undone'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, occurredAt } }) => ({
    ...{ id, line_id: body.lineId, shop_id: body.shopId, staff_id: body.staffId },
    ...{ undone_id: body.undoneId, reason: body.reason, undone_at: occurredAt },
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO statement_undo
      (org_id, line_id, id, undone_id, shop_id, staff_id, reason, undone_at)
    SELECT ${org}::uuid, line_id, id, undone_id, shop_id, staff_id, reason, undone_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (line_id uuid, id uuid, undone_id uuid, shop_id uuid, staff_id uuid, reason text,
       undone_at timestamptz)
    ON CONFLICT (org_id, line_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** What a match had booked as over or short goes back. */
export function addUndone(effects: Effects, { fact }: AppliedOf<'statement.undone'>): void {
  const { shopId, lineId, currency, varianceMinor } = fact.body
  effects.touched.lines.add(lineId)
  addVariance(effects, fact, {
    ...{ place: bank(shopId), outside: overShort(shopId), part: 'undone', currency },
    ...{ varianceMinor: -varianceMinor, type: 'correction' },
  })
}
