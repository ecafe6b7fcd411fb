import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { Actor } from '@tillkeeper/http/auth/actor.ts'
import { actorName } from '@tillkeeper/http/auth/actor.ts'
import { answerChange, type ChainDeps, changeChain } from '../chain/change-chain.ts'
import type { Changed } from '../chain/changed.ts'
import type { Peppers } from '../keys/data-dir.ts'

/**
 * Makes an organisation, or changes what it is called. Only the operator makes one; for anybody else
 * there is none but their own.
 */
export async function putOrg(
  deps: ChainDeps & { readonly peppers: Peppers },
  actor: Actor,
  { id, ...fields }: { readonly id: string; readonly name?: string | undefined },
): Promise<Outcome<Changed, { readonly code: 'org_not_found' }>> {
  if (actor.org !== undefined && actor.org !== id) return refused({ code: 'org_not_found' })
  const org = id as OrgId
  if (actor.kind === 'admin') await deps.peppers.make(org)
  return changeChain(deps, { org, actor: actorName(actor) }, async ({ edit }) =>
    answerChange(id, await edit('org', [{ kind: 'org', entityId: id, fields }])),
  )
}
