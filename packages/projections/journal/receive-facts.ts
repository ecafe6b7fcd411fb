import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Fact } from '@tillkeeper/facts/seal/seal.ts'
import { genesisHash, parseStreamId, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { copyRows, copyRowsMin } from '../copy-rows.ts'
import { bytesParameter, type Tx } from '../db.ts'
import { type MisplacedCode, type ReadPart, type ReceivedPart, readPart } from './read-part.ts'
import { sha256 } from './sha256.ts'
import { findHash, type Trust } from './stream-sql.ts'

export type Nack = {
  readonly kind: 'nack'
  readonly code: /** It does not begin where we end: send from `seq + 1`. */
    | 'gap'
    /** We hold other bytes at a position that it brings. */
    | 'fork'
    /** We do not believe the stream, or its author has more streams than any author needs. */
    | 'quarantined'
    | 'sealed'
    /** A fact at `seq` is none, is not that of the position, or is one that its sender may not say. */
    | MisplacedCode
    /** It does not follow from the chain that we hold. */
    | 'hash_differs'
  /** Where we stand; for a fact that is not taken, its position. */
  readonly seq: number
  /** The hash of our chain at our head. */
  readonly hash: Uint8Array
}

export type Received =
  | {
      readonly kind: 'ok'
      /** The head now. All up to it is in the journal; durable once the caller commits. */
      readonly seq: number
      readonly hash: Uint8Array
      /** How many of the facts were new here. */
      readonly added: number
    }
  | Nack

export type ReceiveOptions = {
  /** Whether the sender may say this; asked of facts that are new here. Left out: anything. */
  readonly maySay?: (fact: Fact) => boolean
  /** An author that has as many streams begins no other. */
  readonly streamsOfAuthorMax?: number
}

/** What a peer sent, taken apart (`readPart`), and what it may say. */
export type AskedPart = ReceiveOptions & { readonly part: ReadPart }

/**
 * Takes a part of a stream into the journal: whole, or nothing of it. Positions that we have fall away
 * if their bytes are the same; what is new must follow our head without a gap. Hashes are computed
 * here. A body that is not understood, or not as its type promises, is no reason to refuse: it is kept
 * and relayed, and projecting it parks it. Nothing is projected here.
 *
 * On a nack nothing was written.
 */
export async function receiveFacts(tx: Tx, part: ReceivedPart): Promise<Received> {
  const [received] = await receiveParts(tx, [{ part: readPart(part) }])
  assert(received !== undefined, 'a part has an answer')
  return received
}

/**
 * As `receiveFacts`, for parts of different streams at once, each with its own answer: a part that is
 * not taken leaves nothing behind and hurts no other. No stream may stand in two of them.
 */
export async function receiveParts(
  tx: Tx,
  asked: readonly AskedPart[],
): Promise<readonly Received[]> {
  const heads = await holdStreams(
    tx,
    asked.map(({ part }) => part),
  )
  await beginStreams(tx, asked, heads)
  const answers: Received[] = []
  const fresh: Fresh[] = []
  for (const each of asked) {
    const { part } = each
    const head = heads.get(nameOf(part)) ?? notBegun(part.stream)
    const placed = await placePart(tx, each, head)
    answers.push(placed)
    if (placed.kind !== 'ok' || placed.added === 0) continue
    fresh.push({ part, head, skip: part.facts.length - placed.added })
  }
  if (fresh.length > 0) await insertFresh(tx, fresh)
  return answers
}

type Held = {
  readonly seq: number
  readonly hash: Uint8Array
  readonly hlc: string
  readonly sealed: boolean
  readonly trust: Trust
}

/** A part of which all from `skip` on is new. */
type Fresh = { readonly part: ReadPart; readonly head: Held; readonly skip: number }

const nameOf = ({ org, stream }: { readonly org: string; readonly stream: string }) =>
  `${org}/${stream}`

const notBegun = (stream: StreamId): Held => ({
  seq: 0,
  hash: genesisHash(sha256, stream),
  hlc: '0000000000000000',
  sealed: false,
  trust: 'ok',
})

// In the order of their names: whoever holds several streams at once holds them in the same order.
async function holdStreams(
  tx: Tx,
  parts: readonly { readonly org: OrgId; readonly stream: StreamId }[],
): Promise<Map<string, Held>> {
  const heads = new Map<string, Held>()
  if (parts.length === 0) return heads
  const rows = await tx<(Held & { org: OrgId; stream: StreamId })[]>`
    SELECT stream.org_id AS org, stream.stream, head_seq AS seq, head_hash AS hash, hlc, sealed, trust
    FROM unnest(${parts.map(({ org }) => org)}::uuid[], ${parts.map(({ stream }) => stream)}::text[])
      AS asked (org_id, stream)
    JOIN stream ON stream.org_id = asked.org_id AND stream.stream = asked.stream
    ORDER BY stream.org_id, stream.stream
    FOR NO KEY UPDATE OF stream
  `
  for (const { org, stream, ...head } of rows) heads.set(nameOf({ org, stream }), head)
  assert(rows.length <= parts.length, 'no stream stands in two parts')
  return heads
}

/** Begins the streams that are new here and whose first facts can be taken, and holds them. */
async function beginStreams(
  tx: Tx,
  asked: readonly AskedPart[],
  heads: Map<string, Held>,
): Promise<void> {
  const begun: ReadPart[] = []
  for (const { part, streamsOfAuthorMax: max } of asked) {
    const { org, stream, from, prevHash, misplaced, facts } = part
    if (heads.has(nameOf(part)) || facts.length === 0) continue
    if (from !== 1 || misplaced !== undefined) continue
    if (!same(prevHash, genesisHash(sha256, stream))) continue
    if (max !== undefined && (await countStreams(tx, org, stream)) >= max) {
      heads.set(nameOf(part), { ...notBegun(stream), trust: 'quarantined' })
      continue
    }
    begun.push(part)
  }
  if (begun.length === 0) return
  await tx`
    INSERT INTO stream (org_id, stream, kind, head_hash)
    SELECT org_id, stream, kind, head_hash
    FROM unnest(
      ${begun.map(({ org }) => org)}::uuid[], ${begun.map(({ stream }) => stream)}::text[],
      ${begun.map(({ name }) => name.kind)}::text[],
      ${bytesParameter(
        tx,
        begun.map(({ stream }) => genesisHash(sha256, stream)),
      )}
    ) AS begun (org_id, stream, kind, head_hash)
    ORDER BY org_id, stream
    ON CONFLICT (org_id, stream) DO NOTHING
  `
  for (const [name, head] of await holdStreams(tx, begun)) heads.set(name, head)
}

/** How many streams the author of this one has here: epochs and lanes. */
async function countStreams(tx: Tx, org: OrgId, stream: StreamId): Promise<number> {
  const name = parseStreamId(stream)
  if (name?.kind !== 'author') return 0
  const [row] = await tx<{ streams: number }[]>`
    SELECT count(*) AS streams
    FROM stream
    WHERE org_id = ${org} AND starts_with(stream, ${`${name.author}:`})
  `
  return row?.streams ?? 0
}

/** Whether a part fits what is held, and how much of it is new. Nothing is written. */
async function placePart(tx: Tx, { part, maySay }: AskedPart, head: Held): Promise<Received> {
  const { facts, from } = part
  const nack = (code: Nack['code'], seq = head.seq): Nack => ({
    kind: 'nack',
    code,
    seq,
    hash: head.hash,
  })
  if (head.trust === 'quarantined') return nack('quarantined')
  if (from > head.seq + 1) return nack('gap')
  // Nearly every part begins where we end, and is compared with the head that is held anyway.
  const prevHash =
    from === head.seq + 1
      ? head.hash
      : await findHash(tx, part.org, { stream: part.stream, seq: from - 1 })
  if (prevHash === undefined || !same(prevHash, part.prevHash)) return nack('hash_differs')

  const skip = Math.min(facts.length, Math.max(0, head.seq - from + 1))
  if (!(await areHeld(tx, part, facts.slice(0, skip)))) return nack('fork')
  if (skip === facts.length) return { kind: 'ok', seq: head.seq, hash: head.hash, added: 0 }
  if (head.sealed) return nack('sealed')
  const { misplaced } = part
  if (misplaced !== undefined && misplaced.seq > head.seq) {
    return nack(misplaced.code, misplaced.seq)
  }
  const refused = part.read.findIndex(
    ({ fact }, index) => index >= skip && maySay?.(fact) === false,
  )
  if (refused >= 0) return nack('bad_fact', from + refused)
  const hash = part.hashes.at(-1)
  assert(hash !== undefined, 'there is a last fact')
  return { kind: 'ok', seq: from + facts.length - 1, hash, added: facts.length - skip }
}

/** Whether these bytes are what we hold from `part.from` on. */
async function areHeld(tx: Tx, part: ReceivedPart, facts: readonly Uint8Array[]): Promise<boolean> {
  if (facts.length === 0) return true
  const [row] = await tx<{ same: boolean }[]>`
    SELECT count(*) = ${facts.length} AND coalesce(bool_and(held.bytes = asked.bytes), false) AS same
    FROM unnest(${bytesParameter(tx, facts)}) WITH ORDINALITY AS asked (bytes, nth)
    CROSS JOIN LATERAL (
      SELECT bytes
      FROM journal
      WHERE org_id = ${part.org} AND stream = ${part.stream}
        AND seq = ${part.from - 1}::bigint + asked.nth
      LIMIT 1
    ) AS held
  `
  return row?.same === true
}

const journalColumns = {
  org_id: 'uuid',
  stream: 'text',
  seq: 'int8',
  id: 'uuid',
  type: 'text',
  bytes: 'bytea',
  hash: 'bytea',
  recorded_at: 'timestamptz',
} as const

/** Journals what is new of all parts, gives their ids to them, and moves the heads. */
async function insertFresh(tx: Tx, fresh: readonly Fresh[]): Promise<void> {
  const rows = fresh.flatMap(({ part, skip }) =>
    part.facts.slice(skip).map((bytes, index) => {
      const at = skip + index
      const fact = part.read[at]?.fact
      const hash = part.hashes[at]
      assert(fact !== undefined && hash !== undefined, 'what is taken was read')
      const { org: org_id, stream, recordedAt: recorded_at } = part
      const { id, type } = fact
      return { org_id, stream, seq: part.from + at, id, type, bytes, hash, recorded_at }
    }),
  )
  if (rows.length < copyRowsMin) {
    await tx`
      INSERT INTO journal (org_id, stream, seq, id, type, bytes, hash, recorded_at)
      SELECT org_id, stream, seq, id, type, bytes, hash, recorded_at
      FROM unnest(
        ${rows.map(({ org_id }) => org_id)}::uuid[], ${rows.map(({ stream }) => stream)}::text[],
        ${rows.map(({ seq }) => seq)}::bigint[], ${rows.map(({ id }) => id)}::uuid[],
        ${rows.map(({ type }) => type)}::text[],
        ${bytesParameter(
          tx,
          rows.map(({ bytes }) => bytes),
        )},
        ${bytesParameter(
          tx,
          rows.map(({ hash }) => hash),
        )},
        ${rows.map(({ recorded_at }) => recorded_at)}::timestamptz[]
      ) AS fact (org_id, stream, seq, id, type, bytes, hash, recorded_at)
    `
  } else {
    await copyRows(tx, 'journal', journalColumns, rows)
  }
  await Promise.all([ownIds(tx, rows), moveHeads(tx, fresh)])
}

type JournalRow = {
  readonly org_id: OrgId
  readonly id: string
  readonly stream: StreamId
  readonly seq: number
}

// The first position that an id is seen at owns its effect; a second is kept, and does nothing.
async function ownIds(tx: Tx, rows: readonly JournalRow[]): Promise<void> {
  await tx`
    INSERT INTO fact_id (org_id, id, stream, seq)
    SELECT org_id, id, stream, seq
    FROM unnest(
      ${rows.map(({ org_id }) => org_id)}::uuid[], ${rows.map(({ id }) => id)}::uuid[],
      ${rows.map(({ stream }) => stream)}::text[], ${rows.map(({ seq }) => seq)}::bigint[]
    ) WITH ORDINALITY AS fact (org_id, id, stream, seq, nth)
    ORDER BY nth
    ON CONFLICT (org_id, id) DO NOTHING
  `.execute()
}

async function moveHeads(tx: Tx, fresh: readonly Fresh[]): Promise<void> {
  const heads = fresh.map(({ part, head, skip }) => {
    let { hlc } = head
    for (const { fact } of part.read.slice(skip)) if (fact.hlc > hlc) hlc = fact.hlc
    const { org, stream, from, facts, hashes } = part
    return { org, stream, seq: from + facts.length - 1, hash: hashes.at(-1) ?? null, hlc }
  })
  await tx`
    UPDATE stream
    SET head_seq = moved.seq, head_hash = moved.hash, hlc = moved.hlc
    FROM unnest(
      ${heads.map(({ org }) => org)}::uuid[], ${heads.map(({ stream }) => stream)}::text[],
      ${heads.map(({ seq }) => seq)}::bigint[],
      ${bytesParameter(
        tx,
        heads.map(({ hash }) => hash),
      )},
      ${heads.map(({ hlc }) => hlc)}::text[]
    ) AS moved (org_id, stream, seq, hash, hlc)
    WHERE stream.org_id = moved.org_id AND stream.stream = moved.stream
  `.execute()
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
