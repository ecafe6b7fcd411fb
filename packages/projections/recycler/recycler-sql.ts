import type { OrgId, SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import type { UnitFace } from '@tillkeeper/core/recycler/resolve-recycler.ts'
import type {
  RecyclerDifferedBody,
  RecyclerStartedBody,
  RecyclerStock,
  RecyclerToldBody,
  RecyclerWork,
} from '@tillkeeper/facts/catalogue/recycler.ts'
import { cashBox, recycler } from '../cash/location.ts'
import { jsonParameter, type Reader } from '../db.ts'

/** A machine as the shop said it. */
export type Machine = {
  readonly id: string
  readonly name: string
  readonly driver: string
  readonly address: string
  readonly currencies: readonly Currency[]
  readonly tills: readonly TillId[]
  readonly active: boolean
}

/** The machines of a shop, by name. */
export async function listMachines(
  sql: Reader,
  org: OrgId,
  shopId: ShopId,
): Promise<readonly Machine[]> {
  return sql<Machine[]>`
    SELECT id, name, driver, address, currencies, tills, active
    FROM recycler
    WHERE org_id = ${org} AND shop_id = ${shopId}
    ORDER BY name, id
  `
}

/** An intent as it was journalled. */
export type NotedAttempt = {
  readonly attemptId: string
  readonly seqNo: string
  readonly staffId: StaffId
  /** Who the fact names as its actor; `null` where the journal has only the table's row. */
  readonly actor: string | null
  readonly tillId: TillId | null
  readonly sessionId: SessionId | null
  readonly currency: Currency
  readonly work: RecyclerWork
  readonly before: RecyclerStock
  readonly links: RecyclerStartedBody['links'] | null
}

/** The newest intent of a machine that has no end: it may have moved money. */
export async function findOpenAttempt(
  sql: Reader,
  org: OrgId,
  recyclerId: string,
): Promise<NotedAttempt | undefined> {
  const [row] = await sql<NotedAttempt[]>`
    SELECT attempt_id AS "attemptId", seq_no AS "seqNo", staff_id AS "staffId", till_id AS "tillId",
      session_id AS "sessionId", currency, work, before, links, (
        SELECT convert_from(fact.bytes, 'UTF8')::jsonb ->> 'actor'
        FROM fact_id AS place
        JOIN journal AS fact USING (org_id, stream, seq)
        WHERE place.org_id = attempt.org_id AND place.id = attempt.attempt_id
      ) AS actor
    FROM recycler_attempt AS attempt
    WHERE org_id = ${org} AND recycler_id = ${recyclerId}
      AND NOT EXISTS (
        SELECT FROM recycler_settlement AS settled
        WHERE settled.org_id = attempt.org_id AND settled.attempt_id = attempt.attempt_id
      )
    ORDER BY attempt_id DESC, id DESC
    LIMIT 1
  `
  return row
}

/** Whether an end of an attempt is journalled. */
export async function isSettled(sql: Reader, org: OrgId, attemptId: string): Promise<boolean> {
  const rows = await sql`
    SELECT FROM recycler_settlement WHERE org_id = ${org} AND attempt_id = ${attemptId} LIMIT 1
  `
  return rows.length > 0
}

/** An attempt that a person is asked about: what it was to do, and whether nobody knows its end. */
export async function findUnresolved(
  sql: Reader,
  org: OrgId,
  { recyclerId, attemptId }: { readonly recyclerId: string; readonly attemptId: string },
): Promise<
  | { readonly work: RecyclerWork; readonly currency: Currency; readonly unresolved: boolean }
  | undefined
> {
  const [row] = await sql<{ work: RecyclerWork; currency: Currency; unresolved: boolean }[]>`
    SELECT work, cash_in ->> 'currency' AS currency,
      NOT EXISTS (
        SELECT FROM recycler_settlement AS known
        WHERE known.org_id = settled.org_id AND known.attempt_id = settled.attempt_id
          AND known.ending <> 'unresolved'
      ) AND NOT EXISTS (
        SELECT FROM recycler_resolution AS said
        WHERE said.org_id = settled.org_id AND said.attempt_id = settled.attempt_id
      ) AS unresolved
    FROM recycler_settlement AS settled
    WHERE org_id = ${org} AND attempt_id = ${attemptId} AND recycler_id = ${recyclerId}
    ORDER BY id
    LIMIT 1
  `
  return row
}

/** What the books say that a machine holds, and whether it was ever counted. */
export async function readMachineStock(
  sql: Reader,
  org: OrgId,
  { shopId, recyclerId }: { readonly shopId: ShopId; readonly recyclerId: string },
): Promise<{ readonly held: readonly UnitFace[]; readonly known: boolean }> {
  const box = cashBox(shopId, recyclerId)
  const places = [recycler(shopId, recyclerId), box]
  const [held, counts] = await Promise.all([
    sql<UnitFace[]>`
      SELECT CASE location WHEN ${box} THEN 'cash_box' ELSE 'recycling' END AS unit, currency,
        face_minor AS "faceMinor", pieces
      FROM cash_inventory
      WHERE org_id = ${org} AND location = ANY(${places}::text[]) AND face_minor <> 0
    `,
    sql`
      SELECT FROM recycler_resolution
      WHERE org_id = ${org} AND recycler_id = ${recyclerId} AND counted IS NOT NULL
      LIMIT 1
    `,
  ])
  return { held, known: counts.length > 0 }
}

/** The highest number that an attempt of any machine of the shop had on the wire; 0 before the first. */
export async function readLastSeqNo(sql: Reader, org: OrgId, shopId: ShopId): Promise<number> {
  const [row] = await sql<{ last: string | null }[]>`
    SELECT max(seq_no) AS last FROM recycler_attempt WHERE org_id = ${org} AND shop_id = ${shopId}
  `
  return Number(row?.last ?? 0)
}

/** What out of a machine is for: an act by its id, in the words of an intent's `links`. */
export type GivenFor = Readonly<
  Partial<Record<'refundId' | 'expenseId' | 'movementId' | 'forAttemptId', string>>
>

/**
 * Attempts for one act are made within minutes of each other; older ones are not looked at. What was given back for an
 * attempt counts however long ago: that has no other limit.
 */
const givenWithin = '7 days'

/**
 * What machines of a shop gave for an act, less what they took back for it: of an attempt whose end nobody knows, or
 * that has none yet, all that was asked.
 */
export async function readGivenFor(
  sql: Reader,
  org: OrgId,
  { shopId, of, now }: { readonly shopId: ShopId; readonly of: GivenFor; readonly now: string },
): Promise<Minor> {
  const given =
    of.forAttemptId === undefined
      ? sql`asked.occurred_at > ${now}::timestamptz - ${givenWithin}::interval
          AND asked.links @> ${jsonParameter(sql, of)}`
      : sql`asked.links ->> 'forAttemptId' = ${of.forAttemptId}`
  const [row] = await sql<{ minor: Minor }[]>`
    SELECT coalesce(sum(CASE
      WHEN ended.ending IS NULL OR ended.ending = 'unresolved'
        THEN greatest((asked.work ->> 'amountMinor')::bigint, 0)
      ELSE (ended.cash_out ->> 'minor')::bigint - (ended.cash_in ->> 'minor')::bigint
    END), 0)::bigint AS minor
    FROM recycler AS machine
    JOIN recycler_attempt AS asked
      ON asked.org_id = machine.org_id AND asked.recycler_id = machine.id
        AND ${given}
    LEFT JOIN LATERAL (
      SELECT ending, cash_in, cash_out FROM (
        SELECT id, ending, cash_in, cash_out FROM recycler_settlement
        WHERE org_id = asked.org_id AND attempt_id = asked.attempt_id
        UNION ALL
        SELECT id, ending, cash_in, cash_out FROM recycler_resolution
        WHERE org_id = asked.org_id AND attempt_id = asked.attempt_id
      ) AS said
      ORDER BY ending = 'unresolved', id LIMIT 1
    ) AS ended ON TRUE
    WHERE machine.org_id = ${org} AND machine.shop_id = ${shopId}
      AND asked.work ->> 'kind' = 'pay_out'
  `
  return minor(row?.minor ?? 0)
}

/** What of an attempt's money acts name as theirs: in above zero. It is no money to give back. */
export async function readUsed(sql: Reader, org: OrgId, attemptId: string): Promise<Minor> {
  const [row] = await sql<{ minor: Minor }[]>`
    SELECT coalesce(sum(amount_minor), 0)::bigint AS minor
    FROM machine_use WHERE org_id = ${org} AND attempt_id = ${attemptId}
  `
  return minor(row?.minor ?? 0)
}

/** What a machine last told, as it is kept for whoever is not near it. */
export async function readTold(
  sql: Reader,
  org: OrgId,
  recyclerId: string,
): Promise<{
  readonly condition: RecyclerToldBody['condition'] | null
  readonly stock: RecyclerStock | null
}> {
  const [row] = await sql<
    { condition: RecyclerToldBody['condition'] | null; stock: RecyclerStock | null }[]
  >`
    SELECT
      (SELECT condition FROM recycler_condition WHERE org_id = ${org} AND recycler_id = ${recyclerId})
        AS condition,
      (SELECT stock FROM recycler_stock WHERE org_id = ${org} AND recycler_id = ${recyclerId}) AS stock
  `
  return row ?? { condition: null, stock: null }
}

/**
 * The last difference of a machine at rest that nobody has counted since, and whether an attempt of it is open or
 * unresolved: then its end is missing in the books, and they say nothing yet.
 */
export async function readDoubts(
  sql: Reader,
  org: OrgId,
  recyclerId: string,
): Promise<{
  readonly differences: RecyclerDifferedBody['differences'] | null
  readonly unsettled: boolean
}> {
  const [row] = await sql<
    { differences: RecyclerDifferedBody['differences'] | null; unsettled: boolean }[]
  >`
    SELECT (
        SELECT told.differences FROM recycler_difference AS told
        WHERE told.org_id = ${org} AND told.recycler_id = ${recyclerId} AND told.attempt_id IS NULL
          AND NOT EXISTS (
            SELECT FROM recycler_resolution AS looked
            WHERE looked.org_id = told.org_id AND looked.recycler_id = told.recycler_id
              AND looked.counted IS NOT NULL AND looked.occurred_at > told.occurred_at
          )
        ORDER BY told.occurred_at DESC, told.id DESC LIMIT 1
      ) AS differences,
      EXISTS (
        SELECT FROM exception
        WHERE org_id = ${org} AND kind = 'recycler_unresolved'
          AND keys @> ARRAY['recycler:' || ${recyclerId}::text]
      ) AS unsettled
  `
  return row ?? { differences: null, unsettled: true }
}
