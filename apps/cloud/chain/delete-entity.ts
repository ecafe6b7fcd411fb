import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { type ChainDeps, type Changing, changeChain } from './change-chain.ts'
import type { Changed } from './changed.ts'
import { masterScope, spreadCredentials } from './spread-credentials.ts'

/**
 * Deletes a product or a person: they are sold or let in nowhere any more. What they did stays, and who edits
 * them later makes them again. A person's hashes go from the cloud and from every shop.
 */
export function deleteEntity(
  deps: ChainDeps,
  changing: Changing,
  { kind, id }: { readonly kind: 'product' | 'employee'; readonly id: string },
): Promise<Outcome<Changed, { readonly code: 'not_found' }>> {
  return changeChain(
    deps,
    changing,
    async (change): Promise<Outcome<Changed, { readonly code: 'not_found' }>> => {
      const { tx, org, edit } = change
      const [held] = await tx`
        SELECT 1 AS one FROM ${tx(kind)} WHERE org_id = ${org} AND id = ${id}
      `
      if (held === undefined) return refused({ code: 'not_found' })
      const fields = { deleted: true }
      const changed = await edit('org', [{ kind, entityId: id, fields }])
      if (kind === 'employee') {
        const [proof] =
          await tx`SELECT 1 AS one FROM credential WHERE org_id = ${org} AND id = ${id}`
        if (proof !== undefined) {
          await edit(masterScope, [{ kind: 'credential', entityId: id, fields }])
        }
        await spreadCredentials(change)
      }
      return accepted({ id, changed: changed.has(id) })
    },
  )
}
