import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { FactType } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Reader } from '../db.ts'

// What an author recorded in sessions of others: by the rows that its facts left in them, each by its index.

/**
 * Acts that change what a drawer should hold, and say nothing of what it should hold in all. A new one that moves
 * cash of a session belongs here, or the till whose drawer it is counts it as missing.
 */
export const drawerActs = [
  'sale.completed',
  'sale.voided',
  'sale.refunded',
  'cash.moved',
  'cash.given',
  'cash.received',
  'cash.swapped',
  'fund.issued',
  'fund.returned',
  'expense.paid',
  'expense.settled',
] as const satisfies readonly FactType[]

/** Where an act stands: they are read in this order. */
export type ActPlace = { readonly stream: StreamId; readonly seq: number }

export type SessionAct = ActPlace & {
  readonly sessionId: string
  readonly id: string
  readonly bytes: Uint8Array
}

export type ActsOf = {
  readonly sessions: readonly string[]
  /** Who recorded them. */
  readonly author: string
  readonly limit: number
  readonly after?: ActPlace | undefined
}

/** The acts in some sessions that one author recorded, each once, in the order of its streams. */
export async function listSessionActs(
  sql: Reader,
  org: OrgId,
  { sessions, author, limit, after }: ActsOf,
): Promise<readonly SessionAct[]> {
  return await sql<SessionAct[]>`
    WITH act AS (
      SELECT session_id, fact_id AS id FROM cash_transfer
      WHERE org_id = ${org} AND session_id = ANY(${sessions}::uuid[])
      UNION
      SELECT session_id, id FROM sale WHERE org_id = ${org} AND session_id = ANY(${sessions}::uuid[])
      UNION
      SELECT session_id, id FROM refund WHERE org_id = ${org} AND session_id = ANY(${sessions}::uuid[])
    )
    SELECT act.session_id AS "sessionId", act.id, owned.stream, owned.seq, journal.bytes
    FROM act
    JOIN fact_id AS owned ON owned.org_id = ${org} AND owned.id = act.id
      AND starts_with(owned.stream, ${`${author}:`})
    JOIN journal ON journal.org_id = ${org} AND journal.stream = owned.stream
      AND journal.seq = owned.seq AND journal.type = ANY(${[...drawerActs]}::text[])
    WHERE (owned.stream, owned.seq)
      > (${after?.stream ?? ''}::text COLLATE "C", ${after?.seq ?? 0}::bigint)
    ORDER BY owned.stream, owned.seq
    LIMIT ${limit}
  `
}

/** A hand-over as a till needs it: what was counted, and what should have been there, is not for who counts blind. */
export type HandedOver = {
  readonly id: string
  readonly sessionId: string
  readonly toStaffId: string
}

/** The hand-overs in some sessions that one author recorded, the earliest first. */
export async function listHandOvers(
  sql: Reader,
  org: OrgId,
  { sessions, author, limit }: Omit<ActsOf, 'after'>,
): Promise<readonly HandedOver[]> {
  return await sql<HandedOver[]>`
    SELECT step.id, step.session_id AS "sessionId", step.to_staff_id AS "toStaffId"
    FROM session_step AS step
    JOIN fact_id AS owned ON owned.org_id = step.org_id AND owned.id = step.id
    WHERE step.org_id = ${org} AND step.session_id = ANY(${sessions}::uuid[])
      AND step.kind = 'handed_over' AND starts_with(owned.stream, ${`${author}:`})
    ORDER BY step.occurred_at, step.id
    LIMIT ${limit}
  `
}
