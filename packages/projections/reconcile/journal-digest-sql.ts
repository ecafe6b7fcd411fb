import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import { genesisHash, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { bytesParameter, type Reader, type Tx } from '../db.ts'
import { sha256 } from '../journal/sha256.ts'

// What is stored of a stream, as it is stored: nothing here is taken from a cache.

/** Positions of a stream, both ends taken. */
export type Positions = { readonly stream: StreamId; readonly from: number; readonly to: number }

/** A stored fact, summed up. */
export type DigestRow = {
  readonly seq: number
  /** SHA-256 of the stored bytes. */
  readonly digest: Uint8Array
  /** Whether its hash follows from the row before it and its own bytes. */
  readonly chained: boolean
}

/** Reads the bytes of some positions from the disk, and hashes them there. */
export async function readDigests(
  sql: Reader,
  org: OrgId,
  { stream, from, to }: Positions,
): Promise<readonly DigestRow[]> {
  return sql<DigestRow[]>`
    SELECT seq, digest, chained
    FROM (
      SELECT seq, sha256(bytes) AS digest,
        coalesce(
          sha256(
            CASE
              WHEN seq = 1 THEN ${genesisHash(sha256, stream)}::bytea
              WHEN lag(seq) OVER stream = seq - 1 THEN lag(hash) OVER stream
            END || bytes
          ) = hash,
          false
        ) AS chained
      FROM journal
      WHERE org_id = ${org} AND stream = ${stream} AND seq BETWEEN ${from - 1} AND ${to}
      WINDOW stream AS (ORDER BY seq)
    ) AS read
    WHERE seq >= ${from}
    ORDER BY seq
  `
}

/** A row of the journal: the fact at a position, and the hash that is stored with it. */
export type JournalRow = {
  readonly seq: number
  readonly bytes: Uint8Array
  readonly hash: Uint8Array
}

/** The stored rows of some positions, in order. */
export async function readRows(
  sql: Reader,
  org: OrgId,
  { stream, from, to }: Positions,
): Promise<readonly JournalRow[]> {
  return sql<JournalRow[]>`
    SELECT seq, bytes, hash
    FROM journal
    WHERE org_id = ${org} AND stream = ${stream} AND seq BETWEEN ${from} AND ${to}
    ORDER BY seq
  `
}

/** How large the stored facts of some positions are together. */
export async function countBytes(
  sql: Reader,
  org: OrgId,
  { stream, from, to }: Positions,
): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`
    SELECT coalesce(sum(octet_length(bytes)), 0)::bigint AS bytes
    FROM journal
    WHERE org_id = ${org} AND stream = ${stream} AND seq BETWEEN ${from} AND ${to}
  `
  return row?.bytes ?? 0
}

/**
 * Writes rows over damaged ones, or where one is missing. The caller holds the stream and has proven them
 * by the chain. Nothing is ever deleted but packed copies of the range, which may hold the damage.
 */
export async function writeMended(
  tx: Tx,
  org: OrgId,
  {
    stream,
    rows,
    at,
  }: { readonly stream: StreamId; readonly rows: readonly JournalRow[]; readonly at: string },
): Promise<void> {
  const facts = rows.map(({ bytes }) => {
    const read = readFact(bytes)
    if (read.kind === 'refused') throw new Error('what a chain proves is a fact')
    return read.fact
  })
  await tx`
    WITH mended AS (
      SELECT seq, id, type, bytes, hash
      FROM unnest(
        ${rows.map(({ seq }) => seq)}::bigint[], ${facts.map(({ id }) => id)}::uuid[],
        ${facts.map(({ type }) => type)}::text[],
        ${bytesParameter(
          tx,
          rows.map(({ bytes }) => bytes),
        )},
        ${bytesParameter(
          tx,
          rows.map(({ hash }) => hash),
        )}
      ) AS proven (seq, id, type, bytes, hash)
    ), owned AS (
      INSERT INTO fact_id (org_id, id, stream, seq)
      SELECT ${org}::uuid, id, ${stream}::text, seq FROM mended
      ON CONFLICT (org_id, id) DO NOTHING
    )
    INSERT INTO journal (org_id, stream, seq, id, type, bytes, hash, recorded_at)
    SELECT ${org}::uuid, ${stream}::text, seq, id, type, bytes, hash, ${at}::timestamptz FROM mended
    ON CONFLICT (org_id, stream, seq) DO UPDATE
    SET id = excluded.id, type = excluded.type, bytes = excluded.bytes, hash = excluded.hash
  `
  const first = rows[0]?.seq ?? 1
  const last = rows.at(-1)?.seq ?? 0
  await tx`
    DELETE FROM snapshot_chunk
    WHERE org_id = ${org} AND stream = ${stream} AND from_seq <= ${last}
      AND from_seq + facts - 1 >= ${first}
  `
}

