import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AskSale, Sale } from '@tillkeeper/client/api/shapes.ts'
import { assert } from '@tillkeeper/core/base/assert.ts'
import type { SessionId } from '@tillkeeper/core/base/id.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import { fits } from '@tillkeeper/http/server/wire.ts'
import { findSale } from '@tillkeeper/projections/sale/sale-sql.ts'
import { actingOf, grantedOf, personOf } from '../act/acting.ts'
import type { StoreNode } from '../act/record-act.ts'
import type { Writer } from '../writer/writer.ts'
import type { AskedSale, SaleOutcome } from './complete-sale.ts'
import { saleView } from './sale-view.ts'

type Deps = { readonly node: StoreNode; readonly writer: Writer<AskedSale, SaleOutcome> }

/** Sales of other systems. A till seals its own, and sends them by sync. */
export function completeSaleRoutes({ node, writer }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/sales',
      {
        config: { permission: 'sale.create' },
        schema: {
          tags: ['selling'],
          summary:
            'Make a sale. Answered once it is durable; asking again with its id answers again.',
          body: AskSale,
          response: { 200: Sale, 201: Sale },
        },
      },
      async (request, reply) => {
        const acting = actingOf(request, request.body)
        if (!acting.ok) return sendRefusal(reply, acting.refusal)
        const { id: _, occurredAt: __, sessionId, approvalId, ...command } = request.body
        const outcome = await writer.sell({
          ...acting.value,
          sessionId: sessionId as SessionId,
          seller: personOf(request),
          right: { actor: grantedOf(request), approvalId },
          command,
        })
        if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
        const { id, made } = outcome.value
        if (made !== undefined) return reply.code(201).send(fits(Sale, saleView(id, made)))
        const sale = await findSale(node.db, node.org, id)
        assert(sale !== undefined, 'a sale that was made can be read')
        return fits(Sale, sale)
      },
    )
  }
}
