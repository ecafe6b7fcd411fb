import { isUuid, type OrgId, type ShopId } from '@tillkeeper/core/base/id.ts'
import { holdingReasons, type ParkReason } from '@tillkeeper/core/parking/resolve-fact.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { jsonParameter, type Reader, type Tx } from '../db.ts'

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
  /** Null where the fact is the chain's. */
  readonly shopId: ShopId | null
}

export type ParkRow = Omit<ParkedFact, 'tries' | 'shopId'> & { readonly scope: string }

/** Parks facts; of one that is parked already, the reason and the number of tries are brought up to date. */
export async function parkFacts(tx: Tx, org: OrgId, facts: readonly ParkRow[]): Promise<void> {
  if (facts.length === 0) return
  const rows = facts.map(({ factId, firstAt, scope, ...row }) => ({
    ...row,
    fact_id: factId,
    first_at: firstAt,
    shop_id: shopOf(scope),
  }))
  await tx`
    INSERT INTO parked (org_id, stream, seq, fact_id, keys, reason, detail, first_at,
      shop_id)
    SELECT ${org}::uuid, stream, seq, fact_id,
      ARRAY(SELECT jsonb_array_elements_text(keys)), reason, detail, first_at, shop_id
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (stream text, seq bigint, fact_id uuid, keys jsonb, reason text, detail text,
       first_at timestamptz, shop_id uuid)
    ON CONFLICT (org_id, stream, seq) DO UPDATE
    SET reason = excluded.reason, detail = excluded.detail, tries = parked.tries + 1
  `
}

/** The shop that a scope names, if it is a shop's. */
export function shopOf(scope: string): ShopId | null {
  const id = scope.startsWith('shop:') ? scope.slice('shop:'.length) : ''
  return isUuid(id) ? (id as ShopId) : null
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
    SELECT stream, seq, fact_id AS "factId", keys, reason, detail, first_at AS "firstAt", tries,
      shop_id AS "shopId"
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

/** The organisations that have edits from the future whose time has come by `now`. */
export async function listOrgsWithDue(sql: Reader, now: string): Promise<readonly OrgId[]> {
  // `detail` says when, as an instant: their order is that of texts.
  const rows = await sql<{ org: OrgId }[]>`
    SELECT DISTINCT org_id AS org
    FROM parked
    WHERE reason = 'future_clock' AND detail COLLATE "C" <= ${now}
    ORDER BY org_id
  `
  return rows.map(({ org }) => org)
}
