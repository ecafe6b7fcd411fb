import type { OrgId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Instant } from '@tillkeeper/core/base/instant.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { SafeCount } from '@tillkeeper/core/safe/count-safe.ts'
import type { CashTransfer } from '../cash/cash-sql.ts'
import { exchange } from '../cash/location.ts'
import type { Reader } from '../db.ts'
import { type Page, toPage } from '../page/cursor.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

/** What a shop's safe holds of one currency by its movements. */
export type SafeBalance = {
  readonly shopId: ShopId
  readonly currency: Currency
  readonly balanceMinor: Minor
  /** The safe was counted in this currency: from then on the balance means something. */
  readonly known: boolean
  readonly countedAt: Instant | null
  /** Pieces by face; what moved without its pieces is not in it. */
  readonly faces: ReadonlyMap<number, number>
}

/** The safes of the shops, by shop and currency. A currency that never lay in one has no row. */
export async function listSafeBalances(
  sql: Reader,
  org: OrgId,
  { shops, shopId }: { readonly shops: ShopScope; readonly shopId?: string | undefined },
): Promise<readonly SafeBalance[]> {
  const rows = await sql<(Omit<SafeBalance, 'faces'> & { faces: [number, number][] })[]>`
    SELECT held.shop_id AS "shopId", held.currency, held.balance_minor AS "balanceMinor",
      last.counted_at IS NOT NULL AS known, last.counted_at AS "countedAt", piece.faces
    FROM (
      SELECT split_part(location, ':', 2)::uuid AS shop_id, currency, balance_minor
      FROM cash_balance
      WHERE org_id = ${org}
        AND ${shopId === undefined ? sql`location LIKE 'safe:%'` : sql`location = ${`safe:${shopId}`}`}
    ) AS held
    CROSS JOIN LATERAL (
      SELECT max(counted_at) AS counted_at
      FROM safe_count
      WHERE org_id = ${org} AND safe_count.shop_id = held.shop_id
        AND counted @> jsonb_build_array(jsonb_build_object('currency', held.currency))
    ) AS last
    CROSS JOIN LATERAL (
      -- Face 0 is what is loose: an amount of which nobody said the pieces.
      SELECT coalesce(jsonb_agg(jsonb_build_array(face_minor, pieces) ORDER BY face_minor DESC)
        FILTER (WHERE face_minor > 0 AND pieces <> 0), '[]') AS faces
      FROM cash_inventory
      WHERE org_id = ${org} AND location = 'safe:' || held.shop_id AND currency = held.currency
    ) AS piece
    WHERE ${inScope(sql, 'shop_id', shops)}
    ORDER BY held.shop_id, held.currency
  `
  return rows.map((row) => ({ ...row, faces: new Map(row.faces) }))
}

export type SafeMovement = CashTransfer & { readonly shopId: ShopId }

/** What went into and out of the safes of the shops, the newest first. */
export async function listSafeMovements(
  sql: Reader,
  org: OrgId,
  {
    shopId,
    after,
    limit,
  }: {
    readonly shopId: string
    readonly after?: readonly [occurredAt: string, id: string] | undefined
    readonly limit: number
  },
): Promise<Page<SafeMovement>> {
  const place = `safe:${shopId}`
  const side = (column: 'from_location' | 'to_location') => sql`
    (
      SELECT org_id, id, fact_id, shop_id, type, staff_id, from_location, to_location, currency,
        amount_minor, pieces, category, recipient, note, business_date, occurred_at
      FROM cash_transfer
      WHERE org_id = ${org} AND ${sql(column)} = ${place}
        -- Pieces that a count found for those that were thought to be there: nothing came or went.
        AND NOT (type = 'swap' AND ${exchange(shopId)} IN (from_location, to_location))
        AND ${after === undefined ? sql`TRUE` : sql`(occurred_at, id) < (${after[0]}, ${after[1]})`}
      ORDER BY occurred_at DESC, id DESC
      LIMIT ${limit + 1}
    )
  `
  const rows = await sql<SafeMovement[]>`
    SELECT transfer.id, transfer.fact_id AS "factId", transfer.shop_id AS "shopId", transfer.type,
      transfer.staff_id AS "staffId", coalesce(employee.name, '') AS "staffName",
      transfer.from_location AS "from", transfer.to_location AS "to", transfer.currency,
      transfer.amount_minor AS "amountMinor", transfer.pieces, transfer.category,
      transfer.recipient, transfer.note, transfer.business_date AS "businessDate",
      transfer.occurred_at AS "occurredAt"
    FROM (${side('from_location')} UNION ALL ${side('to_location')}) AS transfer
    LEFT JOIN employee ON employee.org_id = transfer.org_id AND employee.id = transfer.staff_id
    ORDER BY transfer.occurred_at DESC, transfer.id DESC
    LIMIT ${limit + 1}
  `
  return toPage(rows, limit, ({ occurredAt, id }) => [occurredAt, id])
}

export type SafeCountRow = {
  readonly id: string
  readonly shopId: ShopId
  readonly staffId: StaffId
  readonly staffName: string
  readonly counted: readonly SafeCount[]
  readonly note: string
  readonly countedAt: Instant
}

/** Counts of the shops' safes, the newest first. */
export async function listSafeCounts(
  sql: Reader,
  org: OrgId,
  {
    shops,
    shopId,
    limit,
  }: {
    readonly shops: ShopScope
    readonly shopId?: string | undefined
    readonly limit: number
  },
): Promise<readonly SafeCountRow[]> {
  return sql<SafeCountRow[]>`
    SELECT done.id, done.shop_id AS "shopId", done.staff_id AS "staffId",
      coalesce(employee.name, '') AS "staffName", done.counted, done.note,
      done.counted_at AS "countedAt"
    FROM (
      SELECT org_id, id, shop_id, staff_id, counted, note, counted_at
      FROM safe_count
      WHERE org_id = ${org} AND ${inScope(sql, 'shop_id', shops)}
        AND ${shopId === undefined ? sql`TRUE` : sql`shop_id = ${shopId}`}
      ORDER BY counted_at DESC, id DESC
      LIMIT ${limit}
    ) AS done
    LEFT JOIN employee ON employee.org_id = done.org_id AND employee.id = done.staff_id
    ORDER BY done.counted_at DESC, done.id DESC
  `
}
