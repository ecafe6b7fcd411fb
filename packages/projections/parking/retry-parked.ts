import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { holdingReasons, type ParkReason } from '@tillkeeper/core/parking/resolve-fact.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { AppliedFact } from '../apply/applied-fact.ts'
import { type Db, jsonParameter, type Tx } from '../db.ts'
import { appendLiveEvents, type LiveEvent } from '../journal/live-sql.ts'
import { parkFacts, unparkFacts } from '../journal/parked-sql.ts'
import { isAct } from '../journal/record-facts.ts'
import { lockOrg } from '../journal/stream-sql.ts'
import { type Blocker, type Pending, type ProjectOptions, projectRows } from '../project-rows.ts'

// Parked facts are tried again in the order in which they came. What goes through leaves the list, and
// lets what waited behind it go on; what fails stays, one try older. Trying is always safe.

/** Which parked facts to try. Whatever waits behind those that go through is tried with them. */
export type RetryOf =
  | { readonly kind: 'all' }
  | { readonly kind: 'reason'; readonly reason: ParkReason }
  | { readonly kind: 'fact'; readonly factId: string }

export type Retried = {
  readonly applied: number
  /** Facts that were tried and are still parked. */
  readonly parked: number
  /** To push to whoever listens. The transaction that wrote them is committed. */
  readonly events: readonly LiveEvent[]
}

/** As many facts are tried in one transaction. */
const retryBatchMax = 1_000
/** As many facts that waited are let go in one transaction; the rest go with the next retry. */
const releasedMax = 50_000

/** Tries parked facts again: all, those of one reason, or one. It ends with the list. */
export async function retryParked(
  db: Db,
  org: OrgId,
  {
    of = { kind: 'all' },
    batchMax = retryBatchMax,
    ...options
  }: ProjectOptions & { readonly of?: RetryOf; readonly batchMax?: number } = {},
): Promise<Retried> {
  assert(batchMax >= 1, 'a batch takes at least one fact')
  let applied = 0
  let parked = 0
  const events: LiveEvent[] = []
  let after: Place | undefined
  do {
    const from: Place | undefined = after
    const done = await db.begin(async (tx) => {
      await lockOrg(tx, org)
      const rows = await listTried(tx, org, { of, after: from, limit: batchMax })
      const tried = await tryRows(tx, org, rows, options)
      const released = await releaseBehind(tx, org, keysOf(tried.applied), options)
      return {
        applied: tried.applied.length + released.length,
        parked: tried.parked,
        events: await appendLiveEvents(tx, org, [...tried.acts, ...released.filter(isAct)]),
        after: rows.length < batchMax ? undefined : placeOf(rows.at(-1)),
      }
    })
    applied += done.applied
    parked += done.parked
    events.push(...done.events)
    after = done.after
  } while (after !== undefined)
  return { applied, parked, events }
}

/**
 * Lets what waited behind these keys go on, in order, until nothing more goes through. The caller holds
 * the organisation. Returns what was applied.
 */
export async function releaseBehind(
  tx: Tx,
  org: OrgId,
  keys: ReadonlySet<string>,
  options: ProjectOptions = {},
): Promise<readonly AppliedFact[]> {
  const released: AppliedFact[] = []
  let free = keys
  while (free.size > 0 && released.length < releasedMax) {
    const rows = await listWaiting(tx, org, free)
    if (rows.length === 0) break
    const { applied } = await tryRows(tx, org, rows, options)
    released.push(...applied)
    free = keysOf(applied)
  }
  return released
}

function keysOf(facts: readonly AppliedFact[]): ReadonlySet<string> {
  return new Set(facts.flatMap(({ fact }) => fact.keys))
}

/** Where a parked fact stands in the order in which they came. */
type Place = { readonly firstAt: string; readonly stream: StreamId; readonly seq: number }
type Parked = Pending & { readonly firstAt: string; readonly keys: readonly string[] }

const placeOf = (row: Parked | undefined): Place | undefined =>
  row === undefined ? undefined : { firstAt: row.firstAt, stream: row.stream, seq: row.seq }

function comesBefore(a: Place, b: Place): boolean {
  if (a.firstAt !== b.firstAt) return a.firstAt < b.firstAt
  return a.stream === b.stream ? a.seq < b.seq : a.stream < b.stream
}

