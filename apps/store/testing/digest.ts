import type { Db } from '@tillkeeper/projections/db.ts'

// Counted before each answer, whatever the answer is.
const notCompared = ['login_attempt']

/** A digest of every row of every table: what was refused must not change it. */
export async function digestTables(db: Db): Promise<string> {
  const tables = await db<{ name: string }[]>`
    SELECT tablename AS name
    FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> ALL (${notCompared})
    ORDER BY tablename
  `
  const digests: string[] = []
  for (const { name } of tables) {
    const [row] = await db<{ digest: string }[]>`
      SELECT count(*) || ' ' || coalesce(md5(string_agg(line, '' ORDER BY line)), '') AS digest
      FROM (SELECT t::text AS line FROM ${db(name)} AS t) AS lines
    `
    digests.push(`${name} ${row?.digest ?? ''}`)
  }
  return digests.join('\n')
}
