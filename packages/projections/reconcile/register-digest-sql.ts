import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { AppliedFact } from '../apply/applied-fact.ts'
import { applyFacts } from '../apply/apply-facts.ts'
import type { Db, Reader, Tx } from '../db.ts'
import { lockOrg } from '../journal/stream-sql.ts'

// The state of what is edited, as it is stored: registers, sets, and the rows that are made from them.
// Credentials and keys are left out, for each shop holds others.

/** Tables of one row an entity, by the column that names the entity. */
const entityTables = {
  org: 'org_id',
  shop: 'id',
  till: 'id',
  product: 'id',
  role: 'id',
  employee: 'id',
} as const
const fieldTables = ['register', 'register_set'] as const
const leftOut = ['credential', 'apikey']

/** Entities are dealt into so many buckets, by a hash of their id. */
export const entityBuckets = 4_096

/** The columns that are compared: two programs of other schemas have nothing to compare. */
export async function readRegisterSchema(sql: Reader): Promise<string> {
  const tables = [...Object.keys(entityTables), ...fieldTables]
  const [row] = await sql<{ schema: string }[]>`
    SELECT encode(sha256(convert_to(string_agg(
      table_name || '.' || column_name || ':' || data_type, ',' ORDER BY table_name, column_name
    ), 'UTF8')), 'hex') AS schema
    FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = ANY(${tables}::text[])
  `
  return row?.schema ?? ''
}

/** One stored field, or one row of an entity. */
export type RegisterDigest = {
  /** 0 … 4,095. */
  readonly bucket: number
  readonly entityId: string
  /** SHA-256 of all that is stored, but the organisation. */
  readonly digest: Uint8Array
}

/** Sums up each field and each row of the entities, or of those in some buckets. */
export async function readRegisterDigests(
  sql: Reader,
  org: OrgId,
  buckets?: readonly number[],
): Promise<readonly RegisterDigest[]> {
  const bucketOf = sql`
    ('x' || left(encode(sha256(uuid_send(entity_id)), 'hex'), 3))::bit(12)::integer
  `
  const parts = [
    ...fieldTables.map(
      (table) => sql`
        SELECT entity_id, (to_jsonb(stored) - 'org_id') || jsonb_build_object('in', ${table}::text) AS value
        FROM ${sql(table)} AS stored
        WHERE org_id = ${org} AND kind <> ALL(${leftOut}::text[])
      `,
    ),
    ...Object.entries(entityTables).map(
      ([table, id]) => sql`
        SELECT ${sql(id)} AS entity_id,
          (to_jsonb(stored) - 'org_id') || jsonb_build_object('in', ${table}::text) AS value
        FROM ${sql(table)} AS stored
        WHERE org_id = ${org}
      `,
    ),
  ]
  const all = parts.reduce((before, part) => sql`${before} UNION ALL ${part}`)
  return sql<RegisterDigest[]>`
    SELECT bucket, entity_id AS "entityId", digest
    FROM (
      SELECT ${bucketOf} AS bucket, entity_id, sha256(convert_to(value::text, 'UTF8')) AS digest
      FROM (${all}) AS stored
    ) AS summed
    WHERE ${buckets === undefined ? sql`TRUE` : sql`bucket = ANY(${[...buckets]}::integer[])`}
  `
}

type Reached = Map<StreamId, number>
type EditRow = {
  readonly stream: StreamId
  readonly seq: number
  readonly bytes: Uint8Array
  readonly recordedAt: string
}

const editsAtOnce = 1_000

/**
 * Makes the registers and rows of some entities again from the edits in the journal, and puts them in
 * place of what is stored. The journal is read before the organisation is held, and only what came since
 * then while it is. `feedsOnly`: in the cloud, whose feeds hold every edit.
 */
