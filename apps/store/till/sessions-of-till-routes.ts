import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  ActsTold,
  AskActs,
  SessionsOfTill,
  sessionsAskedMax,
} from '@tillkeeper/client/api/session-shapes.ts'
import type { SessionId, ShopId, TillId } from '@tillkeeper/core/base/id.ts'
import { UuidText } from '@tillkeeper/http/reads/list-query.ts'
import { fits } from '@tillkeeper/http/server/wire.ts'
import { childOf } from '@tillkeeper/http/sync/child.ts'
import { listUntoldEdits } from '@tillkeeper/projections/registers/own-edits-sql.ts'
import { listHandOvers, listSessionActs } from '@tillkeeper/projections/till/session-acts-sql.ts'
import { listSessionsOfTill, type Session } from '@tillkeeper/projections/till/session-sql.ts'
import Type from 'typebox'
import type { StoreNode } from '../act/record-act.ts'
import { readRecounts } from './session-sql.ts'

/** More drawers than a shop has beside its tills. */
const sessionsMax = 100
/** Acts of ours in the sessions that are told: with more, a till is not told which are in their totals. */
const heardMax = 10_000
/** Acts, and hand-overs, in one answer. */
const actsMax = 200
/** Our newest edits that a till may not know: weeks without a line. */
const editsMax = 1_000

/**
 * What a till needs to go on with a session that another till had. It is given to the device, by its own token,
 * and to no person: a cashier who counts blind moves a drawer and learns nothing.
 */
export function sessionsOfTillRoute(node: Asked): FastifyPluginAsyncTypebox {
  const { db, org } = node
  return async (app) => {
    app.post(
      '/sync/v1/sessions',
      {
        config: { permission: 'child' },
        schema: {
          tags: ['sync'],
          summary: 'Ask which sessions rest in the shop, and how those stand that a till knows.',
          body: Type.Object(
            { ids: Type.Array(UuidText<SessionId>(), { maxItems: sessionsAskedMax }) },
            { additionalProperties: false },
          ),
          response: { 200: SessionsOfTill },
        },
      },
      async (request) => {
        const { id, shopId } = childOf(request)
        const { ids } = request.body
        const asked = { shopId, tillId: id as TillId, ids, limit: sessionsMax }
        const sessions = await readSessions(node, asked)
        const recounts = await readRecounts(
          db,
          org,
          sessions.map((session) => session.id),
        )
        const items = sessions.map((session) => ({
          ...toTold(session),
          recounts: recounts.get(session.id) ?? 0,
          ...(session.heard !== undefined && { heard: session.heard }),
        }))
        return fits(SessionsOfTill, { items })
      },
    )
  }
}

type Asked = Pick<StoreNode, 'db' | 'org' | 'author'>

// Both in one view of the tables: an act is in the totals and among those that are named, or in neither.
function readSessions({ db, org, author }: Asked, asked: Parameters<typeof listSessionsOfTill>[2]) {
  return db.begin('isolation level repeatable read read only', async (tx) => {
    const found = await listSessionsOfTill(tx, org, asked)
    const sessions = found.map(({ id }) => id)
    const ours = { sessions, author: author.author, limit: heardMax + 1 }
    const acts = [
      ...(await listSessionActs(tx, org, ours)),
      ...(await listHandOvers(tx, org, ours)),
    ]
    if (acts.length > heardMax) return found.map((session) => ({ ...session, heard: undefined }))
    return found.map((session) => ({
      ...session,
      heard: acts.flatMap(({ id, sessionId }) => (sessionId === session.id ? id : [])),
    }))
  })
}

/**
 * What a till has to know of what this server recorded: acts in the sessions of its drawer, so that its count is
 * compared with what is there, and settings that the cloud has not told it yet. It comes without the cloud, and
 * as often as it is asked: a till takes each once. See docs/specs/replication.md.
 */
export function actsOfStoreRoute({ db, org, author }: Asked): FastifyPluginAsyncTypebox {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
  return async (app) => {
    app.post(
      '/sync/v1/acts',
      {
        config: { permission: 'child' },
        schema: {
          tags: ['sync'],
          summary: 'Ask what this server recorded itself in a till’s sessions, and what it set.',
          body: AskActs,
          response: { 200: ActsTold },
        },
      },
      async (request) => {
        const { shopId, id } = childOf(request)
        const { sessions: named, feeds, after } = request.body
        const sessions = await findSessionsAt(db, org, { shopId, tillId: id as TillId, named })
        const ours = { sessions, author: author.author, limit: actsMax }
        const acts = await listSessionActs(db, org, { ...ours, after })
        const last = acts.length < actsMax ? undefined : acts.at(-1)
        // They come with the first of the answers.
        const first = after === undefined
        const handedOver = first ? await listHandOvers(db, org, ours) : []
        const edits = first
          ? await listUntoldEdits(db, org, { author: author.author, feeds, limit: editsMax })
          : []
        return fits(ActsTold, {
          acts: acts.map(({ bytes }) => text(bytes)),
          handedOver,
          edits: edits.map(text),
          next: last === undefined ? null : { stream: last.stream, seq: last.seq },
        })
      },
    )
  }
}

// A till learns of its own drawers alone, by whatever name it asks.
async function findSessionsAt(
  db: StoreNode['db'],
  org: StoreNode['org'],
  { named, ...at }: { shopId: ShopId; tillId: TillId; named: readonly string[] },
): Promise<readonly SessionId[]> {
  const rows = await db<{ id: SessionId }[]>`
    SELECT session_id AS id FROM session_now
    WHERE org_id = ${org} AND shop_id = ${at.shopId} AND till_id = ${at.tillId}
      AND session_id = ANY(${named}::uuid[])
  `
  return rows.map(({ id }) => id)
}

// No more than it takes to go on: neither the close nor what is expected, which follows from the totals.
function toTold(session: Session) {
  const { id, shopId, tillId, tillNumber, staffId, staffName, state, suspended } = session
  const { currency, businessDate, openedAt, floatMinor, floatPieces, totals, opening } = session
  return {
    ...{ id, shopId, tillId, tillNumber, staffId, staffName, state, suspended },
    ...{ currency, businessDate, openedAt, floatMinor, floatPieces, totals },
    openingVarianceMinor: opening.varianceMinor,
  }
}
