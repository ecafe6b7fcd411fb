import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import { type FactDraft, type SealedFact, seal } from '@tillkeeper/facts/seal/seal.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { bytesParameter, type Db, type Tx } from '../db.ts'
import type { Author } from './record-facts.ts'
import { sha256 } from './sha256.ts'
import { ensureStream, findHash, type Head, lockHead, lockOrg } from './stream-sql.ts'

// Two histories of a stream of our own were found, here and at the parent. Ours after the last common
// position is sealed again, under the same fact ids, in the stream that goes on: what arrives twice is
// counted once, and what the parent never had arrives. Then the branch gives way to the parent's.

/** As many facts are sealed again in one transaction: selling waits no longer for it than for a batch. */
const resealMax = 200

export type Resealed = {
  /** Facts that have a new place. */
  readonly facts: number
  /** Facts that stand apart now. */
  readonly branch: number
}

/**
 * Moves the tail of `stream` after position `common` into the author's stream and then apart. It may be
 * cut off anywhere and called again: each step is whole, and a fact that has its new place is left there.
 */
export async function resealTail(
  db: Db,
  into: Author,
  {
    stream,
    common,
    now,
  }: { readonly stream: StreamId; readonly common: number; readonly now: () => Date },
): Promise<Resealed> {
  assert(into.stream !== stream, 'a tail is sealed again in another stream')
  let facts = 0
  for (;;) {
    const moved = await db.begin((tx) => resealSome(tx, into, { stream, common, now }))
    facts += moved
    if (moved < resealMax) break
  }
  const branch = await db.begin((tx) => setApart(tx, into, { stream, common }))
  return { facts, branch }
}

type Owned = {
  readonly id: string
  readonly seq: number
  readonly bytes: Uint8Array
  readonly recordedAt: string
}

// Only what owns its effect: of a fact that arrived by another stream too, that one speaks.
async function resealSome(
  tx: Tx,
  into: Author,
  { stream, common, now }: { stream: StreamId; common: number; now: () => Date },
): Promise<number> {
  const { org } = into
  await lockOrg(tx, org)
  await ensureStream(tx, org, into.stream)
  const head = await lockHead(tx, org, into.stream)
  assert(head !== undefined, 'a stream that was begun has a head')
  const owned = await tx<Owned[]>`
    SELECT journal.id, journal.seq, journal.bytes, journal.recorded_at AS "recordedAt"
    FROM journal
    JOIN fact_id AS owner
      ON owner.org_id = journal.org_id AND owner.id = journal.id
      AND owner.stream = journal.stream AND owner.seq = journal.seq
    WHERE journal.org_id = ${org} AND journal.stream = ${stream} AND journal.seq > ${common}
    ORDER BY journal.seq
    LIMIT ${resealMax}
  `
  if (owned.length === 0) return 0
  const { sealed, hlc } = seal(
    { ...into, sha256 },
    { head, hlc: head.hlc, nowMs: now().getTime() },
    owned.map(({ bytes }) => draftOf(bytes)),
  )
  await insertAgain(tx, into, { head, stream, owned, sealed, hlc })
  return owned.length
}

function draftOf(bytes: Uint8Array): FactDraft {
  const read = readFact(bytes)
  assert(read.kind !== 'refused', 'what we sealed is a fact')
  // The version that was sealed, not the newest: its bytes say what happened, in the words of then.
  const raw = JSON.parse(Buffer.from(bytes).toString()) as typeof read.fact
  const { org: _, author: __, epoch: ___, seq: ____, hlc: _____, ...draft } = raw
  return draft
}

type Again = {
  readonly head: Head
  readonly stream: StreamId
  readonly owned: readonly Owned[]
  readonly sealed: readonly SealedFact[]
  readonly hlc: string
}

