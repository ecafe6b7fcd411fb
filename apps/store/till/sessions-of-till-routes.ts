import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { SessionsOfTill } from '@tillkeeper/client/api/session-shapes.ts'
import type { SessionId, TillId } from '@tillkeeper/core/base/id.ts'
import { UuidText } from '@tillkeeper/http/reads/list-query.ts'
import { fits } from '@tillkeeper/http/server/wire.ts'
import { childOf } from '@tillkeeper/http/sync/child.ts'
import { listSessionsOfTill, type Session } from '@tillkeeper/projections/till/session-sql.ts'
import Type from 'typebox'
import type { StoreNode } from '../act/record-act.ts'
import { readRecounts } from './session-sql.ts'

/** More drawers than a shop has beside its tills. */
const sessionsMax = 100
/** Sessions that a till knows at once. */
const askedMax = 21

/**
 * What a till needs to go on with a session that another till had. It is given to the device, by its own token,
 * and to no person: a cashier who counts blind moves a drawer and learns nothing.
 */
export function sessionsOfTillRoute({
  db,
  org,
}: Pick<StoreNode, 'db' | 'org'>): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/sync/v1/sessions',
      {
        config: { permission: 'child' },
        schema: {
          tags: ['sync'],
          summary: 'Ask which sessions rest in the shop, and how those stand that a till knows.',
          body: Type.Object(
            { ids: Type.Array(UuidText<SessionId>(), { maxItems: askedMax }) },
            { additionalProperties: false },
          ),
          response: { 200: SessionsOfTill },
        },
      },
      async (request) => {
        const { id, shopId } = childOf(request)
        const { ids } = request.body
        const asked = { shopId, tillId: id as TillId, ids, limit: sessionsMax }
        const sessions = await listSessionsOfTill(db, org, asked)
        const recounts = await readRecounts(
          db,
          org,
          sessions.map((session) => session.id),
        )
        const items = sessions.map((session) => ({
          ...toTold(session),
          recounts: recounts.get(session.id) ?? 0,
        }))
        return fits(SessionsOfTill, { items })
      },
    )
  }
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
