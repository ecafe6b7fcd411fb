import { moveMuch } from '../actors/probe.ts'
import type { Scenario } from './scenario.ts'

const shopsCount = 300
const factsEach = 12

export const allReturn: Scenario = {
  number: 12,
  name: '300 store servers come back at once',
  recipe:
    'the cloud is away while 300 shops sell; it returns, with a disk that takes 4 ms a commit',
  mustHold: 'queues are bounded, each is served, and nobody waits for ever',
  play: async ({ open, rest, hold }) => {
    const fleet = await open({ shops: shopsCount, tills: 0, described: 1 })
    const { cloud, shops, world } = fleet
    const { time, chance } = world
    cloud.crash('kill')
    for (const shop of shops) {
      const nowMs = shop.store.clock.nowMs()
      void shop.store.record(
        moveMuch(fleet, shop, { count: factsEach, nowMs, chance, node: shop.store.author }),
      )
    }
    await time.run(time.nowMs() + 30_000)
    cloud.disk.latencyMs = [4, 4]
    cloud.boot()
    const fromMs = time.nowMs()
    // All in the same tick: the worst that a line that comes back can do.
    for (const { store } of shops) store.run()?.link.start()
    const served = new Map<string, number>()
    const look = () => {
      for (const { store } of shops) {
        const head = store.run()?.journal.heads('author')[0]
        if (head === undefined || served.has(store.name)) continue
        if (cloud.journal()?.head(head.stream).seq === head.seq)
          served.set(store.name, time.nowMs() - fromMs)
      }
      if (served.size < shops.length) time.after(200, look)
    }
    look()
    await time.run(fromMs + 120_000, () => served.size === shops.length)
    const waits = [...served.values()].sort((a, b) => a - b)
    hold(served.size === shops.length, `${served.size} of ${shops.length} were served`)
    const [median = 0, longest = 0] = [waits[Math.floor(waits.length / 2)], waits.at(-1)]
    hold(longest < 60_000, `the last one waited ${longest} ms, the median ${median} ms`)
    const most = Math.max(...world.network.lines().map(({ inFlightMax }) => inFlightMax))
    hold(most < 100_000, `${most} bytes on one line`)
    await rest(fleet)
  },
}
