import type { ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { FundSession } from '@tillkeeper/core/fund/staff-fund.ts'
import type { SafeStock } from '@tillkeeper/core/safe/safe-stock.ts'
import type { StatementFact } from '@tillkeeper/facts/catalogue/bank-statement.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { SafeFact } from '@tillkeeper/facts/catalogue/safe.ts'
import type { FundFact } from '@tillkeeper/facts/catalogue/staff-fund.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import { listSafeBalances } from '@tillkeeper/projections/safe/safe-sql.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'
import { readShopTerms } from '../till/session-sql.ts'

/** Who does something at the safe: a person, named in the fact. */
export type SafeActing = Acting & { readonly staffId: StaffId }

type SafeType = (SafeFact | FundFact | StatementFact)['type']

/**
 * Does one act at the safe. What one shop does there waits for what it did before: acts share a key, so one that
 * cannot be projected makes those behind it wait. Where a drawer takes part, its session's acts wait too.
 */
export function recordSafeAct<Body extends object, Refusal extends { readonly code: string }>(
  node: StoreNode,
  acting: SafeActing,
  type: SafeType,
  decide: (tx: Tx) => Promise<Outcome<Body, Refusal>>,
): Promise<Outcome<Done, Refusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct(node, acting, async (tx, occurredAt) => {
    const [decided, { timeZone }] = await Promise.all([decide(tx), readShopTerms(tx, org, shopId)])
    if (!decided.ok) return decided
    return accepted({
      ...{ id: acting.id, type, v: catalogue[type].v, scope: `shop:${shopId}`, refs: [] },
      ...{
        actor: acting.actor,
        occurredAt,
        keys: keysOf(shopId, decided.value),
        body: decided.value,
      },
      businessDate: businessDateOf(occurredAt, timeZone),
    })
  })
}

function keysOf(shopId: ShopId, body: object): readonly string[] {
  const { drawer } = body as { readonly drawer?: FundSession }
  const own = `safe:${shopId}`
  return drawer === undefined ? [own] : [own, `session:${drawer.sessionId}`]
}

/** What this shop's safe holds. The caller holds the organisation, so it stands still. */
export async function readSafeStock(
  tx: Tx,
  { org, shopId }: { readonly org: StoreNode['org']; readonly shopId: ShopId },
): Promise<readonly SafeStock[]> {
  return listSafeBalances(tx, org, { shops: new Set([shopId]), shopId })
}
