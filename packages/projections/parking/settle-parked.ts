import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedFact } from '../apply/applied-fact.ts'
import type { Tx } from '../db.ts'
import type { ProjectOptions } from '../project-rows.ts'
import { releaseBehind } from './retry-parked.ts'

/** The resolutions among facts that were applied, by their ids. */
export function resolutionsOf(facts: readonly AppliedFact[]): readonly string[] {
  return facts.flatMap(({ fact }) => (fact.type === 'fact.resolved' ? [fact.id] : []))
}

/**
 * Takes the facts that these resolutions settle off the list, and lets what waited behind them go on in
 * order. The resolutions are applied, in this transaction, and the caller holds the organisation. Returns
 * what was applied.
 */
export async function settleParked(
  tx: Tx,
  org: OrgId,
  ids: readonly string[],
  options: ProjectOptions = {},
): Promise<readonly AppliedFact[]> {
  if (ids.length === 0) return []
  const settled = await tx<{ keys: readonly string[] }[]>`
    DELETE FROM parked
    USING fact_resolution AS resolution
    WHERE parked.org_id = ${org} AND resolution.org_id = ${org}
      AND resolution.id = ANY(${ids}::uuid[]) AND parked.fact_id = resolution.fact_id
      AND (resolution.reach = 'all' OR resolution.reach = 'shop:' || parked.shop_id)
    RETURNING parked.keys
  `
  return releaseBehind(tx, org, new Set(settled.flatMap(({ keys }) => keys)), options)
}
