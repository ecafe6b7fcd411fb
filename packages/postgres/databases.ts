import postgres, { type Sql } from 'postgres'

const namePattern = /^[a-z][a-z0-9_]{0,62}$/
const connectTimeoutSeconds = 10

/** The URL of the database `name` on the server of `url`. */
export function withDatabase(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.href
}

/** Makes an empty UTF-8 database on the server of `url`, if it is not there yet. */
export async function createDatabase(url: string, name: string): Promise<void> {
  requireName(name)
  await withConnection(url, async (sql) => {
    const [found] = await sql`SELECT 1 AS one FROM pg_database WHERE datname = ${name}`
    if (found !== undefined) return
    await sql`CREATE DATABASE ${sql(name)} TEMPLATE template0 ENCODING 'UTF8'`
  })
}

/** Makes `name` a copy of the database `from`, which nobody may be connected to. An older copy goes. */
export async function copyDatabase(
  url: string,
  { from, name }: { readonly from: string; readonly name: string },
): Promise<void> {
  requireName(from)
  requireName(name)
  await dropDatabase(url, name)
  await withConnection(url, (sql) => sql`CREATE DATABASE ${sql(name)} TEMPLATE ${sql(from)}`)
}

/** Removes the database `name` and ends its sessions. Nothing happens if it is not there. */
export async function dropDatabase(url: string, name: string): Promise<void> {
  requireName(name)
  await withConnection(url, (sql) => sql`DROP DATABASE IF EXISTS ${sql(name)} WITH (FORCE)`)
}

/** Runs `work` with a connection of its own, which is closed whatever happens. */
export async function withConnection<T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, {
    max: 1,
    connect_timeout: connectTimeoutSeconds,
    fetch_types: false,
    onnotice: () => {},
  })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

function requireName(name: string): void {
  if (!namePattern.test(name)) throw new Error(`${name} is not a name for a database`)
}
