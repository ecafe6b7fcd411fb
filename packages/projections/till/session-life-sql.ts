import type { OrgId, SessionId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Instant } from '@tillkeeper/core/base/instant.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { CountKind } from '@tillkeeper/core/till/count-till.ts'
import type { CountedCash } from '@tillkeeper/core/till/counted-cash.ts'
import type { Reader } from '../db.ts'

/** What happened to a session between its opening and its close, that moved no cash. */
export type SessionStep = {
  readonly id: string
  readonly kind: 'ended' | 'handed_over' | 'suspended' | 'resumed'
  /** Who did it; of a hand-over who gave the drawer away. */
  readonly staffId: StaffId
  readonly staffName: string
  readonly toStaffId: StaffId | null
  readonly toStaffName: string | null
  readonly counted: readonly CountedCash[] | null
  readonly reason: string
  readonly occurredAt: Instant
}

export type SessionCount = {
  readonly id: string
  readonly kind: CountKind
  readonly staffId: StaffId
  readonly staffName: string
  readonly currency: Currency
  readonly countedMinor: Minor
  readonly expectedMinor: Minor | null
  readonly occurredAt: Instant
}

/** As many steps and counts of a session are given: one every few minutes for two days. */
export const lifeMax = 500

/** The steps of a session, oldest first. */
export async function listSessionSteps(
  sql: Reader,
  org: OrgId,
  sessionId: SessionId,
): Promise<readonly SessionStep[]> {
  return sql<SessionStep[]>`
    SELECT step.id, step.kind, step.staff_id AS "staffId", coalesce(employee.name, '') AS "staffName",
      step.to_staff_id AS "toStaffId", taker.name AS "toStaffName", step.counted, step.reason,
      step.occurred_at AS "occurredAt"
    FROM session_step AS step
    LEFT JOIN employee ON employee.org_id = step.org_id AND employee.id = step.staff_id
    LEFT JOIN employee AS taker ON taker.org_id = step.org_id AND taker.id = step.to_staff_id
    WHERE step.org_id = ${org} AND step.session_id = ${sessionId}
    ORDER BY step.occurred_at, step.id
    LIMIT ${lifeMax}
  `
}

/** The counts of a session, oldest first. */
export async function listSessionCounts(
  sql: Reader,
  org: OrgId,
  sessionId: SessionId,
): Promise<readonly SessionCount[]> {
  return sql<SessionCount[]>`
    SELECT held.id, held.kind, held.staff_id AS "staffId", coalesce(employee.name, '') AS "staffName",
      held.currency, held.counted_minor AS "countedMinor", held.expected_minor AS "expectedMinor",
      held.occurred_at AS "occurredAt"
    FROM till_count AS held
    LEFT JOIN employee ON employee.org_id = held.org_id AND employee.id = held.staff_id
    WHERE held.org_id = ${org} AND held.session_id = ${sessionId}
    ORDER BY held.occurred_at, held.id
    LIMIT ${lifeMax}
  `
}
