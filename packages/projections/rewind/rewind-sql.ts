import type { OrgId, SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Instant } from '@tillkeeper/core/base/instant.ts'
import type { CashAmount } from '@tillkeeper/core/money/cash-amount.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import type { DrawerLeg } from '@tillkeeper/core/rewind/rewind-drawer.ts'
import type { Reader } from '../db.ts'

// Everything here goes by one till and one of its sessions, each by its index: so a look into a year that
// is long gone costs as much as one at today.

/** The session that a till's drawer was in at an instant, or was in last. */
export type RewoundSession = {
  readonly id: SessionId
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly tillNumber: number
  readonly openedAt: Instant
  /** Whose drawer it was then. */
  readonly staffId: StaffId
  readonly staffName: string
  /** What was counted as it began. */
  readonly float: readonly CashAmount[]
  readonly closedAt: Instant | null
}

type SessionRow = Omit<RewoundSession, 'float'> & {
  readonly currency: Currency
  readonly floatMinor: Minor
  readonly floatPieces: Pieces | null
  readonly others: readonly CashAmount[] | null
}

/** The newest session that began at a till, or went on there, up to an instant. */
export async function findRewoundSession(
  sql: Reader,
  org: OrgId,
  { tillId, at }: { readonly tillId: TillId; readonly at: Instant },
): Promise<RewoundSession | undefined> {
  const [row] = await sql<SessionRow[]>`
    SELECT session.id, session.shop_id AS "shopId", coalesce(till.number, 0) AS "tillNumber",
      ${tillId}::uuid AS "tillId", session.opened_at AS "openedAt", session.currency,
      session.float_minor AS "floatMinor", session.float_pieces AS "floatPieces", session.others,
      on_it.staff_id AS "staffId", coalesce(employee.name, '') AS "staffName",
      closed.closed_at AS "closedAt"
    FROM (
      (
        SELECT id, opened_at AS since
        FROM till_session
        WHERE org_id = ${org} AND till_id = ${tillId} AND opened_at <= ${at}::timestamptz
        ORDER BY opened_at DESC, id DESC
        LIMIT 1
      )
      UNION ALL
      (
        SELECT session_id, occurred_at
        FROM session_step
        WHERE org_id = ${org} AND till_id = ${tillId} AND kind = 'resumed'
          AND occurred_at <= ${at}::timestamptz
        ORDER BY occurred_at DESC, session_id DESC
        LIMIT 1
      )
    ) AS begun
    JOIN till_session AS session ON session.org_id = ${org} AND session.id = begun.id
    CROSS JOIN LATERAL (
      SELECT coalesce((
        SELECT to_staff_id
        FROM session_step
        WHERE org_id = ${org} AND session_id = session.id AND kind = 'handed_over'
          AND occurred_at <= ${at}::timestamptz
        ORDER BY occurred_at DESC, session_step.id DESC
        LIMIT 1
      ), session.staff_id) AS staff_id
    ) AS on_it
    LEFT JOIN till ON till.org_id = ${org} AND till.id = ${tillId}
    LEFT JOIN employee ON employee.org_id = ${org} AND employee.id = on_it.staff_id
    LEFT JOIN LATERAL (
      SELECT closed_at FROM till_close
      WHERE till_close.org_id = ${org} AND till_close.session_id = session.id
      ORDER BY id
      LIMIT 1
    ) AS closed ON TRUE
    ORDER BY begun.since DESC
    LIMIT 1
  `
  if (row === undefined) return undefined
  const { currency, floatMinor, floatPieces, others, ...session } = row
  const own = {
    ...{ currency, minor: floatMinor },
    ...(floatPieces !== null && { pieces: floatPieces }),
  }
  const rest = (others ?? []).map(({ currency: other, minor: amount, pieces }) => ({
    ...{ currency: other, minor: minor(amount) },
    ...(pieces !== undefined && { pieces }),
  }))
  return { ...session, float: [own, ...rest] }
}

/** An act of a session, by its fact. */
export type RewoundAct = {
  readonly id: string
  /** `opened`, `closed`, `sale`, `refund`, a kind of step or count, `no_sale`, or the type of a transfer. */
  readonly kind: string
  readonly at: Instant
}

/** More acts of one session are not stepped through. */
export const actsMax = 20_000

