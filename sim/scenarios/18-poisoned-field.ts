import { readEntity } from '@tillkeeper/core/merge/entity.ts'
import { hlcZero, nextHlc } from '@tillkeeper/facts/seal/hlc.ts'
import { productIds } from '../actors/chain-setup.ts'
import { editProduct, noteInShop, productAt } from './edits.ts'
import type { Scenario } from './scenario.ts'

const poisonMs = Date.UTC(2099, 0, 1)

export const poisonedField: Scenario = {
  number: 18,
  name: 'a field that already has a value from 2099',
  recipe: 'an edit of 2099 stands in the feed; the cloud seals the field anew; two shops edit it',
  mustHold: 'the reseal makes the field editable again everywhere',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const { cloud, shops, world } = fleet
    const [product = ''] = productIds
    const [a, b] = shops
    if (a === undefined || b === undefined) return hold(false, 'there are shops')
    const say = (fields: object, more: object = {}) =>
      void cloud.say('org', [
        editProduct(fleet, cloud, {
          entityId: product,
          fields: { ...fields },
          ...more,
          node: 'cloud',
        }),
      ])
    const factId = productIds[1] ?? ''
    say(
      { note: 'poison' },
      { origin: { factId, hlc: nextHlc(hlcZero, poisonMs), author: a.store.author } },
    )
    await world.time.run(world.time.nowMs() + 5_000)
    noteInShop(fleet, a.store, product, 'too late')
    await world.time.run(world.time.nowMs() + 5_000)
    const notes = () => productAt(fleet, product).map((entity) => readEntity(entity).fields.note)
    hold(
      notes().every((note) => note === 'poison'),
      'nothing can be said against the poison',
    )
    say({ note: 'healed' }, { rep: 1 })
    await world.time.run(world.time.nowMs() + 5_000)
    hold(
      notes().every((note) => note === 'healed'),
      'the reseal stands',
    )
    // What shops say from now on is said for the field as it was sealed anew: the cloud gives it that rank.
    for (const [index, { store }] of [a, b].entries()) {
      const id = noteInShop(fleet, store, product, `after ${index}`)
      await world.time.run(world.time.nowMs() + 2_000)
      say(
        { note: `after ${index}` },
        { rep: 1, origin: { factId: id, hlc: store.run()?.journal.clock(), author: store.author } },
      )
      await world.time.run(world.time.nowMs() + 2_000)
    }
    await rest(fleet)
    hold(
      notes().every((note) => note === 'after 1'),
      `the field says ${notes()[0]}`,
    )
  },
}
