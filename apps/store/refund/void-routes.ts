import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AskReprint, AskVoid, Reprinted } from '@tillkeeper/client/api/document-shapes.ts'
import { RefundView } from '@tillkeeper/client/api/shapes.ts'
import { assert } from '@tillkeeper/core/base/assert.ts'
import type { SessionId } from '@tillkeeper/core/base/id.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import { UuidText } from '@tillkeeper/http/reads/list-query.ts'
import { fits } from '@tillkeeper/http/server/wire.ts'
import { findRefund } from '@tillkeeper/projections/refund/refund-sql.ts'
import Type from 'typebox'
import { actingOf, grantedOf, personActingOf, personOf } from '../act/acting.ts'
import { answerAct } from '../act/answer-act.ts'
import type { StoreNode } from '../act/record-act.ts'
import type { AnyWriter } from '../writer/writer.ts'
import { reprintReceipt } from './reprint-receipt.ts'
import { voidSale } from './void-sale.ts'

type Deps = { readonly node: StoreNode; readonly writer: AnyWriter }

const tags = ['selling']
const ById = Type.Object({ id: UuidText<string>() })

/** A sale that is taken back whole, and papers that are printed again. */
export function voidRoutes({ node, writer }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/sales/:id/void',
      {
        config: { permission: 'sale.refund' },
        schema: {
          tags,
          summary:
            'Void a sale: whole, on its day and in its session, by another person’s word. Later it is a refund.',
          params: ById,
          body: AskVoid,
          response: { 200: RefundView, 201: RefundView },
        },
      },
      async (request, reply) => {
        const acting = actingOf(request, request.body)
        if (!acting.ok) return sendRefusal(reply, acting.refusal)
        const { sessionId, reason, attemptId, approvalId } = request.body
        const outcome = await writer.act(() =>
          voidSale(node, acting.value, {
            ...{ reason, attemptId, saleId: request.params.id, sessionId: sessionId as SessionId },
            staffId: personOf(request)?.id,
            right: { actor: grantedOf(request), approvalId },
          }),
        )
        if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
        const { id, repeated } = outcome.value
        const refund = await findRefund(node.db, node.org, id)
        assert(refund !== undefined, 'a sale that was taken back can be read')
        return reply.code(repeated ? 200 : 201).send(fits(RefundView, refund))
      },
    )
    app.post(
      '/v1/receipts/:id/reprints',
      {
        config: { permission: 'sale.read' },
        schema: {
          tags,
          summary: 'Write down that a paper is printed again, marked as a copy.',
          params: ById,
          body: AskReprint,
          response: { 200: Reprinted, 201: Reprinted },
        },
      },
      async (request, reply) => {
        const { id: receiptId } = request.params
        const { reason } = request.body
        const person = personActingOf(request, request.body)
        return answerAct({ writer, reply }, person, ({ acting, staffId }) =>
          reprintReceipt(node, acting, { receiptId, staffId, reason }),
        )
      },
    )
  }
}
