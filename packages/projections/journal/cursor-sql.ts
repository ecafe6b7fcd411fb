import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Reader, Tx } from '../db.ts'

// What each peer has told us it holds for good. Two watermarks: what the peer itself acknowledged, and
// what the cloud has, as the peer heard it.

export type Ack = {
  readonly stream: StreamId
  readonly seq: number
  /** The hash of the chain at `seq`, as the peer computed it. */
  readonly hash?: Uint8Array | undefined
}

export type PeerCursor = {
  readonly stream: StreamId
  readonly ackedSeq: number
  readonly ackedHash: Uint8Array | null
  readonly cloudSeq: number
}

/** Takes note of what a peer holds. A cursor only moves up: an old answer changes nothing. */
export async function markAcked(
  tx: Tx | Reader,
  org: OrgId,
  { peer, acks }: { readonly peer: string; readonly acks: readonly Ack[] },
): Promise<void> {
  for (const { stream, seq, hash } of acks) {
    await tx`
      INSERT INTO peer_cursor AS cursor (org_id, peer, stream, acked_seq, acked_hash)
      VALUES (${org}, ${peer}, ${stream}, ${seq}, ${hash ?? null})
      ON CONFLICT (org_id, peer, stream) DO UPDATE
      SET acked_seq = excluded.acked_seq, acked_hash = excluded.acked_hash
      WHERE cursor.acked_seq < excluded.acked_seq
    `
  }
}

/**
 * Takes note that a peer, and so the cloud through it, lost what it held: it came back from a backup. Only
 * a peer that was just compared with says so; what it lost is sent again.
 */
export async function lowerAcked(
  tx: Tx | Reader,
  org: OrgId,
  { peer, acks }: { readonly peer: string; readonly acks: readonly Ack[] },
): Promise<void> {
  for (const { stream, seq, hash } of acks) {
    await tx`
      UPDATE peer_cursor
      SET acked_seq = ${seq}, acked_hash = ${hash ?? null}, cloud_seq = least(cloud_seq, ${seq})
      WHERE org_id = ${org} AND peer = ${peer} AND stream = ${stream} AND acked_seq > ${seq}
    `
  }
}

/** Takes note of what the cloud holds, as a peer says it. It only moves up. */
export async function markCloudHas(
  tx: Tx | Reader,
  org: OrgId,
  { peer, acks }: { readonly peer: string; readonly acks: readonly Ack[] },
): Promise<void> {
  for (const { stream, seq } of acks) {
    await tx`
      INSERT INTO peer_cursor AS cursor (org_id, peer, stream, cloud_seq)
      VALUES (${org}, ${peer}, ${stream}, ${seq})
      ON CONFLICT (org_id, peer, stream) DO UPDATE
      SET cloud_seq = greatest(cursor.cloud_seq, excluded.cloud_seq)
    `
  }
}

/** What a peer has told us, by stream. */
export async function listCursors(
  sql: Reader,
  org: OrgId,
  peer: string,
): Promise<readonly PeerCursor[]> {
  return sql<PeerCursor[]>`
    SELECT stream, acked_seq AS "ackedSeq", acked_hash AS "ackedHash", cloud_seq AS "cloudSeq"
    FROM peer_cursor
    WHERE org_id = ${org} AND peer = ${peer}
    ORDER BY stream
  `
}

/** How much of our author streams a peer does not have yet. */
export type Unacknowledged = {
  readonly facts: number
  /** When the oldest of them was recorded here; null where there is none. */
  readonly oldestAt: string | null
}

/** Author streams of which `peer` lacks facts (`waiting`), each with the first that it lacks (`journal`). */
const waitingStreams = (sql: Reader, org: OrgId, peer: string) => sql`
  (
    SELECT stream.stream, coalesce(cursor.acked_seq, 0) AS acked_seq,
      stream.head_seq - coalesce(cursor.acked_seq, 0) AS facts
    FROM stream
    LEFT JOIN peer_cursor AS cursor
      ON cursor.org_id = stream.org_id AND cursor.stream = stream.stream AND cursor.peer = ${peer}
    WHERE stream.org_id = ${org} AND stream.kind = 'author'
      AND stream.head_seq > coalesce(cursor.acked_seq, 0)
  ) AS waiting
  LEFT JOIN journal
    ON journal.org_id = ${org} AND journal.stream = waiting.stream
    AND journal.seq = waiting.acked_seq + 1
`

/** Counts the facts of author streams that `peer` has not acknowledged, and finds the oldest. */
export async function countUnacknowledged(
  sql: Reader,
  org: OrgId,
  peer: string,
): Promise<Unacknowledged> {
  const [row] = await sql<{ facts: number; oldestAt: string | null }[]>`
    SELECT coalesce(sum(waiting.facts), 0)::bigint AS facts, min(journal.recorded_at) AS "oldestAt"
    FROM ${waitingStreams(sql, org, peer)}
  `
  return { facts: row?.facts ?? 0, oldestAt: row?.oldestAt ?? null }
}

/** What a peer does not have yet of one author's streams. */
export type Waiting = Unacknowledged & { readonly author: string }

/** As `countUnacknowledged`, for each author that has facts waiting. */
export async function listUnacknowledged(
  sql: Reader,
  org: OrgId,
  peer: string,
): Promise<readonly Waiting[]> {
  return sql<Waiting[]>`
    SELECT split_part(waiting.stream, ':', 1) AS author, sum(waiting.facts)::bigint AS facts,
      min(journal.recorded_at) AS "oldestAt"
    FROM ${waitingStreams(sql, org, peer)}
    GROUP BY 1
    ORDER BY 1
  `
}
