import { setTimeout as wait } from 'node:timers/promises'
import { tradeDay } from '../actors/trade.ts'
import { followFeed } from '../postgres/concurrent-writers.ts'
import type { Scenario } from './scenario.ts'

const hourMs = 3_600_000

export const longTransaction: Scenario = {
  number: 6,
  name: 'a transaction that stays open, also in another database',
  recipe:
    'the cloud’s disk needs an hour for one commit; on PostgreSQL a neighbour holds a write open',
  mustHold: 'the feed is late and never lossy, and the lag is seen while it lasts',
  play: async ({ open, rest, hold, database, seed }) => {
    const fleet = await open()
    const { cloud, shops, world } = fleet
    cloud.disk.latencyMs = [hourMs, hourMs]
    await tradeDay(fleet, { minutes: 8, actsPerTill: 12, edits: 2 })
    const lag = shops.map(({ tills }) => tills[0]?.node()?.outbox.sent().notInCloud ?? 0)
    hold(
      lag.every((facts) => facts > 0),
      'every till sees that the cloud has not heard of it',
    )
    await world.time.run(world.time.nowMs() + hourMs)
    cloud.disk.latencyMs = [1, 4]
    await rest(fleet, 4 * hourMs)

    const [db, neighbour] = [await database(), await database()]
    const held = neighbour.begin(async (tx) => {
      await tx`CREATE TABLE held (one int)`
      await wait(700)
    })
    const { committed, read, stillMs } = await followFeed(db, {
      ...{ seed, writers: 3, each: 6 },
      openMsMax: 60,
    })
    await held
    const seen = new Set(read.map(({ id }) => id))
    hold(
      committed.every((id) => seen.has(id)),
      'what was committed behind an open write is read',
    )
    hold(stillMs < 690, 'and a write in another database holds nobody up')
  },
}
