import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import type { Entity } from '@tillkeeper/core/merge/entity.ts'
import { registerEditVersion } from '@tillkeeper/facts/catalogue/register-edit.ts'
import type { RegisterEditBody } from '@tillkeeper/facts/catalogue/registers.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import { currency } from '../actors/chain-setup.ts'
import type { Fleet } from '../actors/fleet.ts'
import type { Store } from '../actors/store.ts'

// Edits of products, as shops and the owner make them.

/** An edit of one product, ready to be sealed by a shop or the cloud. */
export function editProduct(
  { world, truth }: Fleet,
  by: { readonly clock: { readonly nowMs: () => number; readonly isoNow: () => string } },
  { entityId, node, ...change }: RegisterEditBody & { readonly node: string },
): FactDraft {
  const id = uuidv7(by.clock.nowMs(), world.chance.bytes(10))
  const body: RegisterEditBody = { entityId, ...change }
  truth.intended.set(id, { type: 'product.changed', node })
  const nowIso = by.clock.isoNow()
  return {
    ...{ id, type: 'product.changed', v: registerEditVersion('product', body), scope: 'org' },
    ...{ actor: `node:${node}`, occurredAt: nowIso, businessDate: nowIso.slice(0, 10) },
    ...{ keys: [], refs: [], body },
  }
}

/** A shop notes something of a product. Returns the edit's id. */
export function noteInShop(fleet: Fleet, store: Store, entityId: string, note: string): string {
  const draft = editProduct(fleet, store, { entityId, fields: { note }, node: store.author })
  void store.record([draft]).catch(() => fleet.world.trace.note('an edit was not saved'))
  return draft.id
}

/** The owner prices a product. */
export function priceInCloud(fleet: Fleet, entityId: string, minor: number, rep?: number): void {
  const draft = editProduct(fleet, fleet.cloud, {
    entityId,
    fields: { price: { currency, minor } },
    ...(rep === undefined ? {} : { rep }),
    node: 'cloud',
  })
  void fleet.cloud.say('org', [draft])
}

/** A product as every server that runs has it. */
export function productAt({ cloud, shops }: Fleet, entityId: string): readonly Entity[] {
  const name = `product ${entityId}`
  const all = [cloud.entities()?.(), ...shops.map(({ store }) => store.run()?.fold.entities())]
  return all.map((entities) => entities?.get(name) ?? [])
}
