import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { CashLocation } from '@tillkeeper/client/api/cash-shapes.ts'
import { DaySummary, ItemSummary, Page, Today } from '@tillkeeper/client/api/shapes.ts'
import type { ShopId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { listCashLocations } from '@tillkeeper/projections/cash/cash-sql.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { listShops } from '@tillkeeper/projections/registers/shop-sql.ts'
import { listDaySummaries } from '@tillkeeper/projections/summary/day-summary-sql.ts'
import { listItemSummaries } from '@tillkeeper/projections/summary/item-summary-sql.ts'
import { readToday } from '@tillkeeper/projections/summary/today-sql.ts'
import Type from 'typebox'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { checkDays, DayText, UuidText } from './list-query.ts'

type Deps = { readonly db: Db; readonly now: () => Date }

const tags = ['figures']
const config = { permission: 'report.read' } as const
const DaysQuery = Type.Object(
  { shopId: Type.Optional(UuidText<ShopId>()), from: DayText, to: DayText },
  { additionalProperties: false },
)

/** What trade adds up to, and where the cash is. */
export function figureRoutes({ db, now }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/today',
      {
        config,
        schema: {
          tags,
          summary: 'A day of all shops at once; today by the clock of the first if it is left out.',
          querystring: Type.Object(
            { date: Type.Optional(DayText) },
            { additionalProperties: false },
          ),
          response: { 200: Today },
        },
      },
      async (request) => {
        const org = orgOf(request)
        const { shops } = actorOf(request)
        let { date } = request.query
        if (date === undefined) {
          const [first] = await listShops(db, org, { shops })
          date = businessDateOf(now().toISOString(), first?.timeZone ?? 'UTC')
        }
        return fits(Today, await readToday(db, org, { shops, date }))
      },
    )
    app.get(
      '/v1/summaries/days',
      {
        config,
        schema: {
          tags,
          summary: 'Figures by shop and day, with those of people and hours.',
          querystring: DaysQuery,
          response: { 200: Page(DaySummary) },
        },
      },
      async (request) => {
        checkDays(request.query)
        const asked = { ...request.query, shops: actorOf(request).shops }
        const items = await listDaySummaries(db, orgOf(request), asked)
        return fits(Page(DaySummary), { items, next: null })
      },
    )
    app.get(
      '/v1/summaries/items',
      {
        config,
        schema: {
          tags,
          summary: 'What was sold of each product, less what came back.',
          querystring: DaysQuery,
          response: { 200: Page(ItemSummary) },
        },
      },
      async (request) => {
        checkDays(request.query)
        const asked = { ...request.query, shops: actorOf(request).shops }
        const items = await listItemSummaries(db, orgOf(request), asked)
        return fits(Page(ItemSummary), { items, next: null })
      },
    )
    app.get(
      '/v1/cash/locations',
      {
        config,
        schema: {
          tags,
          summary: 'Where cash is. All places of a currency add up to zero.',
          querystring: Type.Object(
            { shopId: Type.Optional(UuidText<ShopId>()) },
            { additionalProperties: false },
          ),
          response: { 200: Page(CashLocation) },
        },
      },
      async (request) => {
        const asked = { shops: actorOf(request).shops, shopId: request.query.shopId }
        const items = await listCashLocations(db, orgOf(request), asked)
        return fits(Page(CashLocation), { items, next: null })
      },
    )
  }
}
