import { existsSync } from 'node:fs'
import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { withDatabase } from '@tillkeeper/postgres/databases.ts'
import { findCluster } from '@tillkeeper/postgres/embedded/place-data.ts'
import { findStarter } from '@tillkeeper/postgres/embedded/starter-lock.ts'
import { startPostgres } from '@tillkeeper/postgres/start-postgres.ts'
import { connect, type Db } from '@tillkeeper/projections/db.ts'

/** A database with a journal in it. */
export type OpenDatabase = { readonly name: string; readonly db: Db }

const connectionsMax = 2
const superuser = 'tillkeeper'

/**
 * Runs `work` on the database of `databaseUrl`, or on every server's database of the chain whose data
 * lies in `dataDir`: on the server that runs them now, or on one that is started for this and stopped.
 */
export async function withDatabases<T>(
  { databaseUrl, dataDir }: { readonly databaseUrl: string | undefined; readonly dataDir: string },
  work: (databases: readonly OpenDatabase[]) => Promise<T>,
): Promise<T> {
  if (databaseUrl !== undefined) return withUrls([databaseUrl], work)
  const home = join(dataDir, 'postgres')
  if (!existsSync(home)) {
    throw new Error(`there is no chain in ${dataDir}: name one by --data, or use --database-url`)
  }
  const running = await findRunning(await realpath(home))
  if (running !== undefined) return withUrls(await listUrls(running), work)
  const server = await startPostgres({ dataDir: home })
  try {
    return await withUrls(await listUrls(server.url('postgres')), work)
  } finally {
    await server.stop()
  }
}

/** The server that another process runs on this folder now, from the notes that both have left there. */
async function findRunning(home: string): Promise<string | undefined> {
  if ((await findStarter(home)) === undefined) return undefined
  const note = await readFile(join(await findCluster(home), 'postmaster.pid'), 'utf8')
  const port = note.split('\n')[3]
  const password = (await readFile(join(home, 'password'), 'utf8')).trim()
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`
}

async function listUrls(url: string): Promise<readonly string[]> {
  const db = connect(url, { max: 1 })
  try {
    const rows = await db<{ name: string }[]>`
      SELECT datname AS name FROM pg_database
      WHERE NOT datistemplate AND datname <> 'postgres'
      ORDER BY datname
    `
    return rows.map(({ name }) => withDatabase(url, name))
  } finally {
    await db.end()
  }
}

async function withUrls<T>(
  urls: readonly string[],
  work: (databases: readonly OpenDatabase[]) => Promise<T>,
): Promise<T> {
  const databases = urls.map((url) => ({
    name: new URL(url).pathname.slice(1),
    db: connect(url, { max: connectionsMax }),
  }))
  try {
    return await work(databases)
  } finally {
    await Promise.all(databases.map(({ db }) => db.end()))
  }
}
