import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Document, DocumentStatistics, PaperText } from '@tillkeeper/client/api/document-shapes.ts'
import { Page } from '@tillkeeper/client/api/shapes.ts'
import type { ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { receiptText } from '@tillkeeper/core/receipt/receipt-text.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import {
  documentKinds,
  listDocuments,
  listNumberGaps,
  readDocumentFigures,
} from '@tillkeeper/projections/receipt/documents-sql.ts'
import { findPaper } from '@tillkeeper/projections/receipt/find-paper-sql.ts'
import { findShop } from '@tillkeeper/projections/registers/shop-sql.ts'
import Type from 'typebox'
import { maySeeShop } from '../auth/actor.ts'
import { sendRefusal } from '../problem/problem.ts'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import {
  checkDays,
  DayText,
  ListQuery,
  readCursor,
  readLimit,
  UuidText,
  Words,
} from './list-query.ts'

const tags = ['selling']
const config = { permission: 'sale.read' } as const
const kind = Type.Union(documentKinds.map((name) => Type.Literal(name)))
const MinorText = Type.String({ pattern: '^[0-9]{1,13}$' })

/** Papers of every kind: found by number, amount, day, person and kind, and counted. */
export function documentRoutes({ db }: { readonly db: Db }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/receipts',
      {
        config,
        schema: {
          tags,
          summary: 'Papers of sales, refunds, voids and movements, the newest first.',
          querystring: ListQuery({
            shopId: Type.Optional(UuidText<ShopId>()),
            staffId: Type.Optional(UuidText<StaffId>()),
            kind: Type.Optional(kind),
            from: Type.Optional(DayText),
            to: Type.Optional(DayText),
            number: Type.Optional(Words),
            minMinor: Type.Optional(MinorText),
            maxMinor: Type.Optional(MinorText),
          }),
          response: { 200: Page(Document) },
        },
      },
      async (request) => {
        const { minMinor, maxMinor, cursor: _, limit: __, ...asked } = request.query
        const page = await listDocuments(db, orgOf(request), {
          ...asked,
          ...(minMinor !== undefined && { minMinor: Number(minMinor) }),
          ...(maxMinor !== undefined && { maxMinor: Number(maxMinor) }),
          shops: actorOf(request).shops,
          after: readCursor(request.query, ['instant', 'text']),
          limit: readLimit(request.query),
        })
        return fits(Page(Document), page)
      },
    )
    app.get(
      '/v1/receipts/statistics',
      {
        config: { permission: 'report.read' },
        schema: {
          tags,
          summary: 'How many papers of each kind, what they come to, and gaps in their numbers.',
          querystring: Type.Object(
            { shopId: Type.Optional(UuidText<ShopId>()), from: DayText, to: DayText },
            { additionalProperties: false },
          ),
          response: { 200: DocumentStatistics },
        },
      },
      async (request) => {
        checkDays(request.query)
        const days = { ...request.query, shops: actorOf(request).shops }
        const [kinds, gaps] = await Promise.all([
          readDocumentFigures(db, orgOf(request), days),
          listNumberGaps(db, orgOf(request), days),
        ])
        return fits(DocumentStatistics, { kinds, gaps })
      },
    )
    paperRoute(app, db)
  }
}

type App = Parameters<FastifyPluginAsyncTypebox>[0]

/** What a movement's paper says; those of sales and refunds stand by their own addresses. */
function paperRoute(app: App, db: Db): void {
  app.get(
    '/v1/receipts/:id/paper',
    {
      config,
      schema: {
        tags,
        summary: 'The paper of a movement as text, 42 columns wide, with its photos.',
        params: Type.Object({ id: UuidText<string>() }),
        querystring: Type.Object(
          {
            lang: Type.Optional(
              Type.Union([Type.Literal('en'), Type.Literal('th'), Type.Literal('id')]),
            ),
            copy: Type.Optional(Type.Literal('1')),
          },
          { additionalProperties: false },
        ),
        response: { 200: PaperText },
      },
    },
    async (request, reply) => {
      const { lang = 'en', copy } = request.query
      const found = await findPaper(db, orgOf(request), request.params.id)
      if (found === undefined || !maySeeShop(actorOf(request), found.shopId)) {
        return sendRefusal(reply, { code: 'not_found' })
      }
      const { photoIds, number: receiptNumber, ...paper } = found
      const shop = (await findShop(db, orgOf(request), found.shopId)) ?? unknownShop
      const currency = paper.parts[0]?.currency ?? shop.currency
      const view = { kind: 'movement', ...paper, receiptNumber, currency, shop } as const
      const text = receiptText(view, { language: lang, copy: copy === '1' })
      return fits(PaperText, { number: receiptNumber, text, photoIds: [...photoIds] })
    },
  )
}

const unknownShop = {
  ...{ name: '', address: '', taxNumber: '', timeZone: 'UTC', receiptFooter: '' },
  currency: 'THB' as Currency,
}
