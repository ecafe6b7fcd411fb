import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { noteContact } from '@tillkeeper/projections/registers/child-contact-sql.ts'
import { productIds } from '../actors/chain-setup.ts'
import { heardOf } from '../actors/say.ts'
import { tradeDay } from '../actors/trade.ts'
import { headsOf, rowsOf } from '../checkers/copies.ts'
import { deliver, projectAll } from '../postgres/deliver.ts'
import { editProduct, noteInShop } from './edits.ts'
import type { Scenario } from './scenario.ts'

const dayMs = 86_400_000

export const tombstone: Scenario = {
  number: 39,
  name: 'a node is away for 91 days, and what it still knows was deleted and forgotten',
  recipe:
    'a shop edits a product with no line; the owner deletes it, its tombstone ends; the shop comes back after 91 days',
  mustHold: 'nothing comes to life again, what the shop sold counts, its edits wait for a person',
  play: async ({ open, rest, hold, database }) => {
    const fleet = await open({ shops: 2, tills: 1 })
    const { world, cloud, shops } = fleet
    const [, away] = shops
    const [gone = ''] = productIds
    if (away === undefined) return hold(false, 'there is a shop')
    const line = world.network.line(away.store.name)
    Object.assign(line, { up: false, down: false })
    noteInShop(fleet, away.store, gone, 'from before')
    await tradeDay(fleet, { minutes: 4, actsPerTill: 10, edits: 0 })
    const draft = editProduct(fleet, cloud, {
      ...{ entityId: gone, fields: { deleted: true }, node: 'cloud' },
    })
    void cloud.say('org', [draft])
    await world.time.run(world.time.nowMs() + 5_000)
    const feed = headsOf(cloud.disk).find(({ stream }) => stream.startsWith('feed/org@'))
    const deletion = rowsOf(cloud.disk, feed?.stream ?? '').find(({ id }) => id === draft.id)
    const hlc = heardOf(deletion?.bytes ?? new Uint8Array())?.hlc
    if (hlc === undefined) return hold(false, 'the product was deleted')
    const ended = { rep: 0, hlc, factId: draft.id }
    void cloud.say('org', [
      editProduct(fleet, cloud, { entityId: gone, fields: {}, ended, node: 'cloud' }),
    ])
    await world.time.run(world.time.nowMs() + 5_000)

    // The real tables of the cloud, as they stand before the shop is heard again.
    const db = await database()
    const org = fleet.org as OrgId
    const author = away.store.author
    const heardAt = (ms: number) =>
      noteContact(db, org, {
        author,
        at: new Date(cloud.clock.nowMs() + ms).toISOString(),
        feeds: {},
      })
    await heardAt(-91 * dayMs)
    const theirs = new Map<StreamId, number>(
      headsOf(away.store.disk).map(({ stream }) => [stream, stream.startsWith('feed/') ? 1e9 : 0]),
    )
    await deliver(db, org, cloud, theirs)
    await projectAll(db, org)
    await rest(fleet)
    await heardAt(0)
    await deliver(db, org, cloud)
    await projectAll(db, org)

    const [product] = await db<{ fields: number }[]>`
      SELECT count(*)::int AS fields FROM register
      WHERE kind = 'product' AND entity_id = ${gone}
    `
    hold(product?.fields === 0, 'nothing of the product comes to life again')
    const reasons = await db<{ reason: string }[]>`SELECT DISTINCT reason FROM parked`
    hold(
      reasons.length === 1 && reasons[0]?.reason === 'expired_author',
      'its edit waits for a person, and nothing else waits',
    )
    const [sold] = await db<{ sales: number }[]>`
      SELECT count(*)::int AS sales FROM sale WHERE shop_id = ${away.plan.shopId}
    `
    hold((sold?.sales ?? 0) > 3, 'what the shop sold counts')
  },
}
