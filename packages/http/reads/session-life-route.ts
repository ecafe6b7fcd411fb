import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { SessionLife } from '@tillkeeper/client/api/session-shapes.ts'
import type { SessionId } from '@tillkeeper/core/base/id.ts'
import type { CountedCash } from '@tillkeeper/core/till/counted-cash.ts'
import { shareVariance } from '@tillkeeper/core/till/hand-over-till.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import {
  listSessionCounts,
  listSessionSteps,
  type SessionStep,
} from '@tillkeeper/projections/till/session-life-sql.ts'
import { findSession, type Session } from '@tillkeeper/projections/till/session-sql.ts'
import Type from 'typebox'
import { maySeeShop } from '../auth/actor.ts'
import { sendRefusal } from '../problem/problem.ts'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { UuidText } from './list-query.ts'
import { maySeeExpected } from './session-view.ts'

/** Hand-overs, rests, ends and counts of a session, with each person's part of its variance. */
export function sessionLifeRoute({ db }: { readonly db: Db }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/till-sessions/:id/life',
      {
        config: { permission: 'till.read' },
        schema: {
          tags: ['till'],
          summary: 'What happened to a session that moved no cash, and whose its variance is.',
          params: Type.Object({ id: UuidText<SessionId>() }),
          response: { 200: SessionLife },
        },
      },
      async (request, reply) => {
        const [org, { id }] = [orgOf(request), request.params]
        const session = await findSession(db, org, id)
        if (session === undefined || !maySeeShop(actorOf(request), session.shopId)) {
          return sendRefusal(reply, { code: 'not_found' })
        }
        const [steps, counts] = await Promise.all([
          listSessionSteps(db, org, id),
          listSessionCounts(db, org, id),
        ])
        if (maySeeExpected(request, session)) {
          return fits(SessionLife, { steps, counts, shares: sharesOf(session, steps) })
        }
        return fits(SessionLife, {
          steps: steps.map((step) => ({ ...step, counted: null })),
          counts: counts.map((count) => ({ ...count, expectedMinor: null })),
          shares: [],
        })
      },
    )
  }
}

/** Only a drawer that more than one person had is shared. */
function sharesOf(session: Session, steps: readonly SessionStep[]) {
  const handOvers = steps.flatMap(({ kind, staffId, counted }) =>
    kind === 'handed_over' && counted !== null ? [{ fromStaffId: staffId, counted }] : [],
  )
  if (handOvers.length === 0) return []
  const { close } = session
  const last = close && { staffId: close.ofStaffId ?? close.staffId, counted: countedOf(session) }
  const names = new Map([
    ...steps.map(({ staffId, staffName }) => [staffId, staffName] as const),
    [session.staffId, session.staffName] as const,
  ])
  return shareVariance(handOvers, last ?? undefined).map((share) => ({
    ...share,
    staffName: names.get(share.staffId) ?? '',
  }))
}

function countedOf({ close, currency }: Session): readonly CountedCash[] {
  if (close === null) return []
  const { countedMinor, expectedMinor, varianceMinor, others } = close
  return [{ currency, countedMinor, expectedMinor, varianceMinor }, ...others]
}
