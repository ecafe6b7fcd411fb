import type { OrgId, SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { CashAmount } from '@tillkeeper/core/money/cash-amount.ts'
import type { CashRounding } from '@tillkeeper/core/money/cash-rounding.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { officeSeries } from '@tillkeeper/core/sale/receipt-number.ts'
import type { CountKind } from '@tillkeeper/core/till/count-till.ts'
import type { Till } from '@tillkeeper/core/till/open-till.ts'
import { noTotals, type SessionTotals } from '@tillkeeper/core/till/session-totals.ts'
import type { SessionState, TillSession } from '@tillkeeper/core/till/till-session.ts'
import type { Reader, Tx } from '@tillkeeper/projections/db.ts'
import { cashRounding } from '@tillkeeper/projections/registers/shop-sql.ts'
import { otherCash, type TotalsRow, toTotals } from '@tillkeeper/projections/till/other-cash-sql.ts'

/** A session as its acts are decided, with what their receipts need. */
export type SessionHeld = {
  readonly session: TillSession
  readonly staffName: string
  readonly tillNumber: number
  /** Whose counter its receipts take numbers from: the shop's, where the till counts its own and may be away. */
  readonly series: { readonly id: string; readonly number: number }
  readonly timeZone: string
  /** How its shop rounds cash. */
  readonly rounding: CashRounding | undefined
  /** The last counters of that series, by day, of the days that were asked for. */
  readonly counters: ReadonlyMap<string, number>
}

const dayMs = 86_400_000

/** The days that an act may fall on, wherever its shop lies: the counters to read before that is known. */
export function daysAround(occurredAt: string): readonly string[] {
  const atMs = Date.parse(occurredAt)
  return [-dayMs, 0, dayMs].map((around) => new Date(atMs + around).toISOString().slice(0, 10))
}

type SessionRow = {
  readonly id: SessionId
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly staffId: StaffId
  readonly staffName: string
  readonly currency: Currency
  readonly floatMinor: Minor
  readonly state: SessionState
  readonly suspended: boolean
  readonly tillNumber: number
  readonly timeZone: string
  readonly rounding: CashRounding | null
  readonly hasDevice: boolean
  readonly counterDay: string | null
  readonly counterLast: number | null
}

/**
 * Reads sessions with the receipt counters of their tills on some days. The caller holds the
 * organisation, so nothing of it changes until the transaction ends.
 */
export async function readSessions(
  tx: Tx,
  org: OrgId,
  { ids, days }: { readonly ids: readonly string[]; readonly days: readonly string[] },
): Promise<ReadonlyMap<string, SessionHeld>> {
  const rows = await tx<SessionRow[]>`
    SELECT session.id, session.shop_id AS "shopId", now.till_id AS "tillId",
      now.staff_id AS "staffId", coalesce(employee.name, '') AS "staffName", session.currency,
      session.float_minor AS "floatMinor", now.state, now.suspended,
      coalesce(till.number, 1) AS "tillNumber", coalesce(shop.time_zone, 'UTC') AS "timeZone",
      ${cashRounding(tx)} AS rounding, device.found AS "hasDevice",
      counter.business_date AS "counterDay", counter.last AS "counterLast"
    FROM unnest(${ids}::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT org_id, id, shop_id, currency, float_minor
      FROM till_session
      WHERE org_id = ${org} AND id = asked.id
      OFFSET 0
    ) AS session
    CROSS JOIN LATERAL (
      SELECT till_id, staff_id, state, suspended
      FROM session_now
      WHERE org_id = ${org} AND session_id = asked.id
      OFFSET 0
    ) AS now
    LEFT JOIN till ON till.org_id = session.org_id AND till.id = now.till_id
    LEFT JOIN shop ON shop.org_id = session.org_id AND shop.id = session.shop_id
    LEFT JOIN employee ON employee.org_id = session.org_id AND employee.id = now.staff_id
    CROSS JOIN LATERAL (
      SELECT EXISTS (
        SELECT FROM till_device WHERE org_id = ${org} AND till_id = now.till_id
      ) AS found
      OFFSET 0
    ) AS device
    LEFT JOIN receipt_counter AS counter
      ON counter.org_id = session.org_id
      AND counter.till_id = CASE WHEN device.found THEN session.shop_id ELSE now.till_id END
      AND counter.business_date = ANY (${days}::date[])
  `
  const sessions = new Map<string, SessionHeld & { readonly counters: Map<string, number> }>()
  for (const row of rows) {
    const held = sessions.get(row.id) ?? toHeld(row)
    if (row.counterDay !== null) held.counters.set(row.counterDay, row.counterLast ?? 0)
    sessions.set(row.id, held)
  }
  return sessions
}

function toHeld(row: SessionRow) {
  const { id, shopId, tillId, staffId, currency, floatMinor, state, suspended } = row
  return {
    session: { id, shopId, tillId, staffId, currency, floatMinor, state, suspended },
    staffName: row.staffName,
    tillNumber: row.tillNumber,
    series: row.hasDevice
      ? { id: shopId, number: officeSeries }
      : { id: tillId, number: row.tillNumber },
    timeZone: row.timeZone,
    rounding: row.rounding ?? undefined,
    counters: new Map<string, number>(),
  }
}

/** What opening a till is decided by. */
export type TillHeld = {
  readonly till: Till | undefined
  readonly openSessionId: SessionId | undefined
  /** What its last close left in the drawer; nothing once a session began on it. */
  readonly left: readonly CashAmount[]
}

/** Reads a till, the session that is open on it, and what was left in it. The caller holds the organisation. */
export async function readTill(tx: Tx, org: OrgId, tillId: string): Promise<TillHeld> {
  type Row = Till & {
    readonly openSessionId: SessionId | null
    readonly left: readonly CashAmount[] | null
  }
  const [row] = await tx<Row[]>`
    SELECT till.id, till.shop_id AS "shopId", till.active, open.session_id AS "openSessionId",
      last.left_cash AS left
    FROM till
    LEFT JOIN LATERAL (
      SELECT session_id
      FROM session_now
      WHERE org_id = till.org_id AND till_id = till.id AND until_at IS NULL
      ORDER BY since_at DESC, session_id DESC
      LIMIT 1
    ) AS open ON TRUE
    LEFT JOIN LATERAL (
      SELECT left_cash, closed_at
      FROM till_close
      WHERE org_id = till.org_id AND till_id = till.id
      ORDER BY closed_at DESC, id DESC
      LIMIT 1
    ) AS last ON NOT EXISTS (
      SELECT FROM till_session
      WHERE org_id = till.org_id AND till_id = till.id AND opened_at > last.closed_at
    )
    WHERE till.org_id = ${org} AND till.id = ${tillId}
  `
  if (row === undefined) return { till: undefined, openSessionId: undefined, left: [] }
  const { openSessionId, left, ...till } = row
  return { till, openSessionId: openSessionId ?? undefined, left: left ?? [] }
}

/** How many counts of a kind a session has. */
export async function readCounts(
  tx: Tx,
  org: OrgId,
  { sessionId, kind }: { readonly sessionId: string; readonly kind: CountKind },
): Promise<number> {
  const [row] = await tx<{ counts: number }[]>`
    SELECT count(*)::integer AS counts
    FROM till_count
    WHERE org_id = ${org} AND session_id = ${sessionId} AND kind = ${kind}
  `
  return row?.counts ?? 0
}

/** How often sessions were asked to be counted once more; those that never were are not in it. */
export async function readRecounts(
  sql: Reader,
  org: OrgId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ id: string; counts: number }[]>`
    SELECT session_id AS id, count(*)::integer AS counts
    FROM till_count
    WHERE org_id = ${org} AND session_id = ANY(${ids}::uuid[]) AND kind = 'recount'
    GROUP BY session_id
  `
  return new Map(rows.map(({ id, counts }) => [id, counts]))
}

