import type { OrgId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { Reader } from '../db.ts'
import { type Page, toPage } from '../page/cursor.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

/** The kinds of papers that sales leave. The others are the types of movements. */
export const tradeKinds = ['sale', 'refund', 'void'] as const
/** Movements that leave a paper. */
export const movementKinds = [
  'pay_in',
  'pay_out',
  'drop',
  'top_up',
  'bag',
  'deposit',
  'change_order',
  'advance',
  'expense',
  'advance_return',
  'fund_issue',
  'fund_return',
] as const
export const documentKinds = [...tradeKinds, ...movementKinds] as const
export type DocumentKind = (typeof documentKinds)[number]

/** A paper: of a sale, a refund, a void, or of cash that moved. */
export type Document = {
  /** The fact that it is of. */
  readonly id: string
  /** Unique: a movement of several currencies is several papers. */
  readonly key: string
  readonly kind: DocumentKind
  readonly number: string | null
  readonly shopId: ShopId
  readonly sessionId: string | null
  readonly staffId: StaffId
  readonly staffName: string
  readonly currency: Currency
  readonly totalMinor: Minor
  readonly note: string
  readonly copies: number
  readonly businessDate: Day
  readonly occurredAt: Instant
}

export type ListDocuments = {
  readonly shops: ShopScope
  readonly shopId?: ShopId | undefined
  readonly kind?: DocumentKind | undefined
  readonly staffId?: StaffId | undefined
  readonly from?: Day | undefined
  readonly to?: Day | undefined
  /** A part of a number. */
  readonly number?: string | undefined
  /** Whole amounts, both included. */
  readonly minMinor?: number | undefined
  readonly maxMinor?: number | undefined
  readonly after?: readonly [occurredAt: Instant, key: string] | undefined
  readonly limit: number
}

/** Papers of every kind together, the newest first, a page at a time. */
export async function listDocuments(
  sql: Reader,
  org: OrgId,
  asked: ListDocuments,
): Promise<Page<Document>> {
  const { kind, limit } = asked
  const wants = (own: readonly string[]) => kind === undefined || own.includes(kind)
  const none = sql`FALSE`
  const order = sql`ORDER BY occurred_at DESC, key DESC LIMIT ${limit + 1}`
  const rows = await sql<Document[]>`
    SELECT paper.id, paper.key, paper.kind, paper.number, paper.shop_id AS "shopId",
      paper.session_id AS "sessionId", paper.staff_id AS "staffId",
      coalesce(employee.name, '') AS "staffName", paper.currency,
      paper.total_minor AS "totalMinor", paper.note,
      (
        SELECT count(*) FROM receipt_reprint AS copy
        WHERE copy.org_id = ${org} AND copy.receipt_id = paper.id
      ) AS copies,
      paper.business_date AS "businessDate", paper.occurred_at AS "occurredAt"
    FROM (
      (
        SELECT id, id::text AS key, 'sale' AS kind, receipt_number AS number, shop_id, session_id,
          staff_id, currency, total_minor, note, business_date, occurred_at
        FROM sale
        WHERE org_id = ${org} AND ${wants(['sale']) ? conditions(sql, asked) : none}
          ${numbered(sql, asked)} ${before(sql, asked, sql`id::text`)}
        ${order}
      )
      UNION ALL
      (
        SELECT id, id::text AS key, CASE WHEN voids THEN 'void' ELSE 'refund' END, receipt_number, shop_id,
          session_id, staff_id, currency, total_minor, reason, business_date, occurred_at
        FROM refund
        WHERE org_id = ${org} AND ${wants(['refund', 'void']) ? conditions(sql, asked) : none}
          AND ${kind === undefined ? sql`TRUE` : sql`voids = ${kind === 'void'}`}
          ${numbered(sql, asked)} ${before(sql, asked, sql`id::text`)}
        ${order}
      )
      UNION ALL
      (
        SELECT fact_id, id AS key, type, NULL, shop_id, session_id, staff_id, currency, amount_minor,
          concat_ws(' · ', category, recipient, nullif(note, '')), business_date, occurred_at
        FROM cash_transfer
        WHERE org_id = ${org} AND type = ANY(${[...movementKinds]}) ${ofKind(sql, asked)}
          AND ${wants(movementKinds) && asked.number === undefined ? conditions(sql, asked, 'amount_minor') : none}
          ${before(sql, asked, sql`id`)}
        ${order}
      )
      ${order}
    ) AS paper
    LEFT JOIN employee ON employee.org_id = ${org} AND employee.id = paper.staff_id
    ORDER BY paper.occurred_at DESC, paper.key DESC
  `
  return toPage(rows, limit, ({ occurredAt, key }) => [occurredAt, key])
}

const ofKind = (sql: Reader, { kind }: ListDocuments) =>
  kind === undefined ? sql`` : sql`AND type = ${kind}`

const numbered = (sql: Reader, { number }: ListDocuments) =>
  number === undefined ? sql`` : sql`AND position(upper(${number}) IN receipt_number) > 0`

const before = (sql: Reader, { after }: ListDocuments, key: ReturnType<Reader>) =>
  after === undefined
    ? sql``
    : sql`AND (occurred_at, ${key}) < (${after[0]}::timestamptz, ${after[1]}::text)`

function conditions(sql: Reader, asked: ListDocuments, amount = 'total_minor') {
  const { shops, shopId, staffId, from, to, minMinor, maxMinor } = asked
  return sql`
    ${inScope(sql, 'shop_id', shops)}
    ${shopId === undefined ? sql`` : sql`AND shop_id = ${shopId}`}
    ${staffId === undefined ? sql`` : sql`AND staff_id = ${staffId}`}
    ${from === undefined ? sql`` : sql`AND business_date >= ${from} AND occurred_at >= ${`${from}T00:00:00.000Z`}::timestamptz - interval '14 hours'`}
    ${to === undefined ? sql`` : sql`AND business_date <= ${to} AND occurred_at < ${`${to}T00:00:00.000Z`}::timestamptz + interval '38 hours'`}
    ${minMinor === undefined ? sql`` : sql`AND ${sql(amount)} >= ${minMinor}`}
    ${maxMinor === undefined ? sql`` : sql`AND ${sql(amount)} <= ${maxMinor}`}
  `
}

export type DocumentFigures = {
  readonly kind: DocumentKind
  readonly currency: Currency
  readonly count: number
  readonly totalMinor: Minor
  readonly copies: number
}

/** A till's day on which fewer papers are known than its counter says: some are on their way, or lost. */
export type NumberGap = {
  readonly shopId: ShopId
  readonly tillNumber: number
  readonly businessDate: Day
  readonly missing: number
}

type Days = {
  readonly shops: ShopScope
  readonly shopId?: ShopId | undefined
  readonly from: Day
  readonly to: Day
}

/** How many papers of each kind there are, what they come to, and how often they were printed again. */
export async function readDocumentFigures(
  sql: Reader,
  org: OrgId,
  days: Days,
): Promise<readonly DocumentFigures[]> {
  const where = conditions(sql, { ...days, limit: 0 })
  return sql<DocumentFigures[]>`
    SELECT paper.kind, paper.currency, count(*) AS count,
      sum(paper.minor)::bigint AS "totalMinor", sum(copies.count)::bigint AS copies
    FROM (
      SELECT id, 'sale' AS kind, currency, total_minor AS minor
      FROM sale WHERE org_id = ${org} AND ${where}
      UNION ALL
      SELECT id, CASE WHEN voids THEN 'void' ELSE 'refund' END, currency, total_minor
      FROM refund WHERE org_id = ${org} AND ${where}
      UNION ALL
      SELECT fact_id, type, currency, amount_minor
      FROM cash_transfer
      WHERE org_id = ${org} AND type = ANY(${[...movementKinds]}) AND ${where}
    ) AS paper
    CROSS JOIN LATERAL (
      SELECT count(*) AS count FROM receipt_reprint AS copy
      WHERE copy.org_id = ${org} AND copy.receipt_id = paper.id
    ) AS copies
    GROUP BY paper.kind, paper.currency
    ORDER BY paper.kind, paper.currency
  `
}

/** Till days whose receipt numbers have a gap; more than so many are not listed. */
export const gapsMax = 200

export async function listNumberGaps(
  sql: Reader,
  org: OrgId,
  { shops, shopId, from, to }: Days,
): Promise<readonly NumberGap[]> {
  return sql<NumberGap[]>`
    SELECT till.shop_id AS "shopId", till.number AS "tillNumber",
      counter.business_date AS "businessDate", (counter.last - known.count)::int AS missing
    FROM receipt_counter AS counter
    JOIN till ON till.org_id = counter.org_id AND till.id = counter.till_id
    CROSS JOIN LATERAL (
      SELECT (
        SELECT count(DISTINCT receipt_number) FROM (
          SELECT receipt_number FROM sale
          WHERE sale.org_id = counter.org_id AND sale.till_id = counter.till_id
            AND sale.shop_id = till.shop_id AND sale.business_date = counter.business_date
            AND sale.occurred_at BETWEEN counter.business_date::timestamptz - interval '2 days'
              AND counter.business_date::timestamptz + interval '3 days'
          UNION ALL
          SELECT receipt_number FROM refund
          WHERE refund.org_id = counter.org_id AND refund.till_id = counter.till_id
            AND refund.shop_id = till.shop_id AND refund.business_date = counter.business_date
            AND refund.occurred_at BETWEEN counter.business_date::timestamptz - interval '2 days'
              AND counter.business_date::timestamptz + interval '3 days'
        ) AS paper
      ) AS count
    ) AS known
    WHERE counter.org_id = ${org} AND counter.business_date BETWEEN ${from} AND ${to}
      AND ${inScope(sql, 'till.shop_id', shops)}
      AND ${shopId === undefined ? sql`TRUE` : sql`till.shop_id = ${shopId}`}
      AND counter.last > known.count
    ORDER BY counter.business_date DESC, till.number
    LIMIT ${gapsMax}
  `
}

/** What a copy says of the paper that it is of; undefined where there is none. */
export async function findDocument(
  sql: Reader,
  org: OrgId,
  id: string,
): Promise<{ shopId: ShopId; kind: DocumentKind; number: string | null } | undefined> {
  const [row] = await sql<{ shopId: ShopId; kind: DocumentKind; number: string | null }[]>`
    SELECT shop_id AS "shopId", 'sale' AS kind, receipt_number AS number
    FROM sale WHERE org_id = ${org} AND id = ${id}
    UNION ALL
    SELECT shop_id, CASE WHEN voids THEN 'void' ELSE 'refund' END, receipt_number
    FROM refund WHERE org_id = ${org} AND id = ${id}
    UNION ALL
    SELECT shop_id, type, NULL
    FROM cash_transfer
    WHERE org_id = ${org} AND fact_id = ${id} AND type = ANY(${[...movementKinds]})
    LIMIT 1
  `
  return row
}
