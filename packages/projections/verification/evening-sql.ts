import type { OrgId, SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { Reader } from '../db.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

/** Whose day, and who asks. */
export type EveningAsked = {
  readonly shops: ShopScope
  readonly shopId?: ShopId | undefined
  readonly date: Day
  /** Undefined for another system. */
  readonly staffId: StaffId | undefined
}

/** The sessions and movements of one day of the largest chains; more are not listed. */
export const eveningSessionsMax = 2_000
export const eveningMovementsMax = 5_000

export type EveningSessionRow = {
  readonly id: SessionId
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly tillNumber: number
  readonly staffName: string
  readonly businessDate: Day
  readonly currency: Currency
  readonly openedAt: Instant
  readonly sales: number
  readonly salesMinor: Minor
  readonly closedAt: Instant | null
  readonly closedByName: string
  readonly countedMinor: Minor | null
  readonly expectedMinor: Minor | null
  readonly varianceMinor: Minor | null
  readonly others: readonly {
    readonly currency: Currency
    readonly countedMinor: Minor
    readonly expectedMinor: Minor
    readonly varianceMinor: Minor
  }[]
  readonly explained: readonly { readonly currency: Currency; readonly bookedMinor: Minor }[]
  readonly note: string
  readonly verifiedAt: Instant | null
  readonly verifiedByName: string
  readonly own: boolean
}

const ofShops = (sql: Reader, column: string, { shops, shopId }: EveningAsked) => sql`
  ${inScope(sql, column, shops)}
  AND ${shopId === undefined ? sql`TRUE` : sql`${sql(column)} = ${shopId}`}
`

/**
 * The sessions that a day's end is about: those that were opened or closed on it, and those of days before
 * that nobody closed.
 */
export async function listEveningSessions(
  sql: Reader,
  org: OrgId,
  asked: EveningAsked,
): Promise<readonly EveningSessionRow[]> {
  const { date, staffId = null } = asked
  return sql<EveningSessionRow[]>`
    SELECT session.id, session.shop_id AS "shopId", session.till_id AS "tillId",
      coalesce(till.number, 0) AS "tillNumber", coalesce(employee.name, '') AS "staffName",
      session.business_date AS "businessDate", session.currency, session.opened_at AS "openedAt",
      coalesce(total.sales, 0) AS sales, coalesce(total.sales_minor, 0) AS "salesMinor",
      closed.closed_at AS "closedAt", coalesce(closer.name, '') AS "closedByName",
      closed.counted_minor AS "countedMinor", closed.expected_minor AS "expectedMinor",
      closed.variance_minor AS "varianceMinor", coalesce(closed.others, '[]') AS others,
      said.explained, coalesce(closed.note, '') AS note, verified.verified_at AS "verifiedAt",
      coalesce(verifier.name, '') AS "verifiedByName",
      (
        session.staff_id = ${staffId}::uuid OR closed.staff_id = ${staffId}::uuid
        OR EXISTS (
          SELECT FROM sale
          WHERE sale.org_id = ${org} AND sale.staff_id = ${staffId}::uuid
            AND sale.occurred_at >= session.opened_at AND sale.session_id = session.id
        ) OR EXISTS (
          SELECT FROM refund
          WHERE refund.org_id = ${org} AND refund.staff_id = ${staffId}::uuid
            AND refund.occurred_at >= session.opened_at AND refund.session_id = session.id
        ) OR EXISTS (
          SELECT FROM cash_transfer AS moved
          WHERE moved.org_id = ${org} AND moved.staff_id = ${staffId}::uuid
            AND moved.occurred_at >= session.opened_at AND moved.session_id = session.id
            AND moved.type <> 'correction'
            AND (moved.from_location LIKE 'drawer:%' OR moved.to_location LIKE 'drawer:%')
        )
      ) IS TRUE AS own
    FROM (
      SELECT id FROM till_session
      WHERE org_id = ${org} AND business_date = ${date} AND ${ofShops(sql, 'shop_id', asked)}
      UNION
      SELECT session_id FROM till_close
      WHERE org_id = ${org} AND business_date = ${date} AND ${ofShops(sql, 'shop_id', asked)}
      UNION
      SELECT id FROM till_session AS old
      WHERE org_id = ${org} AND business_date < ${date} AND ${ofShops(sql, 'shop_id', asked)}
        AND NOT EXISTS (
          SELECT FROM till_close WHERE till_close.org_id = ${org} AND till_close.session_id = old.id
        )
      LIMIT ${eveningSessionsMax}
    ) AS day
    JOIN till_session AS session ON session.org_id = ${org} AND session.id = day.id
    LEFT JOIN session_total AS total
      ON total.org_id = session.org_id AND total.session_id = session.id
    LEFT JOIN till ON till.org_id = session.org_id AND till.id = session.till_id
    LEFT JOIN employee ON employee.org_id = session.org_id AND employee.id = session.staff_id
    LEFT JOIN LATERAL (
      SELECT staff_id, counted_minor, expected_minor, variance_minor, note, closed_at, others
      FROM till_close
      WHERE till_close.org_id = session.org_id AND till_close.session_id = session.id
      ORDER BY id
      LIMIT 1
    ) AS closed ON TRUE
    LEFT JOIN employee AS closer
      ON closer.org_id = session.org_id AND closer.id = closed.staff_id
    LEFT JOIN LATERAL (
      SELECT staff_id, verified_at
      FROM till_verification
      WHERE till_verification.org_id = session.org_id
        AND till_verification.session_id = session.id
      ORDER BY id
      LIMIT 1
    ) AS verified ON TRUE
    LEFT JOIN employee AS verifier
      ON verifier.org_id = session.org_id AND verifier.id = verified.staff_id
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(jsonb_build_object('currency', each.currency,
        'bookedMinor', each.minor)), '[]') AS explained
      FROM (
        SELECT currency, sum(booked_minor)::bigint AS minor
        FROM till_explanation
        WHERE till_explanation.org_id = session.org_id
          AND till_explanation.session_id = session.id
        GROUP BY currency
      ) AS each
    ) AS said
    ORDER BY session.shop_id, "tillNumber", session.opened_at, session.id
  `
}

export type EveningMovementRow = {
  /** The fact that moved it. */
  readonly id: string
  readonly shopId: ShopId
  readonly sessionId: SessionId | null
  readonly type: string
  readonly tillNumber: number | null
  readonly staffName: string
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly category: string | null
  readonly recipient: string | null
  readonly note: string
  readonly photoId: string | null
  readonly occurredAt: Instant
  readonly confirmed: boolean
  readonly verified: boolean
  readonly own: boolean
}

/** What people move by hand in or out of a drawer. */
const movedByHand = [
  ...['pay_in', 'pay_out', 'drop', 'top_up', 'advance', 'swap', 'hand_over'],
  ...['fund_issue', 'fund_return'],
]
const dayMs = 86_400_000

/** Cash that was moved by hand on a day, oldest first. */
export async function listEveningMovements(
  sql: Reader,
  org: OrgId,
  asked: EveningAsked,
): Promise<readonly EveningMovementRow[]> {
  const { date, staffId = null } = asked
  // A day of business lies within these instants in every time zone, and so by the index of time.
  const around = (days: number) => new Date(Date.parse(date) + days * dayMs).toISOString()
  return sql<EveningMovementRow[]>`
    SELECT moved.fact_id AS id, moved.shop_id AS "shopId", moved.session_id AS "sessionId",
      moved.type, till.number AS "tillNumber", coalesce(employee.name, '') AS "staffName",
      moved.currency, moved.amount_minor AS "amountMinor", moved.category, moved.recipient,
      moved.note, said.attachment_id AS "photoId",
      moved.occurred_at AS "occurredAt",
      looked.confirmed OR looked.verified AS confirmed, looked.verified,
      (moved.staff_id = ${staffId}::uuid) IS TRUE AS own
    FROM cash_transfer AS moved
    LEFT JOIN till_session AS session
      ON session.org_id = moved.org_id AND session.id = moved.session_id
    LEFT JOIN till ON till.org_id = moved.org_id AND till.id = session.till_id
    LEFT JOIN employee ON employee.org_id = moved.org_id AND employee.id = moved.staff_id
    LEFT JOIN cash_movement AS said ON said.org_id = moved.org_id AND said.id = moved.fact_id
    CROSS JOIN LATERAL (
      SELECT EXISTS (
        SELECT FROM movement_verification AS looked
        WHERE looked.org_id = moved.org_id AND looked.movement_id = moved.fact_id
      ) AS verified,
      EXISTS (
        SELECT FROM drop_confirmation AS signed
        WHERE signed.org_id = moved.org_id AND signed.movement_id = moved.fact_id
      ) AS confirmed
    ) AS looked
    WHERE moved.org_id = ${org} AND moved.type = ANY(${movedByHand})
      AND moved.occurred_at BETWEEN ${around(-1)} AND ${around(3)}
      AND moved.business_date = ${date} AND ${ofShops(sql, 'moved.shop_id', asked)}
    ORDER BY moved.occurred_at, moved.id
    LIMIT ${eveningMovementsMax}
  `
}

export type OpenMatter = {
  readonly kind: 'drift' | 'facts_parked'
  readonly shopId: ShopId
  readonly about: string
  readonly count: number
}

/** What else keeps a day from ending: totals that are no sums of their acts, and facts that are not in them. */
export async function listOpenMatters(
  sql: Reader,
  org: OrgId,
  asked: EveningAsked,
): Promise<readonly OpenMatter[]> {
  return sql<OpenMatter[]>`
    SELECT 'drift' AS kind, drift.shop_id AS "shopId", drift.place AS about, 1 AS count
    FROM totals_drift AS drift
    LEFT JOIN exception_seen AS seen ON seen.org_id = drift.org_id AND seen.id = drift.id
    WHERE drift.org_id = ${org} AND seen.id IS NULL AND drift.shop_id IS NOT NULL
      AND ${ofShops(sql, 'drift.shop_id', asked)}
    UNION ALL
    SELECT 'facts_parked', parked.shop_id, '', count(*)
    FROM parked
    WHERE org_id = ${org} AND ${ofShops(sql, 'parked.shop_id', asked)}
      AND parked.shop_id IS NOT NULL
    GROUP BY parked.shop_id
    LIMIT ${eveningSessionsMax}
  `
}
