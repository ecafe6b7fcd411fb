import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { AppliedFact } from '../apply/applied-fact.ts'
import { applyFacts } from '../apply/apply-facts.ts'
import { type Db, readMigrations, sharedMigrations, type Tx } from '../db.ts'
import { lockOrg } from '../journal/stream-sql.ts'
import { digestTablesIn, type TableDigest } from './digest-tables.ts'
import { journalTables, type ProjectionTable, projectionTables } from './tables.ts'

/** A table as it was, and as the journal has it. */
export type RebuiltTable = {
  readonly table: ProjectionTable
  readonly before: Pick<TableDigest, 'rows' | 'digest'>
  readonly after: Pick<TableDigest, 'rows' | 'digest'>
}

export type RebuildOptions = {
  /** Left out: all organisations. */
  readonly org?: OrgId | undefined
  /** Called now and then with the number of facts that were applied. */
  readonly onProgress?: ((facts: number) => void) | undefined
}

// The tables are built beside those in use, in a schema of this name, and then take their place.
const shadow = 'tillkeeper_rebuild'
const batchMax = 1_000

/**
 * Builds every table that facts make again from the journal, and puts the new ones in place of the old:
 * in one transaction, with all that writes them kept waiting. What was parked or has not been projected
 * yet stays so. The digests say whether the tables were what the journal has: if nothing but `apply`
 * ever wrote them, they are the same to the byte.
 */
export async function rebuildProjections(
  db: Db,
  { org, onProgress }: RebuildOptions = {},
): Promise<readonly RebuiltTable[]> {
  return db.begin(async (tx) => {
    const orgs = await lockOrgs(tx, org)
    const [here] = await tx<{ schema: string }[]>`SELECT current_schema() AS schema`
    const live = here?.schema
    assert(live !== undefined && live !== shadow, 'the connection works in the schema in use')
    const before = await digestTablesIn(tx, { org, schema: live })
    await createShadow(tx, live)
    await applyJournal(tx, orgs, onProgress)
    const after = await digestTablesIn(tx, { org, schema: shadow })
    const triggers = await readTriggers(tx, live)
    for (const table of projectionTables) await putInPlace(tx, { table, live, org })
    await tx`DROP SCHEMA ${tx(shadow)} CASCADE`
    await tx`SELECT set_config('search_path', ${live}, true)`
    // A table that was made anew has none of the triggers that a server adds to the shared schema.
    if (org === undefined) for (const { text } of triggers) await tx.unsafe(text)
    return projectionTables.map((table, index): RebuiltTable => {
      const [old, made] = [before[index], after[index]]
      assert(old?.table === table && made?.table === table, 'each table has both digests')
      return {
        table,
        before: { rows: old.rows, digest: old.digest },
        after: { rows: made.rows, digest: made.digest },
      }
    })
  })
}

/** What makes the triggers of the tables that are built again; a constraint's is one of them. */
function readTriggers(tx: Tx, live: string) {
  return tx<{ text: string }[]>`
    SELECT pg_get_triggerdef(pg_trigger.oid) AS text
    FROM pg_trigger
    JOIN pg_class AS class ON class.oid = tgrelid
    WHERE class.relnamespace = ${live}::regnamespace AND NOT tgisinternal
      AND class.relname = ANY (${[...projectionTables]})
    ORDER BY tgname
  `
}

async function lockOrgs(tx: Tx, org: OrgId | undefined): Promise<readonly OrgId[]> {
  const rows = await tx<{ org: OrgId }[]>`SELECT DISTINCT org_id AS org FROM stream ORDER BY org_id`
  const orgs = rows.map((row) => row.org).filter((id) => org === undefined || id === org)
  for (const id of orgs) await lockOrg(tx, id)
  return orgs
}

/** Makes empty tables as the migrations make them, and lets this transaction write to them. */
async function createShadow(tx: Tx, live: string): Promise<void> {
  await tx`DROP SCHEMA IF EXISTS ${tx(shadow)} CASCADE`
  await tx`CREATE SCHEMA ${tx(shadow)}`
  await tx`SELECT set_config('search_path', ${shadow}, true)`
  for (const { text } of await readMigrations(sharedMigrations.folder))
    await tx.unsafe(text).simple()
  for (const table of journalTables) await tx`DROP TABLE ${tx(shadow)}.${tx(table)} CASCADE`
  // What `apply` writes is found in the shadow, and the journal, which is not there, in the live schema.
  await tx`SELECT set_config('search_path', ${`${shadow}, ${live}`}, true)`
}

