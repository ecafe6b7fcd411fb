import type { Sql } from 'postgres'

/** The oldest PostgreSQL whose features the schema uses. */
export const serverVersionMin = 15

/**
 * What makes an acknowledged write survive a power cut, and a torn or rotten page show. Each name
 * with the values that are good enough.
 */
export const durableSettings = {
  fsync: ['on'],
  synchronous_commit: ['on', 'remote_apply'],
  full_page_writes: ['on'],
  data_checksums: ['on'],
} as const satisfies Record<string, readonly string[]>

export type DurableSetting = keyof typeof durableSettings

/**
 * What we ask of a server that somebody else runs. Checksums are left to its owner: Debian's 15 has
 * them off, and they cannot be switched on while it runs.
 */
export const requiredOfForeignServer: readonly DurableSetting[] = [
  'fsync',
  'synchronous_commit',
  'full_page_writes',
]

/** Throws unless the server is `min` or newer. Returns its major version. */
export async function requireServerVersion(sql: Sql, min = serverVersionMin): Promise<number> {
  const [row] = await sql<{ server_version_num: string }[]>`SHOW server_version_num`
  const major = Math.floor(Number(row?.server_version_num) / 10_000)
  if (!(major >= min)) {
    throw new Error(`PostgreSQL ${min} or newer is needed, and this server is ${major}`)
  }
  return major
}

/** Throws, naming the setting, unless the server as `sql` sees it keeps what it acknowledges. */
export async function requireDurableSettings(
  sql: Sql,
  names: readonly DurableSetting[] = Object.keys(durableSettings) as DurableSetting[],
): Promise<void> {
  for (const name of names) {
    const [row] = await sql<Record<string, string>[]>`SHOW ${sql(name)}`
    const value = row?.[name] ?? 'unknown'
    const good: readonly string[] = durableSettings[name]
    if (!good.includes(value)) {
      throw new Error(
        `the database has ${name} = ${value}, so it could lose or silently damage what was ` +
          `acknowledged: it must be ${good.join(' or ')}`,
      )
    }
  }
}

/** Both checks for a server given by DATABASE_URL. */
export async function requireForeignServer(sql: Sql): Promise<void> {
  await requireServerVersion(sql)
  await requireDurableSettings(sql, requiredOfForeignServer)
}
