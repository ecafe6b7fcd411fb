import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'

/** An act that is in the journal already, and what was asked for then. */
export type PriorAct = {
  readonly id: string
  /** Null where the act came by sync: its till asked nobody. */
  readonly fingerprint: Uint8Array | null
}

/**
 * Which of these ids are taken. Each is looked up by itself, and `OFFSET 0` keeps it so: before a table's
 * first statistics a join, or `id = ANY`, was planned as a walk through all that the organisation has.
 */
export async function findPriorActs(
  tx: Tx,
  org: OrgId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PriorAct>> {
  const rows = await tx<PriorAct[]>`
    SELECT found.id, found.fingerprint
    FROM unnest(${ids}::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT id, fingerprint FROM fact_id WHERE org_id = ${org} AND id = asked.id OFFSET 0
    ) AS found
  `
  return new Map(rows.map((row) => [row.id, row]))
}
