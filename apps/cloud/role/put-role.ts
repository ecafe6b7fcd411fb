import { type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { isPermission, type PermissionLimit } from '@tillkeeper/core/permission/permission.ts'
import { answerChange, type ChainDeps, type Changing, changeChain } from '../chain/change-chain.ts'
import type { Changed } from '../chain/changed.ts'
import { spreadCredentials } from '../chain/spread-credentials.ts'

/** Makes a role or changes it. A name that is no permission of this version is refused, not kept. */
export async function putRole(
  deps: ChainDeps,
  changing: Changing,
  {
    id,
    ...fields
  }: {
    readonly id: string
    readonly name?: string | undefined
    readonly permissions?: readonly string[] | undefined
    readonly limits?: readonly PermissionLimit[] | undefined
  },
): Promise<Outcome<Changed, { readonly code: 'permission_not_known' }>> {
  if (fields.permissions?.every(isPermission) === false) {
    return refused({ code: 'permission_not_known' })
  }
  return changeChain(deps, changing, async (change) => {
    const changed = await change.edit('org', [{ kind: 'role', entityId: id, fields }])
    // Whoever has the role may see every shop now.
    await spreadCredentials(change)
    return answerChange(id, changed)
  })
}
