import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Rate } from '@tillkeeper/client/api/rate-shapes.ts'
import { Page } from '@tillkeeper/client/api/shapes.ts'
import type { ShopId } from '@tillkeeper/core/base/id.ts'
import { CurrencyCode, Instant } from '@tillkeeper/facts/catalogue/parts.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { listRates, listRatesAt } from '@tillkeeper/projections/registers/rate-sql.ts'
import { findShop } from '@tillkeeper/projections/registers/shop-sql.ts'
import Type from 'typebox'
import { sendRefusal } from '../problem/problem.ts'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { ListQuery, readCursor, readLimit, UuidText } from './list-query.ts'

const tags = ['catalogue']
const config = { permission: 'till.read' } as const

type Deps = { readonly db: Db; readonly now: () => Date }

/** What currencies are worth: now, at any moment, and how it came to be. */
export function rateRoutes({ db, now }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/rates',
      {
        config,
        schema: {
          tags,
          summary: 'The rates that were set, the latest to begin first.',
          querystring: ListQuery({
            shopId: Type.Optional(UuidText<ShopId>()),
            currency: Type.Optional(CurrencyCode),
          }),
          response: { 200: Page(Rate) },
        },
      },
      async (request) => {
        const { shopId, currency } = request.query
        const page = await listRates(db, orgOf(request), {
          shops: actorOf(request).shops,
          shopId,
          currency,
          after: readCursor(request.query, ['instant', 'uuid']),
          limit: readLimit(request.query),
        })
        return fits(Page(Rate), page)
      },
    )
    app.get(
      '/v1/rates/held',
      {
        config,
        schema: {
          tags,
          summary: 'The rates that hold in a shop, now or at the moment `at`.',
          querystring: Type.Object(
            { shopId: UuidText<ShopId>(), at: Type.Optional(Instant) },
            { additionalProperties: false },
          ),
          response: { 200: Page(Rate) },
        },
      },
      async (request, reply) => {
        const { shopId, at = now().toISOString() } = request.query
        const { shops } = actorOf(request)
        const visible = shops === 'all' || shops.has(shopId)
        const shop = visible ? await findShop(db, orgOf(request), shopId) : undefined
        if (shop === undefined) return sendRefusal(reply, { code: 'not_found' })
        const items = await listRatesAt(db, orgOf(request), { base: shop.currency, shopId, at })
        return fits(Page(Rate), { items, next: null })
      },
    )
  }
}
