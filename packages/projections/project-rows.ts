import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { holdingReasons, type ParkReason, reachOf } from '@tillkeeper/core/parking/resolve-fact.ts'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { type ReadFact, readFact } from '@tillkeeper/facts/read-fact.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import postgres from 'postgres'
import type { AppliedFact } from './apply/applied-fact.ts'
import { applyFacts } from './apply/apply-facts.ts'
import type { Tx } from './db.ts'
import { mergeNodeClock } from './journal/node-clock-sql.ts'
import type { ParkRow } from './journal/parked-sql.ts'
import type { FoundFact } from './journal/read-part.ts'
import { isAct } from './journal/record-facts.ts'
import { isEditFromBelow, judgeEdit } from './registers/judge-edit.ts'
import { type KnownOfEdits, readKnownOfEdits } from './registers/known-of-edits-sql.ts'

// Rows of the journal become rows of the tables, or are parked. In order: what is parked holds back what
// comes after it and shares a key, and nothing else.

/** A row of the journal that waits for the tables. */
export type Pending = {
  readonly stream: StreamId
  readonly seq: number
  readonly type: string
  /** As sealed; or what these bytes turned out to be, where they were read already. */
  readonly content: Uint8Array | FoundFact
  readonly recordedAt: string
  /** Whether this position owns the effect of the fact's id. */
  readonly owner: boolean
  /** Whose facts those may settle who settled this one; empty where nobody did. */
  readonly reaches: readonly string[]
}

/** Stands in the order for a parked fact that is not tried now: it holds back what comes after it. */
export type Blocker = { readonly blocks: readonly string[] }

export type Done = {
  readonly applied: readonly AppliedFact[]
  readonly acts: readonly AppliedFact[]
  readonly parked: readonly ParkRow[]
}

export type ProjectOptions = {
  /** What time it is, by what is trusted here. Left out: clocks are judged by when each fact came. */
  readonly now?: string | undefined
  /** A person looked at edits that waited for one: they are applied. */
  readonly reviewed?: boolean | undefined
  /** Edits of registers that other nodes sealed are in the tables: in the same transaction. */
  readonly onEdits?: ((tx: Tx, edits: readonly AppliedFact[]) => Promise<void>) | undefined
  /** Reads bytes; apart from tests of two programs it is that of this program's catalogue. */
  readonly read?: ((bytes: Uint8Array) => ReadFact) | undefined
}

/** Applies what can be applied, and says what to park. `heldBack` are keys that wait already. */
export async function projectRows(
  tx: Tx,
  org: OrgId,
  rows: readonly (Pending | Blocker)[],
  {
    heldBack,
    read = readFact,
    ...options
  }: ProjectOptions & { readonly heldBack: ReadonlySet<string> },
): Promise<Done> {
  const known = await readKnown(tx, org, rows, read)
  const reading = { ...options, known, heldBack: new Set(heldBack), read }
  const done = await projectPart(tx, org, rows, reading)
  await mergeNodeClock(tx, org, done.applied, options.now)
  const edits = done.applied.filter(({ fact }) => isEditFromBelow(fact))
  if (edits.length > 0) await options.onEdits?.(tx, edits)
  return done
}

/** From so many rows down, what the database refused together is tried one by one. */
const oneByOneMax = 16

// A batch of thousands with one bad fact in it is halved until the bad one is found: some twenty tries,
// where one by one it would be thousands.
async function projectPart(
  tx: Tx,
  org: OrgId,
  rows: readonly (Pending | Blocker)[],
  reading: Reading,
): Promise<Done> {
  const trial = { ...reading, heldBack: new Set(reading.heldBack) }
  const { ready, parked } = sortRows(rows, trial)
  const together = await tryApply(tx, org, ready)
  if (together.ok) {
    for (const key of trial.heldBack) reading.heldBack.add(key)
    return { applied: ready, acts: together.acts, parked }
  }
  if (rows.length <= oneByOneMax) return projectOneByOne(tx, org, rows, reading)
  const half = Math.ceil(rows.length / 2)
  const first = await projectPart(tx, org, rows.slice(0, half), reading)
  const second = await projectPart(tx, org, rows.slice(half), reading)
  return {
    applied: [...first.applied, ...second.applied],
    acts: [...first.acts, ...second.acts],
    parked: [...first.parked, ...second.parked],
  }
}

type Reading = Omit<ProjectOptions, 'read'> & {
  readonly heldBack: Set<string>
  readonly read: (bytes: Uint8Array) => ReadFact
  readonly known: KnownOfEdits
}
type Sorted = { readonly ready: readonly AppliedFact[]; readonly parked: readonly ParkRow[] }

