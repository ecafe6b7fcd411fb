import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { writeJournal } from '@tillkeeper/http/reads/write-journal.ts'
import { transferTypes } from '@tillkeeper/projections/apply/effects.ts'
import { connect, type Db, migrate } from '@tillkeeper/projections/db.ts'
import { findDrift } from '@tillkeeper/projections/reconcile/drift-sql.ts'
import { deliverYear } from './deliver-year.ts'
import { makeYear } from './make-year.ts'
import { addUpByHledger, type DayBalances } from './read-hledger.ts'
import { dateOf, type Year } from './year.ts'

/** What a year came to. Nothing differs, or something is wrong. */
export type ShopYear = {
  readonly days: number
  readonly movements: number
  /** Balances of a place, currency and day that two of the three do not agree on: the truth, the tables, hledger. */
  readonly differences: number
  /** Totals that are not what the acts add up to, added up anew. */
  readonly drift: number
  /** Payments at the machine that somebody was told of and that were right, or that nobody was told of. */
  readonly mistold: number
  /** Of the differences, drift and payments, the first few, in words. */
  readonly first: readonly string[]
  /** How many facts of each type were in it. */
  readonly types: ReadonlyMap<string, number>
  /** How many transfers of each type they became. */
  readonly transfers: ReadonlyMap<string, number>
  /** Types of acts and of transfers that did not occur: what was not there has shown nothing. */
  readonly missing: readonly string[]
  /** Sessions that nobody closed. */
  readonly open: number
}

export type RunOptions = {
  /** An empty database, which gets the tables and the guard of a store server. */
  readonly databaseUrl: string
  readonly days: number
  readonly seed: number
  readonly say: (line: string) => void
  /** For tests of the check itself: done to the tables before they are compared. */
  readonly harm?: (db: Db) => Promise<unknown>
}

const firstMax = 10
/** What no shop does to its cash: it names people and goods, lets devices in, and settles what was parked. */
const noAct = /[.]changed$|^till[.]enrolled$|^fact[.]resolved$/
const actTypes = Object.keys(catalogue).filter((type) => !noAct.test(type))
const daysBetweenWords = 25
const storeMigrations = {
  folder: new URL('../../apps/store/migrations/', import.meta.url),
  versionTable: 'store_schema_version',
}

/**
 * Makes up business days of a shop, sends them to a real PostgreSQL as tills do, exports the journal of its cash,
 * has hledger add it up, and compares the balances of every place, currency and day to the minor unit.
 */
export async function runShopYear(options: RunOptions): Promise<ShopYear> {
  const { databaseUrl, days, seed, say, harm } = options
  const year = makeYear(seed, days)
  const db = connect(databaseUrl, { max: 4 })
  const folder = await mkdtemp(join(tmpdir(), 'tillkeeper-year-'))
  try {
    await migrate(db, [storeMigrations])
    const facts = await deliverYear(db, year, {
      days,
      onDay: (day) => {
        if (day % daysBetweenWords === 0) say(`day ${day} of ${days} is in the tables`)
      },
    })
    say(`${facts} facts are in the tables`)
    await harm?.(db)
    const file = join(folder, 'cash.hledger')
    await exportTo(file, db, year)
    say('the journal is exported; hledger adds it up')
    const added = await addUpByHledger(file)
    const [differing, drift] = [await compare(db, year, added), await findDrift(db, year.org)]
    const words = drift.map(({ place, detail }) => `drift of ${place}: ${detail}`)
    const mistold = await comparePayments(db, year)
    const transfers = await countTransfers(db, year)
    return {
      ...{ days, movements: year.truth.movements(), types: year.types, transfers },
      missing: [
        ...actTypes.filter((type) => !year.types.has(type)),
        ...transferTypes.filter((type) => !transfers.has(type)),
      ],
      ...{ differences: differing.length, drift: drift.length, mistold: mistold.length },
      first: [...differing, ...words, ...mistold].slice(0, firstMax),
      open: await countOpen(db, year),
    }
  } finally {
    await db.end()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Payments at the machine that are told otherwise than they were made up. */
async function comparePayments(db: Db, { org, open }: Year): Promise<readonly string[]> {
  const rows = await db<{ id: string }[]>`
    SELECT id FROM exception WHERE org_id = ${org} AND kind LIKE 'machine_payment_%'
  `
  const told = new Set(rows.map(({ id }) => id))
  return [
    ...open.payments.filter((id) => !told.has(id)).map((id) => `nobody is told of ${id}`),
    ...[...told].filter((id) => !open.payments.includes(id)).map((id) => `told in vain: ${id}`),
  ]
}

async function countTransfers(db: Db, { org }: Year): Promise<ReadonlyMap<string, number>> {
  const rows = await db<{ type: string; count: number }[]>`
    SELECT type, count(*) AS count FROM cash_transfer WHERE org_id = ${org} GROUP BY type
  `
  return new Map(rows.map(({ type, count }) => [type, count]))
}

/** The server gives a year and a month at once; a shop-year with its days of rest is within it. */
async function exportTo(file: string, db: Db, year: Year): Promise<void> {
  const range = { shopId: year.shopId, from: '2026-01-01', to: dateOf(year) }
  const parts = writeJournal(db, year.org, { ...range, format: 'hledger' })
  await pipeline(Readable.from(parts), createWriteStream(file))
}

/** Balances on which the truth and hledger do not agree, day by day, and the tables at the end. */
async function compare(db: Db, year: Year, added: DayBalances): Promise<readonly string[]> {
  const wrong: string[] = []
  const check = (what: string, ours: ReadonlyMap<string, number>, said: Map<string, number>) => {
    for (const name of new Set([...ours.keys(), ...said.keys()])) {
      const [true_, found] = [ours.get(name) ?? 0, said.get(name) ?? 0]
      if (true_ !== found) wrong.push(`${what}: ${name} is ${found}, and was ${true_}`)
    }
  }
  const days = year.truth.days()
  for (const { day, balances } of days) {
    check(`hledger on ${day}`, balances, new Map(added.get(day) ?? []))
  }
  const rows = await db<{ name: string; minor: number }[]>`
    SELECT location || ' ' || currency AS name, balance_minor AS minor
    FROM cash_balance WHERE org_id = ${year.org}
  `
  const end = days.at(-1)?.balances ?? new Map<string, number>()
  check('the tables', end, new Map(rows.map(({ name, minor }) => [name, minor])))
  return wrong
}

async function countOpen(db: Db, { org }: Year): Promise<number> {
  const [row] = await db<{ open: number }[]>`
    SELECT count(*) AS open FROM till_session AS session
    WHERE session.org_id = ${org} AND NOT EXISTS (
      SELECT FROM till_close AS close
      WHERE close.org_id = session.org_id AND close.session_id = session.id
    )
  `
  return row?.open ?? 0
}
