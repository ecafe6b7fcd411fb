import type { OrgId, ShopId, TillId } from '@tillkeeper/core/base/id.ts'
import type { CashRounding } from '@tillkeeper/core/money/cash-rounding.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { Fragment } from 'postgres'
import type { Reader } from '../db.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

export type Shop = {
  readonly id: ShopId
  /** Short and unique in the chain, such as `S1`. */
  readonly code: string
  readonly name: string
  readonly address: string
  readonly taxNumber: string
  readonly timeZone: string
  readonly currency: Currency
  readonly receiptFooter: string
  /** How cash is rounded; null where it is not. */
  readonly cashRounding: CashRounding | null
  readonly active: boolean
  /** What a drawer may hold; 0 is no limit. */
  readonly drawerLimitMinor: Minor
  /** For expenses a day over all categories; 0 is no limit. */
  readonly expenseDayMinor: Minor
  /** A variance up to here needs no explanation; from `investigateMinor` on it is investigated. */
  readonly toleranceMinor: Minor
  readonly investigateMinor: Minor
  readonly blindClose: boolean
  /** What a drawer begins with. */
  readonly floatMinor: Minor
}

export type Till = {
  readonly id: TillId
  readonly shopId: ShopId
  /** 1 to 99. */
  readonly number: number
  readonly name: string
  readonly active: boolean
}

const shopColumns = (sql: Reader) => sql`
  shop.id, shop.code, shop.name, shop.address, shop.tax_number AS "taxNumber",
  shop.time_zone AS "timeZone", shop.currency, shop.receipt_footer AS "receiptFooter",
  ${cashRounding(sql)} AS "cashRounding", shop.active,
  shop.drawer_limit_minor AS "drawerLimitMinor", shop.tolerance_minor AS "toleranceMinor",
  shop.investigate_minor AS "investigateMinor", shop.blind_close AS "blindClose",
  shop.float_minor AS "floatMinor", shop.expense_day_minor AS "expenseDayMinor"
`

/** A shop's rounding of cash; null where a step of 0 or 1 rounds nothing. */
export const cashRounding = (sql: Reader): Fragment => sql`
  CASE WHEN (shop.cash_rounding ->> 'stepMinor')::bigint > 1 THEN shop.cash_rounding END
`

/** The shops by code. A chain has at most some hundreds; they are one list. */
export async function listShops(
  sql: Reader,
  org: OrgId,
  { shops }: { readonly shops: ShopScope },
): Promise<readonly Shop[]> {
  return sql<Shop[]>`
    SELECT ${shopColumns(sql)}
    FROM shop
    WHERE org_id = ${org} AND ${inScope(sql, 'shop.id', shops)}
    ORDER BY code, id
  `
}

export async function findShop(sql: Reader, org: OrgId, id: ShopId): Promise<Shop | undefined> {
  const rows = await sql<Shop[]>`
    SELECT ${shopColumns(sql)} FROM shop WHERE org_id = ${org} AND id = ${id}
  `
  return rows[0]
}

/** The tills of the shops by number: those that stand in a shop. */
export async function listTills(
  sql: Reader,
  org: OrgId,
  { shops, shopId }: { readonly shops: ShopScope; readonly shopId?: ShopId | undefined },
): Promise<readonly Till[]> {
  return sql<Till[]>`
    SELECT id, shop_id AS "shopId", number, name, active
    FROM till
    WHERE org_id = ${org} AND shop_id IS NOT NULL AND ${inScope(sql, 'till.shop_id', shops)}
      AND ${shopId === undefined ? sql`TRUE` : sql`shop_id = ${shopId}`}
    ORDER BY shop_id, number, id
  `
}

/** Tills by id; one that does not exist, or stands in no shop, is left out. */
export async function findTills(
  sql: Reader,
  org: OrgId,
  ids: readonly TillId[],
): Promise<ReadonlyMap<TillId, Till>> {
  const rows = await sql<Till[]>`
    SELECT id, shop_id AS "shopId", number, name, active
    FROM till
    WHERE org_id = ${org} AND shop_id IS NOT NULL AND id = ANY(${ids}::uuid[])
  `
  return new Map(rows.map((till) => [till.id, till]))
}
