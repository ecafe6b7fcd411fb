import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { accepted, refused } from '@tillkeeper/core/base/outcome.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { findReceipts, keepHeads } from '@tillkeeper/http/sync/identity-sql.ts'
import type { PokeHub } from '@tillkeeper/http/sync/poke-hub.ts'
import { isReceipt, readPublicKey } from '@tillkeeper/http/sync/sign-heads.ts'
import { type Db, transact } from '@tillkeeper/projections/db.ts'
import {
  listCursors,
  lowerAcked,
  markAcked,
  markCloudHas,
} from '@tillkeeper/projections/journal/cursor-sql.ts'
import { type Nack, receiveFacts } from '@tillkeeper/projections/journal/receive-facts.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import {
  findHash,
  listHeads,
  lockOrg,
  readStream,
} from '@tillkeeper/projections/journal/stream-sql.ts'
import { projectPendingIn } from '@tillkeeper/projections/project.ts'
import { isWhole, type PlaceRefusal } from '@tillkeeper/sync/inbox/place-batch.ts'
import type { Inbox, Outbox, OutboxBatch } from '@tillkeeper/sync/link/ports.ts'
import { batchBytesMax, batchFactsMax } from '@tillkeeper/sync/message/messages.ts'

// The journal of a shop as the link to the cloud sees it.

/** The cloud as a peer in this journal. */
export const cloudPeer = 'cloud'

type Deps = {
  readonly db: Db
  readonly org: OrgId
  readonly now: () => Date
  /** Tills that listen hear of what passes here. */
  readonly pokes: PokeHub
  /** What the cloud signs with, base64 of SPKI. */
  readonly cloudPublicKey: string
}

/** All author streams held here: the server's own, and those that its tills brought. */
export function journalOutbox({ db, org, pokes }: Omit<Deps, 'cloudPublicKey'>): Outbox {
  return {
    heads: async () => {
      const [heads, cursors] = await Promise.all([
        listHeads(db, org),
        listCursors(db, org, cloudPeer),
      ])
      const acked = new Map(cursors.map(({ stream, ackedSeq }) => [stream, ackedSeq]))
      return heads
        .filter(({ kind, trust }) => kind === 'author' && trust !== 'quarantined')
        .map(({ stream, seq, hash }) => ({ stream, seq, hash, ackedSeq: acked.get(stream) ?? 0 }))
    },
    offersFeeds: true,
    hashAt: (stream, seq) => findHash(db, org, { stream, seq }),
    read: async (stream, after, bounds) => {
      if (stream.startsWith('feed/')) return readLostTail(db, org, { stream, after })
      const part = await readStream(db, org, { stream, after, ...bounds })
      assert(part !== undefined, 'what is sent was held when the parent was greeted')
      const { from, prevHash, facts, seq, hash: lastHash } = part
      return { stream, from, prevHash, lastHash, facts, seq }
    },
    noteAcks: async (acks) => {
      const before = new Map(
        (await listCursors(db, org, cloudPeer)).map((cursor) => [cursor.stream, cursor.ackedSeq]),
      )
      // What the cloud takes back of a feed is no acknowledgement: a feed is its own.
      const news = acks.filter(
        ({ stream, seq }) => before.get(stream) !== seq && !stream.startsWith('feed/'),
      )
      if (news.length === 0) return
      // The cloud is the parent here, so both watermarks are one.
      await markAcked(db, org, { peer: cloudPeer, acks: news })
      await markCloudHas(db, org, { peer: cloudPeer, acks: news })
      // A cloud that came back from a backup holds less than it did, and is believed at once.
      const lost = news.filter(({ stream, seq }) => seq < (before.get(stream) ?? 0))
      await lowerAcked(db, org, { peer: cloudPeer, acks: lost })
      pokes.cloudHas(org, news)
    },
    noteCloud: (positions) => markCloudHas(db, org, { peer: cloudPeer, acks: positions }),
  }
}

/**
 * The tail of a feed that the cloud lost, up to the last position for which it gave its word: whole, since
 * its word is for the end alone. Without it, or where it is larger than a batch, the cloud refuses it.
 */
async function readLostTail(
  db: Db,
  org: OrgId,
  { stream, after }: { readonly stream: StreamId; readonly after: number },
): Promise<OutboxBatch> {
  const [receipt] = await findReceipts(db, org, [stream])
  const wanted = Math.max(1, (receipt?.seq ?? after + 1) - after)
  const bounds = { factsMax: Math.min(batchFactsMax, wanted), bytesMax: batchBytesMax }
  const part = await readStream(db, org, { stream, after, ...bounds })
  assert(part !== undefined, 'what is offered was held when the parent was greeted')
  const { from, prevHash, facts, seq, hash: lastHash } = part
  const batch = { stream, from, prevHash, lastHash, facts, seq }
  return receipt?.seq === seq ? { ...batch, receipt } : batch
}

/** The feeds that the cloud sends: taken and in the tables before anybody is told. */
export function journalInbox({ db, org, now, pokes, cloudPublicKey }: Deps): Inbox {
  const key = readPublicKey(cloudPublicKey)
  return {
    feeds: async () =>
      (await listHeads(db, org))
        .filter(({ kind }) => kind === 'feed')
        .map(({ stream, seq, hash }) => ({ stream, seq, hash })),
    receive: async ({ receipt, ...batch }) => {
      if (!isWhole(sha256, batch)) return refused({ code: 'damaged' })
      const recordedAt = now().toISOString()
      const outcome = await transact(db, async (tx) => {
        // The order of locks: the organisation, then the stream. A sale that waits for either has neither.
        await lockOrg(tx, org)
        const received = await receiveFacts(tx, { org, ...batch, recordedAt })
        if (received.kind === 'nack') return refused(placeRefusal(received))
        while ((await projectPendingIn(tx, org)).more);
        return accepted({ seq: received.seq })
      })
      if (outcome.ok && receipt?.stream === batch.stream) {
        const ours = key !== undefined && isReceipt(org, receipt, key)
        const heads = ours ? [{ ...receipt, publicKey: cloudPublicKey }] : []
        await keepHeads(db, org, { table: 'head_receipt', heads })
      }
      if (outcome.ok) pokes.feedGrew(org, { stream: batch.stream, seq: outcome.value.seq })
      return outcome
    },
  }
}

function placeRefusal({ code, seq }: Nack): PlaceRefusal {
  switch (code) {
    case 'gap':
      return { code }
    case 'fork':
    case 'hash_differs':
    case 'quarantined':
    case 'sealed':
      return { code: 'fork', seq }
    case 'bad_fact':
    case 'wrong_org':
    case 'wrong_author':
      return { code: 'fact_refused', seq }
  }
}
