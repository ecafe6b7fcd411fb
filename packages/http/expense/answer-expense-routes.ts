import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AskAnswer, ExpenseView } from '@tillkeeper/client/api/expense-shapes.ts'
import { assert } from '@tillkeeper/core/base/assert.ts'
import type { StaffId } from '@tillkeeper/core/base/id.ts'
import { accepted, refused } from '@tillkeeper/core/base/outcome.ts'
import {
  decideApproveExpense,
  decideDeclineExpense,
} from '@tillkeeper/core/expense/answer-expense.ts'
import { limitOf } from '@tillkeeper/core/permission/permission.ts'
import { findExpense, toExpense } from '@tillkeeper/projections/expense/expense-sql.ts'
import Type from 'typebox'
import { type Actor, actorName } from '../auth/actor.ts'
import { identify } from '../idempotency/identify.ts'
import { sendRefusal } from '../problem/problem.ts'
import { UuidText } from '../reads/list-query.ts'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { recordShopAct, type ShopActDeps } from './record-shop-act.ts'

const names = ({ permissions }: Actor): ReadonlySet<string> => permissions

/** Somebody else says yes or no to an expense: a manager in the shop, the owner in the cloud. */
export function answerExpenseRoutes(deps: ShopActDeps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/expenses/:id/answer',
      {
        config: { permission: 'expense.approve' },
        schema: {
          tags: ['expense'],
          summary: 'Approve an expense, or decline it. Never one’s own.',
          params: Type.Object({ id: UuidText() }),
          body: AskAnswer,
          response: { 200: ExpenseView, 201: ExpenseView },
        },
      },
      async (request, reply) => {
        const identified = identify(request, request.body)
        if (!identified.ok) return sendRefusal(reply, identified.refusal)
        const actor = actorOf(request)
        if (actor.kind !== 'person') return sendRefusal(reply, { code: 'person_required' })
        const org = orgOf(request)
        const { approve, note } = request.body
        const asked = { id: request.params.id, shops: actor.shops }
        const acting = { org, actor: actorName(actor), identified: identified.value }
        const outcome = await recordShopAct(deps, acting, async (tx) => {
          const row = await findExpense(tx, org, asked)
          if (row === undefined) return refused({ code: 'expense_not_found' })
          const expense = toExpense(row)
          // Whose expenses somebody sees here was looked at: the shop is the expense's own.
          const granted = { permissions: names(actor), limits: actor.limits ?? [] }
          const maxMinor = limitOf([granted], 'expense.approve')
          const state = { shopId: undefined, expense, maxMinor }
          const answer = { approverId: actor.id as StaffId, note }
          const decided = approve
            ? decideApproveExpense(state, { ...answer, method: 'office' })
            : decideDeclineExpense(state, answer)
          if (!decided.ok) return decided
          return accepted({
            type: approve ? ('expense.approved' as const) : ('expense.declined' as const),
            shopId: expense.shopId,
            keys: [`expense:${expense.id}`],
            refs: [expense.id],
            body: decided.value,
          })
        })
        if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
        const found = await findExpense(deps.db, org, asked)
        assert(found !== undefined, 'an expense that was answered can be read')
        return reply.code(outcome.value.repeated ? 200 : 201).send(fits(ExpenseView, found))
      },
    )
  }
}
