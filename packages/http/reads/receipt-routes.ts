import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { receiptText } from '@tillkeeper/core/receipt/receipt-text.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import type { Refund } from '@tillkeeper/projections/refund/refund-sql.ts'
import { findShop, findTills } from '@tillkeeper/projections/registers/shop-sql.ts'
import { findSale, type Sale } from '@tillkeeper/projections/sale/sale-sql.ts'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { sendRefusal } from '../problem/problem.ts'
import { orgOf } from '../server/create-server.ts'
import { UuidText } from './list-query.ts'
import { findVisibleRefund, findVisibleSale } from './sale-routes.ts'

const tags = ['selling']
const config = { permission: 'sale.read' } as const
const ById = Type.Object({ id: UuidText<string>() })
const language = Type.Union([Type.Literal('en'), Type.Literal('th'), Type.Literal('id')])
const ReceiptQuery = Type.Object(
  { lang: Type.Optional(language), copy: Type.Optional(Type.Literal('1')) },
  { additionalProperties: false },
)

/** The receipts of sales and refunds, as text. */
export function receiptRoutes({ db }: { readonly db: Db }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/sales/:id/receipt',
      {
        config,
        schema: {
          tags,
          summary: 'A sale’s receipt as text, 42 columns wide.',
          params: ById,
          querystring: ReceiptQuery,
          produces: ['text/plain'],
        },
      },
      async (request, reply) => {
        const sale = await findVisibleSale(db, request, request.params.id)
        if (sale === undefined) return sendRefusal(reply, { code: 'not_found' })
        const issued = await readIssued(db, request, sale)
        const options = receiptOptions(request.query)
        return reply
          .type('text/plain; charset=utf-8')
          .send(receiptText({ kind: 'sale', ...sale, ...issued }, options))
      },
    )
    app.get(
      '/v1/refunds/:id/receipt',
      {
        config,
        schema: {
          tags,
          summary: 'A refund’s receipt as text, 42 columns wide.',
          params: ById,
          querystring: ReceiptQuery,
          produces: ['text/plain'],
        },
      },
      async (request, reply) => {
        const refund = await findVisibleRefund(db, request, request.params.id)
        if (refund === undefined) return sendRefusal(reply, { code: 'not_found' })
        const issued = await readIssued(db, request, refund)
        const saleReceiptNumber = await findReceiptNumber(db, request, refund.saleId)
        const options = receiptOptions(request.query)
        return reply
          .type('text/plain; charset=utf-8')
          .send(
            receiptText(
              { kind: refund.voids ? 'void' : 'refund', ...refund, ...issued, saleReceiptNumber },
              options,
            ),
          )
      },
    )
  }
}

function receiptOptions({ lang = 'en', copy }: { lang?: 'en' | 'th' | 'id'; copy?: '1' }) {
  return { language: lang, copy: copy === '1' }
}

/** The shop and till as a receipt shows them. They may have been renamed since; the act was not. */
async function readIssued(
  db: Db,
  request: FastifyRequest,
  { shopId, tillId }: Pick<Sale | Refund, 'shopId' | 'tillId'>,
) {
  const org = orgOf(request)
  const [shop, tills] = await Promise.all([findShop(db, org, shopId), findTills(db, org, [tillId])])
  const unknown = { name: '', address: '', taxNumber: '', timeZone: 'UTC', receiptFooter: '' }
  return { shop: shop ?? unknown, tillNumber: tills.get(tillId)?.number ?? 0 }
}

async function findReceiptNumber(db: Db, request: FastifyRequest, saleId: string | null) {
  if (saleId === null) return undefined
  return (await findSale(db, orgOf(request), saleId))?.receiptNumber
}
