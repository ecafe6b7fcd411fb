import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { bytesParameter, type Db, jsonParameter, type Tx } from './db.ts'
import { appendBacklogEvents, type LiveEvent } from './journal/live-sql.ts'
import { parkFacts, readParkedKeys } from './journal/parked-sql.ts'
import type { ReadAhead, ReadRun } from './journal/read-ahead.ts'
import { isAct } from './journal/record-facts.ts'
import { lockOrg } from './journal/stream-sql.ts'
import { resolutionsOf, settleParked } from './parking/settle-parked.ts'
import { type Pending, type ProjectOptions, projectRows } from './project-rows.ts'

// From the journal to the tables. A fact that cannot be projected is parked with its keys, those that
// come later and share a key are parked behind it, and everything else flows.

/** What a call projected. */
export type Projected = {
  /** Facts that are in the tables now and were not before. */
  readonly applied: number
  /** Facts that were parked, or were parked already and still are. */
  readonly parked: number
  /** To push to whoever listens. The transaction that wrote them is committed. */
  readonly events: readonly LiveEvent[]
  /** There is more to do: call again. */
  readonly more: boolean
}

/** As many facts are projected in one transaction, over all streams of an organisation. */
export const projectBatchMax = 1_000

export type PendingOptions = ProjectOptions & {
  readonly batchMax?: number | undefined
  /** What was read when it was journalled, and is not read again. Left out: all is read from the journal. */
  readonly readAhead?: ReadAhead | undefined
}

/**
 * Projects one batch of what waits, over all streams fairly, in a transaction of its own. Call it
 * until `more` is false.
 */
export async function projectPending(
  db: Db,
  org: OrgId,
  options: PendingOptions = {},
): Promise<Projected> {
  return db.begin((tx) => projectPendingIn(tx, org, options))
}

/** As `projectPending`, in the caller's transaction: a store takes facts and shows them at once. */
export async function projectPendingIn(
  tx: Tx,
  org: OrgId,
  { batchMax = projectBatchMax, readAhead, ...options }: PendingOptions = {},
): Promise<Projected> {
  assert(batchMax >= 1, 'a batch takes at least one fact')
  await lockOrg(tx, org)
  const streams = await tx<Waiting[]>`
    SELECT stream, projected_seq AS "projectedSeq"
    FROM stream
    WHERE org_id = ${org} AND projected_seq < head_seq AND trust <> 'quarantined'
    ORDER BY stream
    LIMIT ${batchMax}
  `
  if (streams.length === 0) return { applied: 0, parked: 0, events: [], more: false }
  const perStream = Math.max(1, Math.floor(batchMax / streams.length))
  const runs = streams.flatMap(({ stream, projectedSeq }) => {
    return readAhead?.find(org, stream, projectedSeq) ?? []
  })
  const pending = await readPending(tx, org, { streams, perStream, runs })
  const heldBack = await readParkedKeys(tx, org)
  const done = await projectRows(tx, org, pending, { ...options, heldBack })
  const reached = new Map(pending.map(({ stream, seq }) => [stream, { stream, seq }]))
  await parkFacts(tx, org, done.parked)
  const released = await settleParked(tx, org, resolutionsOf(done.applied), options)
  const waiting = await tx<{ left: number }[]>`
    UPDATE stream
    SET projected_seq = done.seq
    FROM jsonb_to_recordset(${jsonParameter(tx, [...reached.values()])}) AS done
      (stream text, seq bigint)
    WHERE stream.org_id = ${org} AND stream.stream = done.stream
    RETURNING stream.head_seq - stream.projected_seq AS left
  `
  const acts = [...done.acts, ...released.filter(isAct)]
  const left = waiting.reduce((sum, stream) => sum + stream.left, 0)
  const events = await appendBacklogEvents(tx, org, { applied: acts, left })
  return {
    applied: done.applied.length + released.length,
    parked: done.parked.length,
    events,
    more: streams.length === batchMax || left > 0,
  }
}

type Waiting = { readonly stream: StreamId; readonly projectedSeq: number }

/**
 * Reads what waits in some streams, at most `perStream` facts of each. Of facts of `runs` the bytes stay
 * where they are, if the chain in the journal at the run's end is that of the run.
 */
async function readPending(
  tx: Tx,
  org: OrgId,
  {
    streams,
    perStream,
    runs,
  }: {
    readonly streams: readonly Waiting[]
    readonly perStream: number
    readonly runs: readonly ReadRun[]
  },
): Promise<readonly Pending[]> {
  const rows = await tx<(Omit<Pending, 'content'> & { readonly bytes: Uint8Array | null })[]>`
    SELECT next.stream, next.seq, next.type, next.recorded_at AS "recordedAt",
      CASE WHEN next.seq BETWEEN run.first AND run.last THEN NULL ELSE next.bytes END AS bytes,
      owner.stream = next.stream AND owner.seq = next.seq AS owner,
      ARRAY(
        SELECT reach FROM fact_resolution
        WHERE fact_resolution.org_id = ${org} AND fact_resolution.fact_id = next.id
      ) AS reaches
    FROM stream
    LEFT JOIN unnest(
      ${runs.map(({ stream }) => stream)}::text[], ${runs.map(({ first }) => first)}::bigint[],
      ${runs.map(({ last }) => last)}::bigint[],
      ${bytesParameter(
        tx,
        runs.map(({ hash }) => hash),
      )}
    ) AS run (stream, first, last, hash)
      ON run.stream = stream.stream AND run.hash = (
        SELECT hash FROM journal
        WHERE journal.org_id = ${org} AND journal.stream = run.stream AND journal.seq = run.last
      )
    CROSS JOIN LATERAL (
      SELECT stream, seq, id, type, bytes, recorded_at
      FROM journal
      WHERE journal.org_id = stream.org_id AND journal.stream = stream.stream
        AND journal.seq > stream.projected_seq
      ORDER BY journal.seq
      LIMIT ${perStream}
    ) AS next
    CROSS JOIN LATERAL (
      SELECT stream, seq FROM fact_id
      WHERE fact_id.org_id = stream.org_id AND fact_id.id = next.id
      LIMIT 1
    ) AS owner
    WHERE stream.org_id = ${org} AND stream.stream = ANY(${streams.map(({ stream }) => stream)}::text[])
    ORDER BY next.stream, next.seq
  `
  const runOf = new Map(runs.map((run) => [run.stream, run]))
  return rows.map(({ bytes, ...row }) => {
    const content = bytes ?? runOf.get(row.stream)?.at(row.seq)
    assert(content !== undefined, 'bytes are left out where they were read')
    return { ...row, content }
  })
}
