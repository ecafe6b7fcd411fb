import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'

/** An act that is in the journal already, and what was asked for then. */
export type PriorAct = {
  readonly id: string
  /** Null where the act came by sync: its till asked nobody. */
  readonly fingerprint: Uint8Array | null
}

/** Which of these ids are taken. */
export async function findPriorActs(
  tx: Tx,
  org: OrgId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PriorAct>> {
  const rows = await tx<PriorAct[]>`
    SELECT fact_id.id, fact_id.fingerprint
    FROM unnest(${ids}::uuid[]) AS asked (id)
    JOIN fact_id ON fact_id.org_id = ${org} AND fact_id.id = asked.id
  `
  return new Map(rows.map((row) => [row.id, row]))
}
