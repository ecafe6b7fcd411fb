import type { OrgId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import type { Reader } from '../db.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'

type Figures = {
  readonly sales: number
  readonly salesMinor: Minor
  readonly refunds: number
  readonly refundsMinor: Minor
  /** Of sales, less that of refunds. */
  readonly taxMinor: Minor
  /** Cash taken less cash given, by sales and refunds. */
  readonly cashMinor: Minor
  readonly payInMinor: Minor
  /** Expenses. */
  readonly payOutMinor: Minor
  readonly closes: number
  readonly varianceMinor: Minor
}

export type StaffDay = Pick<
  Figures,
  'sales' | 'salesMinor' | 'refunds' | 'refundsMinor' | 'payOutMinor' | 'varianceMinor'
> & { readonly staffId: StaffId; readonly staffName: string }

export type HourOfDay = {
  /** The beginning of the hour. */
  readonly hourAt: Instant
  readonly sales: number
  readonly salesMinor: Minor
  readonly refundsMinor: Minor
}

/** A shop's figures of one day, in one currency. */
export type DaySummary = Figures & {
  readonly shopId: ShopId
  readonly businessDate: Day
  readonly currency: Currency
  readonly staff: readonly StaffDay[]
  readonly hours: readonly HourOfDay[]
}

const none = minor(0)
const noFigures: Figures = {
  sales: 0,
  salesMinor: none,
  refunds: 0,
  refundsMinor: none,
  taxMinor: none,
  cashMinor: none,
  payInMinor: none,
  payOutMinor: none,
  closes: 0,
  varianceMinor: none,
}

export type ListDays = {
  readonly shops: ShopScope
  readonly shopId?: ShopId | undefined
  /** Both included. */
  readonly from: Day
  readonly to: Day
}

type Key = { readonly shopId: ShopId; readonly businessDate: Day; readonly currency: Currency }
type StaffRow = Key & Figures & { readonly staffId: StaffId; readonly staffName: string }
type HourRow = Key & HourOfDay

/**
 * The days on which something happened, the newest first, then by shop: from running totals, never from
 * the sales.
 */
export async function listDaySummaries(
  sql: Reader,
  org: OrgId,
  asked: ListDays,
): Promise<readonly DaySummary[]> {
  const [staff, hours] = await Promise.all([
    readStaffDays(sql, org, asked),
    readHours(sql, org, asked),
  ])
  const days = new Map<string, DaySummary>()
  for (const row of staff) {
    const day = days.get(nameOf(row)) ?? emptyDay(row)
    days.set(nameOf(row), { ...addFigures(day, row), staff: [...day.staff, toStaffDay(row)] })
  }
  for (const row of hours) {
    const day = days.get(nameOf(row)) ?? emptyDay(row)
    const { hourAt, sales, salesMinor, refundsMinor } = row
    const hour = { hourAt, sales, salesMinor, refundsMinor }
    days.set(nameOf(row), { ...day, hours: [...day.hours, hour] })
  }
  return [...days.values()]
}

/** A day on which nothing happened. */
export function emptyDay({ shopId, businessDate, currency }: Key): DaySummary {
  return { shopId, businessDate, currency, ...noFigures, staff: [], hours: [] }
}

const nameOf = ({ shopId, businessDate, currency }: Key) => `${shopId}/${businessDate}/${currency}`

function addFigures(day: DaySummary, row: Figures): DaySummary {
  return {
    ...day,
    sales: day.sales + row.sales,
    salesMinor: minor(day.salesMinor + row.salesMinor),
    refunds: day.refunds + row.refunds,
    refundsMinor: minor(day.refundsMinor + row.refundsMinor),
    taxMinor: minor(day.taxMinor + row.taxMinor),
    cashMinor: minor(day.cashMinor + row.cashMinor),
    payInMinor: minor(day.payInMinor + row.payInMinor),
    payOutMinor: minor(day.payOutMinor + row.payOutMinor),
    closes: day.closes + row.closes,
    varianceMinor: minor(day.varianceMinor + row.varianceMinor),
  }
}

function toStaffDay(row: StaffRow): StaffDay {
  const { staffId, staffName, sales, salesMinor, refunds, refundsMinor } = row
  const { payOutMinor, varianceMinor } = row
  return {
    ...{ staffId, staffName, sales, salesMinor, refunds, refundsMinor },
    ...{ payOutMinor, varianceMinor },
  }
}

function readStaffDays(sql: Reader, org: OrgId, { shops, shopId, from, to }: ListDays) {
  return sql<StaffRow[]>`
    SELECT day.shop_id AS "shopId", day.business_date AS "businessDate", day.currency,
      day.staff_id AS "staffId", coalesce(employee.name, '') AS "staffName", day.sales,
      day.sales_minor AS "salesMinor", day.refunds, day.refunds_minor AS "refundsMinor",
      day.tax_minor AS "taxMinor", day.cash_minor AS "cashMinor",
      day.pay_in_minor AS "payInMinor", day.pay_out_minor AS "payOutMinor", day.closes,
      day.variance_minor AS "varianceMinor"
    FROM daily_summary AS day
    LEFT JOIN employee ON employee.org_id = day.org_id AND employee.id = day.staff_id
    WHERE day.org_id = ${org} AND day.business_date BETWEEN ${from} AND ${to}
      AND ${inScope(sql, 'day.shop_id', shops)}
      ${shopId === undefined ? sql`` : sql`AND day.shop_id = ${shopId}`}
    ORDER BY day.business_date DESC, day.shop_id, day.currency, "staffName", day.staff_id
  `
}

function readHours(sql: Reader, org: OrgId, { shops, shopId, from, to }: ListDays) {
  return sql<HourRow[]>`
    SELECT shop_id AS "shopId", business_date AS "businessDate", currency, hour_at AS "hourAt",
      sales, sales_minor AS "salesMinor", refunds_minor AS "refundsMinor"
    FROM hourly_summary
    WHERE org_id = ${org} AND business_date BETWEEN ${from} AND ${to}
      AND ${inScope(sql, 'shop_id', shops)}
      ${shopId === undefined ? sql`` : sql`AND shop_id = ${shopId}`}
    ORDER BY business_date DESC, shop_id, currency, hour_at
  `
}
