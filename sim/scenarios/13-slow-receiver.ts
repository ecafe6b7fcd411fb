import { moveMuch } from '../actors/probe.ts'
import type { Scenario } from './scenario.ts'

export const slowReceiver: Scenario = {
  number: 13,
  name: 'a receiver slower than its sender',
  recipe: 'a store server makes 100 facts a second; the cloud takes ten a second',
  mustHold: 'what is on its way is bounded, however much waits',
  play: async ({ open, rest, hold }) => {
    const fleet = await open({ shops: 1, tills: 1 })
    const [shop] = fleet.shops
    if (shop === undefined) return hold(false, 'there is a shop')
    const { time, chance, network } = fleet.world
    const line = network.line(shop.store.name)
    // Ten facts in a batch, and a second for each.
    fleet.cloud.limits = { ...fleet.cloud.limits, factsMax: 10 }
    fleet.cloud.disk.latencyMs = [1_000, 1_000]
    shop.store.run()?.link.stop()
    shop.store.run()?.link.start()
    await time.run(time.nowMs() + 3_000)
    let exchanges = 0
    let exchangesMax = 0
    network.meddle = ({ line: on, what, direction }) => {
      if (on !== line || !what.startsWith('push')) return undefined
      exchanges += direction === 'up' ? 1 : -1
      exchangesMax = Math.max(exchangesMax, exchanges)
      return undefined
    }
    line.inFlightMax = 0
    for (let second = 0; second < 40; second += 1) {
      const nowMs = shop.store.clock.nowMs()
      void shop.store.record(
        moveMuch(fleet, shop, { count: 100, nowMs, chance, node: shop.store.author }),
      )
      await time.run(time.nowMs() + 1_000)
    }
    const stream = shop.store.run()?.journal.heads('author')[0]
    const taken = stream === undefined ? 0 : (fleet.cloud.journal()?.head(stream.stream).seq ?? 0)
    hold(taken > 100 && taken < 1_000, `the cloud has taken ${taken} of ${stream?.seq}`)
    hold(exchangesMax <= 2, `${exchangesMax} batches of one stream were on their way`)
    hold(line.inFlightMax < 20_000, `${line.inFlightMax} bytes were on the line`)
    fleet.cloud.disk.latencyMs = [1, 4]
    await rest(fleet)
  },
}
