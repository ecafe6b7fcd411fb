import { tradeDay } from '../actors/trade.ts'
import type { Scenario } from './scenario.ts'

export const oneWay: Scenario = {
  number: 11,
  name: 'a line that only comes down',
  recipe: 'nothing passes up to the cloud for an hour, while pokes come down',
  mustHold: 'nobody shows what is not sent as sent, and no clock moves',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const { shops, world, cloud } = fleet
    const [shop] = shops
    if (shop === undefined) return hold(false, 'there is a shop')
    await world.time.run(world.time.nowMs() + 20_000)
    const before = cloud.journal()?.heads('author').length
    for (const { store } of shops) world.network.line(store.name).up = false
    await tradeDay(fleet)
    for (const { tills, store } of shops) {
      for (const till of tills) {
        const sent = till.node()?.outbox.sent()
        hold((sent?.notInCloud ?? 0) > 10, `${till.name} knows what the cloud has not`)
        hold(sent?.unsent === 0, `${till.name} has handed all to its store server`)
      }
      hold(store.run()?.link.state().at !== 'idle', `${store.name} does not look at rest`)
    }
    hold(cloud.journal()?.heads('author').length === before, 'nothing came up')
    await world.time.run(world.time.nowMs() + 3_600_000 - 480_000)
    const ahead = Math.abs(shop.store.clock.aheadMs())
    hold(ahead < 1, 'no clock moved')
    await rest(fleet)
    for (const { tills } of shops) {
      for (const till of tills)
        hold(till.node()?.outbox.sent().notInCloud === 0, 'then all is sent')
    }
  },
}
