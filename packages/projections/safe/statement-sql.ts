import type { OrgId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { StatementLineId } from '@tillkeeper/core/safe/match-statement.ts'
import type { Reader } from '../db.ts'
import { type Page, toPage } from '../page/cursor.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

/** Somebody said that a line is no deposit. */
export type LineAside = {
  readonly id: string
  readonly staffId: StaffId
  readonly staffName: string
  readonly reason: string
  readonly setAt: Instant
}

/** What was said of a line and taken back. */
export type LineUndo = {
  readonly id: string
  readonly kind: 'match' | 'aside'
  readonly staffId: StaffId
  readonly staffName: string
  readonly reason: string
  readonly undoneAt: Instant
}

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
  /** The first that somebody said and nobody took back; null until then. */
  readonly match: LineMatch | null
  readonly aside: LineAside | null
  /** Oldest first. */
  readonly undone: readonly LineUndo[]
}

export type LineFilter = {
  readonly shops: ShopScope
  readonly shopId?: string | undefined
  readonly ids?: readonly string[] | undefined
  /** Matched or set aside, or else waiting. */
  readonly settled?: boolean | undefined
  readonly after?: readonly [bookedOn: string, id: string] | undefined
  readonly limit: number
}

/** Lines of the bank's statements, the newest first. */
export async function listStatementLines(
  sql: Reader,
  org: OrgId,
  { shops, shopId, ids, settled, after, limit }: LineFilter,
): Promise<Page<StatementLineRow>> {
  const rows = await sql<StatementLineRow[]>`
    SELECT line.id, line.shop_id AS "shopId", line.account, line.currency,
      line.booked_on AS "bookedOn", line.amount_minor AS "amountMinor", line.reference,
      line.description, said.match, apart.aside, back.undone
    FROM statement_line AS line
    LEFT JOIN LATERAL (
      SELECT jsonb_build_object('id', first.id, 'staffId', first.staff_id,
        'staffName', coalesce(employee.name, ''), 'bookedMinor', first.booked_minor,
        'bags', to_jsonb(first.bags), 'orders', to_jsonb(first.orders),
        'matchedAt', to_char(first.matched_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        ) AS match
      FROM statement_match AS first
      LEFT JOIN employee ON employee.org_id = first.org_id AND employee.id = first.staff_id
      WHERE first.org_id = line.org_id AND first.line_id = line.id AND ${stands(sql)}
      ORDER BY first.id
      LIMIT 1
    ) AS said ON TRUE
    LEFT JOIN LATERAL (
      SELECT jsonb_build_object('id', first.id, 'staffId', first.staff_id,
        'staffName', coalesce(employee.name, ''), 'reason', first.reason,
        'setAt', to_char(first.set_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        ) AS aside
      FROM statement_aside AS first
      LEFT JOIN employee ON employee.org_id = first.org_id AND employee.id = first.staff_id
      WHERE first.org_id = line.org_id AND first.line_id = line.id AND ${stands(sql)}
      ORDER BY first.id
      LIMIT 1
    ) AS apart ON TRUE
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(jsonb_build_object('id', undo.id,
        'kind', CASE WHEN EXISTS (
          SELECT FROM statement_aside AS aside
          WHERE aside.org_id = undo.org_id AND aside.line_id = undo.line_id
            AND aside.id = undo.undone_id
        ) THEN 'aside' ELSE 'match' END,
        'staffId', undo.staff_id, 'staffName', coalesce(employee.name, ''), 'reason', undo.reason,
        'undoneAt', to_char(undo.undone_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
        ORDER BY undo.undone_at, undo.id), '[]') AS undone
      FROM statement_undo AS undo
      LEFT JOIN employee ON employee.org_id = undo.org_id AND employee.id = undo.staff_id
      WHERE undo.org_id = line.org_id AND undo.line_id = line.id
    ) AS back
    WHERE line.org_id = ${org} AND ${inScope(sql, 'line.shop_id', shops)}
      AND ${shopId === undefined ? sql`TRUE` : sql`line.shop_id = ${shopId}`}
      AND ${ids === undefined ? sql`TRUE` : sql`line.id = ANY(${[...ids]}::uuid[])`}
      AND ${settled === undefined ? sql`TRUE` : sql`(said.match IS NOT NULL OR apart.aside IS NOT NULL) = ${settled}`}
      AND ${after === undefined ? sql`TRUE` : sql`(line.booked_on, line.id) < (${after[0]}::date, ${after[1]}::uuid)`}
    ORDER BY line.booked_on DESC, line.id DESC
    LIMIT ${limit + 1}
  `
  return toPage(rows, limit, ({ bookedOn, id }) => [bookedOn, id])
}

// Nobody took it back.
const stands = (sql: Reader) => sql`
  NOT EXISTS (
    SELECT FROM statement_undo AS undo
    WHERE undo.org_id = first.org_id AND undo.undone_id = first.id
  )
`

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
