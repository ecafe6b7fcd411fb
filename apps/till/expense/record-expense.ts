import { ExpenseView } from '@tillkeeper/client/api/expense-shapes.ts'
import { Page } from '@tillkeeper/client/api/shapes.ts'
import type { StaffId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf, type Instant } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import {
  type AnswerExpenseRefusal,
  decideApproveExpense,
  decideDeclineExpense,
} from '@tillkeeper/core/expense/answer-expense.ts'
import {
  type ExpenseCategory,
  type ExpenseCategoryId,
  findLimitsAbove,
  type LimitName,
  limitsOf,
  sumSpent,
} from '@tillkeeper/core/expense/expense.ts'
import { decidePayExpense, type PayExpenseRefusal } from '@tillkeeper/core/expense/pay-expense.ts'
import {
  decideRequestExpense,
  type RequestExpenseRefusal,
} from '@tillkeeper/core/expense/request-expense.ts'
import {
  decideSettleExpense,
  type SettleExpenseRefusal,
} from '@tillkeeper/core/expense/settle-expense.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { limitOf } from '@tillkeeper/core/permission/permission.ts'
import { addMovement } from '@tillkeeper/core/till/session-totals.ts'
import type { Static } from 'typebox'
import { getShop, type TillNode } from '../app/node.ts'
import { type Acting, type ActRefusal, recordAct, rehearseAct } from '../app/record-act.ts'
import type { Person } from '../catalogue/directory.ts'
import type { Book, OpenSession } from '../journal/kept.ts'
import type { ByMachine } from '../machine/machine-record.ts'
import { askWithLogin } from '../store/ask-with-login.ts'
import { holdsHere } from '../till/hold-authority.ts'
import {
  type ExpenseNews,
  foldExpense,
  type KnownExpense,
  listPayments,
  mergeExpenses,
  readTold,
} from './known-expense.ts'

// Expenses as this till records them: decided here by what it knows, sealed here, with or without a line.

const rows = Page(ExpenseView)
const askedMax = 200

/** Asks the store server what is open in the shop and what was paid today. False where it did not answer. */
export async function hearExpenses(node: TillNode): Promise<boolean> {
  const today = businessDateOf(new Date(node.nowMs()).toISOString(), getShop(node).timeZone)
  const query = new URLSearchParams({ openOrPaidOn: today, limit: String(askedMax) })
  const path = `/v1/expenses?${query}`
  const answer = await askWithLogin<Static<typeof rows>>(node, rows, { path })
  if (!answer.ok) return false
  const told = answer.value.items.map(readTold)
  await node.turns(async () => {
    const { book } = node.state.getState()
    const expenses = mergeExpenses(book.expenses ?? [], told, today)
    const next = { ...book, expenses }
    await node.journal.keep({ book: next })
    node.state.setState({ book: next })
  })
  return true
}

export type ExpenseAsk = {
  readonly id: string
  readonly staffId: StaffId
  readonly categoryId: string
  readonly amountMinor: Minor
  readonly purpose: string
  readonly recipient?: string | undefined
  readonly dueAt?: Instant | undefined
}

/** The limits that an expense would be above if it was paid now, as far as this till knows. */
export function limitsAbove(node: TillNode, expense: KnownExpense): readonly LimitName[] {
  const { book, directory } = node.state.getState()
  const businessDate = businessDateOf(new Date(node.nowMs()).toISOString(), getShop(node).timeZone)
  const category = directory.expenseCategories.get(expense.categoryId)
  const spent = sumSpent(listPayments(book.expenses ?? []), { ...expense, businessDate })
  return findLimitsAbove(limitsHere(node, category, expense.currency), spent, expense.amountMinor)
}

/** The shop's own limit is in its currency: it says nothing of others. */
function limitsHere(
  node: TillNode,
  category: ExpenseCategory | undefined,
  of: Currency | undefined,
) {
  const { currency, expenseDayMinor } = getShop(node)
  return limitsOf(category ?? {}, of === currency ? expenseDayMinor : undefined)
}

