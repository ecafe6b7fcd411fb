import { isSealed } from '@tillkeeper/core/till/till-session.ts'
import type { Session } from '@tillkeeper/projections/till/session-sql.ts'
import type { FastifyRequest } from 'fastify'
import { mayDo } from '../server/create-server.ts'

/** Whether the asker may know what a drawer should hold: its count is sealed, or they always may. */
export function maySeeExpected(request: FastifyRequest, session: Session): boolean {
  return isSealed(session.state) || mayDo(request, 'till.expected')
}

/**
 * A session as the asker may see it: a count is blind, so what the drawer should hold stays hidden until
 * the count is sealed, except from who may see it. The totals would add up to it, so they stay hidden too.
 */
export function sessionView(request: FastifyRequest, session: Session) {
  if (maySeeExpected(request, session)) return session
  return { ...session, expectedMinor: null, totals: null }
}
