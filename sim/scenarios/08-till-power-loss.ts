import { tradeDay } from '../actors/trade.ts'
import type { Scenario } from './scenario.ts'

export const tillPowerLoss: Scenario = {
  number: 8,
  name: 'a till loses power with unflushed writes',
  recipe:
    'every till falls five times in the middle of its day, and all that was not flushed is lost',
  mustHold:
    'no position is used twice with other content, no printed receipt is lost, a new minor begins',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const { time, chance, counters } = fleet.world
    const tills = fleet.shops.flatMap((shop) => shop.tills)
    for (const till of tills) {
      for (let cut = 0; cut < 5; cut += 1) {
        time.after(60_000 + cut * 80_000 + chance.below(60_000), () => {
          till.crash('power', 'all')
          time.after(3_000, till.boot)
        })
      }
    }
    await tradeDay(fleet)
    await rest(fleet)
    hold(counters.of('epoch.minor_raised') > tills.length, 'a fall begins a new minor')
    const streams = tills.map(({ disk }) => disk.peekAll('stream').length)
    hold(
      streams.every((count) => count > 2),
      'each till has sealed in several epochs',
    )
    hold(counters.of('disk.lost_unflushed') > 0, 'something was lost')
  },
}