/** Reads rows in order, and tells those that can be applied from those to park. */
function sortRows(rows: readonly (Pending | Blocker)[], reading: Reading): Sorted {
  const ready: AppliedFact[] = []
  const parked: ParkRow[] = []
  for (const row of rows) {
    const read = readRow(row, reading)
    if (read.kind === 'ready') ready.push(read.applied)
    if (read.kind === 'park') parked.push(read.park)
  }
  return { ready, parked }
}

type Read =
  | {
      readonly kind: 'ready'
      readonly applied: AppliedFact<KnownFact>
      /** How it is parked, should it turn out that it cannot be applied. */
      readonly refuse: (detail: string) => ParkRow
    }
  | { readonly kind: 'park'; readonly park: ParkRow }
  /** Another position owns its effect, or a person settled it. */
  | { readonly kind: 'done' }

/** What to do with a row. One that is parked adds its keys to those that hold back what follows. */
function readRow(row: Pending | Blocker, reading: Reading): Read {
  const { heldBack, read: readBytes } = reading
  if ('blocks' in row) {
    for (const key of row.blocks) heldBack.add(key)
    return { kind: 'done' }
  }
  const { stream, seq, recordedAt, owner, reaches } = row
  const read = readContent(row, readBytes)
  assert(read.kind !== 'refused', 'the journal holds facts only')
  const { fact } = read
  if (!owner || reaches.includes('all') || reaches.includes(fact.scope)) return { kind: 'done' }
  const parkRow = (reason: ParkReason, detail: string): ParkRow => {
    if (holdingReasons.includes(reason)) for (const key of fact.keys) heldBack.add(key)
    const { id, keys, scope } = fact
    const where = { stream, seq, factId: id, keys, scope, firstAt: recordedAt }
    return { ...where, reason, detail }
  }
  const park = (reason: ParkReason): Read => ({
    kind: 'park',
    park: parkRow(reason, `${fact.type} ${fact.v}`),
  })
  if (read.kind === 'unknown') return park('unknown_type')
  if (read.kind === 'malformed') return park('bad_body')
  if (fact.keys.some((key) => heldBack.has(key))) return park('behind')
  if (fact.type === 'fact.resolved' && reachOf(fact.author) === undefined) {
    return park('not_authorised')
  }
  const held = judgeEdit(read.fact, { ...reading, recordedAt })
  if (held !== undefined) return { kind: 'park', park: parkRow(held.reason, held.detail) }
  return {
    kind: 'ready',
    applied: { fact: read.fact, recordedAt },
    refuse: (detail) => parkRow('apply_failed', detail),
  }
}

const readContent = ({ content }: Pending, read: (bytes: Uint8Array) => ReadFact): ReadFact =>
  content instanceof Uint8Array ? read(content) : content

/** What has to be looked up before edits of other nodes are judged: for most batches, nothing. */
async function readKnown(
  tx: Tx,
  org: OrgId,
  rows: readonly (Pending | Blocker)[],
  read: (bytes: Uint8Array) => ReadFact,
): Promise<KnownOfEdits> {
  const facts = rows.flatMap((row) => {
    // Feeds are the cloud's, and streams without an edit need no second look.
    if ('blocks' in row || row.stream.startsWith('feed/') || !row.type.endsWith('.changed'))
      return []
    const found = readContent(row, read)
    return found.kind === 'known' ? [found.fact] : []
  })
  return readKnownOfEdits(tx, org, facts)
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

// Classes of SQLSTATE that a value can cause: cardinality, data exception, integrity constraint, raised.
const factFaults = ['21', '22', '23', 'P0']
// A value that is too long for an index, which no schema of ours foresaw.
const valueTooLong = '54000'

function faultOfFact(error: unknown): string | undefined {
  if (error instanceof postgres.PostgresError) {
    const isOfFact = factFaults.includes(error.code.slice(0, 2)) || error.code === valueTooLong
    if (!isOfFact) return undefined
    return [error.code, error.table_name, error.constraint_name].filter(Boolean).join(' ')
  }
  if (error instanceof Error && 'code' in error) return undefined // A fault of the wire.
  return error instanceof Error ? error.name : undefined
}

async function projectOneByOne(
  tx: Tx,
  org: OrgId,
  rows: readonly (Pending | Blocker)[],
  reading: Reading,
): Promise<Done> {
  const applied: AppliedFact[] = []
  const acts: AppliedFact[] = []
  const parked: ParkRow[] = []
  for (const row of rows) {
    const read = readRow(row, reading)
    if (read.kind === 'park') parked.push(read.park)
    if (read.kind !== 'ready') continue
    const tried = await tryApply(tx, org, [read.applied])
    if (tried.ok) {
      applied.push(read.applied)
      acts.push(...tried.acts)
      continue
    }
    parked.push(read.refuse(tried.detail))
  }
  return { applied, acts, parked }
}
