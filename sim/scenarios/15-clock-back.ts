import { tradeDay } from '../actors/trade.ts'
import type { Scenario } from './scenario.ts'

export const clockBack: Scenario = {
  number: 15,
  name: 'a clock steps back an hour, or wakes in 2001',
  recipe: 'in the middle of a day tills step back an hour; some restart with an empty battery',
  mustHold: 'clock readings rise, receipts are counted on, every act keeps its place',
  play: async ({ open, rest, hold }) => {
    const fleet = await open()
    const { time, chance } = fleet.world
    const tills = fleet.shops.flatMap((shop) => shop.tills)
    for (const [index, till] of tills.entries()) {
      time.after(120_000 + chance.below(60_000), () => till.clock.jump(-3_600_000))
      if (index % 2 === 1) continue
      time.after(260_000 + chance.below(30_000), () => {
        till.crash('power')
        till.clock.set(Date.UTC(2001, 0, 1))
        time.after(4_000, till.boot)
      })
    }
    await tradeDay(fleet)
    await rest(fleet)
    const years = new Set(
      [...fleet.truth.promised.values()].map(({ body }) =>
        String((body as { receiptNumber?: string }).receiptNumber ?? '').slice(4, 6),
      ),
    )
    hold(years.has('01') && years.has('26'), 'there are receipts of both years')
  },
}
