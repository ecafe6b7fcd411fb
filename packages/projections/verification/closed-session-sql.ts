import type { OrgId, SessionId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import type { ClosedSession } from '@tillkeeper/core/verify/explain-variance.ts'
import type { Reader } from '../db.ts'
import { listSessionWorkers } from './session-workers-sql.ts'

type Row = {
  readonly id: SessionId
  readonly shopId: ShopId
  readonly currency: Currency
  readonly varianceMinor: Minor | null
  readonly others: readonly { readonly currency: Currency; readonly varianceMinor: Minor }[] | null
  readonly verified: boolean
}

/** A session as explaining and verifying are decided by it. Of two closes the earlier id is the session's. */
export async function findClosedSession(
  sql: Reader,
  org: OrgId,
  id: SessionId,
): Promise<ClosedSession | undefined> {
  const [[row], workers, explained] = await Promise.all([
    sql<Row[]>`
      SELECT session.id, session.shop_id AS "shopId", session.currency,
        closed.variance_minor AS "varianceMinor", closed.others,
        EXISTS (
          SELECT FROM till_verification AS verified
          WHERE verified.org_id = session.org_id AND verified.session_id = session.id
        ) AS verified
      FROM till_session AS session
      LEFT JOIN LATERAL (
        SELECT variance_minor, others
        FROM till_close
        WHERE till_close.org_id = session.org_id AND till_close.session_id = session.id
        ORDER BY id
        LIMIT 1
      ) AS closed ON TRUE
      WHERE session.org_id = ${org} AND session.id = ${id}
    `,
    listSessionWorkers(sql, org, id),
    sql<{ currency: Currency; bookedMinor: number }[]>`
      SELECT currency, sum(booked_minor)::bigint AS "bookedMinor"
      FROM till_explanation
      WHERE org_id = ${org} AND session_id = ${id}
      GROUP BY currency
    `,
  ])
  if (row === undefined) return undefined
  const { shopId, currency, varianceMinor, others, verified } = row
  return {
    ...{ id, shopId, workers, verified },
    variances:
      varianceMinor === null ? undefined : [{ currency, varianceMinor }, ...(others ?? [])],
    booked: explained,
    explained: explained.map((each) => each.currency),
  }
}

export type Explanation = {
  readonly id: string
  readonly staffName: string
  readonly currency: Currency
  readonly reason: string
  readonly class: string
  readonly note: string
  readonly photoId: string | null
  readonly bookings: readonly {
    readonly from: string
    readonly to: string
    readonly amountMinor: Minor
    readonly currency: Currency
  }[]
  readonly explainedAt: string
}

/** More explanations of one session are not listed: each books a part of one variance. */
export const explanationsMax = 100

/** What was said of a session's variance, oldest first. */
export async function listExplanations(
  sql: Reader,
  org: OrgId,
  sessionId: SessionId,
): Promise<readonly Explanation[]> {
  return sql<Explanation[]>`
    SELECT said.id, coalesce(employee.name, '') AS "staffName", said.currency, said.reason,
      said.class, said.note, said.photo_id AS "photoId", said.bookings,
      said.explained_at AS "explainedAt"
    FROM till_explanation AS said
    LEFT JOIN employee ON employee.org_id = said.org_id AND employee.id = said.staff_id
    WHERE said.org_id = ${org} AND said.session_id = ${sessionId}
    ORDER BY said.explained_at, said.id
    LIMIT ${explanationsMax}
  `
}

/** Movements as verifying them is decided: by the facts that moved the cash. */
export async function findMovements(sql: Reader, org: OrgId, ids: readonly string[]) {
  return sql<
    {
      id: string
      shopId: ShopId
      sessionId: SessionId | null
      staffId: StaffId
      occurredAt: string
    }[]
  >`
    SELECT DISTINCT ON (fact_id) fact_id AS id, shop_id AS "shopId", session_id AS "sessionId",
      staff_id AS "staffId", occurred_at AS "occurredAt"
    FROM cash_transfer
    WHERE org_id = ${org} AND fact_id = ANY(${ids}::uuid[])
    ORDER BY fact_id, id
  `
}
