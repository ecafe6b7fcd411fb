import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { decideSetRate, type SetRate, type SetRateRefusal } from '@tillkeeper/core/rate/set-rate.ts'
import { registerEditVersion } from '@tillkeeper/facts/catalogue/register-edit.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import { findShop } from '@tillkeeper/projections/registers/shop-sql.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'

type Refusal = { readonly code: 'not_found' } | SetRateRefusal

/** Says what a currency is worth in this shop. The rate has the act's id, and is never said again. */
export function setRate(
  node: StoreNode,
  acting: Acting,
  command: SetRate,
): Promise<Outcome<Done, Refusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct<Refusal>(node, acting, async (tx, occurredAt) => {
    const shop = await findShop(tx, org, shopId)
    if (shop === undefined) return refused({ code: 'not_found' })
    const decided = decideSetRate({ base: shop.currency, now: occurredAt, shopId }, command)
    if (!decided.ok) return decided
    const { id, actor } = acting
    const body = { entityId: id, fields: { terms: decided.value } }
    return accepted({
      id,
      type: 'rate.changed',
      v: registerEditVersion('rate', body),
      scope: `shop:${shopId}`,
      actor,
      occurredAt,
      businessDate: businessDateOf(occurredAt, shop.timeZone),
      keys: [`rate:${id}`],
      refs: [],
      body,
    } satisfies FactDraft)
  })
}
