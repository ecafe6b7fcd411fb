import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Reader } from '../db.ts'
import { countUnacknowledged } from './cursor-sql.ts'
import { countParked } from './parked-sql.ts'
import type { Trust } from './stream-sql.ts'

export type StreamStatus = {
  readonly stream: string
  readonly headSeq: number
  /** Hexadecimal. */
  readonly headHash: string
  readonly projectedSeq: number
  /** What the cloud holds of it for good, as far as we heard; in the cloud, all that is there. */
  readonly cloudSeq: number
  readonly trust: Trust
}

export type JournalStatus = {
  /** Facts held here that the parent does not have yet. */
  readonly unacknowledged: number
  readonly oldestUnacknowledgedAt: string | null
  readonly parked: number
  readonly streams: readonly StreamStatus[]
}

/**
 * How the journal stands towards `parent`, the peer that facts travel up to; `undefined` where this is
 * the top.
 */
export async function readJournalStatus(
  sql: Reader,
  org: OrgId,
  parent: string | undefined,
): Promise<JournalStatus> {
  const [streams, parked, waiting] = await Promise.all([
    sql<StreamStatus[]>`
      SELECT stream.stream, stream.head_seq AS "headSeq",
        encode(stream.head_hash, 'hex') AS "headHash", stream.projected_seq AS "projectedSeq",
        CASE
          WHEN ${parent === undefined} OR stream.kind = 'feed' THEN stream.head_seq
          ELSE greatest(coalesce(cursor.cloud_seq, 0), coalesce(cursor.acked_seq, 0))
        END AS "cloudSeq",
        stream.trust
      FROM stream
      LEFT JOIN peer_cursor AS cursor
        ON cursor.org_id = stream.org_id AND cursor.stream = stream.stream
        AND cursor.peer = ${parent ?? ''}
      WHERE stream.org_id = ${org}
      ORDER BY stream.stream
    `,
    countParked(sql, org),
    parent === undefined ? { facts: 0, oldestAt: null } : countUnacknowledged(sql, org, parent),
  ])
  return {
    unacknowledged: waiting.facts,
    oldestUnacknowledgedAt: waiting.oldestAt,
    parked,
    streams,
  }
}
