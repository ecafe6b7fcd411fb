import { useTranslate } from '@tillkeeper/ui/language/i18n.tsx'
import type { TillKey } from './en.ts'

/** The till's words in the language of the screen. */
export const useText = useTranslate<TillKey>

/** Words for a code that came out of a decision; a code without words is shown as it is. */
export function refusalKey(code: string): TillKey {
  return worded.has(code) ? (`refusal.${code}` as TillKey) : 'refusal.other'
}

const worded = new Set([
  'not_saved',
  'forbidden',
  'total_differs',
  'session_not_found',
  'product_not_sold',
  'nothing_left_to_refund',
  'quantity_above_remaining',
  'too_much',
  'rate_stale',
  'rate_not_found',
  'refund_above_paid',
  'not_in_drawer',
  'signed_by_giver',
  'transfer_received',
  'transfer_declined',
  'approval_expired',
  'approval_of_self',
  'approval_not_for_this',
  'fund_holds_less',
  'fund_of_self',
  'expense_approval_needed',
  'expense_own_request',
  'expense_not_open',
  'expense_not_payable',
  'expense_not_paid',
  'expense_category_not_active',
  'approval_limit',
  'spent_above_given',
  'returned_above_given',
  'receipt_required',
  'unreachable',
  'no_login',
  'not_taken',
  'session_already_open',
  'session_not_suspended',
  'session_not_open',
  'session_of_other_till',
  'session_of_same_staff',
  'staff_not_found',
  'staff_not_active',
  'recounted_too_often',
  'machine_first',
  'machine_too_many',
  'machine_away',
  'machine_not_able',
])
