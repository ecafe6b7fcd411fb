import { tradeDay } from '../actors/trade.ts'
import { bend, isBatch } from '../world/network.ts'
import type { Scenario } from './scenario.ts'

export const bentAndCut: Scenario = {
  number: 4,
  name: 'body cut or changed in flight',
  recipe:
    'one message in five loses its end at a random byte; of batches, half have one bit flipped',
  mustHold: 'nothing is taken in part, no head moves for damaged bytes, and no stream forks',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const { network, chance, counters } = fleet.world
    let mangled = 0
    network.meddle = ({ bytes, what }) => {
      if (bytes.length === 0 || !chance.chance(0.2)) return undefined
      mangled += 1
      return !isBatch(what) || chance.chance(0.5)
        ? { bytes: bytes.slice(0, chance.below(bytes.length)) }
        : { bytes: bend(bytes, chance.below(bytes.length), chance.below(8)) }
    }
    await tradeDay(fleet)
    await rest(fleet)
    hold(mangled > 100, 'messages were mangled')
    hold(counters.of('link.backoff') > 0, 'links noticed')
    const alarms = fleet.shops.flatMap(({ store, tills }) =>
      [store, ...tills].flatMap((each) => each.alarms),
    )
    hold(!alarms.some(({ why }) => why === 'fork'), 'a flipped bit is no other history')
  },
}
