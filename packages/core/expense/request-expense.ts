import { assert } from '../base/assert.ts'
import type { ShopId, StaffId } from '../base/id.ts'
import type { Instant } from '../base/instant.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import type { Currency, Minor } from '../money/money.ts'
import {
  type ExpenseCategory,
  type ExpenseCategoryId,
  findLimitsAbove,
  type LimitName,
  limitsOf,
  type SpentSoFar,
} from './expense.ts'

export type RequestExpenseState = {
  readonly shopId: ShopId
  /** The currency of the shop. */
  readonly currency: Currency
  readonly category: ExpenseCategory | undefined
  /** What the shop may pay in a day without approval, all categories together; undefined: no bound. */
  readonly shopDayMinor?: Minor | undefined
  readonly spent: SpentSoFar
}

export type RequestExpense = {
  readonly staffId: StaffId
  /** Above zero, in the shop's currency. */
  readonly amountMinor: Minor
  /** What for, in the person's own words. */
  readonly purpose: string
  /** Who sells it, where that is known. */
  readonly recipient?: string | undefined
  /** When what is left has to be back. */
  readonly dueAt?: Instant | undefined
}

/** Somebody asked for cash. The body of the fact `expense.requested`; its id is the expense's. */
export type ExpenseRequested = {
  readonly shopId: ShopId
  readonly categoryId: ExpenseCategoryId
  /** As it was called then. */
  readonly categoryName: string
  readonly staffId: StaffId
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly purpose: string
  readonly recipient?: string
  readonly dueAt?: Instant
  readonly needsReceipt: boolean
  /** The limits that it was above when it was asked for, as far as its author knew. */
  readonly above: readonly LimitName[]
}

export type RequestExpenseRefusal =
  | { readonly code: 'expense_category_not_found' }
  | { readonly code: 'expense_category_not_active' }
  | { readonly code: 'expense_currency_differs'; readonly currency: Currency }

/**
 * Decides whether cash may be asked for. Being above a limit is no reason to refuse the question: it is
 * answered by somebody who may.
 */
export function decideRequestExpense(
  { shopId, currency, category, shopDayMinor, spent }: RequestExpenseState,
  { staffId, amountMinor, purpose, recipient, dueAt }: RequestExpense,
): Outcome<ExpenseRequested, RequestExpenseRefusal> {
  assert(amountMinor > 0, 'an expense is of something')
  if (category === undefined) return refused({ code: 'expense_category_not_found' })
  if (!category.active) return refused({ code: 'expense_category_not_active' })
  if (category.limits !== undefined && category.limits.currency !== currency) {
    return refused({ code: 'expense_currency_differs', currency: category.limits.currency })
  }
  return accepted({
    shopId,
    categoryId: category.id,
    categoryName: category.name,
    staffId,
    currency,
    amountMinor,
    purpose,
    ...(recipient !== undefined && { recipient }),
    ...(dueAt !== undefined && { dueAt }),
    needsReceipt: category.needsReceipt,
    above: findLimitsAbove(limitsOf(category, shopDayMinor), spent, amountMinor),
  })
}
