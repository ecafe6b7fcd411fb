import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import postgres from 'postgres'
import type { AppliedFact } from './apply/applied-fact.ts'
import { applyFacts } from './apply/apply-facts.ts'
import { type Db, jsonParameter, type Tx } from './db.ts'
import { appendLiveEvents, type LiveEvent } from './journal/live-sql.ts'
import {
  holdingReasons,
  type ParkReason,
  type ParkRow,
  parkFacts,
  readParkedKeys,
  unparkFacts,
} from './journal/parked-sql.ts'
import { isAct } from './journal/record-facts.ts'
import { lockOrg } from './journal/stream-sql.ts'

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

/** A row of the journal that waits for the tables. */
type Pending = {
  readonly stream: StreamId
  readonly seq: number
  readonly bytes: Uint8Array
  readonly recordedAt: string
  /** Whether this position owns the effect of the fact's id. */
  readonly owner: boolean
}

/**
 * Projects one batch of what waits, over all streams fairly, in a transaction of its own. Call it
 * until `more` is false.
 */
export async function projectPending(
  db: Db,
  org: OrgId,
  { batchMax = projectBatchMax }: { readonly batchMax?: number } = {},
): Promise<Projected> {
  return db.begin((tx) => projectPendingIn(tx, org, { batchMax }))
}

/** As `projectPending`, in the caller's transaction: a store takes facts and shows them at once. */
export async function projectPendingIn(
  tx: Tx,
  org: OrgId,
  { batchMax = projectBatchMax }: { readonly batchMax?: number } = {},
): Promise<Projected> {
  assert(batchMax >= 1, 'a batch takes at least one fact')
  await lockOrg(tx, org)
  const streams = await tx<{ stream: StreamId }[]>`
    SELECT stream
    FROM stream
    WHERE org_id = ${org} AND projected_seq < head_seq AND trust <> 'quarantined'
    ORDER BY stream
    LIMIT ${batchMax}
  `
  if (streams.length === 0) return { applied: 0, parked: 0, events: [], more: false }
  const perStream = Math.max(1, Math.floor(batchMax / streams.length))
  const pending = await tx<Pending[]>`
    SELECT next.stream, next.seq, next.bytes, next.recorded_at AS "recordedAt",
      owner.stream = next.stream AND owner.seq = next.seq AS owner
    FROM stream
    CROSS JOIN LATERAL (
      SELECT stream, seq, id, bytes, recorded_at
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
  const done = await projectRows(tx, org, pending)
  const reached = new Map(pending.map(({ stream, seq }) => [stream, { stream, seq }]))
  await parkFacts(tx, org, done.parked)
  const waiting = await tx<{ more: boolean }[]>`
    UPDATE stream
    SET projected_seq = done.seq
    FROM jsonb_to_recordset(${jsonParameter(tx, [...reached.values()])}) AS done
      (stream text, seq bigint)
    WHERE stream.org_id = ${org} AND stream.stream = done.stream
    RETURNING stream.projected_seq < stream.head_seq AS more
  `
  const events = await appendLiveEvents(tx, org, done.acts)
  return {
    applied: done.applied,
    parked: done.parked.length,
    events,
    more: streams.length === batchMax || waiting.some(({ more }) => more),
  }
}

/**
 * Tries parked facts again, oldest first, after a newer program was installed or what they waited for
 * came. Those that go through leave the list; the others stay, one try older.
 */
export async function retryParked(
  db: Db,
  org: OrgId,
  { batchMax = projectBatchMax }: { readonly batchMax?: number } = {},
): Promise<Projected> {
  return db.begin(async (tx) => {
    await lockOrg(tx, org)
    const rows = await tx<Pending[]>`
      SELECT journal.stream, journal.seq, journal.bytes, journal.recorded_at AS "recordedAt",
        owner.stream = journal.stream AND owner.seq = journal.seq AS owner
      FROM (
        SELECT org_id, stream, seq, fact_id, first_at
        FROM parked
        WHERE org_id = ${org}
        ORDER BY first_at, stream, seq
        LIMIT ${batchMax}
      ) AS waiting
      JOIN journal USING (org_id, stream, seq)
      JOIN fact_id AS owner ON owner.org_id = waiting.org_id AND owner.id = waiting.fact_id
      ORDER BY waiting.first_at, waiting.stream, waiting.seq
    `
    // They stand in nobody's way while they are tried: whoever fails is parked again, and holds back
    // those that come after it.
    const places = rows.map(({ stream, seq }) => ({ stream, seq }))
    const before = await holdBack(tx, org, places)
    const done = await projectRows(tx, org, rows, before)
    await parkFacts(tx, org, done.parked)
    const still = new Set(done.parked.map(({ stream, seq }) => `${stream}#${seq}`))
    await unparkFacts(
      tx,
      org,
      places.filter(({ stream, seq }) => !still.has(`${stream}#${seq}`)),
    )
    const events = await appendLiveEvents(tx, org, done.acts)
    return { applied: done.applied, parked: done.parked.length, events, more: false }
  })
}

