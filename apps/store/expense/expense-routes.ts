import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  AskExpense,
  AskPayment,
  AskSettlement,
  ExpenseView,
} from '@tillkeeper/client/api/expense-shapes.ts'
import { assert } from '@tillkeeper/core/base/assert.ts'
import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import type { Refusal } from '@tillkeeper/http/problem/refusals.ts'
import { UuidText } from '@tillkeeper/http/reads/list-query.ts'
import { fits } from '@tillkeeper/http/server/wire.ts'
import { findExpense } from '@tillkeeper/projections/expense/expense-sql.ts'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { actingOf, personOf, staffOf } from '../act/acting.ts'
import type { Done, StoreNode } from '../act/record-act.ts'
import type { AnyWriter } from '../writer/writer.ts'
import { payExpense, requestExpense, settleExpense } from './record-expense.ts'

type Deps = { readonly node: StoreNode; readonly writer: AnyWriter }

const tags = ['expense']
const config = { permission: 'expense.request' } as const
const ById = Type.Object({ id: UuidText() })
const response = { 200: ExpenseView, 201: ExpenseView }

/** Cash for an expense, from the question to the receipt. Each answers with the expense as it is then. */
export function storeExpenseRoutes({ node, writer }: Deps): FastifyPluginAsyncTypebox {
  const send = async (reply: FastifyReply, outcome: Outcome<Done, Refusal>, expenseId?: string) => {
    if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
    const { id, repeated } = outcome.value
    const found = await findExpense(node.db, node.org, { id: expenseId ?? id, shops: 'all' })
    assert(found !== undefined, 'an expense that something happened to can be read')
    return reply.code(repeated ? 200 : 201).send(fits(ExpenseView, found))
  }
  return async (app) => {
    app.post(
      '/v1/expenses',
      {
        config,
        schema: { tags, summary: 'Ask for cash for an expense.', body: AskExpense, response },
      },
      async (request, reply) => {
        const acting = actingOf(request, request.body)
        if (!acting.ok) return sendRefusal(reply, acting.refusal)
        const { id: _, occurredAt: __, staffId: named, ...command } = request.body
        const staff = staffOf(request, named)
        if (!staff.ok) return sendRefusal(reply, staff.refusal)
        const who = { staffId: staff.value, named: personOf(request) === undefined }
        const outcome = await writer.act(() =>
          requestExpense(node, acting.value, { ...command, ...who }),
        )
        return send(reply, outcome)
      },
    )
    app.post(
      '/v1/expenses/:id/payment',
      {
        config,
        schema: {
          tags,
          summary: 'Give the cash out of a drawer or the safe, as an advance.',
          params: ById,
          body: AskPayment,
          response,
        },
      },
      async (request, reply) => {
        const acting = actingOf(request, request.body)
        if (!acting.ok) return sendRefusal(reply, acting.refusal)
        const { id: _, occurredAt: __, ...command } = request.body
        const expenseId = request.params.id
        const staffId = personOf(request)?.id
        const outcome = await writer.act(() =>
          payExpense(node, acting.value, { ...command, expenseId, staffId }),
        )
        return send(reply, outcome, expenseId)
      },
    )
    app.post(
      '/v1/expenses/:id/settlement',
      {
        config,
        schema: {
          tags,
          summary: 'Take receipt and change of an advance: what was spent, what came back.',
          params: ById,
          body: AskSettlement,
          response,
        },
      },
      async (request, reply) => {
        const acting = actingOf(request, request.body)
        if (!acting.ok) return sendRefusal(reply, acting.refusal)
        const { id: _, occurredAt: __, ...command } = request.body
        const expenseId = request.params.id
        const staffId = personOf(request)?.id
        const outcome = await writer.act(() =>
          settleExpense(node, acting.value, { ...command, expenseId, staffId }),
        )
        return send(reply, outcome, expenseId)
      },
    )
  }
}
