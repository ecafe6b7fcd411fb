import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import { answerChange, type ChainDeps, type Changing, changeChain } from '../chain/change-chain.ts'
import type { Changed } from '../chain/changed.ts'

/** Makes a category of expenses, or changes it. Every shop hears of it, and each of their tills. */
export async function putExpenseCategory(
  deps: ChainDeps,
  changing: Changing,
  { id, ...fields }: { readonly id: string } & Readonly<Record<string, unknown>>,
): Promise<Outcome<Changed, never>> {
  return changeChain(deps, changing, async ({ edit }) =>
    answerChange(id, await edit('org', [{ kind: 'expensecategory', entityId: id, fields }])),
  )
}
