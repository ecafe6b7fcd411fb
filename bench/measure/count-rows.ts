import { withConnection } from '@tillkeeper/postgres/databases.ts'

// What some sales left in a database, table by table: two ways of making them are compared by it.

/** Rows of each table, and what its running totals add up to, by name. */
export type Counts = Readonly<Record<string, number>>

/**
 * One is pruned as it grows; the others get a row when an hour or a day begins, in whatever sale is the
 * first of it. What was written to each is seen in the totals.
 */
const notCounted = ['live_event', 'hourly_summary', 'daily_summary', 'receipt_counter']

const totals: Readonly<Record<string, string>> = {
  'heads of streams': 'SELECT sum(head_seq) AS total FROM stream',
  'sales of sessions': 'SELECT sum(sales) AS total FROM session_total',
  'sales of days': 'SELECT sum(sales) AS total FROM daily_summary',
  'sales of hours': 'SELECT sum(sales) AS total FROM hourly_summary',
  'receipt numbers': 'SELECT count(DISTINCT receipt_number) AS total FROM sale',
  'live events': 'SELECT sum(live_seq) AS total FROM live_head',
}

export async function countRows(databaseUrl: string): Promise<Counts> {
  return withConnection(databaseUrl, async (sql) => {
    const tables = await sql<{ name: string }[]>`
      SELECT tablename AS name
      FROM pg_tables
      WHERE schemaname = 'public'
      ORDER BY tablename
    `
    const counts: Record<string, number> = {}
    for (const { name } of tables.filter((table) => !notCounted.includes(table.name))) {
      const [row] = await sql<{ rows: string }[]>`SELECT count(*) AS rows FROM ${sql(name)}`
      counts[name] = Number(row?.rows)
    }
    for (const [name, query] of Object.entries(totals)) {
      const [row] = await sql.unsafe<{ total: string }[]>(query)
      counts[name] = Number(row?.total)
    }
    return counts
  })
}

/** What was added from one count to the next; what did not change is left out. */
export function subtractCounts(after: Counts, before: Counts): Counts {
  return Object.fromEntries(
    Object.entries(after)
      .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
      .filter(([, count]) => count !== 0),
  )
}