/** The keys that parked facts other than these hold back. */
async function holdBack(
  tx: Tx,
  org: OrgId,
  places: readonly { readonly stream: StreamId; readonly seq: number }[],
): Promise<Set<string>> {
  const rows = await tx<{ key: string }[]>`
    SELECT DISTINCT unnest(parked.keys) AS key
    FROM parked
    LEFT JOIN jsonb_to_recordset(${jsonParameter(tx, places)}) AS tried (stream text, seq bigint)
      ON tried.stream = parked.stream AND tried.seq = parked.seq
    WHERE parked.org_id = ${org} AND parked.reason = ANY(${holdingReasons}::text[])
      AND tried.seq IS NULL
  `
  return new Set(rows.map(({ key }) => key))
}

type Done = {
  readonly applied: number
  readonly acts: readonly AppliedFact[]
  readonly parked: readonly ParkRow[]
}

async function projectRows(
  tx: Tx,
  org: OrgId,
  rows: readonly Pending[],
  heldBack?: ReadonlySet<string>,
): Promise<Done> {
  const keys = heldBack ?? (await readParkedKeys(tx, org))
  const sorted = sortRows(rows, new Set(keys))
  const together = await tryApply(tx, org, sorted.ready)
  if (together.ok) {
    return { applied: sorted.ready.length, acts: together.acts, parked: sorted.parked }
  }
  return projectOneByOne(tx, org, rows, new Set(keys))
}

type Sorted = { readonly ready: readonly AppliedFact[]; readonly parked: readonly ParkRow[] }

/** Reads rows in order, and tells those that can be applied from those to park. */
function sortRows(rows: readonly Pending[], heldBack: Set<string>): Sorted {
  const ready: AppliedFact[] = []
  const parked: ParkRow[] = []
  for (const row of rows) {
    const read = readRow(row, heldBack)
    if (read.kind === 'ready') ready.push(read.applied)
    if (read.kind === 'park') parked.push(read.park)
  }
  return { ready, parked }
}

type Read =
  | { readonly kind: 'ready'; readonly applied: AppliedFact<KnownFact> }
  | { readonly kind: 'park'; readonly park: ParkRow }
  /** Another position owns its effect. */
  | { readonly kind: 'done' }

/** What to do with a row. One that is parked adds its keys to those that hold back what follows. */
function readRow(row: Pending, heldBack: Set<string>): Read {
  const { stream, seq, recordedAt } = row
  const read = readFact(row.bytes)
  assert(read.kind !== 'refused', 'the journal holds facts only')
  if (!row.owner) return { kind: 'done' }
  const { fact } = read
  const park = (reason: ParkReason): Read => {
    if (holdingReasons.includes(reason)) for (const key of fact.keys) heldBack.add(key)
    const { id, keys } = fact
    const where = { stream, seq, factId: id, keys, firstAt: recordedAt }
    return { kind: 'park', park: { ...where, reason, detail: `${fact.type} ${fact.v}` } }
  }
  if (read.kind === 'unknown') return park('unknown_type')
  if (read.kind === 'malformed') return park('bad_body')
  if (fact.keys.some((key) => heldBack.has(key))) return park('behind')
  return { kind: 'ready', applied: { fact: read.fact, recordedAt } }
}

type Tried =
  | { readonly ok: true; readonly acts: readonly AppliedFact[] }
  | { readonly ok: false; readonly detail: string }

/** Applies facts behind a savepoint: whole, or nothing of them where one cannot be. */
async function tryApply(tx: Tx, org: OrgId, facts: readonly AppliedFact[]): Promise<Tried> {
  try {
    const acts = await tx.savepoint((inner) => applyFacts(inner as Tx, org, facts))
    return { ok: true, acts: acts.filter(isAct) }
  } catch (error) {
    // What the database says of a value, or our own code of a fact, parks the fact. What it says of
    // itself (no connection, no space, shutting down) is nobody's fault here, and is tried again later.
    const detail = faultOfFact(error)
    if (detail === undefined) throw error
    return { ok: false, detail }
  }
}

// Classes of SQLSTATE that a value can cause: data exception, integrity constraint, raised.
const factFaults = ['21', '22', '23', 'P0']

function faultOfFact(error: unknown): string | undefined {
  if (error instanceof postgres.PostgresError) {
    if (!factFaults.includes(error.code.slice(0, 2))) return undefined
    return [error.code, error.table_name, error.constraint_name].filter(Boolean).join(' ')
  }
  if (error instanceof Error && 'code' in error) return undefined // A fault of the wire.
  return error instanceof Error ? error.name : undefined
}

async function projectOneByOne(
  tx: Tx,
  org: OrgId,
  rows: readonly Pending[],
  heldBack: Set<string>,
): Promise<Done> {
  const acts: AppliedFact[] = []
  const parked: ParkRow[] = []
  let applied = 0
  for (const row of rows) {
    const read = readRow(row, heldBack)
    if (read.kind === 'park') parked.push(read.park)
    if (read.kind !== 'ready') continue
    const tried = await tryApply(tx, org, [read.applied])
    if (tried.ok) {
      applied += 1
      acts.push(...tried.acts)
      continue
    }
    const { fact } = read.applied
    for (const key of fact.keys) heldBack.add(key)
    parked.push({
      stream: row.stream,
      seq: row.seq,
      factId: fact.id,
      keys: fact.keys,
      reason: 'apply_failed',
      detail: tried.detail,
      firstAt: row.recordedAt,
    })
  }
  return { applied, acts, parked }
}
