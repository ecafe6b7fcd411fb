import type { OrgId, SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { CashAmount } from '@tillkeeper/core/money/cash-amount.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Minor } from '@tillkeeper/core/money/money.ts'
import type { TillClosed } from '@tillkeeper/core/till/close-till.ts'
import type { CountedCash } from '@tillkeeper/core/till/counted-cash.ts'
import type { TillOpened } from '@tillkeeper/core/till/open-till.ts'
import type { SessionTotals } from '@tillkeeper/core/till/session-totals.ts'
import { expectedMinor, type TillSession } from '@tillkeeper/core/till/till-session.ts'
import type { Reader } from '../db.ts'
import { type Page, toPage } from '../page/cursor.ts'
import { inScope, type ShopScope } from '../page/shop-scope.ts'
import { otherCash, type TotalsRow, toTotals } from './other-cash-sql.ts'

export type SessionClose = {
  readonly id: string
  /** Who counted. */
  readonly staffId: StaffId
  /** Whose session it was, where somebody else counted it. */
  readonly ofStaffId: StaffId | null
  readonly countedMinor: Minor
  readonly countedPieces: Pieces | null
  readonly expectedMinor: Minor
  /** Counted less expected: below zero is a shortage. */
  readonly varianceMinor: Minor
  /** The drawer's other currencies. */
  readonly others: readonly CountedCash[]
  /** What stayed in the drawer as the next float. */
  readonly left: readonly CashAmount[]
  readonly recounts: number
  readonly declared: NonNullable<TillClosed['declared']>
  readonly note: string
  readonly closedAt: Instant
}

/** Somebody who had no hand in it looked at it, and it is done. */
export type SessionVerification = {
  readonly staffId: StaffId
  readonly staffName: string
  readonly note: string
  readonly verifiedAt: Instant
}

/** A session with its totals, its drawer's expected cash, and its close. */
export type Session = TillSession & {
  readonly tillNumber: number
  readonly staffName: string
  readonly businessDate: Day
  readonly openedAt: Instant
  readonly floatPieces: Pieces | null
  /** Where the float came from: `float = left + loan + variance`. */
  readonly opening: OpeningFloat
  /** Floats of other currencies. */
  readonly others: NonNullable<TillOpened['others']>
  readonly suspended: boolean
  readonly totals: SessionTotals
  /** Float + in − out − dropped + topped up, as all facts up to now have it. */
  readonly expectedMinor: Minor
  readonly close: SessionClose | null
  readonly verification: SessionVerification | null
}

export type OpeningFloat = {
  readonly leftMinor: Minor
  readonly loanMinor: Minor
  /** What the drawer gained or lost since it was counted last. */
  readonly varianceMinor: Minor
}

type CloseColumns = {
  closeId: string | null
  closeStaffId: StaffId
  ofStaffId: StaffId | null
  closeOthers: readonly CountedCash[] | null
  left: readonly CashAmount[] | null
  recounts: number
  declared: SessionClose['declared'] | null
  countedMinor: Minor
  countedPieces: Pieces | null
  closeExpectedMinor: Minor
  varianceMinor: Minor
  closeNote: string
  closedAt: Instant
}
type VerificationColumns = {
  verifierId: StaffId | null
  verifierName: string
  verificationNote: string
  verifiedAt: Instant
}
type SessionRow = Omit<
  Session,
  'totals' | 'expectedMinor' | 'close' | 'opening' | 'others' | 'verification'
> &
  Omit<OpeningFloat, 'varianceMinor'> & {
    readonly openingVarianceMinor: Minor
  } & TotalsRow &
  CloseColumns &
  VerificationColumns & { readonly floatOthers: Session['others'] | null }

const totalColumns = (sql: Reader) => sql`
  coalesce(total.sales, 0) AS sales, coalesce(total.sales_minor, 0) AS "salesMinor",
  coalesce(total.refunds, 0) AS refunds, coalesce(total.refunds_minor, 0) AS "refundsMinor",
  coalesce(total.tax_minor, 0) AS "taxMinor", coalesce(total.cash_in_minor, 0) AS "cashInMinor",
  coalesce(total.cash_out_minor, 0) AS "cashOutMinor",
  coalesce(total.pay_in_minor, 0) AS "payInMinor",
  coalesce(total.pay_out_minor, 0) AS "payOutMinor",
  coalesce(total.dropped_minor, 0) AS "droppedMinor",
  coalesce(total.topped_up_minor, 0) AS "toppedUpMinor",
  coalesce(total.card_minor, 0) AS "cardMinor",
  coalesce(total.bank_transfer_minor, 0) AS "bankTransferMinor",
  coalesce(total.promptpay_minor, 0) AS "promptpayMinor",
  coalesce(total.machine_minor, 0) AS "machineMinor",
  coalesce(total.rounding_minor, 0) AS "roundingMinor",
  ${otherCash(sql, { org: sql`session.org_id`, session: sql`session.id` })} AS others
`

// Of two closes the earlier id is the session's; the other is an exception that a manager looks at.
const sessionsFrom = (sql: Reader) => sql`
  till_session AS session
  JOIN session_now AS now ON now.org_id = session.org_id AND now.session_id = session.id
  LEFT JOIN session_total AS total
    ON total.org_id = session.org_id AND total.session_id = session.id
  LEFT JOIN till ON till.org_id = session.org_id AND till.id = now.till_id
  LEFT JOIN employee ON employee.org_id = session.org_id AND employee.id = now.staff_id
  LEFT JOIN LATERAL (
    SELECT id, staff_id, of_staff_id, counted_minor, counted_pieces, expected_minor, variance_minor,
      others, left_cash, recounts, declared, note, closed_at
    FROM till_close
    WHERE till_close.org_id = session.org_id AND till_close.session_id = session.id
    ORDER BY id
    LIMIT 1
  ) AS closed ON TRUE
  LEFT JOIN LATERAL (
    SELECT till_verification.staff_id, till_verification.note, till_verification.verified_at,
      coalesce(verifier.name, '') AS name
    FROM till_verification
    LEFT JOIN employee AS verifier
      ON verifier.org_id = session.org_id AND verifier.id = till_verification.staff_id
    WHERE till_verification.org_id = session.org_id
      AND till_verification.session_id = session.id
    ORDER BY till_verification.id
    LIMIT 1
  ) AS verified ON TRUE
`

const sessionColumns = (sql: Reader) => sql`
  session.id, session.shop_id AS "shopId", now.till_id AS "tillId",
  coalesce(till.number, 0) AS "tillNumber", now.staff_id AS "staffId", now.state, now.suspended,
  coalesce(employee.name, '') AS "staffName", session.currency,
  session.float_minor AS "floatMinor", session.float_pieces AS "floatPieces",
  session.left_minor AS "leftMinor", session.loan_minor AS "loanMinor",
  session.opening_variance_minor AS "openingVarianceMinor", session.others AS "floatOthers",
  session.business_date AS "businessDate", session.opened_at AS "openedAt",
  ${totalColumns(sql)},
  closed.id AS "closeId", closed.staff_id AS "closeStaffId",
  closed.counted_minor AS "countedMinor", closed.counted_pieces AS "countedPieces",
  closed.expected_minor AS "closeExpectedMinor", closed.variance_minor AS "varianceMinor",
  verified.staff_id AS "verifierId", verified.name AS "verifierName",
  verified.note AS "verificationNote", verified.verified_at AS "verifiedAt",
  closed.of_staff_id AS "ofStaffId", closed.others AS "closeOthers", closed.left_cash AS "left",
  closed.recounts, closed.declared, closed.note AS "closeNote", closed.closed_at AS "closedAt"
`

function toSession(row: SessionRow): Session {
  const totals = toTotals(row)
  const { id, shopId, tillId, tillNumber, staffId, staffName, currency, state, suspended } = row
  const { floatMinor, floatPieces, businessDate, openedAt, leftMinor, loanMinor } = row
  const held = { id, shopId, tillId, tillNumber, staffId, staffName, currency, businessDate }
  return {
    ...held,
    openedAt,
    floatMinor,
    floatPieces,
    opening: { leftMinor, loanMinor, varianceMinor: row.openingVarianceMinor },
    others: row.floatOthers ?? [],
    state,
    suspended,
    totals,
    expectedMinor: expectedMinor(floatMinor, totals),
    close: toClose(row),
    verification: toVerification(row),
  }
}

function toClose(row: CloseColumns): SessionClose | null {
  if (row.closeId === null) return null
  return {
    id: row.closeId,
    staffId: row.closeStaffId,
    ofStaffId: row.ofStaffId,
    countedMinor: row.countedMinor,
    countedPieces: row.countedPieces,
    expectedMinor: row.closeExpectedMinor,
    varianceMinor: row.varianceMinor,
    others: row.closeOthers ?? [],
    left: row.left ?? [],
    recounts: row.recounts,
    declared: row.declared ?? [],
    note: row.closeNote,
    closedAt: row.closedAt,
  }
}

function toVerification(row: VerificationColumns): SessionVerification | null {
  const { verifierId, verifierName, verificationNote, verifiedAt } = row
  if (verifierId === null) return null
  return { staffId: verifierId, staffName: verifierName, note: verificationNote, verifiedAt }
}

export async function findSession(
  sql: Reader,
  org: OrgId,
  id: SessionId,
): Promise<Session | undefined> {
  const [row] = await sql<SessionRow[]>`
    SELECT ${sessionColumns(sql)}
    FROM ${sessionsFrom(sql)}
    WHERE session.org_id = ${org} AND session.id = ${id}
  `
  return row === undefined ? undefined : toSession(row)
}

export type ListSessions = {
  readonly shops: ShopScope
  readonly shopId?: ShopId | undefined
  readonly tillId?: TillId | undefined
  readonly state?: TillSession['state'] | undefined
  /** The day of business on which it was opened. */
  readonly date?: Day | undefined
  /** When the last item of the page before was opened, and its id. */
  readonly after?: readonly [openedAt: Instant, id: string] | undefined
  readonly limit: number
}

/** Sessions, the newest first, a page at a time. */
export async function listSessions(
  sql: Reader,
  org: OrgId,
  { shops, shopId, tillId, state, date, after, limit }: ListSessions,
): Promise<Page<Session>> {
  const rows = await sql<SessionRow[]>`
    SELECT ${sessionColumns(sql)}
    FROM ${sessionsFrom(sql)}
    WHERE session.org_id = ${org} AND ${inScope(sql, 'session.shop_id', shops)}
      ${shopId === undefined ? sql`` : sql`AND session.shop_id = ${shopId}`}
      ${tillId === undefined ? sql`` : sql`AND now.till_id = ${tillId}`}
      ${state === undefined ? sql`` : sql`AND now.state = ${state}`}
      ${date === undefined ? sql`` : sql`AND session.business_date = ${date}`}
      ${after === undefined ? sql`` : isBefore(sql, after)}
    ORDER BY session.opened_at DESC, session.id DESC
    LIMIT ${limit + 1}
  `
  return toPage(rows.map(toSession), limit, ({ openedAt, id }) => [openedAt, id])
}

/** What a till may take up, and what it asks about: see `listSessionsOfTill`. */
export type SessionsOfTill = {
  readonly shopId: ShopId
  readonly tillId: TillId
  /** Sessions that the till knows, however they stand. */
  readonly ids: readonly string[]
  readonly limit: number
}

/**
 * The sessions of a shop that rest or wait for their count, those that stand at this till, and those that were
 * named: the oldest first.
 */
export async function listSessionsOfTill(
  sql: Reader,
  org: OrgId,
  { shopId, tillId, ids, limit }: SessionsOfTill,
): Promise<readonly Session[]> {
  const rows = await sql<SessionRow[]>`
    SELECT ${sessionColumns(sql)}
    FROM ${sessionsFrom(sql)}
    WHERE session.org_id = ${org} AND now.shop_id = ${shopId}
      AND (session.id = ANY(${ids}::uuid[]) OR now.state = 'reconciling' OR (now.state = 'open'
        AND (now.suspended OR now.till_id = ${tillId})))
    ORDER BY session.opened_at, session.id
    LIMIT ${limit}
  `
  return rows.map(toSession)
}

const isBefore = (sql: Reader, [openedAt, id]: readonly [Instant, string]) => sql`
  AND (session.opened_at, session.id) < (${openedAt}::timestamptz, ${id}::uuid)
`
