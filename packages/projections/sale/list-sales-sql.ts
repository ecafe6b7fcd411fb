import type { OrgId, SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { Tender, TenderMethod } from '@tillkeeper/core/sale/tender.ts'
import type { Reader } from '../db.ts'
import { type Page, toPage } from '../page/cursor.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

/** A row of a list: a sale, or a refund with its total below zero. */
export type SaleRow = {
  readonly id: string
  readonly kind: 'sale' | 'refund'
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly staffName: string
  readonly receiptNumber: string
  readonly currency: Currency
  readonly totalMinor: Minor
  readonly lineCount: number
  readonly methods: readonly TenderMethod[]
  /** As in the sale or refund: of a refund, what was paid back. */
  readonly tenders: readonly Tender[]
  readonly changePieces: Pieces | null
  readonly businessDate: Day
  readonly occurredAt: Instant
}

export type ListSales = {
  readonly shops: ShopScope
  readonly shopId?: ShopId | undefined
  readonly sessionId?: SessionId | undefined
  /** Days of business, both included. */
  readonly from?: Day | undefined
  readonly to?: Day | undefined
  readonly staffId?: StaffId | undefined
  /** A part of a receipt number, or a whole customer number. */
  readonly q?: string | undefined
  /** When the last item of the page before happened, and its id. */
  readonly after?: readonly [occurredAt: Instant, id: string] | undefined
  readonly limit: number
}

/** Sales and refunds together, the newest first, a page at a time. */
export async function listSales(sql: Reader, org: OrgId, asked: ListSales): Promise<Page<SaleRow>> {
  const { limit } = asked
  const order = sql`ORDER BY occurred_at DESC, id DESC LIMIT ${limit + 1}`
  const rows = await sql<Omit<SaleRow, 'methods'>[]>`
    SELECT row.id, row.kind, row.shop_id AS "shopId", row.till_id AS "tillId",
      row.session_id AS "sessionId", row.staff_id AS "staffId",
      coalesce(employee.name, '') AS "staffName", row.receipt_number AS "receiptNumber",
      row.currency, row.total_minor AS "totalMinor", row.line_count AS "lineCount", row.tenders,
      row.change_pieces AS "changePieces", row.business_date AS "businessDate",
      row.occurred_at AS "occurredAt"
    FROM (
      (
        SELECT id, 'sale' AS kind, shop_id, till_id, session_id, staff_id, receipt_number, currency,
          total_minor, line_count, tenders, change_pieces, business_date, occurred_at
        FROM sale
        WHERE org_id = ${org} ${conditions(sql, 'sale', asked)}
        ${order}
      )
      UNION ALL
      (
        SELECT id, 'refund', shop_id, till_id, session_id, staff_id, receipt_number, currency,
          -total_minor, line_count, tenders, NULL, business_date, occurred_at
        FROM refund
        WHERE org_id = ${org} ${conditions(sql, 'refund', asked)}
        ${order}
      )
      ${order}
    ) AS row
    LEFT JOIN employee ON employee.org_id = ${org} AND employee.id = row.staff_id
    ORDER BY row.occurred_at DESC, row.id DESC
  `
  const items = rows.map((row) => ({
    ...row,
    methods: [...new Set(row.tenders.map(({ method }) => method))],
  }))
  return toPage(items, limit, ({ occurredAt, id }) => [occurredAt, id])
}

function conditions(sql: Reader, kind: SaleRow['kind'], asked: ListSales) {
  const { shops, shopId, sessionId, from, to, staffId, q, after } = asked
  return sql`
    AND ${inScope(sql, 'shop_id', shops)}
    ${shopId === undefined ? sql`` : sql`AND shop_id = ${shopId}`}
    ${sessionId === undefined ? sql`` : sql`AND session_id = ${sessionId}`}
    ${staffId === undefined ? sql`` : sql`AND staff_id = ${staffId}`}
    ${from === undefined ? sql`` : sql`AND business_date >= ${from} ${happenedFrom(sql, from)}`}
    ${to === undefined ? sql`` : sql`AND business_date <= ${to} ${happenedTo(sql, to)}`}
    ${q === undefined ? sql`` : sql`AND ${matches(sql, kind, q)}`}
    ${after === undefined ? sql`` : sql`AND (occurred_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`}
  `
}

// A day of business is the shop's date when it happened, and no zone is further from UTC than 14 hours:
// so the days also bound the instants, which are what the indexes are in order of.
const happenedFrom = (sql: Reader, day: Day) => sql`
  AND occurred_at >= ${`${day}T00:00:00.000Z`}::timestamptz - interval '14 hours'
`
const happenedTo = (sql: Reader, day: Day) => sql`
  AND occurred_at < ${`${day}T00:00:00.000Z`}::timestamptz + interval '38 hours'
`

const wholeNumber = /^RCP-[0-9]{6}-[0-9]{6,12}$/i

function matches(sql: Reader, kind: SaleRow['kind'], q: string) {
  // A whole number is looked up; for a part of one, the rows are read in their order until enough match.
  const inReceipt = wholeNumber.test(q)
    ? sql`receipt_number = upper(${q})`
    : sql`position(upper(${q}) IN receipt_number) > 0`
  return kind === 'sale' ? sql`(${inReceipt} OR customer_number = ${q})` : inReceipt
}