async function insertAgain(
  tx: Tx,
  { org, stream: into }: Author,
  { head, stream, owned, sealed, hlc }: Again,
): Promise<void> {
  const last = sealed.at(-1)
  assert(last !== undefined, 'there is a fact to seal again')
  // When this database learned of them stays as it was: the tables say it, and are built again by it.
  await tx`
    INSERT INTO journal (org_id, stream, seq, id, type, bytes, hash, recorded_at)
    SELECT ${org}::uuid, ${into}::text, ${head.seq}::bigint + nth, id, type, bytes, hash, recorded_at
    FROM unnest(
      ${owned.map(({ id }) => id)}::uuid[], ${sealed.map(({ fact }) => fact.type)}::text[],
      ${bytesParameter(
        tx,
        sealed.map(({ bytes }) => bytes),
      )},
      ${bytesParameter(
        tx,
        sealed.map(({ hash }) => hash),
      )}, ${owned.map(({ recordedAt }) => recordedAt)}::timestamptz[]
    ) WITH ORDINALITY AS sealed (id, type, bytes, hash, recorded_at, nth)
  `
  // Parked facts keep their trouble, at their new place.
  await tx`
    UPDATE parked SET stream = ${into}, seq = ${head.seq}::bigint + moved.nth
    FROM unnest(${owned.map(({ seq }) => seq)}::bigint[]) WITH ORDINALITY AS moved (seq, nth)
    WHERE parked.org_id = ${org} AND parked.stream = ${stream} AND parked.seq = moved.seq
  `
  await tx`
    UPDATE fact_id SET stream = ${into}, seq = ${head.seq}::bigint + moved.nth
    FROM unnest(${owned.map(({ id }) => id)}::uuid[]) WITH ORDINALITY AS moved (id, nth)
    WHERE fact_id.org_id = ${org} AND fact_id.id = moved.id
  `
  // Their effects are in the tables since they were sealed first.
  await tx`
    UPDATE stream
    SET head_seq = ${last.fact.seq}, head_hash = ${last.hash}, projected_seq = ${last.fact.seq},
      hlc = ${hlc}
    WHERE org_id = ${org} AND stream = ${into} AND head_seq = ${head.seq}
  `
}

async function setApart(
  tx: Tx,
  { org, author }: Author,
  { stream, common }: { stream: StreamId; common: number },
): Promise<number> {
  await lockOrg(tx, org)
  await lockHead(tx, org, stream)
  const hash = await findHash(tx, org, { stream, seq: common })
  assert(hash !== undefined, 'the last common position is held here')
  const [left] = await tx<{ left: boolean }[]>`
    SELECT EXISTS (
      SELECT FROM fact_id WHERE org_id = ${org} AND stream = ${stream} AND seq > ${common}
    ) AS left
  `
  assert(left?.left === false, 'every fact of the branch has its new place')
  await tx`
    INSERT INTO forked_fact (org_id, stream, seq, hash, bytes, peer, recorded_at)
    SELECT org_id, stream, seq, hash, bytes, ${author}, recorded_at
    FROM journal
    WHERE org_id = ${org} AND stream = ${stream} AND seq > ${common}
    ON CONFLICT (org_id, stream, seq, hash) DO NOTHING
  `
  const gone = await tx`
    DELETE FROM journal WHERE org_id = ${org} AND stream = ${stream} AND seq > ${common}
    RETURNING seq
  `
  await tx`DELETE FROM parked WHERE org_id = ${org} AND stream = ${stream} AND seq > ${common}`
  await tx`
    UPDATE stream
    SET head_seq = ${common}, head_hash = ${hash}, projected_seq = least(projected_seq, ${common})
    WHERE org_id = ${org} AND stream = ${stream}
  `
  await lowerCursors(tx, org, { stream, seq: common, hash })
  return gone.length
}

// What peers acknowledged after it was of the branch, or of theirs: it is compared anew.
async function lowerCursors(
  tx: Tx,
  org: OrgId,
  { stream, seq, hash }: { stream: StreamId; seq: number; hash: Uint8Array },
): Promise<void> {
  await tx`
    UPDATE peer_cursor
    SET acked_hash = CASE WHEN acked_seq > ${seq} THEN ${hash} ELSE acked_hash END,
      acked_seq = least(acked_seq, ${seq}), cloud_seq = least(cloud_seq, ${seq})
    WHERE org_id = ${org} AND stream = ${stream}
  `
}
