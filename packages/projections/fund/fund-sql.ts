import type { OrgId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { FundVariance } from '@tillkeeper/core/fund/staff-fund.ts'
import type { Cash } from '@tillkeeper/core/money/cash-amount.ts'
import type { Reader } from '../db.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

/** What somebody holds of a shop's change. */
export type FundRow = {
  readonly shopId: ShopId
  readonly staffId: StaffId
  readonly staffName: string
  /** Without what is nothing; empty where all came back. */
  readonly cash: Cash
  readonly lastAt: Instant
}

/** Everybody who was ever given change in the shops, who holds some first. */
export async function listFunds(
  sql: Reader,
  org: OrgId,
  {
    shops,
    shopId,
    staffId,
    limit,
  }: {
    readonly shops: ShopScope
    readonly shopId?: string | undefined
    readonly staffId?: string | undefined
    readonly limit: number
  },
): Promise<readonly FundRow[]> {
  return sql<FundRow[]>`
    SELECT person.shop_id AS "shopId", person.staff_id AS "staffId",
      coalesce(employee.name, '') AS "staffName", held.cash, person.last_at AS "lastAt"
    FROM (
      SELECT shop_id, staff_id, max(occurred_at) AS last_at
      FROM staff_fund_event
      WHERE org_id = ${org} AND ${inScope(sql, 'shop_id', shops)}
        AND ${shopId === undefined ? sql`TRUE` : sql`shop_id = ${shopId}`}
        AND ${staffId === undefined ? sql`TRUE` : sql`staff_id = ${staffId}`}
      GROUP BY shop_id, staff_id
    ) AS person
    LEFT JOIN employee ON employee.org_id = ${org} AND employee.id = person.staff_id
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(jsonb_build_object('currency', currency, 'minor', balance_minor)
        ORDER BY currency), '[]') AS cash
      FROM cash_balance
      WHERE org_id = ${org} AND location = 'fund:' || person.shop_id || ':' || person.staff_id
        AND balance_minor <> 0
    ) AS held
    ORDER BY jsonb_array_length(held.cash) = 0, "staffName", person.staff_id
    LIMIT ${limit}
  `
}

export type FundEvent = {
  readonly id: string
  readonly kind: 'issued' | 'returned'
  readonly byStaffId: StaffId
  readonly byStaffName: string
  readonly cash: Cash
  readonly settled: readonly FundVariance[] | null
  /** The till whose drawer took part; null where the safe did. */
  readonly tillNumber: number | null
  readonly note: string
  readonly businessDate: Day
  readonly occurredAt: Instant
}

/** What somebody was given and gave back, oldest first: the newest `limit` of it. */
export async function listFundEvents(
  sql: Reader,
  org: OrgId,
  {
    shopId,
    staffId,
    limit,
  }: { readonly shopId: string; readonly staffId: string; readonly limit: number },
): Promise<readonly FundEvent[]> {
  const rows = await sql<FundEvent[]>`
    SELECT event.id, event.kind, event.by_staff_id AS "byStaffId",
      coalesce(employee.name, '') AS "byStaffName", event.cash, event.settled,
      till.number AS "tillNumber", event.note,
      event.business_date AS "businessDate", event.occurred_at AS "occurredAt"
    FROM staff_fund_event AS event
    LEFT JOIN employee ON employee.org_id = event.org_id AND employee.id = event.by_staff_id
    LEFT JOIN till ON till.org_id = event.org_id AND till.id = event.till_id
    WHERE event.org_id = ${org} AND event.shop_id = ${shopId} AND event.staff_id = ${staffId}
    ORDER BY event.occurred_at DESC, event.id DESC
    LIMIT ${limit}
  `
  return [...rows].reverse()
}
