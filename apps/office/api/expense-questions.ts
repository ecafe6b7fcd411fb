import type {
  ExpenseCategoryView,
  ExpenseTotal,
  ExpenseTotalsBy,
  ExpenseView,
} from '@tillkeeper/client/api/expense-shapes.ts'
import type { Options, Page } from './api.ts'
import type { ReportDays } from './report-questions.ts'
import type { Query } from './send.ts'

export type ExpensesFilter = {
  readonly shopId?: string | undefined
  readonly state?: ExpenseView['state'] | undefined
  readonly categoryId?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Yes or no to an expense. */
export type ExpenseAnswerAsk = {
  readonly id: string
  readonly approve: boolean
  readonly note?: string
}

export type ExpenseCategoryAsk = Omit<ExpenseCategoryView, 'limits'> & {
  readonly limits: NonNullable<ExpenseCategoryView['limits']>
}

type Asking = {
  readonly get: <Reply>(path: string, query: Query, options?: Options) => Promise<Reply>
  readonly getBlob: (path: string, options?: Options) => Promise<Blob>
  readonly tell: <Reply>(path: string, body: object) => Promise<Reply>
  readonly oneOf: (path: string, id: string) => string
}

const pageRows = 100

export function expenseQuestions({ get, getBlob, tell, oneOf }: Asking) {
  return {
    listExpenses: (filter: ExpensesFilter, options?: Options) =>
      get<Page<ExpenseView>>('/v1/expenses', { ...filter, limit: pageRows }, options),
    sumExpenses: (by: ExpenseTotalsBy, days: ReportDays, options?: Options) =>
      get<{ readonly items: readonly ExpenseTotal[] }>(
        '/v1/expense-totals',
        { by, ...days },
        options,
      ),
    listExpenseCategories: (options?: Options) =>
      get<{ readonly items: readonly ExpenseCategoryView[] }>(
        '/v1/expense-categories',
        {},
        options,
      ),
    answerExpense: (id: string, answer: ExpenseAnswerAsk) =>
      tell<ExpenseView>(`${oneOf('/v1/expenses', id)}/answer`, answer),
    putExpenseCategory: (category: ExpenseCategoryAsk) =>
      tell<{ readonly changed: boolean }>('/v1/expense-categories', category),
    readPhoto: (id: string, options?: Options) => getBlob(oneOf('/v1/attachments', id), options),
  }
}
