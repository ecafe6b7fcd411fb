import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Evening, ExplanationView } from '@tillkeeper/client/api/evening-shapes.ts'
import type { OrgId, SessionId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { listBlocks } from '@tillkeeper/core/verify/evening-blocks.ts'
import {
  classOfVariance,
  defaultBounds,
  worstClass,
} from '@tillkeeper/core/verify/variance-class.ts'
import { listCashLocations } from '@tillkeeper/projections/cash/cash-sql.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { listTills } from '@tillkeeper/projections/registers/shop-sql.ts'
import { listAuthorHealth } from '@tillkeeper/projections/sync-health/child-health-sql.ts'
import { findSession } from '@tillkeeper/projections/till/session-sql.ts'
import { readBounds, type ShopBounds } from '@tillkeeper/projections/verification/bounds-sql.ts'
import { listExplanations } from '@tillkeeper/projections/verification/closed-session-sql.ts'
import {
  type EveningAsked,
  type EveningSessionRow,
  listEveningMovements,
  listEveningSessions,
  listOpenMatters,
} from '@tillkeeper/projections/verification/evening-sql.ts'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { maySeeShop } from '../auth/actor.ts'
import { sendRefusal } from '../problem/problem.ts'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { tillAuthor } from '../sync/child.ts'
import { DayText, UuidText } from './list-query.ts'

const tags = ['evening']

/** A day of business as a manager ends it, and what was said of its variances. */
export function eveningRoutes({ db }: { readonly db: Db }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/evening',
      {
        config: { permission: 'report.read' },
        schema: {
          tags,
          summary: 'What there is to do before a day ends, and what would block its end now.',
          querystring: Type.Object(
            { shopId: Type.Optional(UuidText<ShopId>()), date: DayText },
            { additionalProperties: false },
          ),
          response: { 200: Evening },
        },
      },
      async (request) => {
        const { shopId, date } = request.query
        const { shops } = actorOf(request)
        const asked = { shops, shopId, date, staffId: personOf(request) }
        return fits(Evening, await readEvening(db, orgOf(request), asked))
      },
    )
    app.get(
      '/v1/till-sessions/:id/explanations',
      {
        config: { permission: 'report.read' },
        schema: {
          tags,
          summary: 'What was said of a session’s variance, oldest first.',
          params: Type.Object({ id: UuidText<SessionId>() }),
          response: { 200: Type.Object({ items: Type.Array(ExplanationView) }) },
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const session = await findSession(db, orgOf(request), id)
        if (session === undefined || !maySeeShop(actorOf(request), session.shopId)) {
          return sendRefusal(reply, { code: 'not_found' })
        }
        const items = await listExplanations(db, orgOf(request), id)
        return { items: fits(Type.Array(ExplanationView), items) }
      },
    )
  }
}

function personOf(request: FastifyRequest): StaffId | undefined {
  const { kind, id } = actorOf(request)
  return kind === 'person' ? (id as StaffId) : undefined
}

async function readEvening(db: Db, org: OrgId, asked: EveningAsked) {
  const { shops, shopId } = asked
  const [rows, movements, matters, places, tills, authors] = await Promise.all([
    listEveningSessions(db, org, asked),
    listEveningMovements(db, org, asked),
    listOpenMatters(db, org, asked),
    listCashLocations(db, org, { shops, shopId }),
    listTills(db, org, { shops, shopId }),
    listAuthorHealth(db, org),
  ])
  const bounds = await readBounds(db, org, [...new Set(rows.map((row) => row.shopId))])
  const sessions = rows.map((row) => sessionOf(row, bounds.get(row.shopId)))
  const unsent = new Map(authors.map(({ author, lagFacts }) => [author, lagFacts]))
  const lagging = tills.map((till) => {
    const author = tillAuthor(till.id)
    return { author, shopId: till.shopId, number: till.number, unsent: unsent.get(author) ?? 0 }
  })
  const blocks = listBlocks({ sessions, movements, tills: lagging, places, matters })
  const cash = places.flatMap((place) =>
    place.shopId !== null && ['safe', 'bag'].includes(place.kind)
      ? [{ ...place, shopId: place.shopId }]
      : [],
  )
  return { businessDate: asked.date, sessions, movements, blocks: [...blocks], cash }
}

function sessionOf(row: EveningSessionRow, shop: ShopBounds | undefined) {
  const { countedMinor, expectedMinor, varianceMinor, others, explained, ...held } = row
  const said = new Map(explained.map(({ currency, bookedMinor }) => [currency, bookedMinor]))
  const own =
    countedMinor === null || expectedMinor === null || varianceMinor === null
      ? []
      : [{ currency: row.currency, countedMinor, expectedMinor, varianceMinor }]
  const counts = [...own, ...others].map((count) => {
    const { currency } = count
    // A shop's bounds are in its currency; what is counted in another has the usual ones.
    const bounds = shop?.currency === currency ? shop : defaultBounds(currency)
    return {
      ...count,
      class: classOfVariance(count.varianceMinor, bounds),
      explained: said.has(currency),
      bookedMinor: said.get(currency) ?? minor(0),
    }
  })
  return { ...held, counts, class: worstClass(counts.map((count) => count.class)) }
}
