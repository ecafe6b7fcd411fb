import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { accepted, refused } from '@tillkeeper/core/base/outcome.ts'
import type { PokeHub } from '@tillkeeper/http/sync/poke-hub.ts'
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
import type { Inbox, Outbox } from '@tillkeeper/sync/link/ports.ts'

// The journal of a shop as the link to the cloud sees it.

/** The cloud as a peer in this journal. */
export const cloudPeer = 'cloud'

type Deps = {
  readonly db: Db
  readonly org: OrgId
  readonly now: () => Date
  /** Tills that listen hear of what passes here. */
  readonly pokes: PokeHub
}

/** All author streams held here: the server's own, and those that its tills brought. */
export function journalOutbox({ db, org, pokes }: Deps): Outbox {
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
    hashAt: (stream, seq) => findHash(db, org, { stream, seq }),
    read: async (stream, after, bounds) => {
      const part = await readStream(db, org, { stream, after, ...bounds })
      assert(part !== undefined, 'what is sent was held when the parent was greeted')
      const { from, prevHash, facts, seq, hash: lastHash } = part
      return { stream, from, prevHash, lastHash, facts, seq }
    },
    noteAcks: async (acks) => {
      const before = new Map(
        (await listCursors(db, org, cloudPeer)).map((cursor) => [cursor.stream, cursor.ackedSeq]),
      )
      const news = acks.filter(({ stream, seq }) => before.get(stream) !== seq)
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

/** The feeds that the cloud sends: taken and in the tables before anybody is told. */
export function journalInbox({ db, org, now, pokes }: Deps): Inbox {
  return {
    feeds: async () =>
      (await listHeads(db, org))
        .filter(({ kind }) => kind === 'feed')
        .map(({ stream, seq, hash }) => ({ stream, seq, hash })),
    receive: async (batch) => {
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