async function applyJournal(
  tx: Tx,
  orgs: readonly OrgId[],
  onProgress?: (facts: number) => void,
): Promise<void> {
  let facts = 0
  for (const org of orgs) {
    const streams = await tx<{ stream: StreamId }[]>`
      SELECT stream FROM stream WHERE org_id = ${org} ORDER BY stream
    `
    await applyResolutions(tx, org)
    for (const { stream } of streams) {
      let after = 0
      for (;;) {
        const rows = await readProjected(tx, org, { stream, after })
        const last = rows.at(-1)
        if (last === undefined) break
        await applyFacts(tx, org, rows.flatMap(toApplied))
        after = last.seq
        facts += rows.length
        onProgress?.(facts)
      }
    }
  }
}

/**
 * What persons settled counts nothing, wherever the fact and its resolution stand in the journal: so the
 * resolutions are there before anything else is applied. Applied again in their turn they change nothing.
 */
async function applyResolutions(tx: Tx, org: OrgId): Promise<void> {
  const rows = await tx<{ stream: StreamId; seq: number }[]>`
    SELECT stream, seq FROM journal
    WHERE org_id = ${org} AND type = 'fact.resolved'
    ORDER BY stream, seq
  `
  for (const { stream, seq } of rows) {
    const [row] = await readProjected(tx, org, { stream, after: seq - 1, limit: 1 })
    await applyFacts(tx, org, row === undefined ? [] : toApplied(row))
  }
}

type JournalRow = {
  readonly seq: number
  readonly bytes: Uint8Array
  readonly recordedAt: string
  /** Whether it is in the tables: it owns its id's effect, and is not parked. */
  readonly projected: boolean
  /** Whose facts those may settle who settled this one. */
  readonly reaches: readonly string[]
}

function readProjected(
  tx: Tx,
  org: OrgId,
  {
    stream,
    after,
    limit = batchMax,
  }: { readonly stream: StreamId; readonly after: number; readonly limit?: number },
) {
  return tx<JournalRow[]>`
    SELECT journal.seq, journal.bytes, journal.recorded_at AS "recordedAt",
      owner.stream = journal.stream AND owner.seq = journal.seq AND parked.seq IS NULL AS projected,
      ARRAY(
        SELECT reach FROM fact_resolution
        WHERE fact_resolution.org_id = ${org} AND fact_resolution.fact_id = journal.id
      ) AS reaches
    FROM journal
    JOIN stream USING (org_id, stream)
    JOIN fact_id AS owner ON owner.org_id = journal.org_id AND owner.id = journal.id
    LEFT JOIN parked
      ON parked.org_id = journal.org_id AND parked.stream = journal.stream
      AND parked.seq = journal.seq
    WHERE journal.org_id = ${org} AND journal.stream = ${stream} AND journal.seq > ${after}
      AND journal.seq <= stream.projected_seq
    ORDER BY journal.seq
    LIMIT ${limit}
  `
}

function toApplied({ bytes, recordedAt, projected, reaches }: JournalRow): readonly AppliedFact[] {
  if (!projected) return []
  const read = readFact(bytes)
  assert(read.kind !== 'refused', 'the journal holds facts only')
  if (reaches.includes('all') || reaches.includes(read.fact.scope)) return []
  assert(read.kind === 'known', 'what was projected is of a type that we know')
  return [{ fact: read.fact, recordedAt }]
}

async function putInPlace(
  tx: Tx,
  {
    table,
    live,
    org,
  }: { readonly table: string; readonly live: string; readonly org: OrgId | undefined },
): Promise<void> {
  if (org === undefined) {
    await tx`DROP TABLE ${tx(live)}.${tx(table)}`
    await tx`ALTER TABLE ${tx(shadow)}.${tx(table)} SET SCHEMA ${tx(live)}`
    return
  }
  await tx`DELETE FROM ${tx(live)}.${tx(table)} WHERE org_id = ${org}`
  await tx`INSERT INTO ${tx(live)}.${tx(table)} TABLE ${tx(shadow)}.${tx(table)}`
}