/** Somebody asks for cash. */
export function requestExpense(
  node: TillNode,
  { id, categoryId, ...command }: ExpenseAsk,
): Promise<Outcome<KnownExpense, RequestExpenseRefusal | ActRefusal>> {
  return record(node, ({ acting, expenses, session }) => {
    const { currency } = getShop(node)
    const category = node.state.getState().directory.expenseCategories.get(categoryId)
    const of = { categoryId: categoryId as ExpenseCategoryId, staffId: command.staffId, currency }
    const spent = sumSpent(listPayments(expenses), { ...of, businessDate: acting.businessDate })
    const { shopId } = node.device
    const shopDayMinor = getShop(node).expenseDayMinor
    const decided = decideRequestExpense(
      { shopId, currency, category, shopDayMinor, spent },
      command,
    )
    if (!decided.ok) return decided
    return accepted({
      news: { ...when(acting), id, type: 'expense.requested' as const, body: decided.value },
      session,
    })
  })
}

/** Somebody else allows it: their PIN was right, and they may. */
export function approveExpense(
  node: TillNode,
  {
    id,
    expenseId,
    approver,
  }: { readonly id: string; readonly expenseId: string; readonly approver: Person },
): Promise<Outcome<KnownExpense, AnswerExpenseRefusal | ActRefusal>> {
  return record(node, ({ acting, expenses, session }) => {
    const expense = expenses.find((each) => each.id === expenseId)
    const maxMinor = limitOf([approver], 'expense.approve')
    const state = { shopId: node.device.shopId, expense, maxMinor }
    const decided = decideApproveExpense(state, { approverId: approver.id, method: 'pin' })
    if (!decided.ok) return decided
    return accepted({
      news: { ...when(acting), id, type: 'expense.approved' as const, body: decided.value },
      session,
    })
  })
}

/** The question is taken back. */
export function declineExpense(
  node: TillNode,
  { id, expenseId }: { readonly id: string; readonly expenseId: string },
): Promise<Outcome<KnownExpense, AnswerExpenseRefusal | ActRefusal>> {
  return record(node, ({ acting, expenses, session }) => {
    const expense = expenses.find((each) => each.id === expenseId)
    const state = { shopId: node.device.shopId, expense }
    const decided = decideDeclineExpense(state, { approverId: acting.person.id })
    if (!decided.ok) return decided
    return accepted({
      news: { ...when(acting), id, type: 'expense.declined' as const, body: decided.value },
      session,
    })
  })
}

/** Cash leaves this drawer as an advance. */
export function payExpense(
  node: TillNode,
  ask: PayAsk,
  by?: ByMachine,
): Promise<Outcome<KnownExpense, PayExpenseRefusal | ActRefusal>> {
  return record(node, decidePay(node, ask), by)
}

/** Decides it without doing it: what is to be given out, or what would refuse it. */
export function rehearsePay(
  node: TillNode,
  ask: PayAsk,
): Outcome<KnownExpense, PayExpenseRefusal | ActRefusal> {
  const decided = rehearseAct(node, 'expense.request', decideHere(node, decidePay(node, ask)))
  return decided.ok ? accepted(decided.value.expense) : decided
}

export type PayAsk = {
  readonly id: string
  readonly expenseId: string
  readonly pieces?: Pieces | undefined
  /** The attempt of a cash recycler that gave it, in place of this drawer. */
  readonly attemptId?: string | undefined
}

function decidePay(node: TillNode, { id, expenseId, pieces, attemptId }: PayAsk) {
  return ({ acting, expenses, session }: Deciding): Outcome<Decided, PayExpenseRefusal> => {
    const { shopId, tillId } = node.device
    const expense = expenses.find((each) => each.id === expenseId)
    const category =
      expense && node.state.getState().directory.expenseCategories.get(expense.categoryId)
    const { businessDate, person } = acting
    const spent =
      expense === undefined
        ? { dayMinor: 0, personDayMinor: 0, shopDayMinor: 0 }
        : sumSpent(listPayments(expenses), { ...expense, businessDate })
    const limits = limitsHere(node, category, expense?.currency)
    const state = {
      at: { shopId, tillId },
      expense,
      from: { session },
      holds: holdsHere(node),
      limits,
      spent,
    }
    const decided = decidePayExpense(state, {
      ...{ staffId: person.id, pieces },
      ...(attemptId !== undefined && { attemptId }),
    })
    if (!decided.ok) return decided
    const { amountMinor } = decided.value
    return accepted({
      news: { ...when(acting), id, type: 'expense.paid' as const, body: decided.value },
      session: session && {
        ...session,
        totals: addMovement(session.totals, {
          ...{ kind: 'pay_out', amountMinor, currency: session.currency },
          ...{ pieces: decided.value.pieces, attemptId },
        }),
      },
    })
  }
}

