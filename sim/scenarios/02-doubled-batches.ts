import { tradeDay } from '../actors/trade.ts'
import type { Scenario } from './scenario.ts'

export const doubledBatches: Scenario = {
  number: 2,
  name: 'a batch delivered twice, or by two connections at once',
  recipe: 'every push arrives twice, some in the same moment, and disks are slow',
  mustHold: 'each fact counts once; cursors stand on what is durable',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const { network, counters, chance } = fleet.world
    for (const { disk } of [fleet.cloud, ...fleet.shops.map(({ store }) => store)]) {
      disk.latencyMs = [1, 60]
    }
    network.meddle = ({ direction, what, line }) => {
      if (direction !== 'up' || what !== 'push') return undefined
      // Both copies come while the first one is still being written, or long after it.
      line.weather = { ...line.weather, delayMs: chance.chance(0.5) ? [1, 1] : [1, 300] }
      return 'twice'
    }
    await tradeDay(fleet)
    await rest(fleet)
    hold(counters.of('push.duplicate_dropped') > 50, 'duplicates came and were dropped')
  },
}
