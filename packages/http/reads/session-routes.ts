import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Session, SessionState } from '@tillkeeper/client/api/session-shapes.ts'
import { Page } from '@tillkeeper/client/api/shapes.ts'
import { SessionMovement } from '@tillkeeper/client/api/sync-health-shapes.ts'
import type { SessionId, ShopId, TillId } from '@tillkeeper/core/base/id.ts'
import { receiptText } from '@tillkeeper/core/receipt/receipt-text.ts'
import { isSealed } from '@tillkeeper/core/till/till-session.ts'
import { listSessionTransfers } from '@tillkeeper/projections/cash/cash-sql.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { findShop } from '@tillkeeper/projections/registers/shop-sql.ts'
import { findSession, listSessions } from '@tillkeeper/projections/till/session-sql.ts'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { maySeeShop } from '../auth/actor.ts'
import { sendRefusal } from '../problem/problem.ts'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { DayText, ListQuery, readCursor, readLimit, UuidText } from './list-query.ts'
import { maySeeExpected, sessionView } from './session-view.ts'

const tags = ['till']
const config = { permission: 'till.read' } as const
const ById = Type.Object({ id: UuidText<SessionId>() })
const ReportQuery = Type.Object(
  {
    kind: Type.Union([Type.Literal('x'), Type.Literal('z')]),
    lang: Type.Optional(Type.Union([Type.Literal('en'), Type.Literal('th'), Type.Literal('id')])),
    format: Type.Optional(Type.Union([Type.Literal('text'), Type.Literal('json')])),
  },
  { additionalProperties: false },
)

/** As many movements of a session are given: a till that sells once a minute for two days. */
const movementsMax = 5_000
/** What a person typed, and so knows without a look into the drawer. */
const countedTypes = ['float', 'pay_in', 'pay_out', 'drop', 'top_up', 'advance', 'advance_return']

/** Till sessions with their totals, and their X and Z reports. */
export function sessionRoutes({ db }: { readonly db: Db }): FastifyPluginAsyncTypebox {
  const findVisible = async (request: FastifyRequest, id: SessionId) => {
    const session = await findSession(db, orgOf(request), id)
    return session !== undefined && maySeeShop(actorOf(request), session.shopId)
      ? session
      : undefined
  }
  return async (app) => {
    app.get(
      '/v1/till-sessions',
      {
        config,
        schema: {
          tags,
          summary: 'Till sessions, the newest first.',
          querystring: ListQuery({
            shopId: Type.Optional(UuidText<ShopId>()),
            tillId: Type.Optional(UuidText<TillId>()),
            state: Type.Optional(SessionState),
            date: Type.Optional(DayText),
          }),
          response: { 200: Page(Session) },
        },
      },
      async (request) => {
        const { shopId, tillId, state: asked, date } = request.query
        const page = await listSessions(db, orgOf(request), {
          shops: actorOf(request).shops,
          shopId,
          tillId,
          state: asked,
          date,
          after: readCursor(request.query, ['instant', 'uuid']),
          limit: readLimit(request.query),
        })
        const items = page.items.map((session) => sessionView(request, session))
        return fits(Page(Session), { items, next: page.next })
      },
    )
    app.get(
      '/v1/till-sessions/:id',
      {
        config,
        schema: {
          tags,
          summary: 'A till session with its totals and its close.',
          params: ById,
          response: { 200: Session },
        },
      },
      async (request, reply) => {
        const session = await findVisible(request, request.params.id)
        if (session === undefined) return sendRefusal(reply, { code: 'not_found' })
        return fits(Session, sessionView(request, session))
      },
    )
    movementsRoute(app, db, findVisible)
    app.get(
      '/v1/till-sessions/:id/report',
      {
        config,
        schema: {
          tags,
          summary: 'X (so far) or Z (closed) report, as text or with `format=json` as data.',
          params: ById,
          querystring: ReportQuery,
          produces: ['text/plain', 'application/json'],
        },
      },
      async (request, reply) => {
        const found = await findVisible(request, request.params.id)
        if (found === undefined) return sendRefusal(reply, { code: 'not_found' })
        const { kind, lang = 'en', format = 'text' } = request.query
        if (kind === 'z' && !isSealed(found.state)) {
          return sendRefusal(reply, { code: 'session_still_open' })
        }
        // Its figures add up to what the drawer should hold.
        if (!maySeeExpected(request, found)) return sendRefusal(reply, { code: 'forbidden' })
        const shop = (await findShop(db, orgOf(request), found.shopId)) ?? unknownShop
        const report = { kind, shop, ...found }
        if (format === 'json') return reply.send(report)
        return reply.type('text/plain; charset=utf-8').send(receiptText(report, { language: lang }))
      },
    )
  }
}

type App = Parameters<FastifyPluginAsyncTypebox>[0]
type Found = Awaited<ReturnType<typeof findSession>>

function movementsRoute(
  app: App,
  db: Db,
  findVisible: (request: FastifyRequest, id: SessionId) => Promise<Found>,
): void {
  app.get(
    '/v1/till-sessions/:id/movements',
    {
      config,
      schema: {
        tags,
        summary: 'The cash that moved in a session, oldest first.',
        params: ById,
        response: { 200: Type.Object({ items: Type.Array(SessionMovement) }) },
      },
    },
    async (request, reply) => {
      const session = await findVisible(request, request.params.id)
      if (session === undefined) return sendRefusal(reply, { code: 'not_found' })
      // A count is blind: all that moved would add up to what the drawer should hold.
      const seen = maySeeExpected(request, session)
      const moved = await listSessionTransfers(db, orgOf(request), {
        sessionId: session.id,
        types: seen ? undefined : countedTypes,
        limit: movementsMax,
      })
      return { items: moved.map(({ pieces: _, ...movement }) => movement) }
    },
  )
}

const unknownShop = { name: '', address: '', taxNumber: '', timeZone: 'UTC', receiptFooter: '' }
