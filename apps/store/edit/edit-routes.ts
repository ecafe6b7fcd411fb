import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  AskProductNote,
  AskReceiptFooter,
  AskShopCash,
  Edited,
} from '@tillkeeper/client/api/edit-shapes.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import { UuidText } from '@tillkeeper/http/reads/list-query.ts'
import Type from 'typebox'
import { actingOf } from '../act/acting.ts'
import type { StoreNode } from '../act/record-act.ts'
import type { AnyWriter } from '../writer/writer.ts'
import { noteProduct, setReceiptFooter, setShopCash } from './edit-register.ts'

type Deps = { readonly node: StoreNode; readonly writer: AnyWriter }

const tags = ['catalogue']
const response = { 200: Edited, 201: Edited }

/** What a shop may write of the chain's settings, with or without the internet. */
export function editRoutes({ node, writer }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/products/:id/note',
      {
        config: { permission: 'product.note' },
        schema: {
          tags,
          summary: 'Write a product’s note, add barcodes to it or remove some.',
          params: Type.Object({ id: UuidText() }),
          body: AskProductNote,
          response,
        },
      },
      async (request, reply) => {
        const acting = actingOf(request, request.body)
        if (!acting.ok) return sendRefusal(reply, acting.refusal)
        const { id: _, ...said } = request.body
        const outcome = await writer.act(() =>
          noteProduct(node, acting.value, { ...said, productId: request.params.id }),
        )
        if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
        return reply.code(outcome.value.repeated ? 200 : 201).send({ id: outcome.value.id })
      },
    )
    app.post(
      '/v1/receipt-footer',
      {
        config: { permission: 'shop.settings' },
        schema: {
          tags,
          summary: 'Write what this shop prints below its receipts.',
          body: AskReceiptFooter,
          response,
        },
      },
      async (request, reply) => {
        const acting = actingOf(request, request.body)
        if (!acting.ok) return sendRefusal(reply, acting.refusal)
        const { receiptFooter } = request.body
        const outcome = await writer.act(() => setReceiptFooter(node, acting.value, receiptFooter))
        if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
        return reply.code(outcome.value.repeated ? 200 : 201).send({ id: outcome.value.id })
      },
    )
    app.post(
      '/v1/shop-cash',
      {
        config: { permission: 'shop.settings' },
        schema: {
          tags,
          summary: 'Write how this shop keeps its cash: limits, tolerance, float, blind counts.',
          body: AskShopCash,
          response,
        },
      },
      async (request, reply) => {
        const acting = actingOf(request, request.body)
        if (!acting.ok) return sendRefusal(reply, acting.refusal)
        const { id: _, ...said } = request.body
        const outcome = await writer.act(() => setShopCash(node, acting.value, said))
        if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
        return reply.code(outcome.value.repeated ? 200 : 201).send({ id: outcome.value.id })
      },
    )
  }
}
