import { moveMuch } from '../actors/probe.ts'
import { makeTill } from '../actors/till.ts'
import { passNight, tradeDay } from '../actors/trade.ts'
import type { Scenario } from '../scenarios/scenario.ts'

// Plays that no scenario of the list has, made for mutants that only they can catch.

/** A shop that is dark for a holiday loses its store server: its tills must still have all of it. */
const burntAfterHoliday: Scenario = {
  number: 101,
  name: 'a store server burns after three weeks without the cloud',
  recipe: 'the line to the cloud is down for three weeks, then the store server’s disk is lost',
  mustHold: 'the tills bring all of it again',
  play: async ({ open, rest }) => {
    const fleet = await open({ shops: 1, tills: 2 })
    const { world, shops, truth } = fleet
    const [shop] = shops
    if (shop === undefined) return
    const line = world.network.line(shop.store.name)
    line.up = false
    line.down = false
    await tradeDay(fleet, { minutes: 6, actsPerTill: 12, edits: 0 })
    await passNight(fleet, 21)
    await world.time.run(world.time.nowMs() + 300_000)
    shop.store.crash('kill')
    shop.store.disk.wipe()
    truth.rewound.add(shop.store.name)
    shop.store.enrol(2)
    shop.store.boot()
    await rest(fleet)
  },
}

/** A browser profile that was closed in good order comes back from an older copy of itself. */
const cleanCopy: Scenario = {
  number: 102,
  name: 'a till goes on from an older copy of its profile',
  recipe: 'the profile is copied at night, sells for a day, and is the copy again on the next',
  mustHold: 'the two histories are told apart, and every act counts once',
  play: async ({ open, rest, hold }) => {
    const fleet = await open({ shops: 1, tills: 2 })
    const { truth, shops } = fleet
    const till = shops[0]?.tills[0]
    if (till === undefined) return
    const day = { minutes: 6, actsPerTill: 12, edits: 1 }
    await tradeDay(fleet, day)
    void till.shutDown()
    await fleet.world.time.run(fleet.world.time.nowMs() + 5_000)
    const image = till.disk.image()
    till.boot()
    await tradeDay(fleet, day)
    await passNight(fleet)
    till.crash('kill')
    truth.rewound.add(till.name)
    till.disk.restore(image)
    // The shop has no line to its server when it opens: it sells on before it hears what it lost.
    Object.assign(fleet.world.network.line(till.name), { up: false, down: false })
    till.boot()
    await tradeDay(fleet, day)
    await rest(fleet)
    hold(
      till.alarms.some(({ why }) => why === 'fork'),
      'the till was told that its history forked',
    )
  },
}

/** Facts come faster than a parent answers. */
const rush: Scenario = {
  number: 103,
  name: 'facts come faster than answers',
  recipe: 'a store server seals a hundred facts a second over a line of two seconds',
  mustHold: 'what is on its way is bounded',
  play: async ({ open, rest }) => {
    const fleet = await open({ shops: 1, tills: 1 })
    const { world, shops } = fleet
    const [shop] = shops
    if (shop === undefined) return
    const line = world.network.line(shop.store.name)
    line.weather = { ...line.weather, delayMs: [2_000, 2_000] }
    for (let count = 0; count < 1_500; count += 1) {
      const nowMs = shop.store.clock.nowMs()
      const { chance } = world
      const drafts = moveMuch(fleet, shop, { count: 1, nowMs, chance, node: shop.store.author })
      void shop.store.record(drafts)
      await world.time.run(world.time.nowMs() + 10)
    }
    await rest(fleet)
  },
}

/** Two copies of one profile, both greeted, each seal at the same position. */
const liveClone: Scenario = {
  number: 104,
  name: 'two copies of a profile seal at once',
  recipe: 'a profile is copied while its page is closed; both pages open, then both sell',
  mustHold: 'the second branch is told apart by its first batch, and nothing is mixed',
  play: async ({ open, rest, hold }) => {
    const fleet = await open({ shops: 1, tills: 1 })
    const { world, truth, shops, org } = fleet
    const { time, chance } = world
    const [shop] = shops
    const till = shop?.tills[0]
    if (shop === undefined || till === undefined) return
    void shop.cashiers[0]?.openSession()
    await time.run(time.nowMs() + 5_000)
    void till.shutDown()
    await time.run(time.nowMs() + 5_000)
    const { author, shopId, tillId } = till
    const clone = makeTill({ world, truth, org, shopId, tillId, author, parent: shop.store.server })
    truth.rewound.add(till.name)
    clone.disk.restore(till.disk.image())
    till.boot()
    clone.boot()
    await time.run(time.nowMs() + 10_000)
    const move = (count: number) =>
      moveMuch(fleet, shop, { count, nowMs: till.clock.nowMs(), chance, node: author })
    for (const [page, count] of [
      [till, 1],
      [clone, 3],
    ] as const) {
      const node = page.node()
      void node?.turns(() => node.journal.record(move(count), {})).then(() => node.link.wake())
      await time.run(time.nowMs() + 2_000)
    }
    await time.run(time.nowMs() + 60_000)
    hold(
      clone.alarms.some(({ why }) => why === 'fork'),
      'the copy was told',
    )
    void clone.shutDown()
    await time.run(time.nowMs() + 5_000)
    await rest(fleet)
  },
}

export const extraPlays: readonly Scenario[] = [burntAfterHoliday, cleanCopy, rush, liveClone]
