import type { OrgId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { StatementLineId } from '@tillkeeper/core/safe/match-statement.ts'
import type { Reader } from '../db.ts'
import { type Page, toPage } from '../page/cursor.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

/** What a person said a line is. */
export type LineMatch = {
  readonly id: string
  readonly staffId: StaffId
  readonly staffName: string
  readonly bookedMinor: Minor
  readonly bags: readonly string[]
  readonly orders: readonly string[]
  readonly matchedAt: Instant
}

export type StatementLineRow = {
  readonly id: StatementLineId
  readonly shopId: ShopId
  readonly account: string
  readonly currency: Currency
  readonly bookedOn: Day
  readonly amountMinor: Minor
  readonly reference: string
  readonly description: string
  /** The first that somebody said; null until then. */
  readonly match: LineMatch | null
}

export type LineFilter = {
  readonly shops: ShopScope
  readonly shopId?: string | undefined
  readonly ids?: readonly string[] | undefined
  readonly matched?: boolean | undefined
  readonly after?: readonly [bookedOn: string, id: string] | undefined
  readonly limit: number
}

/** Lines of the bank's statements, the newest first. */
export async function listStatementLines(
  sql: Reader,
  org: OrgId,
  { shops, shopId, ids, matched, after, limit }: LineFilter,
): Promise<Page<StatementLineRow>> {
  const rows = await sql<StatementLineRow[]>`
    SELECT line.id, line.shop_id AS "shopId", line.account, line.currency,
      line.booked_on AS "bookedOn", line.amount_minor AS "amountMinor", line.reference,
      line.description, said.match
    FROM statement_line AS line
    LEFT JOIN LATERAL (
      SELECT jsonb_build_object('id', first.id, 'staffId', first.staff_id,
        'staffName', coalesce(employee.name, ''), 'bookedMinor', first.booked_minor,
        'bags', to_jsonb(first.bags), 'orders', to_jsonb(first.orders),
        'matchedAt', to_char(first.matched_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        ) AS match
      FROM statement_match AS first
      LEFT JOIN employee ON employee.org_id = first.org_id AND employee.id = first.staff_id
      WHERE first.org_id = line.org_id AND first.line_id = line.id
      ORDER BY first.id
      LIMIT 1
    ) AS said ON TRUE
    WHERE line.org_id = ${org} AND ${inScope(sql, 'line.shop_id', shops)}
      AND ${shopId === undefined ? sql`TRUE` : sql`line.shop_id = ${shopId}`}
      AND ${ids === undefined ? sql`TRUE` : sql`line.id = ANY(${[...ids]}::uuid[])`}
      AND ${matched === undefined ? sql`TRUE` : sql`(said.match IS NOT NULL) = ${matched}`}
      AND ${after === undefined ? sql`TRUE` : sql`(line.booked_on, line.id) < (${after[0]}::date, ${after[1]}::uuid)`}
    ORDER BY line.booked_on DESC, line.id DESC
    LIMIT ${limit + 1}
  `
  return toPage(rows, limit, ({ bookedOn, id }) => [bookedOn, id])
}

/** How many of these lines are there already. */
export async function countKnownLines(
  sql: Reader,
  org: OrgId,
  ids: readonly string[],
): Promise<number> {
  const [row] = await sql<{ known: number }[]>`
    SELECT count(*)::integer AS known
    FROM statement_line WHERE org_id = ${org} AND id = ANY(${[...ids]}::uuid[])
  `
  return row?.known ?? 0
}
