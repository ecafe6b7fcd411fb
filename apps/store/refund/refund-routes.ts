import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AskRefund, AskUnlinkedRefund, RefundView } from '@tillkeeper/client/api/shapes.ts'
import { assert } from '@tillkeeper/core/base/assert.ts'
import type { SessionId } from '@tillkeeper/core/base/id.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import { UuidText } from '@tillkeeper/http/reads/list-query.ts'
import { fits } from '@tillkeeper/http/server/wire.ts'
import { findRefund } from '@tillkeeper/projections/refund/refund-sql.ts'
import Type from 'typebox'
import { actingOf, grantedOf, personOf } from '../act/acting.ts'
import type { Done, StoreNode } from '../act/record-act.ts'
import type { AnyWriter } from '../writer/writer.ts'
import { refundSale } from './refund-sale.ts'
import { refundUnlinked } from './refund-unlinked.ts'

type Deps = { readonly node: StoreNode; readonly writer: AnyWriter }

const tags = ['selling']
const BySale = Type.Object({ id: UuidText<string>() })

/** Goods that come back, with their receipt or without. */
export function refundRoutes({ node, writer }: Deps): FastifyPluginAsyncTypebox {
  const answer = async ({ id, repeated }: Done) => {
    const refund = await findRefund(node.db, node.org, id)
    assert(refund !== undefined, 'a refund that was given can be read')
    return { status: repeated ? 200 : 201, refund: fits(RefundView, refund) } as const
  }
  return async (app) => {
    app.post(
      '/v1/sales/:id/refunds',
      {
        config: { permission: 'sale.refund' },
        schema: {
          tags,
          summary: 'Refund a sale, in part or all that has not come back yet.',
          params: BySale,
          body: AskRefund,
          response: { 200: RefundView, 201: RefundView },
        },
      },
      async (request, reply) => {
        const acting = actingOf(request, request.body)
        if (!acting.ok) return sendRefusal(reply, acting.refusal)
        const { id: _, occurredAt: __, sessionId, approvalId, ...command } = request.body
        const outcome = await writer.act(() =>
          refundSale(node, acting.value, {
            ...command,
            saleId: request.params.id,
            sessionId: sessionId as SessionId,
            staffId: personOf(request)?.id,
            right: { actor: grantedOf(request), approvalId },
          }),
        )
        if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
        const { status, refund } = await answer(outcome.value)
        return reply.code(status).send(refund)
      },
    )
    app.post(
      '/v1/refunds',
      {
        // Who may not do it alone asks with somebody's approval: so the route is for all who give back.
        config: { permission: 'sale.refund' },
        schema: {
          tags,
          summary: 'Refund goods without the receipt of their sale.',
          body: AskUnlinkedRefund,
          response: { 200: RefundView, 201: RefundView },
        },
      },
      async (request, reply) => {
        const acting = actingOf(request, request.body)
        if (!acting.ok) return sendRefusal(reply, acting.refusal)
        const { id: _, occurredAt: __, sessionId, approvalId, ...command } = request.body
        const outcome = await writer.act(() =>
          refundUnlinked(node, acting.value, {
            ...command,
            sessionId: sessionId as SessionId,
            staffId: personOf(request)?.id,
            right: { actor: grantedOf(request), approvalId },
          }),
        )
        if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
        const { status, refund } = await answer(outcome.value)
        return reply.code(status).send(refund)
      },
    )
  }
}
