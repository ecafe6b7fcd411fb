import type { OrgId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { officeSeries } from '@tillkeeper/core/sale/receipt-number.ts'
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
  'hand_over',
  'bag',
  'deposit',
  'change_order',
  'advance',
  'expense',
  'advance_return',
  'fund_issue',
  'fund_return',
] as const
/** A drawer that changed hands: counted, and nothing left it. */
export const handOverKind = 'till_hand_over'
export const documentKinds = [...tradeKinds, ...movementKinds, handOverKind] as const
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
        SELECT fact_id, id AS key, type, paper.receipt_number, shop_id, session_id, staff_id, currency,
          amount_minor, concat_ws(' · ', category, recipient, nullif(note, '')), business_date, occurred_at
        FROM cash_transfer
        ${numberOfPaper(sql, org, sql`cash_transfer.fact_id`)}
        WHERE org_id = ${org} AND type = ANY(${[...movementKinds]}) ${ofKind(sql, asked)}
          AND ${wants(movementKinds) ? conditions(sql, asked, sql`amount_minor`) : none}
          ${ofPaper(sql, org, { asked, fact: sql`fact_id` })} ${before(sql, asked, sql`id`)}
        ${order}
      )
      UNION ALL
      (
        SELECT id, key, ${handOverKind}, number, shop_id, session_id, staff_id, currency, amount_minor, note,
          business_date, occurred_at
        FROM ${handOvers(sql, org)} AS handed
        WHERE ${wants([handOverKind]) ? conditions(sql, asked, sql`amount_minor`) : none}
          ${ofPaper(sql, org, { asked, fact: sql`id` })} ${before(sql, asked, sql`key`)}
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
  number === undefined ? sql`` : sql`AND ${isNumbered(sql, number)}`

// A whole number is looked up; a part of one is looked for.
const isNumbered = (sql: Reader, number: string) =>
  /^RCP-[0-9]{6}-[0-9]{6,9}$/i.test(number)
    ? sql`receipt_number = upper(${number})`
    : sql`position(upper(${number}) IN receipt_number) > 0`

/** The number of a movement's paper, beside the row that says its fact. */
export const numberOfPaper = (sql: Reader, org: OrgId, fact: ReturnType<Reader>) => sql`
  LEFT JOIN LATERAL (
    SELECT receipt_number FROM paper_number WHERE org_id = ${org} AND fact_id = ${fact} LIMIT 1
  ) AS paper ON TRUE
`

const ofPaper = (
  sql: Reader,
  org: OrgId,
  { asked, fact }: { readonly asked: ListDocuments; readonly fact: ReturnType<Reader> },
) =>
  asked.number === undefined
    ? sql``
    : sql`AND ${fact} IN (
        SELECT fact_id FROM paper_number WHERE org_id = ${org} AND ${isNumbered(sql, asked.number)}
      )`

/** Drawers that changed hands, each currency that was counted then as a paper. */
export const handOvers = (sql: Reader, org: OrgId) => sql`(
  SELECT step.id, step.id::text || '/' || (cash ->> 'currency') AS key, paper.receipt_number AS number,
    step.shop_id, step.till_id, step.session_id, step.staff_id, cash ->> 'currency' AS currency,
    (cash ->> 'countedMinor')::bigint AS amount_minor, cash -> 'pieces' AS pieces,
    coalesce(taker.name, '') AS note, step.business_date, step.occurred_at
  FROM session_step AS step
  CROSS JOIN LATERAL jsonb_array_elements(step.counted) AS cash
  LEFT JOIN employee AS taker ON taker.org_id = step.org_id AND taker.id = step.to_staff_id
  ${numberOfPaper(sql, org, sql`step.id`)}
  WHERE step.org_id = ${org} AND step.kind = 'handed_over'
)`

const before = (sql: Reader, { after }: ListDocuments, key: ReturnType<Reader>) =>
  after === undefined
    ? sql``
    : sql`AND (occurred_at, ${key}) < (${after[0]}::timestamptz, ${after[1]}::text)`

function conditions(sql: Reader, asked: ListDocuments, amount = sql`total_minor`) {
  const { shops, shopId, staffId, from, to, minMinor, maxMinor } = asked
  return sql`
    ${inScope(sql, 'shop_id', shops)}
    ${shopId === undefined ? sql`` : sql`AND shop_id = ${shopId}`}
    ${staffId === undefined ? sql`` : sql`AND staff_id = ${staffId}`}
    ${from === undefined ? sql`` : sql`AND business_date >= ${from} AND occurred_at >= ${`${from}T00:00:00.000Z`}::timestamptz - interval '14 hours'`}
    ${to === undefined ? sql`` : sql`AND business_date <= ${to} AND occurred_at < ${`${to}T00:00:00.000Z`}::timestamptz + interval '38 hours'`}
    ${minMinor === undefined ? sql`` : sql`AND ${amount} >= ${minMinor}`}
    ${maxMinor === undefined ? sql`` : sql`AND ${amount} <= ${maxMinor}`}
  `
}

export type DocumentFigures = {
  readonly kind: DocumentKind
  readonly currency: Currency
  readonly count: number
  readonly totalMinor: Minor
  readonly copies: number
}

/** A till's day, or an office's (till 0), on which fewer papers are known than its counter says: some are on their way, or lost. */
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
      UNION ALL
      SELECT id, ${handOverKind}, currency, amount_minor
      FROM ${handOvers(sql, org)} AS handed WHERE ${where}
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

// Acts of a counter's day: its till's, and of those the ones that the till numbered, or its office's.
const numberedIn = (sql: Reader) => sql`
  AS act
  WHERE act.org_id = counter.org_id AND act.shop_id = series.shop_id
    AND CASE WHEN substring(act.receipt_number FROM 12 FOR 2) = '00' THEN act.shop_id ELSE act.till_id END
      = counter.till_id
    AND act.business_date = counter.business_date
    AND act.occurred_at BETWEEN counter.business_date::timestamptz - interval '2 days'
      AND counter.business_date::timestamptz + interval '3 days'
`

export async function listNumberGaps(
  sql: Reader,
  org: OrgId,
  { shops, shopId, from, to }: Days,
): Promise<readonly NumberGap[]> {
  return sql<NumberGap[]>`
    SELECT series.shop_id AS "shopId", series.number AS "tillNumber",
      counter.business_date AS "businessDate", (counter.last - known.count)::int AS missing
    FROM receipt_counter AS counter
    CROSS JOIN LATERAL (
      SELECT till.shop_id, till.number FROM till
      WHERE till.org_id = counter.org_id AND till.id = counter.till_id
      UNION ALL
      SELECT shop.id, ${officeSeries}::int FROM shop
      WHERE shop.org_id = counter.org_id AND shop.id = counter.till_id
    ) AS series
    CROSS JOIN LATERAL (
      SELECT count(DISTINCT receipt_number) AS count FROM (
        SELECT receipt_number FROM sale ${numberedIn(sql)}
        UNION ALL
        SELECT receipt_number FROM refund ${numberedIn(sql)}
        UNION ALL
        SELECT receipt_number FROM paper_number AS paper
        WHERE paper.org_id = counter.org_id AND paper.series_id = counter.till_id
          AND paper.business_date = counter.business_date
      ) AS paper
    ) AS known
    WHERE counter.org_id = ${org} AND counter.business_date BETWEEN ${from} AND ${to}
      AND ${inScope(sql, 'series.shop_id', shops)}
      AND ${shopId === undefined ? sql`TRUE` : sql`series.shop_id = ${shopId}`}
      AND counter.last > known.count
    ORDER BY counter.business_date DESC, series.number
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
    SELECT shop_id, type, paper.receipt_number
    FROM cash_transfer
    ${numberOfPaper(sql, org, sql`cash_transfer.fact_id`)}
    WHERE org_id = ${org} AND fact_id = ${id} AND type = ANY(${[...movementKinds]})
    UNION ALL
    SELECT shop_id, ${handOverKind}, number FROM ${handOvers(sql, org)} AS handed WHERE id = ${id}
    LIMIT 1
  `
  return row
}
