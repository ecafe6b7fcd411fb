import type { OrgId, SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { CashRounding } from '@tillkeeper/core/money/cash-rounding.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { Till } from '@tillkeeper/core/till/open-till.ts'
import { noTotals, type SessionTotals } from '@tillkeeper/core/till/session-totals.ts'
import { stateAfterClose, type TillSession } from '@tillkeeper/core/till/till-session.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import { cashRounding } from '@tillkeeper/projections/registers/shop-sql.ts'
import { otherCash, type TotalsRow, toTotals } from '@tillkeeper/projections/till/other-cash-sql.ts'

/** A session as its acts are decided, with what their receipts need. */
export type SessionHeld = {
  readonly session: TillSession
  readonly staffName: string
  readonly tillNumber: number
  readonly timeZone: string
  /** How its shop rounds cash. */
  readonly rounding: CashRounding | undefined
  /** The last counters of its till, by day, of the days that were asked for. */
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
  readonly varianceMinor: Minor | null
  readonly tillNumber: number
  readonly timeZone: string
  readonly rounding: CashRounding | null
  readonly counterDay: string | null
  readonly counterLast: number | null
}

/**
 * Reads sessions with the receipt counters of their tills on some days. The caller holds the
 * organisation, so nothing of it changes until the transaction ends. Of two closes of a session the
 * one with the earlier id is its close.
 */
export async function readSessions(
  tx: Tx,
  org: OrgId,
  { ids, days }: { readonly ids: readonly string[]; readonly days: readonly string[] },
): Promise<ReadonlyMap<string, SessionHeld>> {
  const rows = await tx<SessionRow[]>`
    SELECT session.id, session.shop_id AS "shopId", session.till_id AS "tillId",
      session.staff_id AS "staffId", coalesce(employee.name, '') AS "staffName", session.currency,
      session.float_minor AS "floatMinor",
      (
        SELECT close.variance_minor
        FROM till_close AS close
        WHERE close.org_id = session.org_id AND close.session_id = session.id
        ORDER BY close.id
        LIMIT 1
      ) AS "varianceMinor",
      coalesce(till.number, 1) AS "tillNumber", coalesce(shop.time_zone, 'UTC') AS "timeZone",
      ${cashRounding(tx)} AS rounding,
      counter.business_date AS "counterDay", counter.last AS "counterLast"
    FROM unnest(${ids}::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT org_id, id, shop_id, till_id, staff_id, currency, float_minor
      FROM till_session
      WHERE org_id = ${org} AND id = asked.id
      OFFSET 0
    ) AS session
    LEFT JOIN till ON till.org_id = session.org_id AND till.id = session.till_id
    LEFT JOIN shop ON shop.org_id = session.org_id AND shop.id = session.shop_id
    LEFT JOIN employee ON employee.org_id = session.org_id AND employee.id = session.staff_id
    LEFT JOIN receipt_counter AS counter
      ON counter.org_id = session.org_id AND counter.till_id = session.till_id
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
  const { id, shopId, tillId, staffId, currency, floatMinor, varianceMinor } = row
  const state = varianceMinor === null ? 'open' : stateAfterClose(varianceMinor)
  return {
    session: { id, shopId, tillId, staffId, currency, floatMinor, state },
    staffName: row.staffName,
    tillNumber: row.tillNumber,
    timeZone: row.timeZone,
    rounding: row.rounding ?? undefined,
    counters: new Map<string, number>(),
  }
}

/** What opening a till is decided by. */
export type TillHeld = {
  readonly till: Till | undefined
  readonly openSessionId: SessionId | undefined
}

/** Reads a till and the session that is open on it. The caller holds the organisation. */
export async function readTill(tx: Tx, org: OrgId, tillId: string): Promise<TillHeld> {
  const [row] = await tx<(Till & { openSessionId: SessionId | null })[]>`
    SELECT till.id, till.shop_id AS "shopId", till.active,
      (
        SELECT session.id
        FROM till_session AS session
        WHERE session.org_id = till.org_id AND session.till_id = till.id
          AND NOT EXISTS (
            SELECT 1
            FROM till_close AS close
            WHERE close.org_id = session.org_id AND close.session_id = session.id
          )
        ORDER BY session.opened_at DESC, session.id DESC
        LIMIT 1
      ) AS "openSessionId"
    FROM till
    WHERE till.org_id = ${org} AND till.id = ${tillId}
  `
  if (row === undefined) return { till: undefined, openSessionId: undefined }
  const { openSessionId, ...till } = row
  return { till, openSessionId: openSessionId ?? undefined }
}

/** A shop's money and clock. */
export type ShopTerms = { readonly currency: Currency; readonly timeZone: string }

/** Reads the terms of a shop; a shop that is not known yet sells in UTC and baht. */
export async function readShopTerms(tx: Tx, org: OrgId, shopId: ShopId): Promise<ShopTerms> {
  const [row] = await tx<ShopTerms[]>`
    SELECT currency, time_zone AS "timeZone" FROM shop WHERE org_id = ${org} AND id = ${shopId}
  `
  return row ?? { currency: 'THB' as Currency, timeZone: 'UTC' }
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
      promptpay_minor AS "promptpayMinor", rounding_minor AS "roundingMinor",
      ${otherCash(tx, { org: tx`session_total.org_id`, session: tx`session_total.session_id` })}
        AS others
    FROM session_total
    WHERE org_id = ${org} AND session_id = ${sessionId}
  `
  return row === undefined ? noTotals : toTotals(row)
}
