import {
  type Entity,
  type EntityEdit,
  readEntity,
  takeEntityEdit,
} from '@tillkeeper/core/merge/entity.ts'
import { readRegisterEdit } from '@tillkeeper/facts/catalogue/register-edit.ts'
import { feedStreamId } from '@tillkeeper/facts/seal/stream.ts'
import { productIds } from '../actors/chain-setup.ts'
import { factOf } from '../checkers/books.ts'
import { editProduct, noteInShop, productAt } from './edits.ts'
import type { Scenario } from './scenario.ts'

const ninetyOneDaysMs = 91 * 86_400_000

export const deleteAndAgain: Scenario = {
  number: 20,
  name: 'edit, delete and create again, in a race',
  recipe: 'the owner deletes a product, one shop edits it meanwhile, one comes back after 91 days',
  mustHold:
    'whether it is there is the same everywhere, whatever order; no old edit brings it back',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const { cloud, shops, world } = fleet
    const { time, chance, network } = world
    const [gone = '', again = ''] = productIds
    const [near, away] = shops
    if (near === undefined || away === undefined) return hold(false, 'there are shops')
    const remove = (entityId: string) =>
      void cloud.say('org', [
        editProduct(fleet, cloud, { entityId, fields: { deleted: true }, node: 'cloud' }),
      ])
    Object.assign(network.line(away.store.name), { up: false, down: false })
    noteInShop(fleet, away.store, gone, 'written before it was deleted')
    await time.run(time.nowMs() + 2_000)
    noteInShop(fleet, near.store, gone, 'written before it was deleted, too')
    await time.run(time.nowMs() + 2_000)
    remove(gone)
    remove(again)
    await time.run(time.nowMs() + 5_000)
    noteInShop(fleet, near.store, again, 'it is back')
    // The away shop is dark, and switched off, for longer than anything else remembers.
    await time.run(time.nowMs() + 10_000)
    void away.store.shutDown()
    for (const { store, tills } of shops) {
      if (store !== away.store) void store.shutDown()
      for (const till of tills) void till.shutDown()
    }
    await time.run(time.nowMs() + ninetyOneDaysMs)
    await rest(fleet)
    const there = (id: string) => productAt(fleet, id).map((entity) => !readEntity(entity).deleted)
    hold(
      there(gone).every((is) => !is),
      'what was deleted stays deleted',
    )
    hold(
      there(again).every((is) => is),
      'what was edited after it was deleted is there again',
    )
    for (const id of [gone, again]) {
      const feed = cloud.journal()?.rows(feedStreamId('org', 1), 1, 100_000) ?? []
      const edits = feed.flatMap(({ bytes }): EntityEdit[] => {
        const fact = factOf(bytes)
        const edit = fact === undefined ? undefined : readRegisterEdit(fact)
        return edit?.entityId === id ? [edit] : []
      })
      const [expected = false] = there(id)
      for (let order = 0; order < 60; order += 1) {
        let entity: Entity = []
        for (const edit of chance.shuffle([...edits, ...edits]))
          entity = takeEntityEdit(entity, edit)
        hold(readEntity(entity).deleted === !expected, 'another order ends otherwise')
      }
    }
  },
}
