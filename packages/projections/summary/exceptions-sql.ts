import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import { isToldByNow } from '../cash/machine-payments-sql.ts'
import type { Reader } from '../db.ts'
import { type Page, toPage } from '../page/cursor.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'
import { machineAlerts } from '../recycler/machine-alerts-sql.ts'

/** A rule that facts broke when they arrived. They stand; a manager looks. */
export type Exception = {
  readonly id: string
  readonly shopId: ShopId | null
  readonly kind: string
  /** What it is about, such as `sale:<id>`. */
  readonly keys: readonly string[]
  readonly detail: Readonly<Record<string, unknown>>
  /** When somebody marked it as seen on this server; null until then. */
  readonly seenAt: string | null
}

export type ExceptionFilter = {
  readonly shops: ShopScope
  readonly shopId?: ShopId | undefined
  /** Only those that nobody has marked as seen. */
  readonly unseenOnly?: boolean | undefined
  readonly after?: readonly [id: string] | undefined
  readonly limit: number
}

/** The exceptions of the shops, by what they are about, the newest first. */
export async function listExceptions(
  sql: Reader,
  org: OrgId,
  { shops, shopId, unseenOnly = false, after, limit }: ExceptionFilter,
): Promise<Page<Exception>> {
  const rows = await sql<Exception[]>`
    SELECT exception.id, shop_id AS "shopId", kind, keys, detail, seen_at AS "seenAt"
    FROM (
      SELECT org_id, id, shop_id, kind, keys, detail FROM exception WHERE ${isToldByNow(sql)}
      UNION ALL
      SELECT org_id, id, shop_id, 'totals_drift', '{}', ${asDetail(sql)} FROM totals_drift
      UNION ALL
      SELECT org_id, id, shop_id, kind, keys, detail FROM (${machineAlerts(sql)}) AS alert
    ) AS exception
    LEFT JOIN exception_seen AS seen
      ON seen.org_id = exception.org_id AND seen.id = exception.id
    WHERE exception.org_id = ${org} AND ${inScope(sql, 'shop_id', shops)}
      AND ${shopId === undefined ? sql`TRUE` : sql`shop_id = ${shopId}`}
      AND (NOT ${unseenOnly} OR seen_at IS NULL)
      AND ${after === undefined ? sql`TRUE` : sql`exception.id < ${after[0]}::text`}
    ORDER BY exception.id DESC
    LIMIT ${limit + 1}
  `
  return toPage(rows, limit, ({ id }) => [id])
}

const asDetail = (sql: Reader) =>
  sql`jsonb_build_object('place', place, 'differs', detail, 'foundAt', found_at)`

/** Marks an exception as seen, once; false where there is none that the shops have. */
export async function markExceptionSeen(
  sql: Reader,
  org: OrgId,
  {
    id,
    shops,
    by,
    at,
  }: { readonly id: string; readonly shops: ShopScope; readonly by: string; readonly at: string },
): Promise<boolean> {
  const found = await sql`
    SELECT FROM exception
    WHERE org_id = ${org} AND id = ${id} AND ${inScope(sql, 'shop_id', shops)}
    UNION ALL
    SELECT FROM totals_drift
    WHERE org_id = ${org} AND id = ${id} AND ${inScope(sql, 'shop_id', shops)}
    UNION ALL
    SELECT FROM (${machineAlerts(sql)}) AS alert
    WHERE org_id = ${org} AND id = ${id} AND ${inScope(sql, 'shop_id', shops)}
  `
  if (found.length === 0) return false
  await sql`
    INSERT INTO exception_seen (org_id, id, seen_at, seen_by)
    VALUES (${org}, ${id}, ${at}, ${by})
    ON CONFLICT (org_id, id) DO NOTHING
  `
  return true
}
