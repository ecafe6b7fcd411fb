import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { TestDatabase } from '@tillkeeper/postgres/testing/test-database.ts'
import { connect, type Db, migrate } from '@tillkeeper/projections/db.ts'
import { createSharedDatabase } from '@tillkeeper/projections/testing/shared-database.gen.ts'
import { afterAll, expect, test } from 'vitest'
import { productIds } from './actors/chain-setup.ts'
import { makeFleet, openFleet } from './actors/fleet.ts'
import { heal, settle } from './actors/settle.ts'
import { checkTables } from './postgres/check-tables.ts'
import type { KeptSeed } from './run/run-seeds.ts'
import { scenarios } from './scenarios/all.ts'
import { noteInShop } from './scenarios/edits.ts'
import { playScenario } from './scenarios/scenario.ts'
import type { FaultKind } from './worlds/fault-kinds.ts'
import { replayCommand } from './worlds/minimise.ts'
import { planWorld } from './worlds/plan-world.ts'
import { runWorld } from './worlds/run-world.ts'

const worldsMs = 600_000
const fixedSeeds = 200
const freshSeeds = 50
/** Worlds in which facts come twice, from two epochs, and from further back. */
const kindsOnPostgres: readonly (readonly FaultKind[])[] = [
  ['cloud_restored', 'kill'],
  ['store_restored', 'power_cut'],
  ['bad_weather', 'upgrade'],
]

const opened: { readonly db: Db; readonly database: TestDatabase }[] = []
const databases = {
  open: async () => {
    const database = await createSharedDatabase()
    const db = connect(database.url, { max: 8 })
    opened.push({ db, database })
    await migrate(db)
    return db
  },
}
afterAll(async () => {
  for (const { db, database } of opened) {
    await db.end()
    await database.drop()
  }
})

for (const scenario of scenarios) {
  test(`scenario ${scenario.number}: ${scenario.name}`, { timeout: worldsMs }, async () => {
    const { violations } = await playScenario(scenario, 1, databases)
    expect(violations).toEqual([])
  })
}

async function liveAll(seeds: readonly number[]): Promise<void> {
  for (const seed of seeds) {
    const { violations, plan } = await runWorld(planWorld(seed, {}, true))
    expect(violations, replayCommand(plan)).toEqual([])
  }
}

test(`${fixedSeeds} random worlds hold`, { timeout: worldsMs }, () =>
  liveAll(Array.from({ length: fixedSeeds }, (_, index) => index + 1)),
)

test(`${freshSeeds} fresh worlds hold`, { timeout: worldsMs }, () => {
  const first = randomBytes(4).readUInt32BE()
  process.stdout.write(`sim: fresh seeds from ${first}\n`)
  return liveAll(Array.from({ length: freshSeeds }, (_, index) => (first + index) % 2 ** 32))
})

test(`${kindsOnPostgres.length} random worlds are the same in real tables`, {
  timeout: worldsMs,
}, async () => {
  const db = await databases.open()
  for (const [index, kinds] of kindsOnPostgres.entries()) {
    const plan = planWorld(index + 1, { edits: 4, kinds }, true)
    const { violations, promised } = await runWorld(plan, (fleet) => checkTables(fleet, db))
    expect(violations, replayCommand(plan)).toEqual([])
    expect(promised).toBeGreaterThan(20)
  }
})

test('edits of three shops that meet are the same in real tables', {
  timeout: worldsMs,
}, async () => {
  const db = await databases.open()
  for (const seed of [1, 2]) {
    const fleet = makeFleet(seed, { shops: 3, tills: 1 })
    await openFleet(fleet)
    const { world, shops } = fleet
    // What this shop says early comes to the feed late.
    const away = world.network.line(shops[0]?.store.name ?? '')
    Object.assign(away, { up: false, down: false })
    for (let round = 0; round < 24; round += 1) {
      const { store } = world.chance.pick(shops)
      noteInShop(fleet, store, world.chance.pick(productIds), `${store.name} ${round}`)
      await world.time.run(world.time.nowMs() + 700)
    }
    heal(fleet)
    await settle(fleet)
    await checkTables(fleet, db)
    expect(world.violations, `seed ${seed}`).toEqual([])
  }
})

test('a seed leaves the same trace twice, and another seed another', {
  timeout: worldsMs,
}, async () => {
  const plan = planWorld(7, {}, true)
  const [first, second] = [await runWorld(plan), await runWorld(plan)]
  expect(second.trace).toBe(first.trace)
  expect((await runWorld(planWorld(8, {}, true))).trace).not.toBe(first.trace)
})

// Seeds that failed once, kept as `npm run sim` wrote them.
const folder = fileURLToPath(new URL('seeds', import.meta.url))
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const { seed, overrides, checker } = JSON.parse(
    readFileSync(`${folder}/${file}`, 'utf8'),
  ) as KeptSeed
  test(`seed ${seed} once broke ${checker}`, { timeout: worldsMs }, async () => {
    expect((await runWorld(planWorld(seed, overrides))).violations).toEqual([])
  })
}
