import { readEntity } from '@tillkeeper/core/merge/entity.ts'
import { hlcMs } from '@tillkeeper/facts/seal/hlc.ts'
import { aheadHardMs } from '@tillkeeper/facts/seal/judge-clock.ts'
import { productIds } from '../actors/chain-setup.ts'
import { tradeDay } from '../actors/trade.ts'
import { dawnMs } from '../world/clock.ts'
import { noteInShop, productAt } from './edits.ts'
import type { Scenario } from './scenario.ts'

const twoYearsMs = 2 * 365 * 86_400_000

export const clockFarAhead: Scenario = {
  number: 14,
  name: 'a clock two years ahead',
  recipe:
    'a till and a store server of one shop are two years ahead; they sell, and the shop edits',
  mustHold: 'acts are taken, the edits wait, nobody else’s clock moves',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const [ahead, other] = fleet.shops
    const [product = ''] = productIds
    if (ahead === undefined || other === undefined) return hold(false, 'there are shops')
    ahead.store.clock.jump(twoYearsMs)
    ahead.tills[0]?.clock.jump(twoYearsMs)
    const id = noteInShop(fleet, ahead.store, product, 'from the future')
    await tradeDay(fleet)
    hold(fleet.cloud.parked().includes(id), 'the edit waits')
    noteInShop(fleet, other.store, product, 'from today')
    await rest(fleet)
    const trueMs = dawnMs + fleet.world.time.nowMs()
    for (const { clock, name } of [
      { clock: fleet.cloud.journal()?.clock(), name: 'cloud' },
      { clock: other.store.run()?.journal.clock(), name: other.store.name },
    ]) {
      const aheadMs = hlcMs(clock ?? ('0'.repeat(16) as never)) - trueMs
      hold(aheadMs <= aheadHardMs, `${name} is ${aheadMs} ms ahead`)
    }
    for (const entity of productAt(fleet, product)) {
      hold(readEntity(entity).fields.note === 'from today', 'the edit of today stands')
    }
    const sold = [...fleet.truth.promised.values()].filter(
      ({ node }) => node === ahead.tills[0]?.author,
    )
    hold(sold.length > 5, 'the till ahead went on selling')
  },
}
