import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  AttemptDetail,
  AttemptPage,
  RecyclerList,
  RecyclerView,
} from '@tillkeeper/client/api/recycler-shapes.ts'
import type { ShopId } from '@tillkeeper/core/base/id.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import {
  type AttemptRow,
  findAttempt,
  listAttemptDifferences,
  listAttempts,
} from '@tillkeeper/projections/recycler/read-attempts-sql.ts'
import { listRecyclers } from '@tillkeeper/projections/recycler/read-recyclers-sql.ts'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { sendRefusal } from '../problem/problem.ts'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { checkDays, DayText, ListQuery, readCursor, readLimit, UuidText } from './list-query.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]
type Deps = { readonly db: Db }

const tags = ['recycler']
const config = { permission: 'till.read' } as const
const params = Type.Object({ id: UuidText<string>() })

/** Cash machines as the books know them. What one does this moment, its shop's server knows alone. */
export function recyclerReadRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    machineReads(app, deps)
    attemptReads(app, deps)
  }
}

function machineReads(app: App, { db }: Deps): void {
  app.get(
    '/v1/recyclers',
    {
      config,
      schema: {
        tags,
        summary: 'Cash machines, with what they last told and what the books say that they hold.',
        querystring: Type.Object(
          { shopId: Type.Optional(UuidText<ShopId>()) },
          { additionalProperties: false },
        ),
        response: { 200: RecyclerList },
      },
    },
    async (request) => {
      const { shops } = actorOf(request)
      const asked = { shops, shopId: request.query.shopId }
      return fits(RecyclerList, { items: await listRecyclers(db, orgOf(request), asked) })
    },
  )
  app.get(
    '/v1/recyclers/:id',
    {
      config,
      schema: { tags, summary: 'One cash machine.', params, response: { 200: RecyclerView } },
    },
    async (request, reply) => {
      const found = await findMachine(db, request, request.params.id)
      if (found === undefined) return sendRefusal(reply, { code: 'recycler_not_found' })
      return fits(RecyclerView, found)
    },
  )
}

function attemptReads(app: App, { db }: Deps): void {
  app.get(
    '/v1/recyclers/:id/attempts',
    {
      config,
      schema: {
        tags,
        summary: 'What was asked of a cash machine and how it ended, the newest first.',
        params,
        querystring: ListQuery({ from: Type.Optional(DayText), to: Type.Optional(DayText) }),
        response: { 200: AttemptPage },
      },
    },
    async (request, reply) => {
      const { id: recyclerId } = request.params
      const { from, to } = request.query
      if (from !== undefined && to !== undefined) checkDays({ from, to })
      const found = await findMachine(db, request, recyclerId)
      if (found === undefined) return sendRefusal(reply, { code: 'recycler_not_found' })
      const page = await listAttempts(db, orgOf(request), {
        ...{ recyclerId, from, to, limit: readLimit(request.query) },
        after: readCursor(request.query, ['instant', 'uuid']),
      })
      return fits(AttemptPage, { items: page.items.map(recordOf), next: page.next })
    },
  )
  app.get(
    '/v1/recycler-attempts/:id',
    {
      config,
      schema: {
        tags,
        summary: 'One attempt whole: what was asked, what the machine held, how it ended.',
        params,
        response: { 200: AttemptDetail },
      },
    },
    async (request, reply) => {
      const org = orgOf(request)
      const { id: attemptId } = request.params
      const found = await findAttempt(db, org, { attemptId, shops: actorOf(request).shops })
      if (found === undefined) return sendRefusal(reply, { code: 'recycler_attempt_not_found' })
      const { recyclerId, before, after, certain, because } = found
      const differences = await listAttemptDifferences(db, org, { recyclerId, attemptId })
      return fits(AttemptDetail, {
        ...{ ...recordOf(found), before, after, certain, because, differences },
      })
    },
  )
}

async function findMachine(db: Db, request: FastifyRequest, id: string) {
  const { shops } = actorOf(request)
  const [found] = await listRecyclers(db, orgOf(request), { shops, id })
  return found
}

/** A row without what only the one read of an attempt says. */
function recordOf(row: AttemptRow) {
  const { before: _, after: __, certain: ___, because: ____, sessionId: _____, ...record } = row
  return { ...record, links: record.links ?? null }
}
