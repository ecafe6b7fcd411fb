import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { type Entity, readEntity, takeEntityEdit } from '@tillkeeper/core/merge/entity.ts'
import type { RegisterEditBody } from '@tillkeeper/facts/catalogue/registers.ts'
import { rowsOf } from '../checkers/copies.ts'
import { editOf } from './chain-setup.ts'
import type { Fleet, Shop } from './fleet.ts'
import { heardOf } from './say.ts'

// Who works where: what a shop's server needs to let somebody in travels in the shop's own feed.

const scopeOf = ({ plan }: Shop) => `credentials:${plan.shopId}`

/** The cloud tells a shop of a person who works there now, or that one does not any more. */
export function tellShop(
  { cloud, world }: Fleet,
  shop: Shop,
  { staffId, works }: { readonly staffId: string; readonly works: boolean },
): Promise<void> {
  const chance = world.chance.fork(`tell ${shop.store.name} ${world.time.nowMs()}`)
  const scope = scopeOf(shop)
  const fields = works ? { pinHash: `hash of ${staffId}`, login: staffId } : { deleted: true }
  const id = uuidv7(cloud.clock.nowMs(), chance.bytes(10))
  const nowIso = cloud.clock.isoNow()
  return cloud.say(scope, [
    { ...editOf('credential.changed', { id, entityId: staffId, fields, nowIso }), scope },
  ])
}

/** Whether a shop's server could let the person in, by what lies on its disk. */
export function letsIn(shop: Shop, staffId: string): boolean {
  let entity: Entity = []
  for (const { bytes, id } of rowsOf(shop.store.disk, `feed/${scopeOf(shop)}@1`)) {
    const fact = heardOf(bytes)
    const body = fact?.body as RegisterEditBody | undefined
    if (fact === undefined || body?.entityId !== staffId) continue
    const { rep = 0, fields, sets } = body
    entity = takeEntityEdit(entity, {
      ...{ rep, hlc: fact.hlc, factId: id, fields },
      ...(sets === undefined ? {} : { sets }),
    })
  }
  const { deleted, fields } = readEntity(entity)
  return !deleted && fields.pinHash !== undefined
}
