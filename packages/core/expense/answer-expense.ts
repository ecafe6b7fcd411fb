import type { ShopId, StaffId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import type { Currency, Minor } from '../money/money.ts'
import type { Expense, ExpenseId, ExpenseState } from './expense.ts'

export type AnswerExpenseState = {
  /** The shop that the answer is given in; undefined in the cloud, which answers for all. */
  readonly shopId: ShopId | undefined
  readonly expense: Expense | undefined
  /** How much whoever answers may approve at once; undefined: any amount. */
  readonly maxMinor?: Minor | undefined
}

export type AnswerExpense = {
  /** Who answers. Never who asked. */
  readonly approverId: StaffId
  readonly note?: string | undefined
}

/** The body of the fact `expense.approved`: this expense, this amount, once. */
export type ExpenseApproved = {
  readonly shopId: ShopId
  readonly expenseId: ExpenseId
  readonly approverId: StaffId
  readonly method: ApprovalMethod
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly note?: string
}

/** By the PIN of another person in the shop, or by a login in the office of the shop or the cloud. */
export type ApprovalMethod = 'pin' | 'office'

/** The body of the fact `expense.declined`. */
export type ExpenseDeclined = {
  readonly shopId: ShopId
  readonly expenseId: ExpenseId
  readonly approverId: StaffId
  readonly note?: string
}

export type AnswerExpenseRefusal =
  | { readonly code: 'expense_not_found' }
  | { readonly code: 'expense_of_other_shop' }
  | { readonly code: 'expense_not_open'; readonly state: ExpenseState }
  | { readonly code: 'expense_own_request' }
  | { readonly code: 'approval_limit'; readonly maxMinor: Minor }

/**
 * Decides whether somebody may approve an expense. Refusals are checked in the order of their union. What
 * was approved before is answered once more as it was: it is not open any longer.
 */
export function decideApproveExpense(
  state: AnswerExpenseState,
  { approverId, note, method }: AnswerExpense & { readonly method: ApprovalMethod },
): Outcome<ExpenseApproved, AnswerExpenseRefusal> {
  const checked = checkOpen(state)
  if (!checked.ok) return checked
  const { id, shopId, staffId, currency, amountMinor } = checked.value
  if (approverId === staffId) return refused({ code: 'expense_own_request' })
  const { maxMinor } = state
  if (maxMinor !== undefined && amountMinor > maxMinor) {
    return refused({ code: 'approval_limit', maxMinor })
  }
  return accepted({
    ...{ shopId, expenseId: id, approverId, method, currency, amountMinor },
    ...(note !== undefined && { note }),
  })
}

/** Decides whether somebody may decline an expense. Whoever asked may take the question back. */
export function decideDeclineExpense(
  state: AnswerExpenseState,
  { approverId, note }: AnswerExpense,
): Outcome<ExpenseDeclined, AnswerExpenseRefusal> {
  const checked = checkOpen(state)
  if (!checked.ok) return checked
  const { id, shopId } = checked.value
  return accepted({
    ...{ shopId, expenseId: id, approverId },
    ...(note !== undefined && { note }),
  })
}

function checkOpen({
  shopId,
  expense,
}: AnswerExpenseState): Outcome<Expense, AnswerExpenseRefusal> {
  if (expense === undefined) return refused({ code: 'expense_not_found' })
  if (shopId !== undefined && expense.shopId !== shopId) {
    return refused({ code: 'expense_of_other_shop' })
  }
  if (expense.state !== 'requested') {
    return refused({ code: 'expense_not_open', state: expense.state })
  }
  return accepted(expense)
}
