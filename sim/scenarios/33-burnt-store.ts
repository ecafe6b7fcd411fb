import { tradeDay } from '../actors/trade.ts'
import type { Scenario } from './scenario.ts'

export const burntStore: Scenario = {
  number: 33,
  name: 'a store server is wiped while its tills hold what the cloud has not',
  recipe:
    'the shop has no line for a day; its server acknowledges what the tills sell, and burns; an empty one takes its place',
  mustHold:
    'all that was ever acknowledged in the shop arrives in the cloud: the tills kept it until the cloud had it',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const { world, shops, truth } = fleet
    const [shop] = shops
    if (shop === undefined) return hold(false, 'there is a shop')
    await tradeDay(fleet)
    const line = world.network.line(shop.store.name)
    Object.assign(line, { up: false, down: false })
    await tradeDay(fleet)
    const acknowledged = [...truth.promised.values()].filter(
      ({ how, node }) => how === 'acknowledged' && shop.tills.some(({ author }) => author === node),
    )
    hold(acknowledged.length > 20, 'the server acknowledged, and printed so')
    truth.rewound.add(shop.store.name)
    shop.store.crash('power', 'all')
    shop.store.disk.wipe()
    world.counters.count('disk.wiped')
    await world.time.run(world.time.nowMs() + 60_000)
    // Another machine is enrolled: it has an epoch that nobody had, and nothing else.
    shop.store.enrol(2)
    shop.store.boot()
    await rest(fleet)
    hold(world.counters.of('parent.rolled_back') >= 0, 'the tills found that their server lost all')
  },
}
