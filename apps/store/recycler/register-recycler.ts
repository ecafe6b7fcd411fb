import type { ShopId, TillId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { registerEditVersion } from '@tillkeeper/facts/catalogue/register-edit.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'
import { findRep } from '../edit/edit-register.ts'
import { readShopTerms } from '../till/session-sql.ts'
import { readAddress } from './read-address.ts'

/** A machine as its shop wants it. */
export type RecyclerTerms = {
  readonly shopId: ShopId
  readonly name: string
  readonly driver: 'glory' | 'rest'
  readonly address: string
  readonly currencies: readonly Currency[]
  readonly tills: readonly TillId[]
  readonly active: boolean
}

export type RegisterRefusal =
  | { readonly code: 'recycler_not_found' }
  | { readonly code: 'recycler_address_invalid' }
  | { readonly code: 'shop_not_found' }
  | { readonly code: 'till_not_found' }
  | { readonly code: 'till_of_other_shop' }
  | { readonly code: 'currency_repeated'; readonly currency: Currency }
  | ActRefusal

/** Says what a machine of this shop is: a new one, or all of it anew. */
export function registerRecycler(
  node: StoreNode,
  acting: Acting,
  { recyclerId, terms }: { readonly recyclerId: string; readonly terms: RecyclerTerms },
): Promise<Outcome<Done, RegisterRefusal>> {
  const { org, shopId } = node
  return recordAct<RegisterRefusal>(node, acting, async (tx, occurredAt) => {
    if (terms.shopId !== shopId) return refused({ code: 'shop_not_found' })
    if (readAddress(terms.address) === undefined) {
      return refused({ code: 'recycler_address_invalid' })
    }
    const twice = terms.currencies.find((each, index) => terms.currencies.indexOf(each) !== index)
    if (twice !== undefined) return refused({ code: 'currency_repeated', currency: twice })
    const [held] = await tx<{ shopId: ShopId }[]>`
      SELECT shop_id AS "shopId" FROM recycler WHERE org_id = ${org} AND id = ${recyclerId}
    `
    if (held !== undefined && held.shopId !== shopId) return refused({ code: 'recycler_not_found' })
    const tills = await tx<{ shopId: ShopId | null }[]>`
      SELECT till.shop_id AS "shopId"
      FROM unnest(${[...terms.tills]}::uuid[]) AS asked (id)
      LEFT JOIN till ON till.org_id = ${org} AND till.id = asked.id
    `
    if (tills.some((till) => till.shopId === null)) return refused({ code: 'till_not_found' })
    if (tills.some((till) => till.shopId !== shopId)) return refused({ code: 'till_of_other_shop' })
    const { timeZone } = await readShopTerms(tx, org, shopId)
    const rep = await findRep(tx, org, { kind: 'recycler', entityId: recyclerId })
    const body = { entityId: recyclerId, fields: { terms }, ...(rep === 0 ? {} : { rep }) }
    return accepted({
      ...{ id: acting.id, type: 'recycler.changed', v: registerEditVersion('recycler', body) },
      ...{ scope: `shop:${shopId}`, actor: acting.actor, occurredAt, refs: [], body },
      businessDate: businessDateOf(occurredAt, timeZone),
      keys: [`recycler:${recyclerId}`],
    } satisfies FactDraft)
  })
}
