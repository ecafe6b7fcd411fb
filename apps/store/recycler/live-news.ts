import type { ServerResponse } from 'node:http'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { LiveRecyclers } from '@tillkeeper/client/api/recycler-shapes.ts'
import type { ShopId } from '@tillkeeper/core/base/id.ts'
import { type Actor, type Authenticate, maySeeShop } from '@tillkeeper/http/auth/actor.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import { UuidText } from '@tillkeeper/http/reads/list-query.ts'
import { actorOf } from '@tillkeeper/http/server/create-server.ts'
import { fits } from '@tillkeeper/http/server/wire.ts'
import Type from 'typebox'
import type { Recyclers } from './run-recyclers.ts'

type Deps = {
  readonly shopId: ShopId
  readonly recyclers: Recyclers
  readonly authenticate: Authenticate
}

/** Streams of news that one server holds open: each till has one, and each page of the office. */
const streamsMax = 200
const retrySeconds = 5
/** A client that does not read is cut off: it connects again, and is told how all machines are. */
const unreadBytesMax = 1_048_576
const heartbeatMs = 15_000
/** Whose rights were taken back is cut off after so long. */
const checkMs = 60_000

const tags = ['recycler']
const config = { permission: 'till.read' } as const

/** Machines this moment. What changes goes to all who listen in the turn in which the machine said it. */
export function liveNewsRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  const { shopId, recyclers, authenticate } = deps
  const maySee = (actor: Actor, asked: ShopId = shopId) =>
    asked === shopId && maySeeShop(actor, shopId)
  return async (app) => {
    const open = new Set<() => void>()
    app.addHook('preClose', async () => {
      for (const end of [...open]) end()
    })
    app.get(
      '/v1/recyclers/live',
      {
        config,
        schema: {
          ...{ tags, summary: 'The shop’s machines this moment, with what they are at.' },
          querystring: Type.Object(
            { shopId: Type.Optional(UuidText<ShopId>()) },
            { additionalProperties: false },
          ),
          response: { 200: LiveRecyclers },
        },
      },
      async (request) => {
        const items = maySee(actorOf(request), request.query.shopId) ? recyclers.live() : []
        return fits(LiveRecyclers, { items })
      },
    )
    app.get(
      '/v1/recyclers/live/news',
      {
        config,
        schema: {
          tags,
          summary:
            'The same as `text/event-stream`: first all machines, then each that changes, whole. The token goes in the header.',
          produces: ['text/event-stream'],
        },
      },
      async (request, reply) => {
        if (open.size >= streamsMax) {
          return sendRefusal(reply, { code: 'overloaded', retryAfterSeconds: retrySeconds })
        }
        const token = (request.headers.authorization ?? '').replace(/^Bearer /, '')
        const seen = maySee(actorOf(request))
        reply.hijack()
        const { raw } = reply
        // Gone while we looked who asks: nobody would tell us again that it closed.
        if (raw.destroyed) return
        raw.writeHead(200, {
          ...(reply.getHeaders() as Record<string, string>),
          'content-type': 'text/event-stream; charset=utf-8',
          // A proxy that gathered news would hold back money.
          'x-accel-buffering': 'no',
        })
        const end = stream(raw, seen ? recyclers : undefined, async () => {
          const actor = await authenticate(token)
          return actor?.permissions.has(config.permission) === true && maySee(actor) === seen
        })
        open.add(end)
        raw.on('close', () => {
          open.delete(end)
          end()
        })
      },
    )
  }
}

/** Sends news until the answer is called, or the client is gone. */
function stream(
  raw: ServerResponse,
  recyclers: Recyclers | undefined,
  still: () => Promise<boolean>,
): () => void {
  const write = (text: string) => {
    if (raw.writableLength > unreadBytesMax) raw.destroy()
    else raw.write(text)
  }
  const say = (live: ReturnType<Recyclers['live']>[number]) =>
    write(`data: ${JSON.stringify(live)}\n\n`)
  raw.socket?.setNoDelay(true)
  write(': machines\n\n')
  for (const live of recyclers?.live() ?? []) say(live)
  const leave = recyclers?.follow(say)
  const heartbeat = setInterval(() => write(': \n\n'), heartbeatMs)
  const check = setInterval(() => {
    still().then(
      (may) => (may ? undefined : raw.end()),
      () => raw.end(),
    )
  }, checkMs)
  raw.on('error', () => raw.destroy())
  return () => {
    clearInterval(heartbeat)
    clearInterval(check)
    leave?.()
    raw.end()
  }
}
