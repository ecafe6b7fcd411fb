import { tradeDay } from '../actors/trade.ts'
import { act } from './30-restored-store.ts'
import type { Scenario } from './scenario.ts'

export const restoredCloud: Scenario = {
  number: 34,
  name: 'the cloud comes back as it was yesterday',
  recipe:
    'the cloud is backed up, a day passes with sales and new prices, the backup comes back; the owner changes prices at once',
  mustHold:
    'shops send again what it lost, give back the end of the feeds that only they still have, and nothing is deleted in any shop',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const { world, cloud, shops, truth } = fleet
    await tradeDay(fleet)
    const image = cloud.disk.image()
    await tradeDay(fleet, { minutes: 8, actsPerTill: 20, edits: 6 })
    for (const { store } of shops) await act(store, 3)
    const feedBefore = cloud.journal()?.heads('feed')[0]
    hold((feedBefore?.seq ?? 0) > 5, 'prices changed')
    await world.time.run(world.time.nowMs() + 60_000)
    cloud.crash('kill')
    truth.rewound.add(cloud.name)
    cloud.disk.restore(image)
    world.counters.count('disk.restored')
    // The operator says so: what children said before is forgotten, and feeds go on in their next epoch.
    cloud.restored()
    cloud.boot()
    await tradeDay(fleet, { minutes: 5, actsPerTill: 10, edits: 3 })
    await rest(fleet)
    const feeds = cloud.journal()?.heads('feed') ?? []
    hold(feeds.length > 1, 'feeds went on in their next epoch')
    const adopted = feeds.find(({ stream }) => stream === feedBefore?.stream)
    hold((adopted?.seq ?? 0) >= (feedBefore?.seq ?? 0), 'the end of the old feed came home')
    hold(world.counters.of('parent.rolled_back') > 0, 'shops found that the cloud lost')
  },
}
