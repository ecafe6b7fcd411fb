import { connect, type Db } from '@tillkeeper/projections/db.ts'
import { digestTables } from '@tillkeeper/projections/rebuild/digest-tables.ts'

// Whether two databases have the same: the same facts in the same order in each stream, and the same
// tables made of them.

/**
 * The cloud also holds the edits that it spread to each shop, under a scope of its own; what is made of
 * them (products, people, keys) is compared.
 */
const ownScopes: readonly string[] = ['register']

export type End = {
  readonly facts: number
  readonly sales: number
  readonly totalMinor: number
  /** By stream, SHA-256 over the hashes of its facts in their order. */
  readonly order: readonly string[]
  /** By table, rows and SHA-256 over them, but for when a server learned of a fact. */
  readonly tables: readonly string[]
}

export async function readEnd(databaseUrl: string): Promise<End> {
  const db = connect(databaseUrl, { max: 2 })
  try {
    const [sums] = await db<{ facts: number; sales: number; totalMinor: number }[]>`
      SELECT (SELECT count(*) FROM journal WHERE starts_with(stream, 't-')) AS facts,
        (SELECT count(*) FROM sale) AS sales,
        (SELECT coalesce(sum(total_minor), 0)::bigint FROM sale) AS "totalMinor"
    `
    if (sums === undefined) throw new Error('a count has a row')
    const tables = (await digestTables(db, { without: ['recorded_at'] })).filter(
      ({ table }) => !ownScopes.includes(table),
    )
    return {
      ...sums,
      order: await readOrder(db),
      tables: tables.map(({ table, rows, digest }) => `${table} ${rows} ${digest}`),
    }
  } finally {
    await db.end({ timeout: 1 })
  }
}

async function readOrder(db: Db): Promise<string[]> {
  const rows = await db<{ line: string }[]>`
    SELECT stream || ' ' || count(*) || ' '
      || encode(sha256(string_agg(hash, ''::bytea ORDER BY seq)), 'hex') AS line
    FROM journal
    WHERE starts_with(stream, 't-')
    GROUP BY stream
    ORDER BY stream
  `
  return rows.map(({ line }) => line)
}

/** In what they differ; nothing where they are equal. */
export function differences(one: End, other: End): readonly string[] {
  const found: string[] = []
  for (const what of ['facts', 'sales', 'totalMinor'] as const) {
    if (one[what] !== other[what]) found.push(`${what}: ${one[what]} and ${other[what]}`)
  }
  for (const what of ['order', 'tables'] as const) {
    const theirs = new Set(other[what])
    found.push(...one[what].filter((line) => !theirs.has(line)).map((line) => `${what}: ${line}`))
    if (one[what].length !== other[what].length) found.push(`${what}: another number of them`)
  }
  return found
}