export async function remakeEntities(
  db: Db,
  org: OrgId,
  { ids, feedsOnly }: { readonly ids: readonly string[]; readonly feedsOnly: boolean },
): Promise<void> {
  if (ids.length === 0) return
  const wanted = new Set(ids)
  const reached: Reached = new Map()
  const edits = [...(await collectEdits(db, org, { wanted, feedsOnly, reached }))]
  await db.begin(async (tx) => {
    await lockOrg(tx, org)
    edits.push(...(await collectEdits(tx, org, { wanted, feedsOnly, reached })))
    for (const table of fieldTables) {
      await tx`
        DELETE FROM ${tx(table)}
        WHERE org_id = ${org} AND entity_id = ANY(${[...ids]}::uuid[])
          AND kind <> ALL(${leftOut}::text[])
      `
    }
    for (const [table, id] of Object.entries(entityTables)) {
      await tx`
        DELETE FROM ${tx(table)} WHERE org_id = ${org} AND ${tx(id)} = ANY(${[...ids]}::uuid[])
      `
    }
    for (let at = 0; at < edits.length; at += editsAtOnce) {
      await applyFacts(tx, org, edits.slice(at, at + editsAtOnce))
    }
  })
}

async function collectEdits(
  sql: Db | Tx,
  org: OrgId,
  {
    wanted,
    feedsOnly,
    reached,
  }: {
    readonly wanted: ReadonlySet<string>
    readonly feedsOnly: boolean
    readonly reached: Reached
  },
): Promise<readonly AppliedFact[]> {
  const streams = await sql<{ stream: StreamId }[]>`
    SELECT stream FROM stream
    WHERE org_id = ${org} AND (kind = 'feed' OR NOT ${feedsOnly}) AND trust <> 'quarantined'
    ORDER BY stream
  `
  const edits: AppliedFact[] = []
  for (const { stream } of streams) {
    for (;;) {
      const rows = await readEdits(sql, org, { stream, after: reached.get(stream) ?? 0 })
      const last = rows.at(-1)
      if (last === undefined) break
      reached.set(stream, last.seq)
      for (const { bytes, recordedAt } of rows) {
        const read = readFact(bytes)
        if (read.kind !== 'known' || !('entityId' in read.fact.body)) continue
        const isOther = leftOut.some((kind) => read.fact.type === `${kind}.changed`)
        if (isOther || !wanted.has(read.fact.body.entityId)) continue
        edits.push({ fact: read.fact, recordedAt })
      }
    }
  }
  return edits
}

function readEdits(
  sql: Db | Tx,
  org: OrgId,
  { stream, after }: { readonly stream: StreamId; readonly after: number },
) {
  return sql<EditRow[]>`
    SELECT journal.stream, journal.seq, journal.bytes, journal.recorded_at AS "recordedAt"
    FROM journal
    JOIN stream USING (org_id, stream)
    JOIN fact_id AS owner
      ON owner.org_id = journal.org_id AND owner.id = journal.id
      AND owner.stream = journal.stream AND owner.seq = journal.seq
    LEFT JOIN parked
      ON parked.org_id = journal.org_id AND parked.stream = journal.stream
      AND parked.seq = journal.seq
    WHERE journal.org_id = ${org} AND journal.stream = ${stream} AND journal.seq > ${after}
      AND journal.seq <= stream.projected_seq AND journal.type LIKE '%.changed'
      AND parked.seq IS NULL
    ORDER BY journal.seq
    LIMIT ${editsAtOnce}
  `
}

/**
 * Where the feeds of a scope stand, if all of them has been applied; else `undefined`. `all`: and if all of
 * everything else here has been applied too.
 */
export async function findSettledFeeds(
  sql: Reader,
  org: OrgId,
  { scope, all }: { readonly scope: string; readonly all: boolean },
): Promise<
  | readonly { readonly stream: StreamId; readonly seq: number; readonly hash: Uint8Array }[]
  | undefined
> {
  const rows = await sql<
    { stream: StreamId; seq: number; hash: Uint8Array; settled: boolean; isFeed: boolean }[]
  >`
    SELECT stream, head_seq AS seq, head_hash AS hash, projected_seq = head_seq AS settled,
      kind = 'feed' AND split_part(stream, '@', 1) = ${`feed/${scope}`} AS "isFeed"
    FROM stream
    WHERE org_id = ${org} AND trust <> 'quarantined' AND head_seq > 0
    ORDER BY stream
  `
  const isSettled = rows.every(({ settled, isFeed }) => settled || (!all && !isFeed))
  return isSettled ? rows.filter(({ isFeed }) => isFeed) : undefined
}
