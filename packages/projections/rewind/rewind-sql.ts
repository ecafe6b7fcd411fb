import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId, SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Instant } from '@tillkeeper/core/base/instant.ts'
import type { CashAmount } from '@tillkeeper/core/money/cash-amount.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import type { RewoundAct } from '@tillkeeper/core/rewind/cut-stay.ts'
import type { DrawerLeg } from '@tillkeeper/core/rewind/rewind-drawer.ts'
import { drawer } from '../cash/location.ts'
import type { Reader } from '../db.ts'

// Everything here goes by one till and one of its sessions, each by its index: so a look into a year that
// is long gone costs as much as one at today.

/** The session whose drawer was at a till at an instant, or was there last. */
export type RewoundSession = {
  readonly id: SessionId
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly tillNumber: number
  readonly openedAt: Instant
  /** Whose drawer it was then. */
  readonly staffId: StaffId
  readonly staffName: string
  /** What was counted as it began, and the till where it did. */
  readonly counted: { readonly tillId: TillId; readonly cash: readonly CashAmount[] }
  readonly closedAt: Instant | null
}

type AtTill = { readonly tillId: TillId; readonly at: Instant }

/** A session's drawer came to a till: it was opened there, went on there, or was moved there. */
export type Beginning = RewoundAct & { readonly sessionId: SessionId }

/** The newest beginning at a till up to an instant. */
export async function findBeginning(
  sql: Reader,
  org: OrgId,
  { tillId, at }: AtTill,
): Promise<Beginning | undefined> {
  const [row] = await sql<Beginning[]>`
    SELECT id, "sessionId", kind, at FROM (
      (
        SELECT id, id AS "sessionId", 'opened' AS kind, opened_at AS at
        FROM till_session
        WHERE org_id = ${org} AND till_id = ${tillId} AND opened_at <= ${at}::timestamptz
        ORDER BY opened_at DESC, id DESC
        LIMIT 1
      )
      UNION ALL
      (
        SELECT id, session_id, ${kindOfStep(sql, tillId)}, occurred_at
        FROM session_step
        WHERE org_id = ${org} AND till_id = ${tillId} AND kind = 'resumed'
          AND occurred_at <= ${at}::timestamptz
        ORDER BY occurred_at DESC, id DESC
        LIMIT 1
      )
    ) AS begun
    ORDER BY at DESC, id DESC
    LIMIT 1
  `
  return row
}

/** When another session's drawer came to a till: last before a beginning there, and first after it. */
export async function findBeginningsBeside(
  sql: Reader,
  org: OrgId,
  { tillId, at, id, sessionId }: AtTill & Pick<Beginning, 'id' | 'sessionId'>,
): Promise<{ readonly before: Beginning | undefined; readonly after: Beginning | undefined }> {
  const [before, after] = await Promise.all([
    sql<Beginning[]>`
      SELECT id, "sessionId", kind, at FROM (
        (
          SELECT id, id AS "sessionId", 'opened' AS kind, opened_at AS at
          FROM till_session
          WHERE org_id = ${org} AND till_id = ${tillId} AND opened_at <= ${at}::timestamptz
            AND (opened_at, id) < (${at}::timestamptz, ${id}::uuid) AND id <> ${sessionId}
          ORDER BY opened_at DESC, id DESC
          LIMIT 1
        )
        UNION ALL
        (
          SELECT id, session_id, ${kindOfStep(sql, tillId)}, occurred_at
          FROM session_step
          WHERE org_id = ${org} AND till_id = ${tillId} AND kind = 'resumed'
            AND occurred_at <= ${at}::timestamptz
            AND (occurred_at, id) < (${at}::timestamptz, ${id}::uuid) AND session_id <> ${sessionId}
          ORDER BY occurred_at DESC, id DESC
          LIMIT 1
        )
      ) AS begun
      ORDER BY at DESC, id DESC
      LIMIT 1
    `,
    sql<Beginning[]>`
      SELECT id, "sessionId", kind, at FROM (
        (
          SELECT id, id AS "sessionId", 'opened' AS kind, opened_at AS at
          FROM till_session
          WHERE org_id = ${org} AND till_id = ${tillId} AND opened_at >= ${at}::timestamptz
            AND (opened_at, id) > (${at}::timestamptz, ${id}::uuid) AND id <> ${sessionId}
          ORDER BY opened_at, id
          LIMIT 1
        )
        UNION ALL
        (
          SELECT id, session_id, ${kindOfStep(sql, tillId)}, occurred_at
          FROM session_step
          WHERE org_id = ${org} AND till_id = ${tillId} AND kind = 'resumed'
            AND occurred_at >= ${at}::timestamptz
            AND (occurred_at, id) > (${at}::timestamptz, ${id}::uuid) AND session_id <> ${sessionId}
          ORDER BY occurred_at, id
          LIMIT 1
        )
      ) AS begun
      ORDER BY at, id
      LIMIT 1
    `,
  ])
  return { before: before[0], after: after[0] }
}

