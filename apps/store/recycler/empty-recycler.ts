import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome } from '@tillkeeper/core/base/outcome.ts'
import {
  decideEmptyRecycler,
  type EmptyRecycler,
  type EmptyRecyclerRefusal,
} from '@tillkeeper/core/recycler/empty-recycler.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { readMachineStock } from '@tillkeeper/projections/recycler/recycler-sql.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'
import { readShopTerms } from '../till/session-sql.ts'

/** Books what a person took out of a machine's cash box into the safe, as it was counted there. */
export function emptyRecycler(
  node: StoreNode,
  acting: Acting,
  recyclerId: string,
  command: EmptyRecycler,
): Promise<Outcome<Done, EmptyRecyclerRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct<EmptyRecyclerRefusal>(node, acting, async (tx, occurredAt) => {
    const stock = await readMachineStock(tx, org, { shopId, recyclerId })
    const decided = decideEmptyRecycler({ shopId, recyclerId, ...stock }, command)
    if (!decided.ok) return decided
    const { timeZone } = await readShopTerms(tx, org, shopId)
    return accepted({
      ...{ id: acting.id, type: 'recycler.emptied', v: catalogue['recycler.emptied'].v },
      ...{ scope: `shop:${shopId}`, actor: acting.actor, occurredAt, refs: [] },
      businessDate: businessDateOf(occurredAt, timeZone),
      // What one machine does waits for what it did before, and the safe's acts for this one.
      ...{ keys: [`recycler:${recyclerId}`, `safe:${shopId}`], body: decided.value },
    })
  })
}
