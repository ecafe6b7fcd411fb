import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { jsonParameter, type Reader, type Tx } from '../db.ts'

export type ParkReason =
  | 'bad_body'
  /** A type or version newer than this program. It holds nothing else back. */
  | 'unknown_type'
  | 'apply_failed'
  /** It touches what a parked fact touches, and waits for it. */
  | 'behind'
  /** An edit of a clock that is ahead: tried again when its time has come, which `detail` says. */
  | 'future_clock'
  /** An edit of what its author may not write. */
  | 'not_authorised'
  /** An edit of a node that was silent for too long: a person looks at it. */
  | 'expired_author'

/** Only these hold back what shares their keys; edits of registers need no order among themselves. */
export const holdingReasons: readonly ParkReason[] = ['bad_body', 'apply_failed', 'behind']

/** A fact that is in the journal, but not in the tables. */
export type ParkedFact = {
  readonly stream: StreamId
  readonly seq: number
  readonly factId: string
  readonly keys: readonly string[]
  readonly reason: ParkReason
  /** For who mends it: the error's code and constraint, never a value of the fact. */
  readonly detail: string
  readonly firstAt: string
  readonly tries: number
}

export type ParkRow = Omit<ParkedFact, 'tries'>

/** Parks facts; of one that is parked already, the reason and the number of tries are brought up to date. */
export async function parkFacts(tx: Tx, org: OrgId, facts: readonly ParkRow[]): Promise<void> {
  if (facts.length === 0) return
  const rows = facts.map(({ factId, firstAt, ...row }) => ({
    ...row,
    fact_id: factId,
    first_at: firstAt,
  }))
  await tx`
    INSERT INTO parked (org_id, stream, seq, fact_id, keys, reason, detail, first_at)
    SELECT ${org}::uuid, stream, seq, fact_id,
      ARRAY(SELECT jsonb_array_elements_text(keys)), reason, detail, first_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (stream text, seq bigint, fact_id uuid, keys jsonb, reason text, detail text,
       first_at timestamptz)
    ON CONFLICT (org_id, stream, seq) DO UPDATE
    SET reason = excluded.reason, detail = excluded.detail, tries = parked.tries + 1
  `
}

/** Takes facts out of the list. */
export async function unparkFacts(
  tx: Tx,
  org: OrgId,
  places: readonly { readonly stream: StreamId; readonly seq: number }[],
): Promise<void> {
  if (places.length === 0) return
  await tx`
    DELETE FROM parked
    USING jsonb_to_recordset(${jsonParameter(tx, places)}) AS done (stream text, seq bigint)
    WHERE parked.org_id = ${org} AND parked.stream = done.stream AND parked.seq = done.seq
  `
}

/**
 * The keys that parked facts hold back. A fact of an unknown type holds none: who cannot read it
 * cannot know that others depend on it, and a newer till must not stop an older cloud. Nor does an edit
 * that waits for its time or for a person: else one wrong clock would stop a product for all.
 */
export async function readParkedKeys(sql: Reader, org: OrgId): Promise<Set<string>> {
  const rows = await sql<{ key: string }[]>`
    SELECT DISTINCT unnest(keys) AS key
    FROM parked
    WHERE org_id = ${org} AND reason = ANY(${holdingReasons}::text[])
  `
  return new Set(rows.map(({ key }) => key))
}

/** The parked facts in the order in which they came, oldest first; at most `limit`. */
export async function listParked(
  sql: Reader,
  org: OrgId,
  limit: number,
): Promise<readonly ParkedFact[]> {
  return sql<ParkedFact[]>`
    SELECT stream, seq, fact_id AS "factId", keys, reason, detail, first_at AS "firstAt", tries
    FROM parked
    WHERE org_id = ${org}
    ORDER BY first_at, stream, seq
    LIMIT ${limit}
  `
}

export async function countParked(sql: Reader, org: OrgId): Promise<number> {
  const [row] = await sql<{ facts: number }[]>`
    SELECT count(*) AS facts FROM parked WHERE org_id = ${org}
  `
  return row?.facts ?? 0
}

/** The organisations that have parked facts, for a program that starts and may know more than the last. */
export async function listOrgsWithParked(sql: Reader): Promise<readonly OrgId[]> {
  const rows = await sql<{ org: OrgId }[]>`
    SELECT DISTINCT org_id AS org FROM parked ORDER BY org_id
  `
  return rows.map(({ org }) => org)
}
