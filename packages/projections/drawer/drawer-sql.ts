import type { OrgId, SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { Reader } from '../db.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

// Who handed cash to whom, and who opened what.

export type Asked = {
  readonly shops: ShopScope
  readonly shopId?: ShopId | undefined
  readonly date?: Day | undefined
  readonly limit: number
}

export type HandOverRow = {
  readonly id: string
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly tillNumber: number
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly staffName: string
  readonly toTillId: TillId
  readonly toTillNumber: number
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly pieces: Pieces | null
  readonly note: string
  readonly businessDate: Day
  readonly givenAt: Instant
  readonly state: 'given' | 'declined' | 'received' | 'returned'
  readonly answer: {
    readonly staffId: StaffId
    readonly staffName: string
    readonly countedMinor: Minor
    readonly varianceMinor: Minor
    readonly note: string
    readonly answeredAt: Instant
  } | null
}

/**
 * Transfers between drawers, the newest first; only those that are on their way or wait for their giver, where
 * `open`. An answer that accepts ends it; until then the latest that declined is told.
 */
export async function listHandOvers(
  sql: Reader,
  org: OrgId,
  {
    shops,
    shopId,
    date,
    limit,
    tillId,
    open = false,
    id,
  }: Asked & {
    /** Given or received there. */
    readonly tillId?: TillId | undefined
    readonly open?: boolean
    readonly id?: string | undefined
  },
): Promise<readonly HandOverRow[]> {
  return sql<HandOverRow[]>`
    SELECT given.id, given.shop_id AS "shopId", given.till_id AS "tillId",
      coalesce(from_till.number, 1) AS "tillNumber", given.session_id AS "sessionId",
      given.staff_id AS "staffId", coalesce(giver.name, '') AS "staffName",
      given.to_till_id AS "toTillId", coalesce(to_till.number, 1) AS "toTillNumber",
      given.currency, given.amount_minor AS "amountMinor", given.pieces, given.note,
      given.business_date AS "businessDate", given.given_at AS "givenAt",
      CASE WHEN said.id IS NULL THEN 'given' WHEN said.answer = 'declined' THEN 'declined'
        WHEN said.till_id = given.till_id THEN 'returned' ELSE 'received' END AS state,
      CASE WHEN said.id IS NOT NULL THEN jsonb_build_object('staffId', said.staff_id,
        'staffName', coalesce(receiver.name, ''), 'countedMinor', said.counted_minor,
        'varianceMinor', said.variance_minor, 'note', said.note,
        'answeredAt', to_char(said.answered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      END AS answer
    FROM hand_over AS given
    LEFT JOIN LATERAL (
      SELECT answer.id, answer.answer, answer.till_id, answer.staff_id, answer.counted_minor,
        answer.variance_minor, answer.note, answer.answered_at
      FROM hand_over_answer AS answer
      WHERE answer.org_id = given.org_id AND answer.transfer_id = given.id
      ORDER BY answer.answer, answer.id
      LIMIT 1
    ) AS said ON TRUE
    LEFT JOIN till AS from_till
      ON from_till.org_id = given.org_id AND from_till.id = given.till_id
    LEFT JOIN till AS to_till ON to_till.org_id = given.org_id AND to_till.id = given.to_till_id
    LEFT JOIN employee AS giver ON giver.org_id = given.org_id AND giver.id = given.staff_id
    LEFT JOIN employee AS receiver
      ON receiver.org_id = given.org_id AND receiver.id = said.staff_id
    WHERE given.org_id = ${org} AND ${inScope(sql, 'given.shop_id', shops)}
      ${id === undefined ? sql`` : sql`AND given.id = ${id}`}
      ${shopId === undefined ? sql`` : sql`AND given.shop_id = ${shopId}`}
      ${date === undefined ? sql`` : sql`AND given.business_date = ${date}`}
      ${tillId === undefined ? sql`` : sql`AND ${tillId}::uuid IN (given.till_id, given.to_till_id)`}
      ${open ? sql`AND said.answer IS DISTINCT FROM 'accepted'` : sql``}
    ORDER BY given.given_at DESC, given.id DESC
    LIMIT ${limit}
  `
}

export type DropRow = {
  readonly id: string
  readonly shopId: ShopId
  readonly sessionId: SessionId
  readonly staffId: StaffId
  readonly staffName: string
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly pieces: Pieces | null
  readonly note: string
  readonly businessDate: Day
  readonly droppedAt: Instant
  readonly confirmation: {
    readonly staffId: StaffId
    readonly staffName: string
    readonly countedMinor: Minor
    readonly varianceMinor: Minor
    readonly note: string
    readonly confirmedAt: Instant
  } | null
}

/** Drops into the safe, the newest first, with who signed for them; only those that nobody did, if asked. */
export async function listDrops(
  sql: Reader,
  org: OrgId,
  {
    shops,
    shopId,
    date,
    limit,
    unconfirmed = false,
    id,
  }: Asked & { readonly unconfirmed?: boolean; readonly id?: string | undefined },
): Promise<readonly DropRow[]> {
  return sql<DropRow[]>`
    SELECT moved.fact_id AS id, moved.shop_id AS "shopId", moved.session_id AS "sessionId",
      moved.staff_id AS "staffId", coalesce(giver.name, '') AS "staffName", moved.currency,
      moved.amount_minor AS "amountMinor", moved.pieces, moved.note,
      moved.business_date AS "businessDate", moved.occurred_at AS "droppedAt",
      CASE WHEN said.id IS NOT NULL THEN jsonb_build_object('staffId', said.staff_id,
        'staffName', coalesce(receiver.name, ''), 'countedMinor', said.counted_minor,
        'varianceMinor', said.variance_minor, 'note', said.note,
        'confirmedAt',
          to_char(said.confirmed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      END AS confirmation
    FROM cash_transfer AS moved
    LEFT JOIN LATERAL (
      SELECT found.id, found.staff_id, found.counted_minor, found.variance_minor, found.note,
        found.confirmed_at
      FROM drop_confirmation AS found
      WHERE found.org_id = moved.org_id AND found.movement_id = moved.fact_id
      ORDER BY found.id
      LIMIT 1
    ) AS said ON TRUE
    LEFT JOIN employee AS giver ON giver.org_id = moved.org_id AND giver.id = moved.staff_id
    LEFT JOIN employee AS receiver
      ON receiver.org_id = moved.org_id AND receiver.id = said.staff_id
    WHERE moved.org_id = ${org} AND moved.type = 'drop' AND ${inScope(sql, 'moved.shop_id', shops)}
      ${id === undefined ? sql`` : sql`AND moved.id = ${`${id}/moved`}`}
      ${shopId === undefined ? sql`` : sql`AND moved.shop_id = ${shopId}`}
      ${date === undefined ? sql`` : sql`AND moved.business_date = ${date}`}
      ${unconfirmed ? sql`AND said.id IS NULL` : sql``}
    ORDER BY moved.occurred_at DESC, moved.id DESC
    LIMIT ${limit}
  `
}

export type DrawerOpeningRow = {
  readonly id: string
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly tillNumber: number
  readonly sessionId: SessionId | null
  readonly staffId: StaffId
  readonly staffName: string
  readonly reason: string
  readonly approverId: StaffId | null
  readonly approverName: string
  readonly businessDate: Day
  readonly openedAt: Instant
}

/** Drawers that were opened with nothing sold, the newest first. */
export async function listDrawerOpenings(
  sql: Reader,
  org: OrgId,
  { shops, shopId, date, limit }: Asked,
): Promise<readonly DrawerOpeningRow[]> {
  return sql<DrawerOpeningRow[]>`
    SELECT opening.id, opening.shop_id AS "shopId", opening.till_id AS "tillId",
      coalesce(till.number, 1) AS "tillNumber", opening.session_id AS "sessionId",
      opening.staff_id AS "staffId", coalesce(employee.name, '') AS "staffName", opening.reason,
      opening.approver_id AS "approverId", coalesce(approver.name, '') AS "approverName",
      opening.business_date AS "businessDate", opening.opened_at AS "openedAt"
    FROM drawer_opening AS opening
    LEFT JOIN till ON till.org_id = opening.org_id AND till.id = opening.till_id
    LEFT JOIN employee
      ON employee.org_id = opening.org_id AND employee.id = opening.staff_id
    LEFT JOIN employee AS approver
      ON approver.org_id = opening.org_id AND approver.id = opening.approver_id
    WHERE opening.org_id = ${org} AND ${inScope(sql, 'opening.shop_id', shops)}
      ${shopId === undefined ? sql`` : sql`AND opening.shop_id = ${shopId}`}
      ${date === undefined ? sql`` : sql`AND opening.business_date = ${date}`}
    ORDER BY opening.opened_at DESC, opening.id DESC
    LIMIT ${limit}
  `
}

export type ApprovalUseRow = {
  readonly approvalId: string
  readonly factId: string
  readonly factType: string
  readonly shopId: ShopId
  readonly staffId: StaffId
  readonly staffName: string
  readonly approverId: StaffId
  readonly approverName: string
  readonly permission: string
  readonly amountMinor: Minor | null
  readonly currency: Currency | null
  readonly method: string
  readonly usedAt: Instant
}

/** What was done by another person's word, the newest first. */
export async function listApprovalUses(
  sql: Reader,
  org: OrgId,
  { shops, shopId, limit }: Omit<Asked, 'date'>,
): Promise<readonly ApprovalUseRow[]> {
  return sql<ApprovalUseRow[]>`
    SELECT use.approval_id AS "approvalId", use.fact_id AS "factId", use.fact_type AS "factType",
      use.shop_id AS "shopId", use.staff_id AS "staffId", coalesce(employee.name, '') AS "staffName",
      use.approver_id AS "approverId", coalesce(approver.name, '') AS "approverName",
      use.permission, use.amount_minor AS "amountMinor", use.currency, use.method,
      use.used_at AS "usedAt"
    FROM approval_use AS use
    LEFT JOIN employee ON employee.org_id = use.org_id AND employee.id = use.staff_id
    LEFT JOIN employee AS approver
      ON approver.org_id = use.org_id AND approver.id = use.approver_id
    WHERE use.org_id = ${org} AND ${inScope(sql, 'use.shop_id', shops)}
      ${shopId === undefined ? sql`` : sql`AND use.shop_id = ${shopId}`}
    ORDER BY use.used_at DESC, use.fact_id DESC
    LIMIT ${limit}
  `
}
