import type { ExpenseView } from '@tillkeeper/client/api/expense-shapes.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import {
  type Expense,
  type ExpenseCategoryId,
  type ExpenseId,
  type LimitName,
  type PaymentMade,
  raiseState,
} from '@tillkeeper/core/expense/expense.ts'
import type { Minor } from '@tillkeeper/core/money/money.ts'
import type { FactOf } from '@tillkeeper/facts/catalogue/catalogue.ts'

/** An expense as this till knows it: by its own acts, and by what the store server told. */
export type KnownExpense = Expense & {
  readonly categoryName: string
  readonly purpose: string
  readonly recipient: string
  readonly dueAt?: Instant | undefined
  readonly needsReceipt: boolean
  readonly above: readonly LimitName[]
  readonly requestedAt: Instant
  /** Whom a refusal is from, and why. */
  readonly declinedNote?: string | undefined
  readonly payment?:
    | { readonly businessDate: Day; readonly approved: boolean; readonly amountMinor: Minor }
    | undefined
}

type ExpenseFact =
  | FactOf<'expense.requested'>
  | FactOf<'expense.approved'>
  | FactOf<'expense.declined'>
  | FactOf<'expense.paid'>
  | FactOf<'expense.settled'>

/** What of a fact the list needs: it is the same for one that was just decided. */
export type ExpenseNews = {
  readonly [Type in ExpenseFact['type']]: Pick<
    FactOf<Type>,
    'id' | 'type' | 'body' | 'occurredAt' | 'businessDate'
  >
}[ExpenseFact['type']]

/** As many are kept: what is open, and what counts today. */
export const expensesKept = 200

/** The list after something happened to one of its expenses. Of one that it does not know it says nothing. */
export function foldExpense(
  list: readonly KnownExpense[],
  news: ExpenseNews,
): readonly KnownExpense[] {
  if (news.type === 'expense.requested') {
    if (list.some(({ id }) => id === news.id)) return list
    const { recipient = '', ...body } = news.body
    const id = news.id as ExpenseId
    const asked: KnownExpense = {
      ...{ ...body, id, recipient, state: 'requested', requestedAt: news.occurredAt },
    }
    return prune([asked, ...list], news.businessDate)
  }
  const { expenseId } = news.body
  const next = list.map((expense) => (expense.id === expenseId ? hear(expense, news) : expense))
  return prune(next, news.businessDate)
}

function hear(
  expense: KnownExpense,
  news: Exclude<ExpenseNews, { type: 'expense.requested' }>,
): KnownExpense {
  switch (news.type) {
    case 'expense.approved':
      return {
        ...expense,
        state: raiseState(expense.state, 'approved'),
        approvalId: expense.approvalId ?? news.id,
      }
    case 'expense.declined':
      return {
        ...expense,
        state: raiseState(expense.state, 'declined'),
        declinedNote: news.body.note ?? '',
      }
    case 'expense.paid': {
      const { amountMinor, approvalId } = news.body
      const { businessDate } = news
      return {
        ...expense,
        state: raiseState(expense.state, 'paid'),
        paid: expense.paid ?? { amountMinor },
        payment: expense.payment ?? {
          businessDate,
          approved: approvalId !== undefined,
          amountMinor,
        },
      }
    }
    case 'expense.settled':
      return { ...expense, state: 'settled' }
  }
}

/**
 * The list with what the store server told. What this till knows itself stays where it is further on: its
 * own acts may not have arrived there yet.
 */
export function mergeExpenses(
  list: readonly KnownExpense[],
  told: readonly KnownExpense[],
  businessDate: Day,
): readonly KnownExpense[] {
  const known = new Map(list.map((expense) => [expense.id as string, expense]))
  for (const expense of told) {
    const held = known.get(expense.id)
    known.set(
      expense.id,
      held === undefined
        ? expense
        : {
            ...held,
            state: raiseState(held.state, expense.state),
            approvalId: held.approvalId ?? expense.approvalId,
            declinedNote: held.declinedNote ?? expense.declinedNote,
            paid: held.paid ?? expense.paid,
            payment: held.payment ?? expense.payment,
          },
    )
  }
  return prune([...known.values()], businessDate)
}

/** Reads an expense as the store server shows it. */
export function readTold(view: ExpenseView): KnownExpense {
  const { answer, payment, dueAt, purpose, recipient, needsReceipt, above, requestedAt } = view
  return {
    ...{ id: view.id as ExpenseId, shopId: view.shopId as Expense['shopId'] },
    ...{ categoryId: view.categoryId as ExpenseCategoryId, categoryName: view.categoryName },
    ...{ staffId: view.staffId as Expense['staffId'], currency: view.currency },
    ...{ amountMinor: view.amountMinor, state: view.state },
    ...{ purpose, recipient, needsReceipt, above, requestedAt },
    ...(dueAt !== null && { dueAt }),
    ...(answer?.approved === true && { approvalId: answer.id }),
    ...(answer?.approved === false && { declinedNote: answer.note }),
    ...(payment !== null && {
      paid: { amountMinor: payment.amountMinor },
      payment: {
        businessDate: payment.businessDate,
        approved: payment.approved,
        amountMinor: payment.amountMinor,
      },
    }),
  }
}

/** What counts against limits, as far as this till knows. */
export function listPayments(list: readonly KnownExpense[]): readonly PaymentMade[] {
  return list.flatMap(({ categoryId, staffId, currency, payment }) =>
    payment === undefined ? [] : [{ categoryId, staffId, currency, ...payment }],
  )
}

/** Advances that are out, the one that is due first at the top. */
export function listAdvances(list: readonly KnownExpense[]): readonly KnownExpense[] {
  const dueOf = ({ dueAt }: KnownExpense) => dueAt ?? '9999'
  return list
    .filter(({ state }) => state === 'paid')
    .sort((a, b) => (dueOf(a) < dueOf(b) ? -1 : dueOf(a) > dueOf(b) ? 1 : 0))
}

/** What somebody still has to do something about: advances first. */
export function listOpen(list: readonly KnownExpense[]): readonly KnownExpense[] {
  return [
    ...listAdvances(list),
    ...list.filter(({ state }) => state === 'requested' || state === 'approved'),
  ]
}

// What is at its end is kept as long as it counts against the limits of its day.
function prune(list: readonly KnownExpense[], today: Day): readonly KnownExpense[] {
  const kept = list.filter(
    ({ state, payment }) =>
      (state !== 'settled' && state !== 'declined') ||
      (payment !== undefined && payment.businessDate >= today),
  )
  return kept.slice(0, expensesKept)
}
