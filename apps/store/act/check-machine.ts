import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import {
  checkMachineUses,
  type MachineUse,
  type MachineUseRefusal,
} from '@tillkeeper/core/recycler/check-machine-use.ts'
import { readKnownAttempts } from '@tillkeeper/projections/cash/known-attempts-sql.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'

export type { MachineUseRefusal } from '@tillkeeper/core/recycler/check-machine-use.ts'

/**
 * Whether the shop's books say otherwise of what an act says that machines moved. The caller holds the organisation, so no
 * other act takes the same attempt in between.
 */
export async function checkMachine(
  tx: Tx,
  org: OrgId,
  uses: readonly MachineUse[],
): Promise<Outcome<undefined, MachineUseRefusal>> {
  const ids = uses.map(({ attemptId }) => attemptId)
  return checkMachineUses(uses, await readKnownAttempts(tx, org, ids))
}
