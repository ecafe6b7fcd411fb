import { type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { answerChange, type ChainDeps, type Changing, changeChain } from '../chain/change-chain.ts'
import type { Changed } from '../chain/changed.ts'
import { spreadCredentials } from '../chain/spread-credentials.ts'

/** Opens a shop, or changes it. The people and keys that see every shop see it too. */
export function putShop(
  deps: ChainDeps,
  changing: Changing,
  {
    id,
    ...fields
  }: { readonly id: string; readonly code?: string | undefined } & Readonly<
    Record<string, unknown>
  >,
): Promise<Outcome<Changed, { readonly code: 'shop_code_taken' }>> {
  return changeChain(deps, changing, async (change) => {
    const { tx, org } = change
    const [taken] = await tx`
      SELECT 1 AS one FROM shop
      WHERE org_id = ${org} AND code = ${fields.code ?? null} AND id <> ${id}
    `
    if (taken !== undefined) return refused({ code: 'shop_code_taken' })
    const changed = await change.edit('org', [{ kind: 'shop', entityId: id, fields }])
    await spreadCredentials(change)
    return answerChange(id, changed)
  })
}
