import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { copyDatabase, withConnection } from '@tillkeeper/postgres/databases.ts'
import { startPostgres } from '@tillkeeper/postgres/start-postgres.ts'
import { connect, migrate } from '@tillkeeper/projections/db.ts'
import { projectionTables } from '@tillkeeper/projections/rebuild/tables.ts'
import { readTreeMs } from '../measure/cpu-time.ts'
import { differences, readEnd } from './compare-ends.ts'
import { fillShop, type ShopOfRace } from './fill-shop.ts'

// PostgreSQL's own logical replication of the same rows: what the same trade leaves in the journal and in
// the tables of a shop. Settings are PostgreSQL's defaults beside `wal_level`; both ends flush, as ours.

export type LogicalRun = { readonly seconds: number; readonly cpuSeconds: number }

export type Logical = {
  /** All rows: journal, owners of ids, and every table that is made of them. */
  readonly runAll: () => Promise<LogicalRun & { readonly equal: boolean }>
  /** The rows of the journal, and nothing else. */
  readonly runJournal: () => Promise<LogicalRun>
  readonly stop: () => Promise<void>
}

const pollMs = 20
const patienceMs = 1_800_000
const journal = ['journal', 'fact_id', 'stream']

export async function openLogical(
  shop: ShopOfRace,
  ask: { readonly sales: number; readonly seed: number; readonly say: (line: string) => void },
): Promise<Logical> {
  const folder = await mkdtemp(join(tmpdir(), 'tillkeeper-logical-'))
  await chmod(folder, 0o755)
  const postgres = await startPostgres({
    dataDir: join(folder, 'data'),
    shelterDir: join(folder, 'shelter'),
    settings: { wal_level: 'logical' },
  })
  const stop = async () => {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const root = postgres.url('postgres')
    await migrateEmpty(await postgres.createDatabase('empty'))
    await copyDatabase(root, { from: 'empty', name: 'source' })
    const source = postgres.url('source')
    const db = connect(source, { max: 2 })
    await db.unsafe(
      `CREATE PUBLICATION whole FOR TABLE ${[...journal, ...projectionTables].join()}`,
    )
    await db.unsafe('CREATE PUBLICATION journal FOR TABLE journal')
    await db`SELECT pg_create_logical_replication_slot('moment', 'pgoutput')`
    ask.say('logical replication: selling the same')
    await fillShop(db, shop, ask)
    const [row] = await db<{ lsn: string }[]>`SELECT pg_current_wal_lsn()::text AS lsn`
    await db.end()
    const full = await readEnd(source)
    const race = { root, source, lsn: row?.lsn ?? '', pid: postgres.pid, url: postgres.url }
    let runs = 0
    const run = (publication: string) => {
      runs += 1
      return replicate(race, { publication, name: `run_${runs}` })
    }
    return {
      runAll: async () => {
        const done = await run('whole')
        const missed = differences(full, await readEnd(postgres.url('target')))
        for (const line of missed) ask.say(`logical replication: ${line}`)
        return { ...done, equal: missed.length === 0 }
      },
      runJournal: () => run('journal'),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The tables with nothing in them, which each run's target begins with. */
async function migrateEmpty(url: string): Promise<void> {
  const db = connect(url, { max: 1 })
  await migrate(db)
  await db.end()
}

type RaceEnds = {
  readonly root: string
  readonly source: string
  /** Where the source's log ends. */
  readonly lsn: string
  readonly pid: number
  readonly url: (database: string) => string
}

async function replicate(
  { root, source, lsn, pid, url }: RaceEnds,
  { publication, name }: { readonly publication: string; readonly name: string },
): Promise<LogicalRun> {
  await copyDatabase(root, { from: 'empty', name: 'target' })
  return withConnection(source, (from) =>
    withConnection(url('target'), async (to) => {
      await from`SELECT pg_copy_logical_replication_slot('moment', ${name})`
      await to.unsafe(
        `CREATE SUBSCRIPTION ${name} CONNECTION '${source}' PUBLICATION ${publication}
         WITH (create_slot = false, slot_name = '${name}', copy_data = false, enabled = false)`,
      )
      await to`CHECKPOINT`
      const before = readTreeMs(pid)
      const startMs = performance.now()
      await to.unsafe(`ALTER SUBSCRIPTION ${name} ENABLE`)
      await waitForSlot(from, { name, lsn })
      const seconds = (performance.now() - startMs) / 1_000
      const cpuSeconds = (readTreeMs(pid) - before) / 1_000
      await to.unsafe(`ALTER SUBSCRIPTION ${name} DISABLE`)
      await to.unsafe(`DROP SUBSCRIPTION ${name}`)
      return { seconds, cpuSeconds }
    }),
  )
}

/** Until the target has said that it has flushed all that the source had written by `lsn`. */
async function waitForSlot(
  from: Parameters<Parameters<typeof withConnection>[1]>[0],
  { name, lsn }: { readonly name: string; readonly lsn: string },
): Promise<void> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pollMs) {
    const [slot] = await from<{ done: boolean }[]>`
      SELECT confirmed_flush_lsn >= ${lsn}::pg_lsn AS done
      FROM pg_replication_slots
      WHERE slot_name = ${name}
    `
    if (slot?.done === true) return
    await wait(pollMs)
  }
  throw new Error(`logical replication is not done after ${patienceMs / 1_000} s`)
}
