import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Cause } from '@tillkeeper/client/api/cause-shapes.ts'
import type { SessionId } from '@tillkeeper/core/base/id.ts'
import { rankCauses } from '@tillkeeper/core/explain/rank-causes.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { listCashStories } from '@tillkeeper/projections/explain/cash-story-sql.ts'
import { findSession } from '@tillkeeper/projections/till/session-sql.ts'
import Type from 'typebox'
import { maySeeShop } from '../auth/actor.ts'
import { sendRefusal } from '../problem/problem.ts'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { UuidText } from './list-query.ts'

/** What may have made a session's variance, for whoever verifies it. */
export function causeRoutes({ db }: { readonly db: Db }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/till-sessions/:id/causes',
      {
        config: { permission: 'till.verify' },
        schema: {
          tags: ['evening'],
          summary: 'What may have made a session’s variance, the likeliest first, with evidence.',
          params: Type.Object({ id: UuidText<SessionId>() }),
          response: { 200: Type.Object({ items: Type.Array(Cause) }) },
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const session = await findSession(db, orgOf(request), id)
        if (session === undefined || !maySeeShop(actorOf(request), session.shopId)) {
          return sendRefusal(reply, { code: 'not_found' })
        }
        // A count is blind: while it is not sealed nobody is told what it would lack.
        if (session.close === null) return sendRefusal(reply, { code: 'session_not_closed' })
        const stories = await listCashStories(db, orgOf(request), id)
        const items = stories.flatMap((story) =>
          rankCauses(story).map((cause) => ({ currency: story.currency, ...cause })),
        )
        return { items: fits(Type.Array(Cause), items) }
      },
    )
  }
}