// A step as it is seen at one till: what goes on at another came from there, or left.
const kindOfStep = (sql: Reader, tillId: TillId) => sql`
  CASE
    WHEN session_step.kind <> 'resumed' OR from_till_id = till_id THEN session_step.kind
    WHEN till_id = ${tillId}::uuid THEN 'moved_here'
    ELSE 'moved_away'
  END
`

type SessionRow = Omit<RewoundSession, 'counted'> & {
  readonly openedTillId: TillId
  readonly currency: Currency
  readonly floatMinor: Minor
  readonly floatPieces: Pieces | null
  readonly others: readonly CashAmount[] | null
}

/** A session with whose it was at an instant. */
export async function getRewoundSession(
  sql: Reader,
  org: OrgId,
  { tillId, at, sessionId }: AtTill & { readonly sessionId: SessionId },
): Promise<RewoundSession> {
  const [row] = await sql<SessionRow[]>`
    SELECT session.id, session.shop_id AS "shopId", coalesce(till.number, 0) AS "tillNumber",
      ${tillId}::uuid AS "tillId", session.till_id AS "openedTillId", session.opened_at AS "openedAt",
      session.currency, session.float_minor AS "floatMinor", session.float_pieces AS "floatPieces",
      session.others, on_it.staff_id AS "staffId", coalesce(employee.name, '') AS "staffName",
      closed.closed_at AS "closedAt"
    FROM till_session AS session
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
    WHERE session.org_id = ${org} AND session.id = ${sessionId}
  `
  assert(row !== undefined, 'a session that began is there')
  const { openedTillId, currency, floatMinor, floatPieces, others, ...session } = row
  const own = {
    ...{ currency, minor: floatMinor },
    ...(floatPieces !== null && { pieces: floatPieces }),
  }
  const rest = (others ?? []).map(({ currency: other, minor: amount, pieces }) => ({
    ...{ currency: other, minor: minor(amount) },
    ...(pieces !== undefined && { pieces }),
  }))
  return { ...session, counted: { tillId: openedTillId, cash: [own, ...rest] } }
}

/** More acts of one session are not stepped through. */
export const actsMax = 20_000

