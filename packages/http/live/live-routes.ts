import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { LiveTicket } from '@tillkeeper/client/api/shapes.ts'
import Type from 'typebox'
import type { Authenticate } from '../auth/actor.ts'
import { sendRefusal } from '../problem/problem.ts'
import { actorOf, orgOf } from '../server/create-server.ts'
import { refuseForeignOrigin } from '../server/origin.ts'
import { fits } from '../server/wire.ts'
import { follow } from './follow.ts'
import type { LiveHub } from './live-hub.ts'
import { createTickets } from './tickets.ts'

type Deps = {
  readonly hub: LiveHub
  readonly authenticate: Authenticate
  readonly now: () => Date
}

/** Sockets that one server holds open. */
const socketsMax = 1_000
const retrySeconds = 5
const tags = ['figures']
const LiveQuery = Type.Object(
  {
    ticket: Type.String({ maxLength: 100 }),
    after: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
  },
  { additionalProperties: false },
)

/**
 * What happens in the shops, as it happens. One fetches a ticket with its token, connects with it, and
 * names the last event that it has seen; it gets all that came after, or `{"type":"reset"}` where that
 * is not kept any more.
 */
export function liveRoutes({ hub, authenticate, now }: Deps): FastifyPluginAsyncTypebox {
  const tickets = createTickets(now)
  return async (app) => {
    app.post(
      '/v1/live/tickets',
      {
        config: { permission: 'report.read' },
        schema: {
          tags,
          summary: 'A ticket for one connection to the live feed, within half a minute.',
          response: { 201: LiveTicket },
        },
      },
      async (request, reply) => {
        orgOf(request)
        const token = (request.headers.authorization ?? '').replace(/^Bearer /, '')
        const ticket = tickets.issue({ actor: actorOf(request), token })
        if (ticket === undefined) {
          return sendRefusal(reply, { code: 'too_many_requests', retryAfterSeconds: retrySeconds })
        }
        return reply.code(201).send(fits(LiveTicket, { ticket }))
      },
    )
    app.get(
      '/v1/live',
      {
        websocket: true,
        config: { permission: 'public' },
        schema: { tags, summary: 'The live feed, over a WebSocket.', querystring: LiveQuery },
        preHandler: async (request, reply) => {
          refuseForeignOrigin(request)
          if (!request.ws) return sendRefusal(reply, { code: 'upgrade_required' })
          if (hub.listeners() >= socketsMax) {
            return sendRefusal(reply, { code: 'overloaded', retryAfterSeconds: retrySeconds })
          }
          const ticket = tickets.redeem(request.query.ticket)
          if (ticket === undefined) return sendRefusal(reply, { code: 'unauthenticated' })
          request.actor = ticket.actor
          request.liveToken = ticket.token
        },
      },
      (socket, request) => {
        const after = request.query.after === undefined ? undefined : Number(request.query.after)
        const still = async () => (await authenticate(request.liveToken)) !== undefined
        const { shops } = actorOf(request)
        // An edge: what goes wrong on one socket ends that socket, and nothing else.
        follow({ hub, org: orgOf(request), shops, after, still }, socket).catch(
          (error: unknown) => {
            request.log.error({ err: error }, 'live feed')
            socket.terminate()
          },
        )
      },
    )
  }
}
