import { letsIn, tellShop } from '../actors/people.ts'
import { tradeDay } from '../actors/trade.ts'
import type { Scenario } from './scenario.ts'

const moves = 60

export const flipFlop: Scenario = {
  number: 29,
  name: 'somebody goes from A to B to A, fast',
  recipe:
    'people enter and leave three shops at random, within seconds, over lines that lose, repeat and delay',
  mustHold: 'in the end each shop lets in whom the owner last sent there, and nobody else',
  play: async ({ open, rest, hold }) => {
    const fleet = await open({ shops: 3, tills: 1 })
    const { world, shops, cloud } = fleet
    const chance = world.chance.fork('moves')
    const people = shops.map(({ plan }) => plan.staffId)
    const works = new Map<string, boolean>()
    for (const line of world.network.lines()) {
      line.weather = { ...line.weather, lost: 0.2, twice: 0.2, delayMs: [10, 9_000] }
    }
    const day = tradeDay(fleet)
    for (let nth = 0; nth < moves; nth += 1) {
      world.time.after(chance.below(400_000), () => {
        const shop = chance.pick(shops)
        const staffId = chance.pick(people)
        const name = `${shop.store.name} ${staffId}`
        const next = works.get(name) !== true
        // What an owner clicked while the cloud was down did not happen.
        tellShop(fleet, shop, { staffId, works: next }).then(
          () => works.set(name, next),
          () => world.trace.note('a move was not saved'),
        )
      })
    }
    // The cloud's clock is set back in between: later is what was said later, whatever a clock says.
    world.time.after(200_000, () => cloud.clock.jump(-3_600_000))
    await day
    await rest(fleet)
    hold(works.size > 5, 'people moved')
    for (const shop of shops) {
      for (const staffId of people) {
        const want = works.get(`${shop.store.name} ${staffId}`) === true
        hold(letsIn(shop, staffId) === want, `${shop.store.name} knows of ${staffId}`)
      }
    }
  },
}
