import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { assert } from '@tillkeeper/core/base/assert.ts'
import { isUuid, type OrgId } from '@tillkeeper/core/base/id.ts'
import type { Db, Tx } from '../db.ts'
import { type ProjectionTable, projectionTables } from './tables.ts'

export type TableDigest = {
  readonly table: ProjectionTable
  readonly rows: number
  /** SHA-256, hexadecimal, over every column of every row in the order of the key. */
  readonly digest: string
}

export type DigestOptions = {
  /** Left out: all organisations. */
  readonly org?: OrgId | undefined
  /** Left out: the schema that the connection works in. */
  readonly schema?: string | undefined
  /**
   * Columns that are left out of account: `recorded_at` where the tables of two servers are compared,
   * which did not learn of a fact at the same moment.
   */
  readonly without?: readonly string[] | undefined
}

/** Two databases that have the same facts have the same digests. All tables are read at one moment. */
export async function digestTables(
  db: Db,
  options: DigestOptions = {},
): Promise<readonly TableDigest[]> {
  return db.begin('isolation level repeatable read read only', (tx) => digestTablesIn(tx, options))
}

/** As `digestTables`, in the caller's transaction. */
export async function digestTablesIn(
  tx: Tx,
  { org, schema, without = [] }: DigestOptions = {},
): Promise<readonly TableDigest[]> {
  const [here] = await tx<{ schema: string }[]>`SELECT current_schema() AS schema`
  const within = schema ?? here?.schema ?? 'public'
  const digests: TableDigest[] = []
  for (const table of projectionTables) {
    const columns = (await readColumns(tx, within, table)).filter(
      ({ name }) => !without.includes(name),
    )
    digests.push({ table, ...(await digestTable(tx, { schema: within, table, columns, org })) })
  }
  return digests
}

type Column = { readonly name: string; readonly isText: boolean; readonly keyPart: number | null }

function readColumns(tx: Tx, schema: string, table: string) {
  return tx<Column[]>`
    SELECT attribute.attname AS name, attribute.atttypid = 'text'::regtype AS "isText",
      array_position(key.indkey::int2[], attribute.attnum) AS "keyPart"
    FROM pg_class AS class
    JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
    JOIN pg_index AS key ON key.indrelid = class.oid AND key.indisprimary
    WHERE class.relnamespace = ${schema}::regnamespace AND class.relname = ${table}
      AND attribute.attnum > 0 AND NOT attribute.attisdropped
    ORDER BY attribute.attname
  `
}

type Digested = {
  readonly schema: string
  readonly table: string
  readonly columns: readonly Column[]
  readonly org: OrgId | undefined
}

async function digestTable(
  tx: Tx,
  { schema, table, columns, org }: Digested,
): Promise<{ rows: number; digest: string }> {
  assert(columns.length > 0, `there is a table ${table}`)
  assert(org === undefined || isUuid(org), 'an organisation has a well-formed id')
  const quote = (name: string) => `"${name}"`
  // Texts are sorted by their bytes, so that servers of other locales agree.
  const key = columns
    .filter(({ keyPart }) => keyPart !== null)
    .sort((a, b) => (a.keyPart ?? 0) - (b.keyPart ?? 0))
    .map(({ name, isText }) => `${quote(name)}${isText ? ' COLLATE "C"' : ''}`)
  const rows = await tx
    .unsafe(
      `COPY (
        SELECT ${columns.map(({ name }) => quote(name)).join(', ')}
        FROM ${quote(schema)}.${quote(table)}
        ${org === undefined ? '' : `WHERE org_id = '${org}'`}
        ORDER BY ${key.join(', ')}
      ) TO STDOUT`,
    )
    .readable()
  const hash = createHash('sha256')
  let count = 0
  rows.on('data', (chunk: Buffer) => {
    hash.update(chunk)
    // In text format a row is a line; a line break inside a value is written as two characters.
    for (const byte of chunk) if (byte === 0x0a) count += 1
  })
  await once(rows, 'end')
  return { rows: count, digest: hash.digest('hex') }
}
