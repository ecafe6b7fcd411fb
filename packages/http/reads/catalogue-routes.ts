import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Employee, Page, Product, Shop, Till } from '@tillkeeper/client/api/shapes.ts'
import type { ShopId } from '@tillkeeper/core/base/id.ts'
import { Instant } from '@tillkeeper/facts/catalogue/parts.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { listEmployees } from '@tillkeeper/projections/registers/employee-sql.ts'
import { listProducts } from '@tillkeeper/projections/registers/product-sql.ts'
import { listShops, listTills } from '@tillkeeper/projections/registers/shop-sql.ts'
import Type from 'typebox'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { ListQuery, readCursor, readLimit, refuseCursor, UuidText, Words } from './list-query.ts'

const tags = ['catalogue']
const OfShop = ListQuery({ shopId: Type.Optional(UuidText<ShopId>()) })

/** What is sold, where, at which tills, and by whom. */
export function catalogueRoutes({ db }: { readonly db: Db }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/products',
      {
        config: { permission: 'product.read' },
        schema: {
          tags,
          summary: 'Search products, or read those that changed.',
          querystring: ListQuery({
            q: Type.Optional(Words),
            barcode: Type.Optional(Words),
            updatedSince: Type.Optional(Instant),
          }),
          response: { 200: Page(Product) },
        },
      },
      async (request) => {
        const { q, barcode, updatedSince } = request.query
        const page = await listProducts(db, orgOf(request), {
          q,
          barcode,
          updatedSinceMs: updatedSince === undefined ? undefined : Date.parse(updatedSince),
          after: readCursor(request.query, ['text', 'uuid']),
          limit: readLimit(request.query),
        })
        return fits(Page(Product), page)
      },
    )
    app.get(
      '/v1/shops',
      {
        config: { permission: 'till.read' },
        schema: {
          tags,
          summary: 'The shops that you may see.',
          querystring: ListQuery({}),
          response: { 200: Page(Shop) },
        },
      },
      async (request) => {
        refuseCursor(request.query)
        const { shops } = actorOf(request)
        return fits(Page(Shop), {
          items: await listShops(db, orgOf(request), { shops }),
          next: null,
        })
      },
    )
    app.get(
      '/v1/tills',
      {
        config: { permission: 'till.read' },
        schema: {
          tags,
          summary: 'The tills of the shops that you may see.',
          querystring: OfShop,
          response: { 200: Page(Till) },
        },
      },
      async (request) => {
        refuseCursor(request.query)
        const asked = { shops: actorOf(request).shops, shopId: request.query.shopId }
        return fits(Page(Till), { items: await listTills(db, orgOf(request), asked), next: null })
      },
    )
    app.get(
      '/v1/employees',
      {
        config: { permission: 'staff.read' },
        schema: {
          tags,
          summary: 'The people of the shops that you may see.',
          querystring: OfShop,
          response: { 200: Page(Employee) },
        },
      },
      async (request) => {
        refuseCursor(request.query)
        const asked = { shops: actorOf(request).shops, shopId: request.query.shopId }
        const items = await listEmployees(db, orgOf(request), asked)
        return fits(Page(Employee), { items, next: null })
      },
    )
  }
}
