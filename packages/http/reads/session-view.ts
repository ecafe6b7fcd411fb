import type { Session } from '@tillkeeper/projections/till/session-sql.ts'
import type { FastifyRequest } from 'fastify'
import { mayDo } from '../server/create-server.ts'

/**
 * A session as the asker may see it: a count is blind, so what the drawer should hold stays hidden until
 * the count is sealed, except from who may see it.
 */
export function sessionView(request: FastifyRequest, session: Session) {
  const seen = session.state !== 'open' || mayDo(request, 'till.expected')
  return seen ? session : { ...session, expectedMinor: null }
}
