import { type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import { answerChange, type ChainDeps, type Changing, changeChain } from '../chain/change-chain.ts'
import type { Changed } from '../chain/changed.ts'
import { areShops } from '../shop/shop-sql.ts'

export type PutTillRefusal =
  | { readonly code: 'shop_not_found' }
  | { readonly code: 'till_number_taken' }

type Fields = {
  readonly id: string
  readonly shopId?: string | undefined
  readonly number?: number | undefined
} & Readonly<Record<string, unknown>>

/** Sets up a till, or changes it. Its number stands in its receipts, so no two of a shop share one. */
export function putTill(
  deps: ChainDeps,
  changing: Changing,
  { id, ...fields }: Fields,
): Promise<Outcome<Changed, PutTillRefusal>> {
  return changeChain(
    deps,
    changing,
    async ({ tx, org, edit }): Promise<Outcome<Changed, PutTillRefusal>> => {
      if (fields.shopId !== undefined && !(await areShops(tx, org, [fields.shopId]))) {
        return refused({ code: 'shop_not_found' })
      }
      if (await isNumberTaken(tx, org, { ...fields, id })) {
        return refused({ code: 'till_number_taken' })
      }
      return answerChange(id, await edit('org', [{ kind: 'till', entityId: id, fields }]))
    },
  )
}

async function isNumberTaken(
  tx: Tx,
  org: string,
  { id, shopId, number }: Fields,
): Promise<boolean> {
  const [taken] = await tx`
    SELECT 1 AS one
    FROM till AS other
    LEFT JOIN till AS own ON own.org_id = other.org_id AND own.id = ${id}
    WHERE other.org_id = ${org} AND other.id <> ${id}
      AND other.shop_id = coalesce(${shopId ?? null}::uuid, own.shop_id)
      AND other.number = coalesce(${number ?? null}::integer, own.number, 1)
  `
  return taken !== undefined
}
