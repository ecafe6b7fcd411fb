import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { DayReport } from '@tillkeeper/client/api/document-shapes.ts'
import type { ShopId } from '@tillkeeper/core/base/id.ts'
import { receiptText } from '@tillkeeper/core/receipt/receipt-text.ts'
import { isSealed } from '@tillkeeper/core/till/till-session.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { findShop } from '@tillkeeper/projections/registers/shop-sql.ts'
import { listSessions } from '@tillkeeper/projections/till/session-sql.ts'
import Type from 'typebox'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { DayText, UuidText } from './list-query.ts'

/** Sessions of a day whose reports are given at once; a chain of fifty shops has fewer. */
const dayReportsMax = 500

/** The Z reports of a day of business, all at once. */
export function dayReportRoutes({ db }: { readonly db: Db }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/evening/reports',
      {
        config: { permission: 'report.read' },
        schema: {
          tags: ['evening'],
          summary: 'The Z reports of a day’s closed sessions as text, by shop, till and time.',
          querystring: Type.Object(
            {
              shopId: Type.Optional(UuidText<ShopId>()),
              date: DayText,
              lang: Type.Optional(
                Type.Union([Type.Literal('en'), Type.Literal('th'), Type.Literal('id')]),
              ),
            },
            { additionalProperties: false },
          ),
          response: { 200: Type.Object({ items: Type.Array(DayReport) }) },
        },
      },
      async (request) => {
        const { shopId, date, lang = 'en' } = request.query
        const { shops } = actorOf(request)
        const org = orgOf(request)
        const { items: sessions } = await listSessions(db, org, {
          ...{ shops, shopId, date, limit: dayReportsMax },
        })
        // Before its count is sealed, a session's report would say what the drawer should hold.
        const closed = sessions.filter(({ state }) => isSealed(state))
        const ids = [...new Set(closed.map((session) => session.shopId))]
        const found = await Promise.all(ids.map((id) => findShop(db, org, id)))
        const shopOf = new Map(ids.map((id, index) => [id, found[index] ?? unknownShop]))
        const items = closed
          .map((session) => ({
            sessionId: session.id,
            shopId: session.shopId,
            tillNumber: session.tillNumber,
            staffName: session.staffName,
            openedAt: session.openedAt,
            text: receiptText(
              { kind: 'z', shop: shopOf.get(session.shopId) ?? unknownShop, ...session },
              { language: lang },
            ),
          }))
          .sort(byPlace)
        return { items: fits(Type.Array(DayReport), items) }
      },
    )
  }
}

type Placed = Pick<DayReport, 'shopId' | 'tillNumber' | 'openedAt'>

function byPlace(a: Placed, b: Placed): number {
  if (a.shopId !== b.shopId) return a.shopId < b.shopId ? -1 : 1
  return a.tillNumber - b.tillNumber || (a.openedAt < b.openedAt ? -1 : 1)
}

const unknownShop = { name: '', address: '', taxNumber: '', timeZone: 'UTC', receiptFooter: '' }
