/**
 * The kinds of exceptions that this version raises: rules that facts broke when they arrived. Each has words in the
 * office, and says what to do next; another version may know more.
 */
export const exceptionKinds = [
  'advance_open_at_close',
  'approval_of_self',
  'approval_used_twice',
  'bag_differs',
  'bag_number_repeated',
  'bag_settled_twice',
  'bag_verified_by_sealer',
  'change_differs',
  'clock_suspect',
  'drop_confirmed_twice',
  'drop_differs',
  'expense_answered_twice',
  'expense_over_limit',
  'expense_paid_twice',
  'expense_self_approved',
  'expense_settled_twice',
  'explained_above_variance',
  'explained_by_self',
  'fund_differs',
  'fund_overdrawn',
  'late_in_session',
  'line_matched_twice',
  'line_undone_twice',
  'refund_exceeds_sale',
  'safe_differs',
  'session_closed_twice',
  'totals_drift',
  'transfer_differs',
  'transfer_received_twice',
  'two_sessions_on_drawer',
  'verified_by_self',
] as const
export type ExceptionKind = (typeof exceptionKinds)[number]
