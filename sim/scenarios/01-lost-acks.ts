import { tradeDay } from '../actors/trade.ts'
import type { Scenario } from './scenario.ts'

export const lostAcks: Scenario = {
  number: 1,
  name: 'ack lost after durable apply',
  recipe: 'every third answer to a push is dropped',
  mustHold: 'the repetition gets the same acknowledgement; nothing is doubled or numbered anew',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const { network, counters } = fleet.world
    let answers = 0
    network.meddle = ({ direction, what }) => {
      if (direction !== 'down' || !what.startsWith('push')) return undefined
      answers += 1
      return answers % 3 === 0 ? 'lost' : undefined
    }
    await tradeDay(fleet)
    await rest(fleet)
    hold(answers > 30, 'pushes were answered')
    hold(counters.of('ack.lost_then_found') > 5, 'lost acknowledgements were found again')
  },
}
