import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { checkHolds, type DrawerHolds, type HoldsRefusal } from '../drawer/check-holds.ts'
import { orderPieces, type Pieces, piecesAddUp } from '../money/denominations.ts'
import type { Currency, Minor } from '../money/money.ts'
import {
  checkSession,
  type Place,
  type SessionRefusal,
  type TillSession,
} from '../till/till-session.ts'
import {
  type Expense,
  type ExpenseCategoryId,
  type ExpenseId,
  type ExpenseState,
  findLimitsAbove,
  type LimitName,
  type LimitsKept,
  type SpentSoFar,
} from './expense.ts'

export type PayExpenseState = {
  readonly at: Place
  readonly expense: Expense | undefined
  /** The session of the drawer that pays; `safe` where the safe does. */
  readonly from: { readonly session: TillSession | undefined } | 'safe'
  /** What that place should hold, where it is known: nobody takes out what is not there. */
  readonly holds?: DrawerHolds | undefined
  readonly limits: LimitsKept
  /** Held still until the payment is recorded. */
  readonly spent: SpentSoFar
}

export type PayExpense = {
  /** Who gives the cash out. */
  readonly staffId: StaffId
  readonly pieces?: Pieces | undefined
  /** The attempt of a cash recycler that gave the money, in place of drawer or safe. */
  readonly attemptId?: string | undefined
}

/** Cash was given out as an advance. The body of the fact `expense.paid`. */
export type ExpensePaid = {
  readonly shopId: ShopId
  readonly expenseId: ExpenseId
  readonly categoryId: ExpenseCategoryId
  /** Who gave it out. */
  readonly staffId: StaffId
  /** Who took it, and has to bring receipt and change. */
  readonly takenBy: StaffId
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly pieces?: Pieces
  /** Both of the drawer that paid; neither where the safe did. */
  readonly tillId?: TillId
  readonly sessionId?: SessionId
  /** A machine gave it in this attempt: it came out of no drawer. */
  readonly attemptId?: string
  /** The `expense.approved` by which it was paid; without one it kept to `limits`. */
  readonly approvalId?: string
  readonly limits: LimitsKept
}

export type PayExpenseRefusal =
  | { readonly code: 'expense_not_found' }
  | { readonly code: 'expense_of_other_shop' }
  | { readonly code: 'expense_not_payable'; readonly state: ExpenseState }
  | SessionRefusal
  | { readonly code: 'expense_currency_differs'; readonly currency: Currency }
  | { readonly code: 'expense_approval_needed'; readonly above: readonly LimitName[] }
  | { readonly code: 'pieces_do_not_add_up'; readonly of: 'movement' }
  | HoldsRefusal

/**
 * Decides whether cash is given out for an expense. Refusals are checked in the order of their union. The
 * limits are looked at here and not where it was asked for: two requests may each keep to a limit that
 * both together are above. What a machine gave was there, and keeps to the same limits.
 */
export function decidePayExpense(
  state: PayExpenseState,
  { staffId, pieces, attemptId }: PayExpense,
): Outcome<ExpensePaid, PayExpenseRefusal> {
  const { at, expense, from, limits, spent } = state
  if (expense === undefined) return refused({ code: 'expense_not_found' })
  if (expense.shopId !== at.shopId) return refused({ code: 'expense_of_other_shop' })
  if (expense.state !== 'requested' && expense.state !== 'approved') {
    return refused({ code: 'expense_not_payable', state: expense.state })
  }
  const drawer = checkDrawer(from, at, expense.currency)
  if (!drawer.ok) return drawer
  const { amountMinor, approvalId } = expense
  const above = findLimitsAbove(limits, spent, amountMinor)
  if (approvalId === undefined && above.length > 0) {
    return refused({ code: 'expense_approval_needed', above })
  }
  if (pieces !== undefined && !piecesAddUp(pieces, amountMinor)) {
    return refused({ code: 'pieces_do_not_add_up', of: 'movement' })
  }
  if (attemptId === undefined && state.holds !== undefined) {
    const held = checkHolds(state.holds, { amountMinor, pieces })
    if (!held.ok) return held
  }
  return accepted({
    shopId: expense.shopId,
    expenseId: expense.id,
    categoryId: expense.categoryId,
    staffId,
    takenBy: expense.staffId,
    currency: expense.currency,
    amountMinor,
    ...(pieces !== undefined && { pieces: orderPieces(pieces) }),
    ...drawer.value,
    ...(attemptId !== undefined && { attemptId }),
    // Within the limits it uses no approval: what somebody allowed in vain is not counted as allowed.
    ...(approvalId !== undefined && above.length > 0 && { approvalId }),
    limits,
  })
}

type DrawerRefusal = Extract<
  PayExpenseRefusal,
  SessionRefusal | { readonly code: 'expense_currency_differs' }
>

/** The drawer that cash leaves or comes to, in the expense's currency; nothing where it is the safe. */
export function checkDrawer(
  from: { readonly session: TillSession | undefined } | 'safe',
  at: Place,
  currency: Currency,
): Outcome<{ readonly tillId?: TillId; readonly sessionId?: SessionId }, DrawerRefusal> {
  if (from === 'safe') return accepted({})
  const checked = checkSession(from.session, at)
  if (!checked.ok) return checked
  const { id, tillId, currency: own } = checked.value
  if (own !== currency) return refused({ code: 'expense_currency_differs', currency: own })
  return accepted({ tillId, sessionId: id })
}