async function tryRows(
  tx: Tx,
  org: OrgId,
  rows: readonly Parked[],
  options: ProjectOptions,
): Promise<{ applied: readonly AppliedFact[]; acts: readonly AppliedFact[]; parked: number }> {
  const blockers = await listBlockers(tx, org, rows)
  const done = await projectRows(tx, org, interleave(rows, blockers), {
    ...options,
    heldBack: new Set(),
  })
  await parkFacts(tx, org, done.parked)
  const still = new Set(done.parked.map(({ stream, seq }) => `${stream}#${seq}`))
  const gone = rows.filter(({ stream, seq }) => !still.has(`${stream}#${seq}`))
  await unparkFacts(
    tx,
    org,
    gone.map(({ stream, seq }) => ({ stream, seq })),
  )
  return { applied: done.applied, acts: done.acts, parked: done.parked.length }
}

/** Puts each blocker before the rows that it holds back. Both are in order. */
function interleave(
  rows: readonly Parked[],
  blockers: readonly (Place & { readonly key: string })[],
): readonly (Pending | Blocker)[] {
  const merged: (Pending | Blocker)[] = []
  let next = 0
  for (const row of rows) {
    for (let blocker = blockers[next]; blocker !== undefined; blocker = blockers[next]) {
      if (!comesBefore(blocker, row)) break
      merged.push({ blocks: [blocker.key] })
      next += 1
    }
    merged.push(row)
  }
  return merged
}

/** For each key of `rows`, the first of the parked facts that hold it and are not tried. */
async function listBlockers(tx: Tx, org: OrgId, rows: readonly Parked[]) {
  const keys = [...new Set(rows.flatMap((row) => row.keys))]
  if (keys.length === 0) return []
  const places = rows.map(({ stream, seq }) => ({ stream, seq }))
  return tx<(Place & { key: string })[]>`
    SELECT key, first_at AS "firstAt", stream, seq
    FROM (
      SELECT DISTINCT ON (key) key, parked.first_at, parked.stream, parked.seq
      FROM parked
      CROSS JOIN LATERAL unnest(parked.keys) AS key
      LEFT JOIN jsonb_to_recordset(${jsonParameter(tx, places)}) AS tried (stream text, seq bigint)
        ON tried.stream = parked.stream AND tried.seq = parked.seq
      WHERE parked.org_id = ${org} AND parked.reason = ANY(${holdingReasons}::text[])
        AND tried.seq IS NULL
        AND parked.keys && ${keys}::text[] AND key = ANY(${keys}::text[])
      ORDER BY key, parked.first_at, parked.stream, parked.seq
    ) AS first
    ORDER BY first_at, stream, seq
  `
}

async function listTried(
  tx: Tx,
  org: OrgId,
  {
    of,
    after,
    limit,
  }: { readonly of: RetryOf; readonly after: Place | undefined; readonly limit: number },
): Promise<readonly Parked[]> {
  const asked =
    of.kind === 'all'
      ? tx`TRUE`
      : of.kind === 'reason'
        ? tx`reason = ${of.reason}`
        : tx`fact_id = ${of.factId}`
  const from =
    after === undefined
      ? tx`TRUE`
      : tx`(first_at, stream, seq) > (${after.firstAt}, ${after.stream}, ${after.seq})`
  return readParked(tx, org, tx`${asked} AND ${from}`, limit)
}

async function listWaiting(tx: Tx, org: OrgId, keys: ReadonlySet<string>) {
  const free = [...keys]
  return readParked(tx, org, tx`reason = 'behind' AND keys && ${free}::text[]`, retryBatchMax)
}

function readParked(tx: Tx, org: OrgId, where: ReturnType<Tx>, limit: number) {
  return tx<Parked[]>`
    SELECT journal.stream, journal.seq, journal.type, journal.bytes AS content, journal.recorded_at AS "recordedAt",
      owner.stream = journal.stream AND owner.seq = journal.seq AS owner,
      ARRAY(
        SELECT reach FROM fact_resolution
        WHERE org_id = ${org} AND fact_resolution.fact_id = waiting.fact_id
      ) AS reaches,
      waiting.first_at AS "firstAt", waiting.keys
    FROM (
      SELECT org_id, stream, seq, fact_id, first_at, keys
      FROM parked
      WHERE org_id = ${org} AND ${where}
      ORDER BY first_at, stream, seq
      LIMIT ${limit}
    ) AS waiting
    JOIN journal USING (org_id, stream, seq)
    JOIN fact_id AS owner ON owner.org_id = waiting.org_id AND owner.id = waiting.fact_id
    ORDER BY waiting.first_at, waiting.stream, waiting.seq
  `
}