/** All that happened in a session, oldest first. */
export async function listRewoundActs(
  sql: Reader,
  org: OrgId,
  { id, shopId, tillId, openedAt, closedAt }: RewoundSession,
): Promise<readonly RewoundAct[]> {
  return sql<RewoundAct[]>`
    SELECT id, kind, at
    FROM (
      SELECT id, 'opened' AS kind, opened_at AS at FROM till_session
      WHERE org_id = ${org} AND id = ${id}
      UNION ALL
      SELECT id, 'closed', closed_at FROM till_close WHERE org_id = ${org} AND session_id = ${id}
      UNION ALL
      SELECT id, 'sale', occurred_at FROM sale WHERE org_id = ${org} AND session_id = ${id}
      UNION ALL
      SELECT id, 'refund', occurred_at FROM refund WHERE org_id = ${org} AND session_id = ${id}
      UNION ALL
      SELECT id, kind, occurred_at FROM session_step WHERE org_id = ${org} AND session_id = ${id}
      UNION ALL
      SELECT id, 'counted', occurred_at FROM till_count WHERE org_id = ${org} AND session_id = ${id}
      UNION ALL
      SELECT id, 'no_sale', opened_at FROM drawer_opening
      WHERE org_id = ${org} AND shop_id = ${shopId} AND till_id = ${tillId} AND session_id = ${id}
        AND opened_at >= ${openedAt}::timestamptz
        AND opened_at <= ${closedAt ?? 'infinity'}::timestamptz
      UNION ALL
      SELECT fact_id, min(type), min(occurred_at) FROM cash_transfer
      WHERE org_id = ${org} AND session_id = ${id}
        AND type NOT IN ('sale', 'change', 'refund', 'float', 'takings', 'correction', 'exchange')
        AND fact_id <> ${id}
        AND (from_location LIKE 'drawer:%' OR to_location LIKE 'drawer:%')
        AND NOT EXISTS (
          SELECT FROM till_close AS closing
          WHERE closing.org_id = ${org} AND closing.session_id = ${id}
            AND closing.id = cash_transfer.fact_id
        )
        AND NOT EXISTS (
          SELECT FROM session_step AS step
          WHERE step.org_id = ${org} AND step.session_id = ${id} AND step.id = cash_transfer.fact_id
        )
      GROUP BY fact_id
    ) AS act
    -- Of one instant an opening is before all, and a close after.
    ORDER BY at, kind = 'closed', kind <> 'opened', id
    LIMIT ${actsMax}
  `
}

/** What moved in and out of a session's drawer after it began, up to an instant, oldest first. */
export async function listDrawerLegs(
  sql: Reader,
  org: OrgId,
  { session, at }: { readonly session: RewoundSession; readonly at: Instant },
): Promise<readonly DrawerLeg[]> {
  const rows = await sql<(Omit<DrawerLeg, 'pieces'> & { pieces: Pieces | null })[]>`
    SELECT fact_id AS "factId", leg.into, currency, amount_minor AS "amountMinor", pieces
    FROM cash_transfer
    CROSS JOIN LATERAL (
      SELECT FALSE AS into WHERE from_location LIKE 'drawer:%'
      UNION ALL
      SELECT TRUE WHERE to_location LIKE 'drawer:%'
    ) AS leg
    WHERE org_id = ${org} AND session_id = ${session.id} AND fact_id <> ${session.id}
      AND occurred_at <= ${at}::timestamptz
    ORDER BY occurred_at, fact_id, id
    LIMIT ${2 * actsMax}
  `
  return rows.map(({ pieces, ...leg }) => ({ ...leg, ...(pieces !== null && { pieces }) }))
}

/** What a session's close left in the drawer for the next. */
export async function findLeftCash(
  sql: Reader,
  org: OrgId,
  { tillId, before }: { readonly tillId: TillId; readonly before: Instant },
): Promise<readonly CashAmount[]> {
  const [row] = await sql<{ left: readonly CashAmount[] | null }[]>`
    SELECT left_cash AS left
    FROM till_close
    WHERE org_id = ${org} AND till_id = ${tillId} AND closed_at < ${before}::timestamptz
    ORDER BY closed_at DESC, id DESC
    LIMIT 1
  `
  return row?.left ?? []
}

/** The acts of the sessions beside one: the last of the one before, the first of the one after. */
export async function findActsBeside(
  sql: Reader,
  org: OrgId,
  { id, tillId, openedAt }: RewoundSession,
): Promise<{ readonly previous: RewoundAct | null; readonly next: RewoundAct | null }> {
  const [[previous], [next]] = await Promise.all([
    sql<RewoundAct[]>`
      SELECT id, 'closed' AS kind, closed_at AS at
      FROM till_close
      WHERE org_id = ${org} AND till_id = ${tillId} AND closed_at < ${openedAt}::timestamptz
      ORDER BY closed_at DESC, id DESC
      LIMIT 1
    `,
    sql<RewoundAct[]>`
      SELECT id, 'opened' AS kind, opened_at AS at
      FROM till_session
      WHERE org_id = ${org} AND till_id = ${tillId} AND opened_at > ${openedAt}::timestamptz
        AND id <> ${id}
      ORDER BY opened_at, id
      LIMIT 1
    `,
  ])
  return { previous: previous ?? null, next: next ?? null }
}

/** What an act moved by hand, in words. */
export type ActMovement = {
  /** `<fact id>/<part>`. */
  readonly id: string
  readonly type: string
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly category: string | null
  readonly recipient: string | null
  readonly note: string
  readonly staffName: string
}

const actMovementsMax = 50

/** The cash that one fact moved, each part with who did it. */
export async function listActMovements(
  sql: Reader,
  org: OrgId,
  factId: string,
): Promise<readonly ActMovement[]> {
  return sql<ActMovement[]>`
    SELECT moved.id, moved.type, moved.currency, moved.amount_minor AS "amountMinor", moved.category,
      moved.recipient, moved.note, coalesce(employee.name, '') AS "staffName"
    FROM cash_transfer AS moved
    LEFT JOIN employee ON employee.org_id = moved.org_id AND employee.id = moved.staff_id
    WHERE moved.org_id = ${org} AND moved.fact_id = ${factId}
      AND (moved.from_location LIKE 'drawer:%' OR moved.to_location LIKE 'drawer:%')
    ORDER BY moved.id
    LIMIT ${actMovementsMax}
  `
}
