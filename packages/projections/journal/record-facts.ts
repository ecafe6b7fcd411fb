import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { upcast } from '@tillkeeper/facts/read-fact.ts'
import {
  type FactDraft,
  type SealedFact,
  type StreamHead,
  seal,
} from '@tillkeeper/facts/seal/seal.ts'
import { authorStreamId, feedStreamId, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { AppliedFact } from '../apply/applied-fact.ts'
import { applyFacts } from '../apply/apply-facts.ts'
import { bytesParameter, type Tx } from '../db.ts'
import { appendLiveEvents, type LiveEvent } from './live-sql.ts'
import { sha256 } from './sha256.ts'
import { ensureStream, type Head, lockHead } from './stream-sql.ts'

/** Who seals, and in which stream. */
export type Author = {
  readonly org: OrgId
  readonly stream: StreamId
  readonly author: string
  /** `major.minor`. */
  readonly epoch: string
}

/** An author of its own acts, such as a store node. */
export function nodeAuthor(org: OrgId, author: string, epoch: string): Author {
  return { org, stream: authorStreamId(author, epoch, 'business'), author, epoch }
}

/** The name that the cloud seals under. */
export const cloudAuthor = 'cloud'

/** The cloud, that journals what it says directly in the feed of its scope. */
export function feedAuthor(org: OrgId, scope: string, feedEpoch = 1): Author {
  return { org, stream: feedStreamId(scope, feedEpoch), author: cloudAuthor, epoch: '1.0' }
}

export type RecordOptions = {
  /** The wall clock in milliseconds: it moves the hybrid logical clock. */
  readonly nowMs: number
  /** When this database learns of them: the same moment, as an instant. */
  readonly recordedAt: string
  /** SHA-256 of the request that led to a fact, by the fact's id. */
  readonly fingerprints?: ReadonlyMap<string, Uint8Array> | undefined
  /** The stream's head, if the caller holds it by `lockHead` in this transaction. */
  readonly head?: Head | undefined
}

export type Recorded = {
  readonly sealed: readonly SealedFact[]
  readonly head: StreamHead
  /** To push to whoever listens, once the transaction is committed. */
  readonly events: readonly LiveEvent[]
}

/** As many acts are sealed together. */
export const draftsMax = 1_000

/**
 * Seals an author's own acts at the end of its stream, journals and applies them, in the caller's
 * transaction. An id that the journal has already, or a body that is not what its type promises, is a
 * bug of the caller: it throws and the transaction is undone.
 */
export async function recordFacts(
  tx: Tx,
  author: Author,
  drafts: readonly FactDraft[],
  options: RecordOptions,
): Promise<Recorded> {
  assert(drafts.length <= draftsMax, 'a batch of acts is bounded')
  const before = options.head ?? (await holdHead(tx, author))
  assert(before.stream === author.stream, 'the head is that of the author’s stream')
  assert(!before.sealed && before.trust === 'ok', 'facts are added to a stream that goes on')
  assert(before.projectedSeq === before.seq, 'an author has projected all it sealed')
  if (drafts.length === 0) return { sealed: [], head: before, events: [] }
  const { sealed, head, hlc } = seal(
    { ...author, sha256 },
    { head: before, hlc: before.hlc, nowMs: options.nowMs },
    drafts,
  )
  const applied = sealed.map(({ fact }) => ({
    fact: known(fact),
    recordedAt: options.recordedAt,
  }))
  const [moved, , events] = await Promise.all([
    insertSealed(tx, author, { before, sealed, hlc, options }),
    applyFacts(tx, author.org, applied, { allFresh: true }),
    appendLiveEvents(tx, author.org, applied.filter(isAct)),
  ])
  assert(moved === 1, 'the head stands where it was held')
  return { sealed, head, events }
}

async function holdHead(tx: Tx, { org, stream }: Author): Promise<Head> {
  let head = await lockHead(tx, org, stream)
  if (head === undefined) {
    await ensureStream(tx, org, stream)
    head = await lockHead(tx, org, stream)
  }
  assert(head !== undefined, 'a stream that was begun has a head')
  return head
}

function known(fact: SealedFact['fact']): KnownFact {
  const read = upcast(fact)
  assert(read.kind === 'known', `an author seals only what ${fact.type} promises`)
  return read.fact
}

/** Whether a fact is shown as it happens: acts are, edits of the catalogue and of people are not. */
export function isAct({ fact }: AppliedFact): boolean {
  return !fact.type.endsWith('.changed')
}

type Sealed = {
  readonly before: Head
  readonly sealed: readonly SealedFact[]
  readonly hlc: string
  readonly options: RecordOptions
}

/** Journals sealed facts, gives their ids to them, and moves the head; returns how many heads moved. */
async function insertSealed(
  tx: Tx,
  { org, stream }: Author,
  { before, sealed, hlc, options }: Sealed,
): Promise<number> {
  const { fingerprints, recordedAt } = options
  const ids = sealed.map(({ fact }) => fact.id)
  const last = sealed.at(-1)
  assert(last !== undefined, 'there is a fact to journal')
  const rows = await tx`
    WITH fact AS (
      SELECT ${before.seq}::bigint + nth AS seq, id, type, bytes, hash, fingerprint
      FROM unnest(
        ${ids}::uuid[], ${sealed.map(({ fact }) => fact.type)}::text[],
        ${bytesParameter(
          tx,
          sealed.map(({ bytes }) => bytes),
        )},
        ${bytesParameter(
          tx,
          sealed.map(({ hash }) => hash),
        )},
        ${bytesParameter(
          tx,
          ids.map((id) => fingerprints?.get(id) ?? null),
        )}
      ) WITH ORDINALITY AS sealed (id, type, bytes, hash, fingerprint, nth)
    ), journalled AS (
      INSERT INTO journal (org_id, stream, seq, id, type, bytes, hash, recorded_at)
      SELECT ${org}::uuid, ${stream}::text, seq, id, type, bytes, hash, ${recordedAt}::timestamptz
      FROM fact
    ), owned AS (
      INSERT INTO fact_id (org_id, id, stream, seq, fingerprint)
      SELECT ${org}::uuid, id, ${stream}::text, seq, fingerprint
      FROM fact
    ), clock AS (
      INSERT INTO node_clock (org_id, hlc) VALUES (${org}::uuid, ${hlc})
      ON CONFLICT (org_id) DO UPDATE SET hlc = excluded.hlc WHERE node_clock.hlc < excluded.hlc
    )
    UPDATE stream
    SET head_seq = ${last.fact.seq}, head_hash = ${last.hash}, projected_seq = ${last.fact.seq},
      hlc = ${hlc}
    WHERE org_id = ${org} AND stream = ${stream} AND head_seq = ${before.seq}
    RETURNING head_seq
  `
  return rows.length
}
