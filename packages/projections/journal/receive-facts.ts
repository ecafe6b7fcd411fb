import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import type { Fact } from '@tillkeeper/facts/seal/seal.ts'
import {
  chainHash,
  parseStreamId,
  type StreamId,
  type StreamName,
} from '@tillkeeper/facts/seal/stream.ts'
import { bytesParameter, type Tx } from '../db.ts'
import { cloudAuthor } from './record-facts.ts'
import { sha256 } from './sha256.ts'
import { ensureStream, findHash, type Trust } from './stream-sql.ts'

/** A part of a stream as a peer sends it: facts at `from`, `from + 1` … */
export type ReceivedPart = {
  readonly org: OrgId
  readonly stream: StreamId
  readonly from: number
  /** The hash of the chain before `from`, as the sender computed it. */
  readonly prevHash: Uint8Array
  readonly facts: readonly Uint8Array[]
  /** When this database learns of them. */
  readonly recordedAt: string
}

export type Nack = {
  readonly kind: 'nack'
  readonly code: /** It does not begin where we end: send from `seq + 1`. */
    | 'gap'
    /** We hold other bytes at a position that it brings. */
    | 'fork'
    | 'quarantined'
    | 'sealed'
    /** Bytes at `seq` are no fact, or not the fact of that position. */
    | 'bad_fact'
    | 'wrong_org'
    | 'wrong_author'
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

/** As many facts are taken at once. */
export const receivedFactsMax = 10_000

/**
 * Takes a part of a stream into the journal: whole, or nothing of it. Positions that we have fall away
 * if their bytes are the same; what is new must follow our head without a gap. Hashes are computed
 * here. A body that is not understood, or not as its type promises, is no reason to refuse: it is kept
 * and relayed, and projecting it parks it. Nothing is projected here.
 *
 * On a nack nothing was written but, for a stream not seen before, its empty beginning.
 */
export async function receiveFacts(tx: Tx, part: ReceivedPart): Promise<Received> {
  const { org, stream, facts } = part
  assert(facts.length <= receivedFactsMax, 'a part of a stream is bounded')
  assert(part.from >= 1, 'positions begin at 1')
  const name = parseStreamId(stream)
  assert(name !== undefined, 'a stream has a well-formed name')
  const head = await holdStream(tx, org, stream)
  const nack = (code: Nack['code'], seq = head.seq): Nack => ({
    kind: 'nack',
    code,
    seq,
    hash: head.hash,
  })
  if (head.trust === 'quarantined') return nack('quarantined')
  if (part.from > head.seq + 1) return nack('gap')
  const prevHash = await findHash(tx, org, { stream, seq: part.from - 1 })
  if (prevHash === undefined || !same(prevHash, part.prevHash)) return nack('hash_differs')

  const held = facts.slice(0, Math.max(0, head.seq - part.from + 1))
  if (!(await areHeld(tx, part, held))) return nack('fork')
  const fresh = facts.slice(held.length)
  if (fresh.length === 0) return { kind: 'ok', seq: head.seq, hash: head.hash, added: 0 }
  if (head.sealed) return nack('sealed')

  const read: Fact[] = []
  for (const [index, bytes] of fresh.entries()) {
    const seq = head.seq + 1 + index
    const found = readFact(bytes)
    if (found.kind === 'refused') return nack('bad_fact', seq)
    const code = misplaced(found.fact, { org, name, seq })
    if (code !== undefined) return nack(code, seq)
    read.push(found.fact)
  }
  const hash = await insertReceived(tx, part, { head, fresh, read })
  return { kind: 'ok', seq: head.seq + fresh.length, hash, added: fresh.length }
}

type Held = {
  readonly seq: number
  readonly hash: Uint8Array
  readonly hlc: string
  readonly sealed: boolean
  readonly trust: Trust
}

async function holdStream(tx: Tx, org: OrgId, stream: StreamId): Promise<Held> {
  const hold = () => tx<Held[]>`
    SELECT head_seq AS seq, head_hash AS hash, hlc, sealed, trust
    FROM stream
    WHERE org_id = ${org} AND stream = ${stream}
    FOR NO KEY UPDATE
  `
  let [head] = await hold()
  if (head === undefined) {
    await ensureStream(tx, org, stream)
    head = (await hold())[0]
  }
  assert(head !== undefined, 'a stream that was begun has a head')
  return head
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

/** Why a fact cannot be the one of this position; `undefined` if it can. */
function misplaced(
  fact: Fact,
  { org, name, seq }: { readonly org: OrgId; readonly name: StreamName; readonly seq: number },
): Nack['code'] | undefined {
  if (fact.org !== org) return 'wrong_org'
  if (name.kind === 'author') {
    if (fact.author !== name.author || fact.epoch !== name.epoch) return 'wrong_author'
  } else if (fact.author !== cloudAuthor || fact.scope !== name.scope) {
    return 'wrong_author'
  }
  return fact.seq === seq ? undefined : 'bad_fact'
}

async function insertReceived(
  tx: Tx,
  { org, stream, recordedAt }: ReceivedPart,
  {
    head,
    fresh,
    read,
  }: {
    readonly head: Held
    readonly fresh: readonly Uint8Array[]
    readonly read: readonly Fact[]
  },
): Promise<Uint8Array> {
  let { hash } = head
  const hashes = fresh.map((bytes) => {
    hash = chainHash(sha256, hash, bytes)
    return hash
  })
  let { hlc } = head
  for (const fact of read) if (fact.hlc > hlc) hlc = fact.hlc
  await tx`
    WITH fact AS (
      SELECT ${head.seq}::bigint + nth AS seq, id, type, bytes, hash
      FROM unnest(
        ${read.map(({ id }) => id)}::uuid[], ${read.map(({ type }) => type)}::text[],
        ${bytesParameter(tx, fresh)}, ${bytesParameter(tx, hashes)}
      ) WITH ORDINALITY AS received (id, type, bytes, hash, nth)
    ), journalled AS (
      INSERT INTO journal (org_id, stream, seq, id, type, bytes, hash, recorded_at)
      SELECT ${org}::uuid, ${stream}::text, seq, id, type, bytes, hash, ${recordedAt}::timestamptz
      FROM fact
    ), owned AS (
      -- The first position that an id is seen at owns its effect; a second is kept, and does nothing.
      INSERT INTO fact_id (org_id, id, stream, seq)
      SELECT ${org}::uuid, id, ${stream}::text, seq
      FROM fact
      ORDER BY seq
      ON CONFLICT (org_id, id) DO NOTHING
    )
    UPDATE stream
    SET head_seq = ${head.seq + fresh.length}, head_hash = ${hash}, hlc = ${hlc}
    WHERE org_id = ${org} AND stream = ${stream}
  `
  return hash
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
