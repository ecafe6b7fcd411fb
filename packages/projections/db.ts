import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { assert } from '@tillkeeper/core/base/assert.ts'
import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { ISql, JSONValue, Sql, TransactionSql } from 'postgres'
import postgres from 'postgres'

/** A pool of connections to one database. */
export type Db = Sql
/** A transaction. Only `transact`, or `db.begin` at an edge, gives one. */
export type Tx = TransactionSql
/** What a read query runs on: a transaction where it must see what else is decided in it. */
export type Reader = ISql

export type ConnectOptions = {
  /** Connections in the pool. */
  readonly max?: number
  /** Shown by the server beside each connection. */
  readonly applicationName?: string
  /** Settings of the server for these connections alone. */
  readonly settings?: Readonly<Record<string, string>>
}

const connectionsMax = 10

/**
 * Opens a pool; nothing is sent before the first query. Columns are read as our own types: int8 as a
 * number that is exact (else the query stops), date as `YYYY-MM-DD`, timestamptz as ISO 8601 in UTC
 * with milliseconds, jsonb as values. Instants and days are written from those same texts.
 */
export function connect(url: string, options: ConnectOptions = {}): Db {
  requireRepairs()
  const db = postgres(url, {
    max: options.max ?? connectionsMax,
    onnotice: () => undefined,
    connection: {
      application_name: options.applicationName ?? 'tillkeeper',
      TimeZone: 'UTC',
      DateStyle: 'ISO',
      // The driver reads bytea in this form only.
      bytea_output: 'hex',
      ...options.settings,
    },
    types: { int8, day, instant },
  })
  // The driver's type would carry our three columns' types into each helper; nothing needs them there.
  return db as unknown as Db
}

// As published, the driver can write half of a sale when its server goes away: tools/repairs/README.md.
function requireRepairs(): void {
  if ('repairs' in postgres && postgres.repairs === 1) return
  throw new Error('the database driver is not repaired: install by `npm start` or `npm test`')
}

// Every int8 column is read as a number. One that a number cannot hold exactly stops the query.
const int8 = {
  to: 20,
  from: [20],
  serialize: String,
  parse: (text: string) => {
    const value = Number(text)
    assert(Number.isSafeInteger(value), 'an int8 column holds a safe integer')
    return value
  },
}
const day = {
  to: 1082,
  from: [1082],
  serialize: (text: string) => text,
  parse: (text: string) => text,
}
const instant = {
  to: 1184,
  from: [1184],
  serialize: (text: string) => text,
  // `2026-11-20 11:31:02.12+00`, since the session's time zone is UTC.
  parse: (text: string) => {
    const [whole = '', fraction = ''] = text.slice(0, -3).split('.')
    return `${whole.replace(' ', 'T')}.${fraction.slice(0, 3).padEnd(3, '0')}Z`
  },
}

/** A jsonb parameter. The caller promises that `value` is plain JSON. */
export function jsonParameter(sql: Reader, value: unknown) {
  return sql.json(value as JSONValue)
}

/** A bytea[] parameter: the driver cannot tell an array of bytes from bytes by itself. */
export function bytesParameter(sql: Reader, values: readonly (Uint8Array | null)[]) {
  return sql.array([...values], 17)
}

/** Runs a command in one transaction: commits it if it is accepted, undoes it if it is refused. */
export async function transact<Value, Refusal extends { readonly code: string }>(
  db: Db,
  command: (tx: Tx) => Promise<Outcome<Value, Refusal>>,
): Promise<Outcome<Value, Refusal>> {
  let outcome: Outcome<Value, Refusal> | undefined
  const undo = new Error('undo')
  await db
    .begin(async (tx) => {
      outcome = await command(tx)
      if (!outcome.ok) throw undo
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error
    })
  return outcome as Outcome<Value, Refusal>
}

/** A folder of numbered SQL files, and the table in which those that were applied are written down. */
export type MigrationSet = {
  readonly folder: URL
  /** `schema_version` is the shared one's; the cloud and the store name their own. */
  readonly versionTable: string
}

/** The tables that store and cloud share. */
export const sharedMigrations: MigrationSet = {
  folder: new URL('./migrations/', import.meta.url),
  versionTable: 'schema_version',
}

// Any two programs that migrate one database wait for each other here. The number is ours alone.
const migrationLock = 7_312_001

/**
 * Brings the database to this program's schema: first the shared tables, then those of `own`. Each
 * file is applied in a transaction of its own and written down with its SHA-256. It throws, and
 * changes nothing, where the database is newer than this program, or where a file that was applied
 * before is not the same any more. Returns the names of the files that it applied.
 */
export async function migrate(db: Db, own: readonly MigrationSet[] = []): Promise<string[]> {
  const applied: string[] = []
  for (const set of [sharedMigrations, ...own]) applied.push(...(await migrateSet(db, set)))
  return applied
}

type MigrationFile = {
  readonly version: number
  readonly name: string
  readonly text: string
  readonly sha256: string
}

async function migrateSet(db: Db, set: MigrationSet): Promise<string[]> {
  const files = await readMigrations(set.folder)
  const { version: program } = JSON.parse(
    await readFile(new URL('./package.json', import.meta.url), 'utf8'),
  ) as { version: string }
  const applied: string[] = []
  let next = await db.begin((tx) => checkApplied(tx, set, files))
  for (; next < files.length; next += 1) {
    const file = files[next]
    assert(file !== undefined, 'there is a file for each version')
    await db.begin(async (tx) => {
      // Another program may have gone on while we waited for the lock.
      if ((await checkApplied(tx, set, files)) > file.version - 1) return
      await tx.unsafe(file.text).simple()
      await tx`
        INSERT INTO ${tx(set.versionTable)} (version, name, sha256, program)
        VALUES (${file.version}, ${file.name}, ${file.sha256}, ${program})
      `
      applied.push(file.name)
    })
  }
  return applied
}

/** Reads the SQL files of a folder, in order. Their numbers start at 1 and leave no gap. */
export async function readMigrations(folder: URL): Promise<readonly MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name, index) => {
      const version = index + 1
      assert(
        name.startsWith(`${String(version).padStart(4, '0')}-`),
        `migrations are numbered without a gap, and ${name} is not number ${version}`,
      )
      const text = await readFile(new URL(name, folder), 'utf8')
      return { version, name, text, sha256: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

/** How many files are applied. Throws where the database and the files do not fit together. */
async function checkApplied(
  tx: Tx,
  { versionTable }: MigrationSet,
  files: readonly MigrationFile[],
): Promise<number> {
  await tx`SELECT pg_advisory_xact_lock(${migrationLock})`
  await tx`
    CREATE TABLE IF NOT EXISTS ${tx(versionTable)} (
      version    integer     NOT NULL PRIMARY KEY,
      name       text        NOT NULL,
      sha256     text        NOT NULL,
      program    text        NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )
  `
  const rows = await tx<{ version: number; name: string; sha256: string; program: string }[]>`
    SELECT version, name, sha256, program FROM ${tx(versionTable)} ORDER BY version
  `
  for (const row of rows) {
    const file = files[row.version - 1]
    if (file === undefined) {
      const newest = rows.at(-1) ?? row
      throw new Error(
        `the database has schema ${newest.version} (${versionTable}) and this program knows up to ` +
          `${files.length}: install version ${newest.program} or newer`,
      )
    }
    if (file.sha256 !== row.sha256) {
      throw new Error(
        `${file.name} is not the file that was applied to this database (${versionTable} says ` +
          `${row.name}, SHA-256 ${row.sha256.slice(0, 12)}…): an applied migration never changes`,
      )
    }
  }
  return rows.length
}
