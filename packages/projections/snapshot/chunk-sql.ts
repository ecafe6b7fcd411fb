import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Reader } from '../db.ts'

// Chunks of a snapshot, kept by what they hold: a parent's cache, and what a child fetched so far.

/** A chunk without its bytes. */
export type StoredChunk = {
  readonly stream: StreamId
  readonly from: number
  readonly facts: number
  readonly sha256: Uint8Array
  /** How many packed bytes. */
  readonly size: number
}

/** The chunks that are kept of some streams, in order. */
export async function listChunks(
  sql: Reader,
  org: OrgId,
  streams: readonly StreamId[],
): Promise<readonly StoredChunk[]> {
  return sql<StoredChunk[]>`
    SELECT stream, from_seq AS "from", facts, sha256, octet_length(bytes) AS size
    FROM snapshot_chunk
    WHERE org_id = ${org} AND stream = ANY(${[...streams]}::text[])
    ORDER BY stream, from_seq, facts
  `
}

/** A chunk by its name; `undefined` if it is not kept here. */
export async function findChunk(
  sql: Reader,
  org: OrgId,
  sha256: Uint8Array,
): Promise<{ readonly stream: StreamId; readonly bytes: Uint8Array } | undefined> {
  const [row] = await sql<{ stream: StreamId; bytes: Uint8Array }[]>`
    SELECT stream, bytes FROM snapshot_chunk WHERE org_id = ${org} AND sha256 = ${sha256} LIMIT 1
  `
  return row
}

export type NewChunk = Omit<StoredChunk, 'size'> & {
  readonly bytes: Uint8Array
  readonly madeAt: string
}

/** Keeps a chunk. One that is there already stays. */
export async function saveChunk(sql: Reader, org: OrgId, chunk: NewChunk): Promise<void> {
  const { stream, from, facts, sha256, bytes, madeAt } = chunk
  await sql`
    INSERT INTO snapshot_chunk (org_id, stream, from_seq, facts, sha256, bytes, made_at)
    VALUES (${org}, ${stream}, ${from}, ${facts}, ${sha256}, ${bytes}, ${madeAt})
    ON CONFLICT DO NOTHING
  `
}

/**
 * Forgets chunks that do not end their range of `positions` and were made before a moment: the last range
 * of a stream grows, and each snapshot of it is another chunk. Whoever still wants an old one asks for a
 * new manifest.
 */
export async function forgetShortChunks(
  sql: Reader,
  org: OrgId,
  { positions, before }: { readonly positions: number; readonly before: string },
): Promise<void> {
  await sql`
    DELETE FROM snapshot_chunk
    WHERE org_id = ${org} AND (from_seq + facts - 1) % ${positions}::integer <> 0
      AND made_at < ${before}
  `
}

/** Forgets all chunks of streams of authors: who has loaded them never hands them on. */
export async function forgetAuthorChunks(sql: Reader, org: OrgId): Promise<void> {
  await sql`
    DELETE FROM snapshot_chunk WHERE org_id = ${org} AND NOT starts_with(stream, 'feed/')
  `
}

/** Forgets every chunk: they were not what their manifest promised. */
export async function forgetChunks(sql: Reader, org: OrgId): Promise<void> {
  await sql`DELETE FROM snapshot_chunk WHERE org_id = ${org}`
}

/** What the cloud signed of some streams, at or below where they stand. */
export async function listReceipts(
  sql: Reader,
  org: OrgId,
  heads: readonly { readonly stream: StreamId; readonly seq: number }[],
) {
  return sql<{ stream: StreamId; seq: number; hash: string; at: string; signature: string }[]>`
    SELECT receipt.stream, receipt.seq, encode(receipt.hash, 'hex') AS hash, receipt.at,
      translate(encode(receipt.signature, 'base64'), E'\n', '') AS signature
    FROM head_receipt AS receipt
    JOIN unnest(
      ${heads.map(({ stream }) => stream)}::text[], ${heads.map(({ seq }) => seq)}::bigint[]
    ) AS head (stream, seq) ON head.stream = receipt.stream AND receipt.seq <= head.seq
    WHERE receipt.org_id = ${org}
    ORDER BY receipt.stream
  `
}
