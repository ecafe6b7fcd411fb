import type { OrgId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { Cash } from '@tillkeeper/core/money/cash-amount.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import type { BagId, BagState, Credited } from '@tillkeeper/core/safe/deposit-bag.ts'
import type { Reader } from '../db.ts'
import { type Page, toPage } from '../page/cursor.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

/** What somebody did with a bag. */
export type BagStep = {
  readonly id: string
  readonly step: Exclude<BagState, 'sealed'>
  readonly staffId: StaffId
  readonly staffName: string
  readonly carrier: string | null
  readonly reference: string | null
  readonly bankedOn: Day | null
  readonly credited: readonly Credited[] | null
  readonly note: string
  readonly occurredAt: Instant
}

export type BagRow = {
  readonly id: BagId
  readonly shopId: ShopId
  readonly number: string
  /** The highest that a step led to. */
  readonly state: BagState
  readonly sealedBy: StaffId
  readonly sealedByName: string
  readonly cash: Cash
  readonly note: string
  readonly businessDate: Day
  readonly sealedAt: Instant
  /** In the order in which they happened. */
  readonly steps: readonly BagStep[]
  /** Currencies of which a line of the bank says what it credited. */
  readonly matched: readonly Currency[]
}

export type BagFilter = {
  readonly shops: ShopScope
  readonly shopId?: string | undefined
  readonly ids?: readonly string[] | undefined
  readonly state?: BagState | undefined
  /** Only those that no line of the bank names yet, and that were not opened again. */
  readonly unmatchedOnly?: boolean | undefined
  readonly after?: readonly [sealedAt: string, id: string] | undefined
  readonly limit: number
}

/** Bags of the shops with what was done with them, the newest first. */
export async function listBags(
  sql: Reader,
  org: OrgId,
  { shops, shopId, ids, state, unmatchedOnly = false, after, limit }: BagFilter,
): Promise<Page<BagRow>> {
  const rows = await sql<BagRow[]>`
    SELECT bag.id, bag.shop_id AS "shopId", bag.number, done.state, bag.staff_id AS "sealedBy",
      coalesce(sealer.name, '') AS "sealedByName", bag.cash, bag.note,
      bag.business_date AS "businessDate", bag.sealed_at AS "sealedAt", done.steps,
      said.currencies AS matched
    FROM deposit_bag AS bag
    LEFT JOIN employee AS sealer ON sealer.org_id = bag.org_id AND sealer.id = bag.staff_id
    CROSS JOIN LATERAL (
      SELECT
        CASE
          WHEN bool_or(step.step = 'deposited') THEN 'deposited'
          WHEN bool_or(step.step = 'opened') THEN 'opened'
          WHEN bool_or(step.step = 'collected') THEN 'collected'
          WHEN bool_or(step.step = 'verified') THEN 'verified'
          ELSE 'sealed'
        END AS state,
        coalesce(jsonb_agg(jsonb_build_object('id', step.id, 'step', step.step,
          'staffId', step.staff_id, 'staffName', coalesce(actor.name, ''),
          'carrier', step.carrier, 'reference', step.reference, 'bankedOn', step.banked_on,
          'credited', step.credited, 'note', step.note,
          'occurredAt', to_char(step.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
          ORDER BY step.occurred_at, step.id) FILTER (WHERE step.id IS NOT NULL), '[]') AS steps
      FROM deposit_bag_step AS step
      LEFT JOIN employee AS actor ON actor.org_id = step.org_id AND actor.id = step.staff_id
      WHERE step.org_id = bag.org_id AND step.bag_id = bag.id
    ) AS done
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(DISTINCT matched.currency), '[]') AS currencies
      FROM statement_match AS matched
      WHERE matched.org_id = bag.org_id AND matched.shop_id = bag.shop_id
        AND bag.id = ANY (matched.bags)
        AND NOT EXISTS (
          SELECT FROM statement_undo AS undone
          WHERE undone.org_id = matched.org_id AND undone.undone_id = matched.id
        )
    ) AS said
    WHERE bag.org_id = ${org} AND ${inScope(sql, 'bag.shop_id', shops)}
      AND ${shopId === undefined ? sql`TRUE` : sql`bag.shop_id = ${shopId}`}
      AND ${ids === undefined ? sql`TRUE` : sql`bag.id = ANY(${[...ids]}::uuid[])`}
      AND ${state === undefined ? sql`TRUE` : sql`done.state = ${state}`}
      AND (NOT ${unmatchedOnly} OR (done.state <> 'opened'
        AND jsonb_array_length(said.currencies) < jsonb_array_length(bag.cash)))
      AND ${after === undefined ? sql`TRUE` : sql`(bag.sealed_at, bag.id) < (${after[0]}, ${after[1]}::uuid)`}
    ORDER BY bag.sealed_at DESC, bag.id DESC
    LIMIT ${limit + 1}
  `
  return toPage(rows, limit, ({ sealedAt, id }) => [sealedAt, id])
}

/** The bag of a shop that has the number, as `bagNumberKey` spells it. */
export async function findBagByNumber(
  sql: Reader,
  org: OrgId,
  { shopId, key }: { readonly shopId: string; readonly key: string },
): Promise<BagId | undefined> {
  const [row] = await sql<{ id: BagId }[]>`
    SELECT id FROM deposit_bag
    WHERE org_id = ${org} AND shop_id = ${shopId} AND number_key = ${key}
    ORDER BY id
    LIMIT 1
  `
  return row?.id
}
