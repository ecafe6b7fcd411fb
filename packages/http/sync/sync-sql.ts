import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Reader } from '@tillkeeper/projections/db.ts'
import { streamsMax } from '@tillkeeper/sync/message/messages.ts'
import type { Copy } from '@tillkeeper/sync/parent/answer-hello.ts'

type CopyRow = Copy & { readonly stream: StreamId }

/**
 * Where this server's copies of author streams stand. `cloudPeer` is the peer whose word is the cloud's;
 * without one this server is the cloud, and has what it has.
 */
export async function findCopies(
  sql: Reader,
  org: OrgId,
  { streams, cloudPeer }: { readonly streams: readonly StreamId[]; readonly cloudPeer?: string },
): Promise<ReadonlyMap<StreamId, Copy>> {
  const rows = await sql<CopyRow[]>`
    SELECT stream.stream, stream.head_seq AS seq, stream.head_hash AS hash, stream.trust,
      CASE
        WHEN ${cloudPeer === undefined} THEN stream.head_seq
        -- No more than we hold: what was restored from a backup forgot, the cursor did not.
        ELSE least(stream.head_seq, coalesce(cursor.acked_seq, 0))
      END AS "cloudSeq"
    FROM stream
    LEFT JOIN peer_cursor AS cursor
      ON cursor.org_id = stream.org_id AND cursor.stream = stream.stream
      AND cursor.peer = ${cloudPeer ?? ''}
    WHERE stream.org_id = ${org} AND stream.stream = ANY(${[...streams]}::text[])
  `
  return new Map(rows.map(({ stream, ...copy }) => [stream, copy]))
}

/**
 * Streams of some authors that this server holds and that are not among `said`. It is the cloud that is
 * asked, so it has what it has.
 */
export async function findUnsaid(
  sql: Reader,
  org: OrgId,
  { authors, said }: { readonly authors: readonly string[]; readonly said: readonly StreamId[] },
): Promise<readonly CopyRow[]> {
  return sql<CopyRow[]>`
    SELECT stream, head_seq AS seq, head_hash AS hash, trust, head_seq AS "cloudSeq"
    FROM stream
    WHERE org_id = ${org} AND kind = 'author' AND head_seq > 0 AND trust <> 'quarantined'
      AND split_part(stream, ':', 1) = ANY(${[...authors]}::text[])
      AND stream <> ALL(${[...said]}::text[])
    ORDER BY stream
    LIMIT ${streamsMax}
  `
}

/** A feed that this server holds. */
export type FeedHead = {
  readonly stream: StreamId
  readonly seq: number
  readonly hash: Uint8Array
}

/** The feeds of some scopes, in all their epochs. A scope that has no feed yet is left out. */
export async function findFeeds(
  sql: Reader,
  org: OrgId,
  scopes: readonly string[],
): Promise<readonly FeedHead[]> {
  return sql<FeedHead[]>`
    SELECT stream, head_seq AS seq, head_hash AS hash
    FROM stream
    WHERE org_id = ${org} AND kind = 'feed' AND trust <> 'quarantined'
      AND split_part(stream, '@', 1) = ANY(${scopes.map((scope) => `feed/${scope}`)}::text[])
    ORDER BY stream
    LIMIT ${streamsMax}
  `
}

/** Up to where the cloud has an author's streams, as it told this server. */
export async function listCloudPositions(
  sql: Reader,
  org: OrgId,
  { author, cloudPeer }: { readonly author: string; readonly cloudPeer: string },
): Promise<readonly { readonly stream: StreamId; readonly seq: number }[]> {
  return sql<{ stream: StreamId; seq: number }[]>`
    SELECT stream.stream, least(stream.head_seq, cursor.acked_seq) AS seq
    FROM peer_cursor AS cursor
    JOIN stream ON stream.org_id = cursor.org_id AND stream.stream = cursor.stream
    WHERE cursor.org_id = ${org} AND cursor.peer = ${cloudPeer}
      AND starts_with(cursor.stream, ${`${author}:`})
    ORDER BY stream.stream
    LIMIT ${streamsMax}
  `
}

/** Facts of a branch that does not fit the copy held here. */
export type ForkedPart = {
  readonly org: OrgId
  readonly stream: StreamId
  readonly from: number
  /** The hash of the branch at each of `facts`. */
  readonly hashes: readonly Uint8Array[]
  readonly facts: readonly Uint8Array[]
  readonly peer: string
  readonly recordedAt: string
}

/** As many facts of other branches are kept of one stream; the child keeps the rest. */
const forkedFactsMax = 10_000

/** Keeps a branch apart from the journal: nothing is projected from it, and nothing of it is lost. */
export async function keepFork(sql: Reader, part: ForkedPart): Promise<void> {
  const rows = part.facts.map((bytes, index) => ({
    seq: part.from + index,
    bytes: Buffer.from(bytes).toString('hex'),
    hash: Buffer.from(part.hashes[index] ?? bytes).toString('hex'),
  }))
  await sql`
    INSERT INTO forked_fact (org_id, stream, seq, hash, bytes, peer, recorded_at)
    SELECT ${part.org}::uuid, ${part.stream}::text, seq, decode(hash, 'hex'), decode(bytes, 'hex'),
      ${part.peer}::text, ${part.recordedAt}::timestamptz
    FROM jsonb_to_recordset(${sql.json(rows)}) AS forked (seq bigint, hash text, bytes text)
    WHERE (
      SELECT count(*) FROM forked_fact
      WHERE org_id = ${part.org}::uuid AND stream = ${part.stream}::text
    ) < ${forkedFactsMax}
    ON CONFLICT (org_id, stream, seq, hash) DO NOTHING
  `
}
