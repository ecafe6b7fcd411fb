import type { OrgId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Instant } from '@tillkeeper/core/base/instant.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { type Rate, type RatesHeld, ratesAt } from '@tillkeeper/core/money/rate.ts'
import type { Fragment } from 'postgres'
import type { Reader } from '../db.ts'
import { type Page, toPage } from '../page/cursor.ts'
import type { ShopScope } from '../page/shop-scope.ts'

/** A rate with who set it. */
export type RateRow = Omit<Rate, 'shopId'> & {
  readonly shopId: ShopId | null
  readonly staffId: StaffId | null
  readonly staffName: string
}

const rateColumns = (sql: Reader): Fragment => sql`
  rate.id, rate.currency, rate.base, rate.rate, rate.scale, rate.source, rate.from_at AS "from",
  rate.shop_id AS "shopId"
`

/** The rates that were set for the shops, the latest to begin first. */
export async function listRates(
  sql: Reader,
  org: OrgId,
  {
    shops,
    shopId,
    currency,
    after,
    limit,
  }: {
    readonly shops: ShopScope
    readonly shopId?: ShopId | undefined
    readonly currency?: Currency | undefined
    readonly after?: readonly [from: string, id: string] | undefined
    readonly limit: number
  },
): Promise<Page<RateRow>> {
  const rows = await sql<RateRow[]>`
    SELECT ${rateColumns(sql)}, rate.staff_id AS "staffId",
      coalesce(employee.name, '') AS "staffName"
    FROM rate
    LEFT JOIN employee ON employee.org_id = rate.org_id AND employee.id = rate.staff_id
    WHERE rate.org_id = ${org}
      AND ${shops === 'all' ? sql`TRUE` : sql`(rate.shop_id IS NULL OR rate.shop_id = ANY(${[...shops]}::uuid[]))`}
      AND ${shopId === undefined ? sql`TRUE` : sql`(rate.shop_id IS NULL OR rate.shop_id = ${shopId})`}
      AND ${currency === undefined ? sql`TRUE` : sql`rate.currency = ${currency}`}
      AND ${after === undefined ? sql`TRUE` : sql`(rate.from_at, rate.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`}
    ORDER BY rate.from_at DESC, rate.id DESC
    LIMIT ${limit + 1}
  `
  return toPage(rows, limit, ({ from, id }) => [from, id])
}

export async function findRate(sql: Reader, org: OrgId, id: string): Promise<RateRow | undefined> {
  const rows = await sql<RateRow[]>`
    SELECT ${rateColumns(sql)}, rate.staff_id AS "staffId",
      coalesce(employee.name, '') AS "staffName"
    FROM rate
    LEFT JOIN employee ON employee.org_id = rate.org_id AND employee.id = rate.staff_id
    WHERE rate.org_id = ${org} AND rate.id = ${id}
  `
  return rows[0]
}

type HeldAt = { readonly base: Currency; readonly shopId: ShopId; readonly at: Instant }

/** The rates that hold in a shop at an instant, for what is sold in `base`, by currency. */
export async function findRatesAt(sql: Reader, org: OrgId, asked: HeldAt): Promise<RatesHeld> {
  return ratesAt(await readLast(sql, org, asked), asked)
}

/** The same as a list, with who set them. */
export async function listRatesAt(
  sql: Reader,
  org: OrgId,
  asked: HeldAt,
): Promise<readonly RateRow[]> {
  const rows = await readLast(sql, org, asked)
  const held = ratesAt(rows, asked)
  return rows.filter(({ currency, id }) => held.get(currency)?.id === id)
}

// The last of each currency, as `ratesAt` has it; one by which a currency is not taken any more is there too.
function readLast(sql: Reader, org: OrgId, { base, shopId, at }: HeldAt) {
  return sql<RateRow[]>`
    SELECT DISTINCT ON (rate.currency) ${rateColumns(sql)}, rate.staff_id AS "staffId",
      coalesce(employee.name, '') AS "staffName"
    FROM rate
    LEFT JOIN employee ON employee.org_id = rate.org_id AND employee.id = rate.staff_id
    WHERE rate.org_id = ${org} AND rate.base = ${base} AND rate.from_at <= ${at}
      AND (rate.shop_id IS NULL OR rate.shop_id = ${shopId})
    ORDER BY rate.currency, rate.from_at DESC, rate.id DESC
  `
}
