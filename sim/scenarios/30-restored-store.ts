import { sayAtStore } from '../actors/say.ts'
import type { Store } from '../actors/store.ts'
import { tradeDay } from '../actors/trade.ts'
import type { Scenario } from './scenario.ts'

export const restoredStore: Scenario = {
  number: 30,
  name: 'a store server’s database comes back as it was three days ago',
  recipe:
    'an image is taken, the shop trades on, the image comes back; one shop says hello first, one sells with no line first',
  mustHold:
    'it is found at the hello, the old stream is continued by nobody, what was lost is pulled back, what was sold meanwhile arrives',
  play: async ({ open, rest, hold }) => {
    const fleet = await open({ shops: 2, tills: 2 })
    const { world, shops, truth } = fleet
    const wait = (ms: number) => world.time.run(world.time.nowMs() + ms)
    for (const { store } of shops) await act(store, 5)
    await wait(20_000)
    const images = shops.map(({ store }) => store.disk.image())
    for (const { store } of shops) await act(store, 20)
    await tradeDay(fleet)
    // The machine went down hard once since, so its minor epoch is that of the image's next start.
    for (const { store } of shops) {
      store.crash('kill')
      store.boot()
    }
    await wait(10_000)
    for (const { store } of shops) await act(store, 10)
    await wait(30_000)
    for (const [index, { store }] of shops.entries()) {
      truth.rewound.add(store.name)
      store.crash('kill')
      store.disk.restore(images[index] ?? store.disk.image())
      const line = world.network.line(store.name)
      // The second one sells before anybody tells it that it was away.
      if (index === 1) Object.assign(line, { up: false, down: false })
      world.counters.count('disk.restored')
      store.boot()
    }
    await wait(5_000)
    for (const { store } of shops) await act(store, 12)
    await tradeDay(fleet)
    await rest(fleet)
    const { counters } = world
    hold(counters.of('stream.rolled_back') > 0, 'a rolled back stream was found')
    hold(counters.of('stream.forked') > 0, 'a forked stream was found')
    hold(counters.of('epoch.renewed') > 1, 'each got an epoch that nobody had')
    hold(counters.of('tail.resealed') > 0, 'what was sold meanwhile was sealed again')
    hold(counters.of('parent.rolled_back') === 0, 'the cloud lost nothing')
  },
}

/** Acts of the server itself, as other systems ask for them. */
export async function act(store: Store, times: number): Promise<void> {
  const { time } = store.world
  for (let nth = 0; nth < times; nth += 1) {
    void sayAtStore(store, { type: 'store.noted', body: { nth } }).catch(() => {})
    time.after(100, () => {})
    await time.run(time.nowMs() + 300)
  }
}
