import type { OrgId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { Reader } from '../db.ts'
import type { ShopScope } from '../page/shop-scope.ts'
import type { LocationKind } from './location.ts'

/** A place that holds cash, or one outside that it comes from and goes to; see location.ts. */
export type CashLocation = {
  readonly location: string
  readonly kind: LocationKind
  /** A till's drawer belongs to the shop that the till stands in; null where that is not known. */
  readonly shopId: ShopId | null
  readonly currency: Currency
  /** What came in less what went out. Outside the shop it is below zero by what came from there. */
  readonly balanceMinor: Minor
}

/**
 * The places of the shops with what they hold. All places of a currency add up to zero. A bag, an advance,
 * a fund and what is on its way are listed as long as they hold something.
 */
export async function listCashLocations(
  sql: Reader,
  org: OrgId,
  { shops, shopId }: { readonly shops: ShopScope; readonly shopId?: ShopId | undefined },
): Promise<readonly CashLocation[]> {
  return sql<CashLocation[]>`
    SELECT location, kind, shop_id AS "shopId", currency, balance_minor AS "balanceMinor"
    FROM (
      SELECT balance.location, place.kind, balance.currency, balance.balance_minor,
        CASE place.kind WHEN 'drawer' THEN till.shop_id ELSE place.id END AS shop_id
      FROM cash_balance AS balance
      CROSS JOIN LATERAL (
        SELECT split_part(balance.location, ':', 1) AS kind,
          split_part(balance.location, ':', 2)::uuid AS id
      ) AS place
      LEFT JOIN till
        ON till.org_id = balance.org_id AND place.kind = 'drawer' AND till.id = place.id
      WHERE balance.org_id = ${org}
        AND (balance.balance_minor <> 0 OR place.kind NOT IN ('bag', 'transit', 'advance', 'fund'))
    ) AS held
    WHERE ${shops === 'all' ? sql`TRUE` : sql`shop_id = ANY(${[...shops]}::uuid[])`}
      AND ${shopId === undefined ? sql`TRUE` : sql`shop_id = ${shopId}`}
    ORDER BY shop_id, kind, location, currency
  `
}

export type CashTransfer = {
  /** `<fact id>/<part>`. */
  readonly id: string
  readonly factId: string
  readonly type: string
  readonly staffId: StaffId
  readonly staffName: string
  readonly from: string
  readonly to: string
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly pieces: Pieces | null
  readonly category: string | null
  readonly recipient: string | null
  readonly note: string
  readonly businessDate: Day
  readonly occurredAt: Instant
}

/** The cash that moved in a session, oldest first; only of these types, if they are given. */
export async function listSessionTransfers(
  sql: Reader,
  org: OrgId,
  {
    sessionId,
    types,
    limit,
  }: {
    readonly sessionId: string
    readonly types?: readonly string[] | undefined
    readonly limit: number
  },
): Promise<readonly CashTransfer[]> {
  return sql<CashTransfer[]>`
    SELECT transfer.id, transfer.fact_id AS "factId", transfer.type,
      transfer.staff_id AS "staffId", coalesce(employee.name, '') AS "staffName",
      transfer.from_location AS "from", transfer.to_location AS "to", transfer.currency,
      transfer.amount_minor AS "amountMinor", transfer.pieces, transfer.category,
      transfer.recipient, transfer.note, transfer.business_date AS "businessDate",
      transfer.occurred_at AS "occurredAt"
    FROM cash_transfer AS transfer
    LEFT JOIN employee ON employee.org_id = transfer.org_id AND employee.id = transfer.staff_id
    WHERE transfer.org_id = ${org} AND transfer.session_id = ${sessionId}
      AND ${types === undefined ? sql`TRUE` : sql`transfer.type = ANY(${types}::text[])`}
    ORDER BY transfer.occurred_at, transfer.id
    LIMIT ${limit}
  `
}
