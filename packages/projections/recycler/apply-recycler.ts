import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { jsonParameter, type Tx } from '../db.ts'

// Rows of what machines were asked and did. Each inserts once by the fact's id and returns the ids that are fresh.

/** Inserts intents, whether their end is known already or not. */
export async function insertAttempts(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'recycler.started'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    ...{ id, attempt_id: body.attemptId, shop_id: body.shopId, recycler_id: body.recyclerId },
    ...{ seq_no: body.seqNo, staff_id: body.staffId, till_id: body.tillId },
    ...{ session_id: body.sessionId, currency: body.currency, work: body.work },
    ...{ before: body.before, links: body.links },
    ...{ business_date: businessDate, occurred_at: occurredAt },
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO recycler_attempt
      (org_id, attempt_id, id, shop_id, recycler_id, seq_no, staff_id, till_id, session_id, currency,
       work, before, links, business_date, occurred_at)
    SELECT ${org}::uuid, attempt_id, id, shop_id, recycler_id, seq_no, staff_id, till_id, session_id,
      currency, work, before, links, business_date, occurred_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (attempt_id uuid, id uuid, shop_id uuid, recycler_id uuid, seq_no text, staff_id uuid,
       till_id uuid, session_id uuid, currency text, work jsonb, before jsonb, links jsonb,
       business_date date, occurred_at timestamptz)
    ON CONFLICT (org_id, attempt_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** Inserts ends of attempts, and keeps what the machine held after the latest. */
export async function insertRecyclerSettlements(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'recycler.settled'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    ...{ id, attempt_id: body.attemptId, shop_id: body.shopId, recycler_id: body.recyclerId },
    ...{ staff_id: body.staffId, work: body.work, ending: body.ending },
    ...{ cash_in: body.in, cash_out: body.out, boxed: body.boxed, certain: body.certain },
    ...{ because: body.because, code: body.code, after: body.after },
    ...{ business_date: businessDate, occurred_at: occurredAt },
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO recycler_settlement
      (org_id, attempt_id, id, shop_id, recycler_id, staff_id, work, ending, cash_in, cash_out, boxed,
       certain, because, code, after, business_date, occurred_at)
    SELECT ${org}::uuid, attempt_id, id, shop_id, recycler_id, staff_id, work, ending, cash_in,
      cash_out, boxed, certain, because, code, after, business_date, occurred_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (attempt_id uuid, id uuid, shop_id uuid, recycler_id uuid, staff_id uuid, work jsonb, ending text,
       cash_in jsonb, cash_out jsonb, boxed jsonb, certain boolean, because text, code text, after jsonb,
       business_date date, occurred_at timestamptz)
    ON CONFLICT (org_id, attempt_id, id) DO NOTHING
    RETURNING id
  `.execute()
  await keepStock(
    tx,
    org,
    facts.map(({ fact }) => toldBy(fact, fact.body.after)),
  )
  return inserted.map(({ id }) => id)
}

/** Inserts what people said of attempts and counts. */
export async function insertRecyclerResolutions(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'recycler.resolved'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    ...{ id, shop_id: body.shopId, recycler_id: body.recyclerId, staff_id: body.staffId },
    ...{ attempt_id: body.attempt?.attemptId, ending: body.attempt?.ending },
    ...{ cash_in: body.attempt?.in, cash_out: body.attempt?.out, counted: body.counted },
    ...{ variances: body.variances, reason: body.reason },
    ...{ business_date: businessDate, occurred_at: occurredAt },
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO recycler_resolution
      (org_id, recycler_id, id, shop_id, staff_id, attempt_id, ending, cash_in, cash_out, counted,
       variances, reason, business_date, occurred_at)
    SELECT ${org}::uuid, recycler_id, id, shop_id, staff_id, attempt_id, ending, cash_in, cash_out,
      counted, variances, reason, business_date, occurred_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (recycler_id uuid, id uuid, shop_id uuid, staff_id uuid, attempt_id uuid, ending text,
       cash_in jsonb, cash_out jsonb, counted jsonb, variances jsonb, reason text, business_date date,
       occurred_at timestamptz)
    ON CONFLICT (org_id, recycler_id, id) DO NOTHING
    RETURNING id
  `.execute()
  await keepStock(
    tx,
    org,
    facts.map(({ fact }) => toldBy(fact, fact.body.counted)),
  )
  return inserted.map(({ id }) => id)
}

/** Inserts what machines held that nobody booked. */
export async function insertDifferences(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'recycler.differed'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, occurredAt } }) => ({
    ...{ id, shop_id: body.shopId, recycler_id: body.recyclerId, attempt_id: body.attemptId },
    ...{ differences: body.differences, occurred_at: occurredAt },
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO recycler_difference
      (org_id, recycler_id, id, shop_id, attempt_id, differences, occurred_at)
    SELECT ${org}::uuid, recycler_id, id, shop_id, attempt_id, differences, occurred_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (recycler_id uuid, id uuid, shop_id uuid, attempt_id uuid, differences jsonb,
       occurred_at timestamptz)
    ON CONFLICT (org_id, recycler_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** Inserts what was taken out of cash boxes. */
export async function insertEmptyings(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'recycler.emptied'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    ...{ id, shop_id: body.shopId, recycler_id: body.recyclerId, staff_id: body.staffId },
    ...{ cash: body.cash, note: body.note ?? '' },
    ...{ business_date: businessDate, occurred_at: occurredAt },
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO recycler_emptying
      (org_id, recycler_id, id, shop_id, staff_id, cash, note, business_date, occurred_at)
    SELECT ${org}::uuid, recycler_id, id, shop_id, staff_id, cash, note, business_date, occurred_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (recycler_id uuid, id uuid, shop_id uuid, staff_id uuid, cash jsonb, note text,
       business_date date, occurred_at timestamptz)
    ON CONFLICT (org_id, recycler_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/**
 * Keeps the latest of what machines told, by when it was: an id may be a person's, of any clock. Nothing else hangs on it, so every id counts as fresh, also of what an
 * earlier fact is too late for.
 */
export async function keepTold(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'recycler.told'>[],
): Promise<readonly string[]> {
  await keepStock(
    tx,
    org,
    facts.map(({ fact }) => toldBy(fact, fact.body.stock)),
  )
  const rows = facts.flatMap(({ fact }) => {
    const { condition } = fact.body
    return condition === undefined ? [] : [{ ...toldBy(fact, undefined), condition }]
  })
  if (rows.length > 0) {
    await tx`
      INSERT INTO recycler_condition AS kept
        (org_id, recycler_id, fact_id, shop_id, condition, told_at)
      SELECT DISTINCT ON (recycler_id) ${org}::uuid, recycler_id, fact_id, shop_id, condition, told_at
      FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
        (recycler_id uuid, fact_id uuid, shop_id uuid, condition jsonb, told_at timestamptz)
      ORDER BY recycler_id, told_at DESC, fact_id DESC
      ON CONFLICT (org_id, recycler_id) DO UPDATE
      SET fact_id = excluded.fact_id, shop_id = excluded.shop_id, condition = excluded.condition,
        told_at = excluded.told_at
      WHERE (kept.told_at, kept.fact_id) < (excluded.told_at, excluded.fact_id)
    `.execute()
  }
  return facts.map(({ fact }) => fact.id)
}

type Told = {
  readonly recycler_id: string
  readonly fact_id: string
  readonly shop_id: string
  readonly stock: unknown
  readonly told_at: string
}

function toldBy(
  {
    id,
    occurredAt,
    body,
  }: {
    readonly id: string
    readonly occurredAt: string
    readonly body: { readonly shopId: string; readonly recyclerId: string }
  },
  stock: unknown,
): Told {
  const of = { recycler_id: body.recyclerId, shop_id: body.shopId }
  return { ...of, fact_id: id, stock, told_at: occurredAt }
}

async function keepStock(tx: Tx, org: OrgId, told: readonly Told[]): Promise<void> {
  const rows = told.filter(({ stock }) => stock !== undefined)
  if (rows.length === 0) return
  await tx`
    INSERT INTO recycler_stock AS kept (org_id, recycler_id, fact_id, shop_id, stock, told_at)
    SELECT DISTINCT ON (recycler_id) ${org}::uuid, recycler_id, fact_id, shop_id, stock, told_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (recycler_id uuid, fact_id uuid, shop_id uuid, stock jsonb, told_at timestamptz)
    ORDER BY recycler_id, told_at DESC, fact_id DESC
    ON CONFLICT (org_id, recycler_id) DO UPDATE
    SET fact_id = excluded.fact_id, shop_id = excluded.shop_id, stock = excluded.stock,
      told_at = excluded.told_at
    WHERE (kept.told_at, kept.fact_id) < (excluded.told_at, excluded.fact_id)
  `.execute()
}