/** All that touched the drawer of one till in a session, oldest first. */
export async function listRewoundActs(
  sql: Reader,
  org: OrgId,
  { id, shopId, tillId, openedAt, closedAt }: RewoundSession,
): Promise<readonly RewoundAct[]> {
  return sql<RewoundAct[]>`
    SELECT id, kind, at
    FROM (
      SELECT id, 'opened' AS kind, opened_at AS at FROM till_session
      WHERE org_id = ${org} AND id = ${id} AND till_id = ${tillId}
      UNION ALL
      SELECT id, 'closed', closed_at FROM till_close
      WHERE org_id = ${org} AND session_id = ${id} AND till_id = ${tillId}
      UNION ALL
      SELECT id, 'sale', occurred_at FROM sale
      WHERE org_id = ${org} AND session_id = ${id} AND till_id = ${tillId}
      UNION ALL
      SELECT id, 'refund', occurred_at FROM refund
      WHERE org_id = ${org} AND session_id = ${id} AND till_id = ${tillId}
      UNION ALL
      SELECT id, ${kindOfStep(sql, tillId)}, occurred_at FROM session_step
      WHERE org_id = ${org} AND session_id = ${id}
        AND (till_id = ${tillId} OR (kind = 'resumed' AND from_till_id = ${tillId}))
      UNION ALL
      SELECT id, 'counted', occurred_at FROM till_count
      WHERE org_id = ${org} AND session_id = ${id} AND till_id = ${tillId}
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
        AND (from_location = ${drawer(tillId)} OR to_location = ${drawer(tillId)})
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

/** More openings of one drawer between two sessions are not stepped through. */
const looseMax = 1_000

/** Openings of a till's drawer in no session, since a session's start and until another's came there. */
export async function listLooseOpenings(
  sql: Reader,
  org: OrgId,
  { shopId, tillId, openedAt }: RewoundSession,
  until: Instant | undefined,
): Promise<readonly RewoundAct[]> {
  return sql<RewoundAct[]>`
    SELECT id, 'no_sale' AS kind, opened_at AS at FROM drawer_opening
    WHERE org_id = ${org} AND shop_id = ${shopId} AND till_id = ${tillId} AND session_id IS NULL
      AND opened_at >= ${openedAt}::timestamptz
      AND opened_at < ${until ?? 'infinity'}::timestamptz
    ORDER BY opened_at, id
    LIMIT ${looseMax}
  `
}

type LegRow = Omit<DrawerLeg, 'pieces' | 'from' | 'into'> & {
  readonly from: TillId | null
  readonly into: TillId | null
  readonly pieces: Pieces | null
}

/** What moved in and out of a session's drawer after it began, at every till, up to an instant, oldest first. */
export async function listDrawerLegs(
  sql: Reader,
  org: OrgId,
  { session, at }: { readonly session: RewoundSession; readonly at: Instant },
): Promise<readonly DrawerLeg[]> {
  const rows = await sql<LegRow[]>`
    SELECT fact_id AS "factId", currency, amount_minor AS "amountMinor", pieces,
      CASE WHEN from_location LIKE 'drawer:%' THEN substr(from_location, 8) END AS "from",
      CASE WHEN to_location LIKE 'drawer:%' THEN substr(to_location, 8) END AS "into"
    FROM cash_transfer
    WHERE org_id = ${org} AND session_id = ${session.id} AND fact_id <> ${session.id}
      AND (from_location LIKE 'drawer:%' OR to_location LIKE 'drawer:%')
      AND occurred_at <= ${at}::timestamptz
    ORDER BY occurred_at, fact_id, id
    LIMIT ${2 * actsMax}
  `
  return rows.map(({ pieces, from, into, ...leg }) => ({
    ...leg,
    ...(from !== null && { from }),
    ...(into !== null && { into }),
    ...(pieces !== null && { pieces }),
  }))
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

/** Who a step of a session was between, or which tills. */
export type ActStep = {
  readonly fromStaffName: string
  /** Of a hand-over alone. */
  readonly toStaffName: string | null
  readonly fromTillNumber: number | null
  readonly toTillNumber: number
}

/** What a step of a session says beside that it was. */
export async function findActStep(
  sql: Reader,
  org: OrgId,
  { sessionId, id }: { readonly sessionId: SessionId; readonly id: string },
): Promise<ActStep | undefined> {
  const [row] = await sql<ActStep[]>`
    SELECT coalesce(giver.name, '') AS "fromStaffName", taker.name AS "toStaffName",
      came_from.number AS "fromTillNumber", coalesce(till.number, 0) AS "toTillNumber"
    FROM session_step AS step
    LEFT JOIN employee AS giver ON giver.org_id = step.org_id AND giver.id = step.staff_id
    LEFT JOIN employee AS taker ON taker.org_id = step.org_id AND taker.id = step.to_staff_id
    LEFT JOIN till ON till.org_id = step.org_id AND till.id = step.till_id
    LEFT JOIN till AS came_from
      ON came_from.org_id = step.org_id AND came_from.id = step.from_till_id
    WHERE step.org_id = ${org} AND step.session_id = ${sessionId} AND step.id = ${id}::uuid
  `
  return row
}

/** What an act moved by hand, in words. */
export type ActMovement = {
  /** Into the drawer, or out of it. */
  readonly into: boolean
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

/** The cash that one fact moved in and out of a till's drawer, each part with who did it; in before out. */
export async function listActMovements(
  sql: Reader,
  org: OrgId,
  { tillId, factId }: { readonly tillId: TillId; readonly factId: string },
): Promise<readonly ActMovement[]> {
  return sql<ActMovement[]>`
    SELECT moved.id, moved.to_location = ${drawer(tillId)} AS "into", moved.type, moved.currency, moved.amount_minor AS "amountMinor", moved.category,
      moved.recipient, moved.note, coalesce(employee.name, '') AS "staffName"
    FROM cash_transfer AS moved
    LEFT JOIN employee ON employee.org_id = moved.org_id AND employee.id = moved.staff_id
    WHERE moved.org_id = ${org} AND moved.fact_id = ${factId}
      AND (moved.from_location = ${drawer(tillId)} OR moved.to_location = ${drawer(tillId)})
    ORDER BY "into" DESC, moved.id
    LIMIT ${actMovementsMax}
  `
}