/** How often each bucket of a stream was mended since a moment. */
export async function countRepairs(
  sql: Reader,
  org: OrgId,
  { stream, since }: { readonly stream: StreamId; readonly since: string },
): Promise<ReadonlyMap<number, number>> {
  const rows = await sql<{ bucket: number; repairs: number }[]>`
    SELECT bucket, count(*) AS repairs
    FROM bucket_repair
    WHERE org_id = ${org} AND stream = ${stream} AND at >= ${since}
    GROUP BY bucket
  `
  return new Map(rows.map(({ bucket, repairs }) => [bucket, repairs]))
}

/** Takes note that a bucket was mended, or that it was tried. */
export async function noteRepair(
  sql: Reader,
  org: OrgId,
  {
    stream,
    bucket,
    at,
  }: { readonly stream: StreamId; readonly bucket: number; readonly at: string },
): Promise<void> {
  await sql`
    INSERT INTO bucket_repair (org_id, stream, bucket, at)
    VALUES (${org}, ${stream}, ${bucket}, ${at})
    ON CONFLICT DO NOTHING
  `
}

/** Up to where each stream was compared. */
export async function listCuts(sql: Reader, org: OrgId): Promise<ReadonlyMap<StreamId, number>> {
  const rows = await sql<{ stream: StreamId; seq: number }[]>`
    SELECT stream, seq FROM reconciled_cut WHERE org_id = ${org}
  `
  return new Map(rows.map(({ stream, seq }) => [stream, seq]))
}

/** Takes note of how far a stream was compared and found, or made, the same. */
export async function noteCut(
  sql: Reader,
  org: OrgId,
  { stream, seq }: { readonly stream: StreamId; readonly seq: number },
): Promise<void> {
  await sql`
    INSERT INTO reconciled_cut (org_id, stream, seq) VALUES (${org}, ${stream}, ${seq})
    ON CONFLICT (org_id, stream) DO UPDATE SET seq = excluded.seq
  `
}

/** A fact whose id another position owns, beside the fact that is there. */
export type IdTwice = {
  readonly stream: StreamId
  readonly seq: number
  readonly id: string
  readonly bytes: Uint8Array
  readonly firstBytes: Uint8Array
}

/**
 * Facts of an id that was seen before: sealed again in another epoch, they say the same and count once.
 * `after` is the place of the last one that was read.
 */
export async function listIdsTwice(
  sql: Reader,
  org: OrgId,
  {
    after,
    limit,
  }: {
    readonly after?: { readonly stream: StreamId; readonly seq: number }
    readonly limit: number
  },
): Promise<readonly IdTwice[]> {
  return sql<IdTwice[]>`
    SELECT second.stream, second.seq, second.id, second.bytes, first.bytes AS "firstBytes"
    FROM journal AS second
    JOIN fact_id AS owner ON owner.org_id = second.org_id AND owner.id = second.id
    JOIN journal AS first
      ON first.org_id = owner.org_id AND first.stream = owner.stream AND first.seq = owner.seq
    WHERE second.org_id = ${org} AND (owner.stream <> second.stream OR owner.seq <> second.seq)
      AND (second.stream, second.seq) > (${after?.stream ?? ''}, ${after?.seq ?? 0})
    ORDER BY second.stream, second.seq
    LIMIT ${limit}
  `
}
