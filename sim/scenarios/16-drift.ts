import { productIds } from '../actors/chain-setup.ts'
import { children } from '../actors/fleet.ts'
import { passNight, tradeDay } from '../actors/trade.ts'
import { noteInShop } from './edits.ts'
import type { Scenario } from './scenario.ts'

export const drift: Scenario = {
  number: 16,
  name: 'every clock drifts',
  recipe:
    'all clocks run up to 200 parts in a million fast or slow for 20 days, within five minutes',
  mustHold: 'all agree, and nothing is held back',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const { chance } = fleet.world
    for (const machine of [...children(fleet), fleet.cloud]) {
      machine.clock.drift(chance.between(-150, 150))
    }
    for (let day = 0; day < 3; day += 1) {
      await tradeDay(fleet, { minutes: 6, actsPerTill: 10, edits: 2 })
      for (const { store } of fleet.shops) {
        noteInShop(fleet, store, chance.pick(productIds), `seen on day ${day}`)
      }
      if (day < 2) await passNight(fleet, 10)
    }
    hold(fleet.cloud.parked().length === 0, 'no edit waits')
    const most = Math.max(...children(fleet).map(({ clock }) => Math.abs(clock.aheadMs())))
    hold(most > 60_000, `clocks are up to ${Math.round(most)} ms apart`)
    await rest(fleet)
  },
}
