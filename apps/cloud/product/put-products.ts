import { accepted } from '@tillkeeper/core/base/outcome.ts'
import { type ChainDeps, type Changing, changeChain, type Edit } from '../chain/change-chain.ts'
import type { Changed } from '../chain/changed.ts'

type Product = { readonly id: string } & Readonly<Record<string, unknown>>

/** Adds products or changes them: all of them, or none. One that is named twice ends as its last. */
export async function putProducts(
  deps: ChainDeps,
  changing: Changing,
  products: readonly Product[],
): Promise<readonly Changed[]> {
  const edits = products.map(
    ({ id, ...fields }): Edit => ({ kind: 'product', entityId: id, fields }),
  )
  let changed: ReadonlySet<string> = new Set()
  await changeChain(deps, changing, async ({ edit }) => {
    changed = await edit('org', edits)
    return accepted(undefined)
  })
  return products.map(({ id }) => ({ id, changed: changed.has(id) }))
}
