import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  ExpenseCategoryView,
  ExpenseStateName,
  ExpenseTotal,
  ExpenseTotalsBy,
  ExpenseView,
} from '@tillkeeper/client/api/expense-shapes.ts'
import { Page } from '@tillkeeper/client/api/shapes.ts'
import type { ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import {
  findExpense,
  listExpenseCategories,
  listExpenses,
} from '@tillkeeper/projections/expense/expense-sql.ts'
import { sumExpenses } from '@tillkeeper/projections/expense/expense-total-sql.ts'
import Type from 'typebox'
import { sendRefusal } from '../problem/problem.ts'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { checkDays, DayText, ListQuery, readCursor, readLimit, UuidText } from './list-query.ts'

const tags = ['expense']
const config = { permission: 'expense.request' } as const

const Categories = Type.Object({ items: Type.Array(ExpenseCategoryView) })
const Totals = Type.Object({ items: Type.Array(ExpenseTotal) })

/** Expenses with what became of them, their categories, and what they come to. */
export function expenseRoutes({ db }: { readonly db: Db }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/expense-categories',
      {
        config,
        schema: {
          tags,
          summary: 'What cash is spent on, by name.',
          response: { 200: Categories },
        },
      },
      async (request) => {
        const items = await listExpenseCategories(db, orgOf(request))
        return fits(Categories, { items: [...items] })
      },
    )
    app.get(
      '/v1/expenses',
      {
        config,
        schema: {
          tags,
          summary: 'Expenses, the newest first.',
          querystring: ListQuery({
            shopId: Type.Optional(UuidText<ShopId>()),
            state: Type.Optional(ExpenseStateName),
            staffId: Type.Optional(UuidText<StaffId>()),
            categoryId: Type.Optional(UuidText()),
            from: Type.Optional(DayText),
            to: Type.Optional(DayText),
            openOrPaidOn: Type.Optional(DayText),
          }),
          response: { 200: Page(ExpenseView) },
        },
      },
      async (request) => {
        const { cursor: _, limit: __, ...filter } = request.query
        const page = await listExpenses(db, orgOf(request), {
          ...filter,
          shops: actorOf(request).shops,
          after: readCursor(request.query, ['instant', 'uuid']),
          limit: readLimit(request.query),
        })
        return fits(Page(ExpenseView), page)
      },
    )
    app.get(
      '/v1/expenses/:id',
      {
        config,
        schema: {
          tags,
          summary: 'An expense with its answer, its payment and its settlement.',
          params: Type.Object({ id: UuidText() }),
          response: { 200: ExpenseView },
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const { shops } = actorOf(request)
        const found = await findExpense(db, orgOf(request), { id, shops })
        if (found === undefined) return sendRefusal(reply, { code: 'not_found' })
        return fits(ExpenseView, found)
      },
    )
    app.get(
      '/v1/expense-totals',
      {
        config: { permission: 'report.read' },
        schema: {
          tags,
          summary: 'What expenses come to by category, person or day, and what is still out.',
          querystring: Type.Object(
            {
              by: ExpenseTotalsBy,
              shopId: Type.Optional(UuidText<ShopId>()),
              from: DayText,
              to: DayText,
            },
            { additionalProperties: false },
          ),
          response: { 200: Totals },
        },
      },
      async (request) => {
        checkDays(request.query)
        const asked = { ...request.query, shops: actorOf(request).shops }
        return fits(Totals, { items: [...(await sumExpenses(db, orgOf(request), asked))] })
      },
    )
  }
}
