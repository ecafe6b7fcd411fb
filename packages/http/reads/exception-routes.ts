import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Page } from '@tillkeeper/client/api/shapes.ts'
import { AskSeen, ExceptionView, Seen } from '@tillkeeper/client/api/sync-health-shapes.ts'
import type { ShopId } from '@tillkeeper/core/base/id.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import {
  listExceptions,
  markExceptionSeen,
} from '@tillkeeper/projections/summary/exceptions-sql.ts'
import Type from 'typebox'
import { actorName } from '../auth/actor.ts'
import { sendRefusal } from '../problem/problem.ts'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { ListQuery, readCursor, readLimit, UuidText } from './list-query.ts'

type Deps = { readonly db: Db; readonly now: () => Date }

const tags = ['figures']
const config = { permission: 'report.read' } as const

/** Rules that facts broke when they arrived. The facts stand; a manager looks. */
export function exceptionRoutes({ db, now }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/exceptions',
      {
        config,
        schema: {
          tags,
          summary: 'Rules that facts broke, the newest first.',
          querystring: ListQuery({
            shopId: Type.Optional(UuidText<ShopId>()),
            seen: Type.Optional(Type.Literal('no')),
          }),
          response: { 200: Page(ExceptionView) },
        },
      },
      async (request) => {
        const { shopId, seen } = request.query
        const page = await listExceptions(db, orgOf(request), {
          shops: actorOf(request).shops,
          shopId,
          unseenOnly: seen === 'no',
          after: readCursor(request.query, ['text']),
          limit: readLimit(request.query),
        })
        return fits(Page(ExceptionView), page)
      },
    )
    app.post(
      '/v1/exceptions/seen',
      {
        config,
        schema: {
          tags,
          summary: 'Say that an exception was looked at, on this server.',
          body: AskSeen,
          response: { 200: Seen },
        },
      },
      async (request, reply) => {
        const actor = actorOf(request)
        const { exceptionId } = request.body
        const marked = await markExceptionSeen(db, orgOf(request), {
          id: exceptionId,
          shops: actor.shops,
          by: actorName(actor),
          at: now().toISOString(),
        })
        return marked ? { exceptionId } : sendRefusal(reply, { code: 'not_found' })
      },
    )
  }
}
