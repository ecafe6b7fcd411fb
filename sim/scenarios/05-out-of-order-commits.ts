import { feedStreamId } from '@tillkeeper/facts/seal/stream.ts'
import { changePrice } from '../actors/trade.ts'
import { followFeed } from '../postgres/concurrent-writers.ts'
import type { Scenario } from './scenario.ts'

export const outOfOrderCommits: Scenario = {
  number: 5,
  name: 'concurrent writers commit out of order',
  recipe:
    'many edits of one feed at once on a disk of random slowness; the same on a real PostgreSQL',
  mustHold: 'no reader passes a fact over',
  play: async ({ open, rest, hold, database, seed }) => {
    const fleet = await open()
    const { time } = fleet.world
    const before = fleet.cloud.journal()?.head(feedStreamId('org', 1)).seq ?? 0
    fleet.cloud.disk.latencyMs = [1, 400]
    for (let count = 0; count < 40; count += 1) {
      time.after(count * 7, () => void changePrice(fleet))
    }
    await time.run(time.nowMs() + 60_000)
    fleet.cloud.disk.latencyMs = [1, 4]
    await rest(fleet)
    const after = fleet.cloud.journal()?.head(feedStreamId('org', 1)).seq ?? 0
    hold(after === before + 40, 'every edit got a position of its own')

    const db = await database()
    const { committed, read } = await followFeed(db, { seed, writers: 6, each: 8, openMsMax: 25 })
    hold(
      read.every(({ seq }, index) => seq === index + 1),
      'a reader sees every position, in order',
    )
    const seen = new Set(read.map(({ id }) => id))
    hold(
      seen.size === committed.length && committed.every((id) => seen.has(id)),
      'and every commit',
    )
  },
}
