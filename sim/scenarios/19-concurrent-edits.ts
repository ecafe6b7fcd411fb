import {
  type Entity,
  type EntityEdit,
  readEntity,
  takeEntityEdit,
} from '@tillkeeper/core/merge/entity.ts'
import { feedStreamId } from '@tillkeeper/facts/seal/stream.ts'
import { productIds } from '../actors/chain-setup.ts'
import { noteInShop, productAt } from './edits.ts'
import type { Scenario } from './scenario.ts'

export const concurrentEdits: Scenario = {
  number: 19,
  name: 'the same field edited in shops that are cut off',
  recipe:
    'three shops note the same products while their lines are down; the lines come back in any order',
  mustHold:
    'one winner everywhere; the losers stand in the history; every order of delivery ends the same',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const { shops, world } = fleet
    const { chance, time } = world
    const products = productIds.slice(0, 3)
    for (const { store } of shops) {
      Object.assign(world.network.line(store.name), { up: false, down: false })
      // Not one of them knows what time it is to the second.
      store.clock.jump(chance.between(-60_000, 60_000))
    }
    const said = new Set<string>()
    for (let edit = 0; edit < 5; edit += 1) {
      for (const { store } of shops) {
        said.add(
          noteInShop(fleet, store, chance.pick(products), `${store.author.slice(2, 6)} ${edit}`),
        )
      }
      await time.run(time.nowMs() + chance.between(500, 20_000))
    }
    for (const { store } of chance.shuffle(shops)) {
      Object.assign(world.network.line(store.name), { up: true, down: true })
      await time.run(time.nowMs() + chance.between(0, 400_000))
    }
    await rest(fleet)
    const held = (fleet.cloud.journal()?.heads('author') ?? []).reduce(
      (all, { seq }) => all + seq,
      0,
    )
    hold(held >= said.size, 'every edit, also one that lost, is in the journal')
    const feed = fleet.cloud.journal()?.rows(feedStreamId('org', 1), 1, 100_000) ?? []
    for (const product of products) {
      const [first = []] = productAt(fleet, product)
      const winner = readEntity(first).fields.note
      const edits = feed.flatMap(({ bytes }) => {
        const fact = JSON.parse(new TextDecoder().decode(bytes)) as RelayedEdit
        const { entityId, origin, fields } = fact.body
        if (entityId !== product || origin === undefined) return []
        return [{ rep: 0, hlc: origin.hlc, factId: origin.factId, fields } satisfies EntityEdit]
      })
      for (let order = 0; order < 60; order += 1) {
        let entity: Entity = []
        for (const edit of chance.shuffle([...edits, ...edits]))
          entity = takeEntityEdit(entity, edit)
        hold(readEntity(entity).fields.note === winner, 'another order has another winner')
      }
    }
  },
}

type RelayedEdit = {
  readonly body: {
    readonly entityId: string
    readonly origin?: { readonly factId: string; readonly hlc: string }
    readonly fields: Readonly<Record<string, unknown>>
  }
}
