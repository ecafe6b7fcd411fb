import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Page, RefundView, Sale, SaleRow } from '@tillkeeper/client/api/shapes.ts'
import type { SessionId, ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { findRefund } from '@tillkeeper/projections/refund/refund-sql.ts'
import { listSales } from '@tillkeeper/projections/sale/list-sales-sql.ts'
import { findSale } from '@tillkeeper/projections/sale/sale-sql.ts'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { maySeeShop } from '../auth/actor.ts'
import { sendRefusal } from '../problem/problem.ts'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { DayText, ListQuery, readCursor, readLimit, UuidText, Words } from './list-query.ts'

const tags = ['selling']
const config = { permission: 'sale.read' } as const
const ById = Type.Object({ id: UuidText<string>() })
const SalesQuery = ListQuery({
  shopId: Type.Optional(UuidText<ShopId>()),
  sessionId: Type.Optional(UuidText<SessionId>()),
  staffId: Type.Optional(UuidText<StaffId>()),
  date: Type.Optional(DayText),
  from: Type.Optional(DayText),
  to: Type.Optional(DayText),
  q: Type.Optional(Words),
})

/** Sales and refunds as they were made. */
export function saleRoutes({ db }: { readonly db: Db }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/sales',
      {
        config,
        schema: {
          tags,
          summary: 'Sales and refunds together, newest first.',
          querystring: SalesQuery,
          response: { 200: Page(SaleRow) },
        },
      },
      async (request) => {
        const { query } = request
        const page = await listSales(db, orgOf(request), {
          shops: actorOf(request).shops,
          shopId: query.shopId,
          sessionId: query.sessionId,
          staffId: query.staffId,
          from: query.date ?? query.from,
          to: query.date ?? query.to,
          q: query.q === '' ? undefined : query.q,
          after: readCursor(query, ['instant', 'uuid']),
          limit: readLimit(query),
        })
        return fits(Page(SaleRow), page)
      },
    )
    app.get(
      '/v1/sales/:id',
      {
        config,
        schema: {
          tags,
          summary: 'A sale with its lines, tenders and what came back of it.',
          params: ById,
          response: { 200: Sale },
        },
      },
      async (request, reply) => {
        const sale = await findVisibleSale(db, request, request.params.id)
        return sale === undefined ? sendRefusal(reply, { code: 'not_found' }) : fits(Sale, sale)
      },
    )
    app.get(
      '/v1/refunds/:id',
      {
        config,
        schema: {
          tags,
          summary: 'A refund with its lines.',
          params: ById,
          response: { 200: RefundView },
        },
      },
      async (request, reply) => {
        const refund = await findVisibleRefund(db, request, request.params.id)
        if (refund === undefined) return sendRefusal(reply, { code: 'not_found' })
        return fits(RefundView, refund)
      },
    )
  }
}

/** A sale that the asker may see. */
export async function findVisibleSale(db: Db, request: FastifyRequest, id: string) {
  const sale = await findSale(db, orgOf(request), id)
  return sale !== undefined && maySeeShop(actorOf(request), sale.shopId) ? sale : undefined
}

/** A refund that the asker may see. */
export async function findVisibleRefund(db: Db, request: FastifyRequest, id: string) {
  const refund = await findRefund(db, orgOf(request), id)
  return refund !== undefined && maySeeShop(actorOf(request), refund.shopId) ? refund : undefined
}
