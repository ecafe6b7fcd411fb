import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import type { ShopId } from '@tillkeeper/core/base/id.ts'
import type { Actor } from '@tillkeeper/http/auth/actor.ts'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { liveNewsRoutes } from './live-news.ts'
import type { Recyclers } from './run-recyclers.ts'

const shopId = '0198b0c0-0000-7000-8000-000000000001' as ShopId

test('a client that is gone before its stream begins is not kept', async () => {
  let listening = 0
  const recyclers = {
    live: () => [],
    follow: () => {
      listening += 1
      return () => {
        listening -= 1
      }
    },
  } as Partial<Recyclers> as Recyclers
  const actor = { permissions: new Set(['till.read']), shops: 'all' } as Partial<Actor> as Actor
  const app = fastify({ forceCloseConnections: true })
  app.decorateRequest('actor')
  // Who asks is looked up first, and the client does not wait for it.
  app.addHook('onRequest', async (request, reply) => {
    ;(request as { actor?: Actor }).actor = actor
    request.raw.socket.destroy()
    await once(reply.raw, 'close')
  })
  const handled = new Promise<void>((resolve) => {
    app.addHook('preHandler', async () => resolve())
  })
  await app.register(liveNewsRoutes({ shopId, recyclers, authenticate: async () => actor }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write('GET /v1/recyclers/live/news HTTP/1.1\r\nhost: here\r\n\r\n')
  await handled
  await turn()
  expect(listening).toBe(0)
  await app.close()
})
