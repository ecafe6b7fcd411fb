import type { OrgId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { FundChange } from '@tillkeeper/core/fund/report-funds.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { Reader } from '../db.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

/** Days of business, both included, of some shops. */
export type ReportAsked = {
  readonly shops: ShopScope
  readonly shopId?: ShopId | undefined
  readonly from: Day
  readonly to: Day
}

/** Rows of one report: a year of the largest chains, by day. */
export const reportRowsMax = 20_000

const ofShops = (sql: Reader, column: string, { shops, shopId }: ReportAsked) => sql`
  ${inScope(sql, column, shops)}
  AND ${shopId === undefined ? sql`TRUE` : sql`${sql(column)} = ${shopId}`}
`

export type CashFlow = {
  readonly businessDate: Day
  readonly currency: Currency
  /** `sales`: cash of sales less refunds; `machine`: the same of cash recyclers; else the type of the transfers. */
  readonly flow: string
  /** Into the shop's places above zero, out of them below. */
  readonly amountMinor: Minor
  readonly count: number
}

/** What crosses the shop's door beside sales, whose cash is summed up by day already. */
const acrossTheDoor = [
  'pay_in',
  'pay_out',
  'deposit',
  'change_order',
  'expense',
  'shortage',
  'surplus',
  'correction',
  'exchange',
]
/** What a machine took and gave, and what of that went on into a drawer or somebody’s hands. */
const byMachine = ['machine_in', 'machine_out', 'top_up', 'drop', 'advance']
const outside = '^(customer|supplier|bank|over_short|owner|exchange):'
const dayMs = 86_400_000

/** Cash into the shops and out of them, by day and what for: from summaries and what is moved by hand. */
export async function readCashFlow(
  sql: Reader,
  org: OrgId,
  asked: ReportAsked,
): Promise<readonly CashFlow[]> {
  const { from, to } = asked
  // Days lie within these instants in every time zone: the index is by type and time.
  const [first, last] = [
    new Date(Date.parse(from) - dayMs).toISOString(),
    new Date(Date.parse(to) + 3 * dayMs).toISOString(),
  ]
  return sql<CashFlow[]>`
    SELECT business_date AS "businessDate", currency, 'sales' AS flow,
      sum(cash_minor)::bigint AS "amountMinor", sum(sales + refunds)::bigint AS count
    FROM daily_summary
    WHERE org_id = ${org} AND business_date BETWEEN ${from} AND ${to}
      AND ${ofShops(sql, 'shop_id', asked)}
    GROUP BY business_date, currency
    UNION ALL
    SELECT business_date, currency, flow, sum(minor)::bigint, count(*)
    FROM cash_transfer
    CROSS JOIN LATERAL (
      SELECT from_location ~ ${outside} AS is_from_outside, to_location ~ ${outside} AS is_to_outside
    ) AS place
    CROSS JOIN LATERAL (
      SELECT type AS flow, CASE WHEN is_from_outside THEN amount_minor ELSE -amount_minor END AS minor
      WHERE is_from_outside <> is_to_outside AND type = ANY(${acrossTheDoor})
      UNION ALL
      -- What machines take and give, less what of it was no sale: the next two say that beside its own name.
      SELECT 'machine', CASE WHEN is_from_outside THEN amount_minor ELSE -amount_minor END
      WHERE is_from_outside <> is_to_outside AND type = ANY(${byMachine})
      UNION ALL
      SELECT 'machine', CASE type WHEN 'pay_out' THEN amount_minor ELSE -amount_minor END
      WHERE is_from_outside AND is_to_outside AND type IN ('pay_in', 'pay_out')
      UNION ALL
      SELECT type, CASE type WHEN 'pay_out' THEN -amount_minor ELSE amount_minor END
      WHERE is_from_outside AND is_to_outside AND type IN ('pay_in', 'pay_out')
    ) AS leg
    WHERE org_id = ${org} AND type = ANY(${[...acrossTheDoor, ...byMachine]})
      AND occurred_at BETWEEN ${first} AND ${last}
      AND business_date BETWEEN ${from} AND ${to} AND ${ofShops(sql, 'shop_id', asked)}
    GROUP BY business_date, currency, flow
    ORDER BY 1, 2, 3
    LIMIT ${reportRowsMax}
  `
}

export type MethodsOfDay = {
  readonly businessDate: Day
  readonly currency: Currency
  readonly sales: number
  readonly cashMinor: Minor
  readonly cardMinor: Minor
  readonly bankTransferMinor: Minor
  readonly promptpayMinor: Minor
  readonly machineMinor: Minor
}

/** How sales less refunds were paid, by the day on which their session began. */
export async function readMethods(
  sql: Reader,
  org: OrgId,
  asked: ReportAsked,
): Promise<readonly MethodsOfDay[]> {
  return sql<MethodsOfDay[]>`
    SELECT session.business_date AS "businessDate", session.currency,
      sum(total.sales)::bigint AS sales,
      sum(total.cash_in_minor - total.pay_in_minor - total.cash_out_minor
        + total.pay_out_minor)::bigint AS "cashMinor",
      sum(total.card_minor)::bigint AS "cardMinor",
      sum(total.bank_transfer_minor)::bigint AS "bankTransferMinor",
      sum(total.promptpay_minor)::bigint AS "promptpayMinor",
      sum(total.machine_minor)::bigint AS "machineMinor"
    FROM till_session AS session
    JOIN session_total AS total
      ON total.org_id = session.org_id AND total.session_id = session.id
    WHERE session.org_id = ${org} AND session.business_date BETWEEN ${asked.from} AND ${asked.to}
      AND ${ofShops(sql, 'session.shop_id', asked)}
    GROUP BY session.business_date, session.currency
    ORDER BY session.business_date, session.currency
    LIMIT ${reportRowsMax}
  `
}

export type StaffFigures = {
  readonly staffId: StaffId
  readonly staffName: string
  readonly currency: Currency
  readonly sales: number
  readonly salesMinor: Minor
  readonly refunds: number
  readonly refundsMinor: Minor
  readonly closes: number
  readonly varianceMinor: Minor
}

/** What each person sold, gave back and counted. */
export async function readStaffFigures(
  sql: Reader,
  org: OrgId,
  asked: ReportAsked,
): Promise<readonly StaffFigures[]> {
  return sql<StaffFigures[]>`
    SELECT day.staff_id AS "staffId", coalesce(employee.name, '') AS "staffName", day.currency,
      sum(day.sales)::bigint AS sales, sum(day.sales_minor)::bigint AS "salesMinor",
      sum(day.refunds)::bigint AS refunds, sum(day.refunds_minor)::bigint AS "refundsMinor",
      sum(day.closes)::bigint AS closes, sum(day.variance_minor)::bigint AS "varianceMinor"
    FROM daily_summary AS day
    LEFT JOIN employee ON employee.org_id = day.org_id AND employee.id = day.staff_id
    WHERE day.org_id = ${org} AND day.business_date BETWEEN ${asked.from} AND ${asked.to}
      AND ${ofShops(sql, 'day.shop_id', asked)}
    GROUP BY day.staff_id, employee.name, day.currency
    ORDER BY "salesMinor" DESC, day.staff_id
    LIMIT ${reportRowsMax}
  `
}

export type VarianceRow = {
  readonly sessionId: string
  readonly shopId: ShopId
  readonly tillNumber: number
  readonly staffId: StaffId
  readonly staffName: string
  readonly businessDate: Day
  readonly closedAt: Instant
  readonly currency: Currency
  readonly countedMinor: Minor
  readonly expectedMinor: Minor
  readonly varianceMinor: Minor
  readonly reasons: readonly string[]
  readonly verified: boolean
}

/** Every close with what it was short or over, oldest first: also those that were exact, for what is usual. */
export async function listVariances(
  sql: Reader,
  org: OrgId,
  asked: ReportAsked,
): Promise<readonly VarianceRow[]> {
  return sql<VarianceRow[]>`
    SELECT close.session_id AS "sessionId", close.shop_id AS "shopId",
      coalesce(till.number, 0) AS "tillNumber", close.staff_id AS "staffId",
      coalesce(employee.name, '') AS "staffName", close.business_date AS "businessDate",
      close.closed_at AS "closedAt", close.currency, close.counted_minor AS "countedMinor",
      close.expected_minor AS "expectedMinor", close.variance_minor AS "varianceMinor",
      (
        SELECT coalesce(jsonb_agg(DISTINCT said.reason), '[]')
        FROM till_explanation AS said
        WHERE said.org_id = close.org_id AND said.session_id = close.session_id
      ) AS reasons,
      EXISTS (
        SELECT FROM till_verification AS verified
        WHERE verified.org_id = close.org_id AND verified.session_id = close.session_id
      ) AS verified
    FROM till_close AS close
    LEFT JOIN till ON till.org_id = close.org_id AND till.id = close.till_id
    LEFT JOIN employee ON employee.org_id = close.org_id AND employee.id = close.staff_id
    WHERE close.org_id = ${org} AND close.business_date BETWEEN ${asked.from} AND ${asked.to}
      AND ${ofShops(sql, 'close.shop_id', asked)}
    ORDER BY close.closed_at, close.id
    LIMIT ${reportRowsMax}
  `
}

/**
 * What people were given of the shops' change and gave back, by day; the days before the first one together, as
 * what somebody holds comes from all of them. A row is an act of a person at the safe, so there are few.
 */
export async function readFundChanges(
  sql: Reader,
  org: OrgId,
  asked: ReportAsked,
): Promise<readonly FundChange[]> {
  return sql<FundChange[]>`
    SELECT event.staff_id AS "staffId", coalesce(employee.name, '') AS "staffName", moved.currency,
      CASE WHEN event.business_date >= ${asked.from} THEN event.business_date END AS "businessDate",
      sum(moved.issued)::bigint AS "issuedMinor", sum(moved.returned)::bigint AS "returnedMinor",
      sum(moved.variance)::bigint AS "varianceMinor"
    FROM staff_fund_event AS event
    CROSS JOIN LATERAL (
      SELECT currency, CASE event.kind WHEN 'issued' THEN minor ELSE 0 END AS issued,
        CASE event.kind WHEN 'returned' THEN minor ELSE 0 END AS returned, 0 AS variance
      FROM jsonb_to_recordset(event.cash) AS cash (currency text, minor bigint)
      UNION ALL
      SELECT currency, 0, 0, "varianceMinor"
      FROM jsonb_to_recordset(coalesce(event.settled, '[]'))
        AS settled (currency text, "varianceMinor" bigint)
    ) AS moved
    LEFT JOIN employee ON employee.org_id = event.org_id AND employee.id = event.staff_id
    WHERE event.org_id = ${org} AND event.business_date <= ${asked.to}
      AND ${ofShops(sql, 'event.shop_id', asked)}
    GROUP BY event.staff_id, employee.name, moved.currency, "businessDate"
    ORDER BY "businessDate" NULLS FIRST, "staffName", event.staff_id, moved.currency
    LIMIT ${reportRowsMax}
  `
}
