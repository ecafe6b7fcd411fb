import type { ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import { type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { decideSetRate, type SetRate, type SetRateRefusal } from '@tillkeeper/core/rate/set-rate.ts'
import { findRate, type RateRow } from '@tillkeeper/projections/registers/rate-sql.ts'
import { findShop } from '@tillkeeper/projections/registers/shop-sql.ts'
import { answerChange, type ChainDeps, type Changing, changeChain } from '../chain/change-chain.ts'
import type { Changed } from '../chain/changed.ts'

export type PutRate = SetRate & { readonly id: string; readonly shopId?: ShopId | undefined }

export type PutRateRefusal =
  | SetRateRefusal
  | { readonly code: 'shop_not_found' }
  | { readonly code: 'rate_base_required' }
  | { readonly code: 'id_exists_with_different_content' }

/** Says what a currency is worth, in one shop or in all with that base. Asking twice says it once. */
export function putRate(
  deps: ChainDeps,
  changing: Changing,
  { id, shopId, ...asked }: PutRate,
): Promise<Outcome<Changed, PutRateRefusal>> {
  return changeChain<Changed, PutRateRefusal>(deps, changing, async (change) => {
    const { tx, org } = change
    const shop = shopId === undefined ? undefined : await findShop(tx, org, shopId)
    if (shopId !== undefined && shop === undefined) return refused({ code: 'shop_not_found' })
    const base = shop?.currency ?? asked.base
    if (base === undefined) return refused({ code: 'rate_base_required' })
    const before = await findRate(tx, org, id)
    if (before !== undefined) {
      return says(before, { ...asked, base }, shopId)
        ? answerChange(id, new Set())
        : refused({ code: 'id_exists_with_different_content' })
    }
    const decided = decideSetRate({ base, now: deps.now().toISOString(), shopId }, asked)
    if (!decided.ok) return decided
    const fields = { terms: decided.value }
    return answerChange(id, await change.edit('org', [{ kind: 'rate', entityId: id, fields }]))
  })
}

/** The person who asks; a key or the operator is nobody. */
export function staffOf({ actor }: Changing): StaffId | undefined {
  return actor.startsWith('staff:') ? (actor.slice('staff:'.length) as StaffId) : undefined
}

function says(held: RateRow, asked: SetRate, shopId: ShopId | undefined): boolean {
  return (
    held.currency === asked.currency &&
    held.base === asked.base &&
    held.rate === asked.rate &&
    held.scale === asked.scale &&
    held.source === asked.source &&
    (asked.from === undefined || held.from === asked.from) &&
    (held.shopId ?? undefined) === shopId
  )
}
