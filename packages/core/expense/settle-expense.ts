import { assert } from '../base/assert.ts'
import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { orderPieces, type Pieces, piecesAddUp } from '../money/denominations.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import type { Place, SessionRefusal, TillSession } from '../till/till-session.ts'
import type { Expense, ExpenseCategoryId, ExpenseId, ExpenseState } from './expense.ts'
import { checkDrawer } from './pay-expense.ts'

export type SettleExpenseState = {
  readonly at: Place
  readonly expense: Expense | undefined
  /** Whether its category asks for a receipt. */
  readonly needsReceipt: boolean
  /** The session of the drawer that the change comes to; `safe` where it goes there. */
  readonly to: { readonly session: TillSession | undefined } | 'safe'
}

export type SettleExpense = {
  /** Who counted what came back. */
  readonly staffId: StaffId
  /** What the receipt says. */
  readonly spentMinor: Minor
  /** What was counted of the change. */
  readonly returnedMinor: Minor
  readonly returnedPieces?: Pieces | undefined
  /** The attachment with the photo of the receipt. */
  readonly photoId?: string | undefined
  /** Why there is no receipt, where one is asked for. */
  readonly noReceipt?: string | undefined
}

/** An advance came home. The body of the fact `expense.settled`. */
export type ExpenseSettled = {
  readonly shopId: ShopId
  readonly expenseId: ExpenseId
  readonly categoryId: ExpenseCategoryId
  readonly staffId: StaffId
  readonly takenBy: StaffId
  readonly currency: Currency
  readonly givenMinor: Minor
  readonly spentMinor: Minor
  readonly returnedMinor: Minor
  readonly returnedPieces?: Pieces
  /** Spent + returned − given: below zero is missing, above zero is too much. It is booked, never hidden. */
  readonly varianceMinor: Minor
  readonly tillId?: TillId
  readonly sessionId?: SessionId
  readonly photoId?: string
  readonly noReceipt?: string
}

export type SettleExpenseRefusal =
  | { readonly code: 'expense_not_found' }
  | { readonly code: 'expense_of_other_shop' }
  | { readonly code: 'expense_not_paid'; readonly state: ExpenseState }
  | SessionRefusal
  | { readonly code: 'expense_currency_differs'; readonly currency: Currency }
  | { readonly code: 'spent_above_given'; readonly givenMinor: Minor }
  | { readonly code: 'returned_above_given'; readonly givenMinor: Minor }
  | { readonly code: 'pieces_do_not_add_up'; readonly of: 'movement' }
  | { readonly code: 'receipt_required' }

/**
 * Decides whether an advance is settled. Refusals are checked in the order of their union. A difference is
 * recorded and never refused, as at a close; but nobody brings back more than was given, and who spent
 * more asks for the rest as an expense of its own.
 */
export function decideSettleExpense(
  { at, expense, needsReceipt, to }: SettleExpenseState,
  command: SettleExpense,
): Outcome<ExpenseSettled, SettleExpenseRefusal> {
  const { spentMinor, returnedMinor, returnedPieces, photoId, noReceipt } = command
  assert(spentMinor >= 0 && returnedMinor >= 0, 'what is spent and comes back is no debt')
  if (expense === undefined) return refused({ code: 'expense_not_found' })
  if (expense.shopId !== at.shopId) return refused({ code: 'expense_of_other_shop' })
  const { paid, currency } = expense
  if (expense.state !== 'paid' || paid === undefined) {
    return refused({ code: 'expense_not_paid', state: expense.state })
  }
  const drawer = checkDrawer(to, at, currency)
  if (!drawer.ok) return drawer
  const givenMinor = paid.amountMinor
  if (spentMinor > givenMinor) return refused({ code: 'spent_above_given', givenMinor })
  if (returnedMinor > givenMinor) return refused({ code: 'returned_above_given', givenMinor })
  if (returnedPieces !== undefined && !piecesAddUp(returnedPieces, returnedMinor)) {
    return refused({ code: 'pieces_do_not_add_up', of: 'movement' })
  }
  if (needsReceipt && spentMinor > 0 && photoId === undefined && noReceipt === undefined) {
    return refused({ code: 'receipt_required' })
  }
  return accepted({
    ...{ shopId: expense.shopId, expenseId: expense.id, categoryId: expense.categoryId },
    ...{ staffId: command.staffId, takenBy: expense.staffId, currency },
    ...{ givenMinor, spentMinor, returnedMinor },
    ...(returnedPieces !== undefined && { returnedPieces: orderPieces(returnedPieces) }),
    varianceMinor: minor(spentMinor + returnedMinor - givenMinor),
    ...drawer.value,
    ...(photoId !== undefined && { photoId }),
    ...(noReceipt !== undefined && { noReceipt }),
  })
}
