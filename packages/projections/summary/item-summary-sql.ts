import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { Day } from '@tillkeeper/core/base/instant.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { Reader } from '../db.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

/** What was sold of a product, less what came back. */
export type ItemSummary = {
  readonly productId: string
  /** As it was sold; the last in order, where it was sold under several. */
  readonly code: string
  readonly name: string
  readonly currency: Currency
  /** In thousandths. Below zero where more came back in these days than was sold. */
  readonly quantity: number
  readonly totalMinor: Minor
}

export type ListItems = {
  readonly shops: ShopScope
  readonly shopId?: ShopId | undefined
  /** Days of business, both included. */
  readonly from: Day
  readonly to: Day
}

/** Each product's figures over some days, that with the highest total first. Read from the lines. */
export async function listItemSummaries(
  sql: Reader,
  org: OrgId,
  asked: ListItems,
): Promise<readonly ItemSummary[]> {
  const where = sql`act.org_id = ${org} ${conditions(sql, asked)}`
  return sql<ItemSummary[]>`
    SELECT product_id AS "productId", max(code) AS code, max(name) AS name, currency,
      sum(quantity)::bigint AS quantity, sum(total_minor)::bigint AS "totalMinor"
    FROM (
      SELECT line.product_id, line.code, line.name, act.currency, line.quantity, line.total_minor
      FROM sale AS act
      JOIN sale_line AS line ON line.org_id = act.org_id AND line.sale_id = act.id
      WHERE ${where}
      UNION ALL
      SELECT line.product_id, line.code, line.name, act.currency, -line.quantity, -line.total_minor
      FROM refund AS act
      JOIN refund_line AS line ON line.org_id = act.org_id AND line.refund_id = act.id
      WHERE ${where}
    ) AS line
    GROUP BY product_id, currency
    ORDER BY "totalMinor" DESC, product_id, currency
  `
}

// The days also bound the instants, which the indexes are in order of; see list-sales-sql.ts.
const conditions = (sql: Reader, { shops, shopId, from, to }: ListItems) => sql`
  AND act.business_date BETWEEN ${from} AND ${to}
  AND act.occurred_at >= ${`${from}T00:00:00.000Z`}::timestamptz - interval '14 hours'
  AND act.occurred_at < ${`${to}T00:00:00.000Z`}::timestamptz + interval '38 hours'
  AND ${inScope(sql, 'act.shop_id', shops)}
  ${shopId === undefined ? sql`` : sql`AND act.shop_id = ${shopId}`}
`
