import { type Hlc, hlcZero, nextHlc } from '@tillkeeper/facts/seal/hlc.ts'
import { moveMuch } from '../actors/probe.ts'
import type { Scenario } from './scenario.ts'

export const frozenClock: Scenario = {
  number: 17,
  name: '70,000 facts in one tick of a clock',
  recipe: 'all clocks stand still while readings are given and large batches arrive',
  mustHold: 'no overflow, no error, readings rise',
  play: async ({ open, rest, hold }) => {
    let reading: Hlc = hlcZero
    for (let count = 0; count < 140_000; count += 1) {
      const next = nextHlc(reading, 1)
      if (next <= reading) return hold(false, `reading ${count} does not rise`)
      reading = next
    }
    const fleet = await open({ shops: 1, tills: 1 })
    const [shop] = fleet.shops
    if (shop === undefined) return hold(false, 'there is a shop')
    const { time, chance } = fleet.world
    for (const { clock } of [fleet.cloud, shop.store]) clock.freeze(true)
    const nowMs = shop.store.clock.nowMs()
    for (let batch = 0; batch < 6; batch += 1) {
      void shop.store.record(
        moveMuch(fleet, shop, { count: 1_000, nowMs, chance, node: shop.store.author }),
      )
    }
    await time.run(time.nowMs() + 60_000)
    const [head] = shop.store.run()?.journal.heads('author') ?? []
    hold(head?.seq === 6_000, 'all were sealed')
    hold(fleet.cloud.journal()?.head(head?.stream as never).seq === 6_000, 'and taken')
    await rest(fleet)
  },
}