/** A shop's money and clock. */
export type ShopTerms = {
  readonly currency: Currency
  readonly timeZone: string
  /** For expenses a day over all categories; 0 is no limit. */
  readonly expenseDayMinor: Minor
}

/** Reads the terms of a shop; a shop that is not known yet sells in UTC and baht. */
export async function readShopTerms(tx: Tx, org: OrgId, shopId: ShopId): Promise<ShopTerms> {
  const [row] = await tx<ShopTerms[]>`
    SELECT currency, time_zone AS "timeZone", expense_day_minor AS "expenseDayMinor"
    FROM shop WHERE org_id = ${org} AND id = ${shopId}
  `
  return row ?? { currency: 'THB' as Currency, timeZone: 'UTC', expenseDayMinor: minor(0) }
}

/** Reads who would work a session. Somebody of another shop is nobody here. */
export async function readStaff(
  tx: Tx,
  org: OrgId,
  { staffId, shopId }: { readonly staffId: string; readonly shopId: ShopId },
): Promise<{ readonly id: StaffId; readonly active: boolean } | undefined> {
  const [row] = await tx<{ id: StaffId; active: boolean }[]>`
    SELECT id, active
    FROM employee
    WHERE org_id = ${org} AND id = ${staffId} AND ${shopId} = ANY (shops)
  `
  return row
}

/** Reads a session's running totals; the caller holds the organisation, so they stand still. */
export async function readTotals(tx: Tx, org: OrgId, sessionId: string): Promise<SessionTotals> {
  const [row] = await tx<TotalsRow[]>`
    SELECT sales, sales_minor AS "salesMinor", refunds, refunds_minor AS "refundsMinor",
      tax_minor AS "taxMinor", cash_in_minor AS "cashInMinor", cash_out_minor AS "cashOutMinor",
      pay_in_minor AS "payInMinor", pay_out_minor AS "payOutMinor",
      dropped_minor AS "droppedMinor", topped_up_minor AS "toppedUpMinor",
      card_minor AS "cardMinor", bank_transfer_minor AS "bankTransferMinor",
      promptpay_minor AS "promptpayMinor", machine_minor AS "machineMinor", rounding_minor AS "roundingMinor",
      ${otherCash(tx, { org: tx`session_total.org_id`, session: tx`session_total.session_id` })}
        AS others
    FROM session_total
    WHERE org_id = ${org} AND session_id = ${sessionId}
  `
  return row === undefined ? noTotals : toTotals(row)
}
