import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { Day } from '@tillkeeper/core/base/instant.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { Reader } from '../db.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

export type ExpenseTotalsBy = 'category' | 'person' | 'day'

/** What the expenses of one category, person or day come to, in one currency. */
export type ExpenseTotal = {
  /** The category's or person's id, or the day. */
  readonly key: string
  /** As people read it. */
  readonly name: string
  readonly currency: Currency
  readonly settled: number
  readonly spentMinor: Minor
  /** Spent + returned − given of what was settled. */
  readonly varianceMinor: Minor
  /** Advances that were given out in these days and are not home. */
  readonly open: number
  readonly openMinor: Minor
}

/** A year of days in five currencies, or as many people and categories. */
export const expenseTotalsMax = 2_000

/** Adds expenses up over business days: spent by the day it was settled on, open by the day it went out on. */
export async function sumExpenses(
  sql: Reader,
  org: OrgId,
  {
    by,
    from,
    to,
    shops,
    shopId,
  }: {
    readonly by: ExpenseTotalsBy
    readonly from: Day
    readonly to: Day
    readonly shops: ShopScope
    readonly shopId?: ShopId | undefined
  },
): Promise<readonly ExpenseTotal[]> {
  const key = { category: 'category_id', person: 'taken_by', day: 'business_date' }[by]
  const within = sql`
    org_id = ${org} AND business_date BETWEEN ${from} AND ${to} AND ${inScope(sql, 'shop_id', shops)}
      AND ${shopId === undefined ? sql`TRUE` : sql`shop_id = ${shopId}`}
  `
  return sql<ExpenseTotal[]>`
    SELECT key, coalesce(${
      by === 'category'
        ? sql`(SELECT name FROM expensecategory WHERE org_id = ${org} AND id::text = key)`
        : by === 'person'
          ? sql`(SELECT name FROM employee WHERE org_id = ${org} AND id::text = key)`
          : sql`key`
    }, '') AS name,
      currency, sum(settled)::integer AS settled, sum(spent)::bigint AS "spentMinor",
      sum(variance)::bigint AS "varianceMinor", sum(open)::integer AS open,
      sum(open_minor)::bigint AS "openMinor"
    FROM (
      SELECT ${sql(key)}::text AS key, currency, 1 AS settled, spent_minor AS spent,
        variance_minor AS variance, 0 AS open, 0 AS open_minor
      FROM expense_settlement
      WHERE ${within}
      UNION ALL
      SELECT ${sql(key)}::text, currency, 0, 0, 0, 1, amount_minor
      FROM expense_payment AS paid
      WHERE ${within} AND NOT EXISTS (
        SELECT FROM expense_settlement AS home
        WHERE home.org_id = paid.org_id AND home.expense_id = paid.expense_id
      )
    ) AS entry
    GROUP BY key, currency
    ORDER BY ${by === 'day' ? sql`key` : sql`sum(spent) DESC, key`}, currency
    LIMIT ${expenseTotalsMax}
  `
}
