import type { FastifyRequest } from 'fastify'
import { RefusedRequest } from '../problem/problem.ts'

/**
 * Refuses a WebSocket that a page of another site opens: browsers let any page do that. Programs that are
 * no browser send no origin.
 */
export function refuseForeignOrigin(request: FastifyRequest): void {
  const { origin } = request.headers
  if (origin === undefined) return
  const own = URL.canParse(origin) && new URL(origin).host === request.host
  if (!own) throw new RefusedRequest({ code: 'origin_not_allowed' })
}
