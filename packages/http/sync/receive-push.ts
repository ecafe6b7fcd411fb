import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { chainHash, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { type Db, transact } from '@tillkeeper/projections/db.ts'
import { type Nack, receiveFacts } from '@tillkeeper/projections/journal/receive-facts.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import { type Batch, isWhole } from '@tillkeeper/sync/inbox/place-batch.ts'
import type { NackCode } from '@tillkeeper/sync/message/messages.ts'
import type { Child } from './child.ts'
import { countStreams, keepFork } from './sync-sql.ts'

/** An author raises its epoch a few times a year; a child that makes streams without end is broken. */
export const streamsOfAuthorMax = 500

export type Pushed = {
  readonly seq: number
  readonly hash: Uint8Array
  /** How many of the facts were new here. */
  readonly added: number
}

type Deps = { readonly db: Db; readonly now: () => Date }

/**
 * Takes a batch of a child's stream into the journal, whole or not at all, and durable when this
 * resolves. Nothing is projected here. The caller has seen that the stream is the child's.
 */
export async function receivePush(
  { db, now }: Deps,
  child: Child,
  { batch, author }: { readonly batch: Batch; readonly author: string },
): Promise<Outcome<Pushed, { readonly code: NackCode }>> {
  if (!isWhole(sha256, batch)) return refused({ code: 'damaged' })
  // The hashes bind the facts, not the position that the header names. A wrong one must not look like
  // another history of an honest stream.
  const [first] = batch.facts
  if (first !== undefined && read(first).seq !== batch.from)
    return refused({ code: 'fact_refused' })
  const recordedAt = now().toISOString()
  const { org } = child
  const { stream, from, prevHash, facts } = batch
  const outcome = await transact(
    db,
    async (tx): Promise<Outcome<Pushed, { readonly code: NackCode }>> => {
      const received = await receiveFacts(tx, { org, stream, from, prevHash, facts, recordedAt })
      if (received.kind === 'nack') return refused({ code: nackCodes[received.code] })
      const fresh = facts.slice(facts.length - received.added)
      if (!fresh.every((bytes) => mayAuthor(child, bytes))) return refused({ code: 'fact_refused' })
      if (
        received.added === received.seq &&
        (await countStreams(tx, org, author)) > streamsOfAuthorMax
      ) {
        return refused({ code: 'quarantined' })
      }
      return accepted(received)
    },
  )
  if (!outcome.ok && outcome.refusal.code === 'fork') await keepBranch(db, child, batch, recordedAt)
  return outcome
}

const nackCodes = {
  gap: 'gap',
  fork: 'fork',
  hash_differs: 'fork',
  quarantined: 'quarantined',
  sealed: 'sealed',
  bad_fact: 'fact_refused',
  wrong_org: 'fact_refused',
  wrong_author: 'fact_refused',
} as const satisfies Record<Nack['code'], NackCode>

/**
 * What a shop's node may say: acts of its own shop. Only the cloud edits the chain's products, people
 * and keys; a node that could would give itself every permission.
 */
function mayAuthor({ shopId }: Child, bytes: Uint8Array): boolean {
  const { type, body } = read(bytes)
  if (typeof type !== 'string' || type.endsWith('.changed')) return false
  const shop = typeof body === 'object' && body !== null && 'shopId' in body ? body.shopId : shopId
  return shop === shopId
}

type Envelope = { readonly type?: unknown; readonly seq?: unknown; readonly body?: unknown }

/** What a fact says of itself. What is no fact says nothing; the journal refuses it by its schema. */
function read(bytes: Uint8Array): Envelope {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString())
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

async function keepBranch(
  db: Db,
  { org, author: peer }: Child,
  { stream, from, prevHash, facts }: Batch,
  recordedAt: string,
): Promise<void> {
  let hash = prevHash
  const hashes = facts.map((bytes) => {
    hash = chainHash(sha256, hash, bytes)
    return hash
  })
  await keepFork(db, {
    org,
    stream: stream satisfies StreamId,
    from,
    hashes,
    facts,
    peer,
    recordedAt,
  })
}
