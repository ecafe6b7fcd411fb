import type { OrgId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { Cash } from '@tillkeeper/core/money/cash-amount.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import type { ChangeOrderId, ChangeOrderState } from '@tillkeeper/core/safe/order-change.ts'
import type { Reader } from '../db.ts'
import { type Page, toPage } from '../page/cursor.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

/** What became of an order. */
export type ChangeStep = {
  readonly id: string
  readonly step: Exclude<ChangeOrderState, 'ordered'>
  readonly staffId: StaffId
  readonly staffName: string
  readonly cash: Cash | null
  readonly reference: string | null
  readonly note: string
  readonly occurredAt: Instant
}

export type ChangeOrderRow = {
  readonly id: ChangeOrderId
  readonly shopId: ShopId
  readonly state: ChangeOrderState
  readonly staffId: StaffId
  readonly staffName: string
  readonly cash: Cash
  readonly neededOn: Day | null
  readonly note: string
  readonly businessDate: Day
  readonly orderedAt: Instant
  readonly steps: readonly ChangeStep[]
  readonly matched: readonly Currency[]
}

/** Change orders of the shops, the newest first. */
export async function listChangeOrders(
  sql: Reader,
  org: OrgId,
  {
    shops,
    shopId,
    ids,
    after,
    limit,
  }: {
    readonly shops: ShopScope
    readonly shopId?: string | undefined
    readonly ids?: readonly string[] | undefined
    readonly after?: readonly [orderedAt: string, id: string] | undefined
    readonly limit: number
  },
): Promise<Page<ChangeOrderRow>> {
  const rows = await sql<ChangeOrderRow[]>`
    SELECT asked.id, asked.shop_id AS "shopId", done.state, asked.staff_id AS "staffId",
      coalesce(orderer.name, '') AS "staffName", asked.cash, asked.needed_on AS "neededOn",
      asked.note, asked.business_date AS "businessDate", asked.ordered_at AS "orderedAt",
      done.steps, said.currencies AS matched
    FROM change_order AS asked
    LEFT JOIN employee AS orderer ON orderer.org_id = asked.org_id AND orderer.id = asked.staff_id
    CROSS JOIN LATERAL (
      SELECT
        CASE
          WHEN bool_or(step.step = 'received') THEN 'received'
          WHEN bool_or(step.step = 'cancelled') THEN 'cancelled'
          ELSE 'ordered'
        END AS state,
        coalesce(jsonb_agg(jsonb_build_object('id', step.id, 'step', step.step,
          'staffId', step.staff_id, 'staffName', coalesce(actor.name, ''), 'cash', step.cash,
          'reference', step.reference, 'note', step.note,
          'occurredAt', to_char(step.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
          ORDER BY step.occurred_at, step.id) FILTER (WHERE step.id IS NOT NULL), '[]') AS steps
      FROM change_order_step AS step
      LEFT JOIN employee AS actor ON actor.org_id = step.org_id AND actor.id = step.staff_id
      WHERE step.org_id = asked.org_id AND step.order_id = asked.id
    ) AS done
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(DISTINCT matched.currency), '[]') AS currencies
      FROM statement_match AS matched
      WHERE matched.org_id = asked.org_id AND matched.shop_id = asked.shop_id
        AND asked.id = ANY (matched.orders)
        AND NOT EXISTS (
          SELECT FROM statement_undo AS undone
          WHERE undone.org_id = matched.org_id AND undone.undone_id = matched.id
        )
    ) AS said
    WHERE asked.org_id = ${org} AND ${inScope(sql, 'asked.shop_id', shops)}
      AND ${shopId === undefined ? sql`TRUE` : sql`asked.shop_id = ${shopId}`}
      AND ${ids === undefined ? sql`TRUE` : sql`asked.id = ANY(${[...ids]}::uuid[])`}
      AND ${after === undefined ? sql`TRUE` : sql`(asked.ordered_at, asked.id) < (${after[0]}, ${after[1]}::uuid)`}
    ORDER BY asked.ordered_at DESC, asked.id DESC
    LIMIT ${limit + 1}
  `
  return toPage(rows, limit, ({ orderedAt, id }) => [orderedAt, id])
}
