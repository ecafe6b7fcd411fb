import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { reachOf } from '@tillkeeper/core/parking/resolve-fact.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { jsonParameter, type Tx } from '../db.ts'

/**
 * Inserts resolutions; those that are there already are left as they are. Returns the ids that were not.
 * That a fact is settled takes nothing out of the tables: `settleParked` follows in the same transaction.
 */
export async function insertResolutions(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'fact.resolved'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, author, actor, body, occurredAt } }) => {
    const reach = reachOf(author)
    assert(reach !== undefined, 'what may settle nothing is parked before it is applied')
    return {
      id,
      fact_id: body.factId,
      reach,
      how: body.how,
      replacement_id: body.replacementId,
      note: body.note,
      actor,
      resolved_at: occurredAt,
    }
  })
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO fact_resolution
      (org_id, id, fact_id, reach, how, replacement_id, note, actor, resolved_at)
    SELECT ${org}::uuid, id, fact_id, reach, how, replacement_id, note, actor, resolved_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (id uuid, fact_id uuid, reach text, how text, replacement_id uuid, note text, actor text,
       resolved_at timestamptz)
    ON CONFLICT (org_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** A resolution adds nothing to cash or totals. */
export function addResolution(): void {
  // What waits behind the settled fact is applied for itself.
}
