import { letsIn, tellShop } from '../actors/people.ts'
import { tradeDay } from '../actors/trade.ts'
import { headsOf } from '../checkers/copies.ts'
import type { Scenario } from './scenario.ts'

export const personMoves: Scenario = {
  number: 28,
  name: 'an employee moves from shop A to shop B while A has no line',
  recipe:
    'somebody who works at A is sent to B; A hears of nothing for half a day, and the person sells there on',
  mustHold:
    'B lets the person in at once, A no longer once it hears; what was done at A meanwhile is kept, and no shop holds another’s feed',
  play: async ({ open, rest, hold }) => {
    const fleet = await open({ shops: 3, tills: 1 })
    const { world, shops, truth } = fleet
    const [a, b, c] = shops
    if (a === undefined || b === undefined || c === undefined) return hold(false, 'three shops')
    const { staffId } = a.plan
    const wait = (ms: number) => world.time.run(world.time.nowMs() + ms)
    void tellShop(fleet, a, { staffId, works: true })
    await wait(20_000)
    hold(letsIn(a, staffId) && !letsIn(b, staffId), 'the person works at A')

    const line = world.network.lines().find(({ name }) => name === a.store.name)
    if (line !== undefined) Object.assign(line, { up: false, down: false })
    // First in, then out: for some minutes both may be right, and never neither.
    void tellShop(fleet, b, { staffId, works: true })
    await wait(5_000)
    void tellShop(fleet, a, { staffId, works: false })
    await wait(20_000)
    hold(letsIn(b, staffId), 'B lets the person in')
    hold(letsIn(a, staffId), 'A has not heard of it')
    const before = truth.promised.size
    await tradeDay(fleet)
    hold(truth.promised.size > before + 20, 'all shops sold')
    await rest(fleet)
    hold(!letsIn(a, staffId), 'A lets the person in no more')
    hold(letsIn(b, staffId), 'B does')
    const foreign = shops.flatMap(({ store, plan }) =>
      headsOf(store.disk).filter(
        ({ stream }) => stream.startsWith('feed/credentials:') && !stream.includes(plan.shopId),
      ),
    )
    hold(foreign.length === 0, 'each holds its own feed alone')
  },
}
