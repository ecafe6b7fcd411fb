import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { createFactReader } from '@tillkeeper/facts/read-fact.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { retryParked } from '@tillkeeper/projections/parking/retry-parked.ts'
import { digestTables } from '@tillkeeper/projections/rebuild/digest-tables.ts'
import type { Fleet } from '../actors/fleet.ts'
import { tradeDay } from '../actors/trade.ts'
import { headsOf, rowsOf } from '../checkers/copies.ts'
import { deliver, projectAll } from '../postgres/deliver.ts'
import type { Scenario, Stage } from './scenario.ts'

// The older program was built before cash moved between drawers.
const { 'cash.moved': _, ...olderCatalogue } = catalogue
const { readFact: readAsOlder } = createFactReader(olderCatalogue)

export const mixedVersions: Scenario = {
  number: 26,
  name: 'a store server of an older version under newer tills',
  recipe:
    'a server that does not know cash movements relays a day of them, and is upgraded at some moment of it',
  mustHold:
    'the cloud has every fact byte for byte, and after the upgrade the tables are those of a server that always knew',
  play: async (stage) => {
    const { hold } = stage
    const { fleet, org, older, newer } = await openBoth(stage)
    await deliverPart(fleet, older, 0.6)
    await projectAll(older, org, { read: readAsOlder })
    const [parked] = await older<{ facts: number }[]>`
      SELECT count(*)::int AS facts FROM parked WHERE reason = 'unknown_type'
    `
    hold((parked?.facts ?? 0) > 0, 'what is too new is parked')
    for (const { stream } of headsOf(fleet.cloud.disk)) {
      const rows = await older<{ seq: number; bytes: Uint8Array }[]>`
        SELECT seq, bytes FROM journal WHERE stream = ${stream} ORDER BY seq
      `
      const here = rowsOf(fleet.cloud.disk, stream)
      const same = rows.every(
        ({ seq, bytes }) => Buffer.compare(bytes, here[Number(seq) - 1]?.bytes ?? empty) === 0,
      )
      hold(same, `${stream} is kept as it was sealed`)
    }
    // The upgrade, with the rest of the day still to come.
    await retryParked(older, org)
    await deliver(older, org, fleet.cloud)
    await projectAll(older, org)
    hold(await sameTables(older, newer), 'the tables are those of who always knew')
  },
}

export const upgradeAndBack: Scenario = {
  number: 27,
  name: 'an upgrade, a roll-back, and an upgrade again, while selling',
  recipe: 'one server is older, newer, older and newer, and each takes a part of the day',
  mustHold: 'nothing that was written is rewritten, what is too new waits, and the end is the same',
  play: async (stage) => {
    const { hold } = stage
    const { fleet, org, older: db, newer } = await openBoth(stage)
    const digests: string[] = []
    for (const [share, read] of [
      [0.3, undefined],
      [0.6, readAsOlder],
      [0.8, undefined],
    ] as const) {
      const options = read === undefined ? {} : { read }
      await deliverPart(fleet, db, share)
      await projectAll(db, org, options)
      if (read === undefined) await retryParked(db, org, options)
      const before = JSON.stringify(await digestTables(db))
      // Started again without anything new: it touches nothing.
      await projectAll(db, org, options)
      hold(JSON.stringify(await digestTables(db)) === before, 'a restart rewrites nothing')
      digests.push(before)
    }
    hold(new Set(digests).size === digests.length, 'each program took its part')
    await deliver(db, org, fleet.cloud)
    await projectAll(db, org)
    await retryParked(db, org)
    hold(await sameTables(db, newer), 'the tables are those of who always knew')
  },
}

const empty = new Uint8Array()

/** A day of trade, a server that is to be older, and one that knew everything from the start. */
async function openBoth({ open, rest, database }: Stage) {
  const fleet = await open({ shops: 2, tills: 2 })
  await tradeDay(fleet)
  await rest(fleet)
  fleet.world.counters.count('process.upgraded')
  const org = fleet.org as OrgId
  const [older, newer] = [await database(), await database()]
  await deliver(newer, org, fleet.cloud)
  await projectAll(newer, org)
  return { fleet, org, older, newer }
}

async function deliverPart({ cloud, org }: Fleet, db: Db, share: number): Promise<void> {
  const upTo = new Map(
    headsOf(cloud.disk)
      .filter(({ stream }) => !stream.startsWith('feed/'))
      .map(({ stream, seq }): [StreamId, number] => [stream, Math.floor(seq * share)]),
  )
  await deliver(db, org as OrgId, cloud, upTo)
}

async function sameTables(a: Db, b: Db): Promise<boolean> {
  return JSON.stringify(await digestTables(a)) === JSON.stringify(await digestTables(b))
}
