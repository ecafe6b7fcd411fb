import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { openJournal } from '@tillkeeper/till-app/journal/journal.ts'
import { readKept } from '@tillkeeper/till-app/journal/kept.ts'
import { sha256 } from '../actors/hash.ts'
import { openTillDbOn } from '../actors/indexed-db.ts'
import type { Till } from '../actors/till.ts'
import { tradeDay } from '../actors/trade.ts'
import type { Scenario } from './scenario.ts'

export const twoWriters: Scenario = {
  number: 40,
  name: 'two tabs author at once',
  recipe:
    'two pages that both believe to be alone seal in one profile, with random pauses, and fall in the middle',
  mustHold:
    'the disk takes one fact for each position: one line of positions, no number twice, and whoever came second hears so',
  play: async ({ open, rest, hold }) => {
    const fleet = await open({ shops: 1, tills: 2 })
    const { world, shops } = fleet
    await tradeDay(fleet, { minutes: 3, actsPerTill: 6, edits: 0 })
    const till = shops[0]?.tills[0]
    if (till === undefined) return hold(false, 'there is a till')
    let saved = 0
    let refusedOften = 0
    for (let round = 0; round < 3; round += 1) {
      const results = await authorTwice(till)
      saved += results.filter((one) => one === 'saved').length
      refusedOften += results.filter((one) => one === 'refused').length
      till.crash('kill')
      await world.time.run(world.time.nowMs() + 5_000)
    }
    till.boot()
    await world.time.run(world.time.nowMs() + 5_000)
    await rest(fleet)
    hold(saved > 10, 'facts were sealed')
    hold(refusedOften > 3, 'a second writer was refused its position')
  },
}

/** Two journals over one disk, with no lock between them, each sealing ten facts. */
async function authorTwice(till: Till): Promise<readonly ('saved' | 'refused' | 'lost')[]> {
  const { world, clock, truth } = till
  void till.shutDown().catch(() => till.end())
  await world.time.run(world.time.nowMs() + 5_000)
  const { volume, process } = till.begin()
  const db = openTillDbOn(volume)
  const device = await readKept(db, 'device')
  if (device === undefined) throw new Error('the profile is a till')
  const chance = world.chance.fork(`tabs ${world.time.nowMs()}`)
  const open = () =>
    openJournal({
      db,
      device,
      sha256,
      nowMs: clock.nowMs,
      start: { mark: undefined, suspect: false, chance: 0 },
    })
  const opening = Promise.all([open(), open()])
  // Something moves the world on, once what waits for no event of it has asked the disk.
  process.timer.after(1, () => {})
  await world.time.run(world.time.nowMs() + 1_000)
  const tabs = await opening
  const results: ('saved' | 'refused' | 'lost')[] = []
  for (const journal of tabs) {
    for (let nth = 0; nth < 10; nth += 1) {
      process.timer.after(chance.below(3_000), () => {
        const id = uuidv7(clock.nowMs(), chance.bytes(10))
        truth.intended.set(id, { type: 'tab.noted', node: till.author })
        const draft = {
          ...{ id, type: 'tab.noted', v: 1, scope: `shop:${till.shopId}`, actor: 'node:tab' },
          ...{ occurredAt: clock.isoNow(), businessDate: '2026-01-05', keys: [], refs: [] },
          body: { nth },
        }
        journal.record([draft], {}).then(
          () => {
            results.push('saved')
            truth.promised.set(id, {
              ...{ id, type: 'tab.noted', node: till.author, atMs: world.time.nowMs() },
              ...{ body: { nth }, how: 'offline' },
            })
          },
          () => results.push('refused'),
        )
      })
    }
  }
  await world.time.run(world.time.nowMs() + 10_000)
  return results
}
