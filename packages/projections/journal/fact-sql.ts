import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import type { Fact } from '@tillkeeper/facts/seal/seal.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Reader } from '../db.ts'

/** A fact that the journal has, and the request that led to it. */
export type FoundFact = {
  readonly id: string
  readonly stream: StreamId
  readonly seq: number
  readonly type: string
  /** SHA-256 of the request; null where it did not come by the API. */
  readonly fingerprint: Uint8Array | null
  readonly recordedAt: string
}

/** The facts of these ids that the journal has; whoever asks again is answered from them. */
export async function findFacts(
  sql: Reader,
  org: OrgId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, FoundFact>> {
  const rows = await sql<FoundFact[]>`
    SELECT owner.id, owner.stream, owner.seq, held.type, owner.fingerprint,
      held.recorded_at AS "recordedAt"
    FROM fact_id AS owner
    CROSS JOIN LATERAL (
      SELECT type, recorded_at
      FROM journal
      WHERE org_id = owner.org_id AND stream = owner.stream AND seq = owner.seq
      LIMIT 1
    ) AS held
    WHERE owner.org_id = ${org} AND owner.id = ANY(${ids}::uuid[])
  `
  return new Map(rows.map((fact) => [fact.id, fact]))
}

/** A fact as the journal has it, in the newest shape of its type; `undefined` if it has none of that id. */
export async function findFact(sql: Reader, org: OrgId, id: string): Promise<Fact | undefined> {
  const [row] = await sql<{ bytes: Uint8Array }[]>`
    SELECT journal.bytes
    FROM fact_id AS owner
    JOIN journal
      ON journal.org_id = owner.org_id AND journal.stream = owner.stream
      AND journal.seq = owner.seq
    WHERE owner.org_id = ${org} AND owner.id = ${id}
  `
  if (row === undefined) return undefined
  const read = readFact(row.bytes)
  assert(read.kind !== 'refused', 'the journal holds facts only')
  return read.fact
}