export type SettleAsk = {
  readonly id: string
  readonly expenseId: string
  readonly spentMinor: Minor
  readonly returnedMinor: Minor
  readonly returnedPieces?: Pieces | undefined
  readonly photoId?: string | undefined
  readonly noReceipt?: string | undefined
}

/** Receipt and change are back: what was counted comes into this drawer. */
export function settleExpense(
  node: TillNode,
  { id, expenseId, ...command }: SettleAsk,
): Promise<Outcome<KnownExpense, SettleExpenseRefusal | ActRefusal>> {
  return record(node, ({ acting, expenses, session }) => {
    const { shopId, tillId } = node.device
    const expense = expenses.find((each) => each.id === expenseId)
    const needsReceipt = expense?.needsReceipt ?? false
    const decided = decideSettleExpense(
      { at: { shopId, tillId }, expense, needsReceipt, to: { session } },
      { ...command, staffId: acting.person.id },
    )
    if (!decided.ok) return decided
    const { returnedMinor: amountMinor } = decided.value
    return accepted({
      news: { ...when(acting), id, type: 'expense.settled' as const, body: decided.value },
      session: session && {
        ...session,
        totals: addMovement(session.totals, {
          ...{ kind: 'pay_in', amountMinor, currency: session.currency },
          pieces: decided.value.returnedPieces,
        }),
      },
    })
  })
}

type Deciding = {
  readonly acting: Acting
  readonly expenses: readonly KnownExpense[]
  readonly session: OpenSession | undefined
}
type Decided = { readonly news: ExpenseNews; readonly session: OpenSession | undefined }

async function record<Refusal extends { readonly code: string }>(
  node: TillNode,
  decide: (deciding: Deciding) => Outcome<Decided, Refusal>,
  by?: ByMachine,
): Promise<Outcome<KnownExpense, Refusal | ActRefusal>> {
  const decideAct = decideHere(node, decide)
  const recorded = await recordAct(node, 'expense.request', (acting) => {
    const decided = decideAct(acting)
    if (!decided.ok || by === undefined) return decided
    return accepted({ ...decided.value, kept: { attempts: by.open() } })
  })
  return recorded.ok ? accepted(recorded.value.act.expense) : recorded
}

function decideHere<Refusal extends { readonly code: string }>(
  node: TillNode,
  decide: (deciding: Deciding) => Outcome<Decided, Refusal>,
) {
  return (acting: Acting): Outcome<RecordedExpense, Refusal | ActRefusal> => {
    const { book } = node.state.getState()
    const { expenses = [], session } = book
    const decided = decide({ acting, expenses, session })
    if (!decided.ok) return decided
    const { news } = decided.value
    const expenseId = news.type === 'expense.requested' ? news.id : news.body.expenseId
    const next = foldExpense(expenses, news)
    const expense =
      next.find(({ id }) => id === expenseId) ?? expenses.find(({ id }) => id === expenseId)
    if (expense === undefined) return refused({ code: 'not_saved' })
    const touched = news.type === 'expense.paid' || news.type === 'expense.settled'
    return accepted({
      ...{ type: news.type, id: news.id, body: news.body, expense },
      sessionId: touched ? session?.id : undefined,
      keys: [`expense:${expenseId}`],
      refs: expenseId === news.id ? [] : [expenseId],
      book: { ...book, expenses: next, session: decided.value.session },
    })
  }
}

type RecordedExpense = {
  readonly type: ExpenseNews['type']
  readonly id: string
  readonly sessionId: OpenSession['id'] | undefined
  readonly keys: readonly string[]
  readonly refs: readonly string[]
  readonly body: unknown
  readonly book: Book
  readonly expense: KnownExpense
}

function when({ occurredAt, businessDate }: Acting) {
  return { occurredAt, businessDate }
}
