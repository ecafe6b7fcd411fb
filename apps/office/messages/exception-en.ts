/** Words of exceptions, and what to do next about each. */
export const exceptionEn = {
  'exception.bag_differs': 'The bank counted other cash than was sealed in a bag',
  'exception.bag_number_repeated': 'Two bags have one number',
  'exception.bag_settled_twice': 'A bag was banked or opened twice',
  'exception.bag_verified_by_sealer': 'Who sealed a bag also verified it',
  'exception.change_differs': 'Other change came than was ordered',
  'exception.fund_differs': 'Staff change did not come home whole',
  'exception.fund_overdrawn': 'Somebody gave back more change than they were given',
  'exception.line_matched_twice': 'A line of the bank was matched twice',
  'exception.safe_differs': 'The safe did not hold what it should',
  'exception.other.next':
    'Another version found it. Look at what it is about, and update this office.',
  'exception.advance_open_at_close.next':
    'Ask who holds the cash for receipt and change, and settle it.',
  'exception.approval_of_self.next':
    'Let another person look at the act and say whether it was right.',
  'exception.approval_used_twice.next':
    'Ask who approved: one word was used for two acts. One of them has no approval.',
  'exception.bag_differs.next':
    'Ask the bank for its counting slip, and who sealed and saw the bag. The difference is booked.',
  'exception.bag_number_repeated.next':
    'Look at both bags, and write the right number on the one that is still here.',
  'exception.bag_settled_twice.next':
    'Its cash moved twice. Count the safe: the count puts it right.',
  'exception.bag_verified_by_sealer.next': 'Let another person see the bag before it goes.',
  'exception.change_differs.next': 'Ask the carrier. What came is what was counted into the safe.',
  'exception.clock_suspect.next':
    'Set the clock of that device. What it did counts with the time it said.',
  'exception.drop_confirmed_twice.next':
    'Count the safe: a difference of the drop may be booked twice.',
  'exception.drop_differs.next':
    'Count the safe, and ask who dropped and who signed. The difference is booked.',
  'exception.expense_answered_twice.next':
    'Two people answered differently. Agree on one, and ask for the cash back if it was no.',
  'exception.expense_over_limit.next':
    'Look at the day’s expenses: tills that were apart paid more than the limit together.',
  'exception.expense_paid_twice.next':
    'Ask who took the cash for the second one back, and take it into a drawer.',
  'exception.expense_self_approved.next': 'Let another person look at the expense and its receipt.',
  'exception.expense_settled_twice.next':
    'Count the drawer that took the change: it came home once.',
  'exception.explained_above_variance.next':
    'Two people explained one difference. Count the places that were named, and keep one explanation.',
  'exception.explained_by_self.next':
    'Let somebody who did not work in it look at what was booked.',
  'exception.fund_differs.next': 'Ask who held it. The difference is booked as short or over.',
  'exception.fund_overdrawn.next':
    'What was given out may still be on its way from a till. If it stays, ask who gave it.',
  'exception.late_in_session.next':
    'Open the session: the late act is shown as an adjustment. Explain the difference it leaves.',
  'exception.line_undone_twice': 'A match was taken back twice',
  'exception.line_undone_twice.next':
    'What it had booked went back twice. Count it as short or over, and match the line again.',
  'exception.line_matched_twice.next':
    'The earlier one counts. Undo it if it is wrong, and match again.',
  'exception.machine_payment_differs': 'A cash machine moved another amount than its act says',
  'exception.machine_payment_differs.next':
    'Look at the receipts and at the machine’s history: one payment is one act, of what the machine kept or gave.',
  'exception.machine_payment_without_sale': 'A cash machine’s payment belongs to no act',
  'exception.machine_payment_without_sale.next':
    'Ask who paid and for what: ring it up with this payment, or give it back by the machine.',
  'exception.recycler_booked_twice': 'One work of a cash machine was booked twice',
  'exception.recycler_booked_twice.next':
    'Its money moved twice in the books. Let the machine count itself: the count puts it right.',
  'exception.recycler_differs': 'A cash machine holds other cash than it should',
  'exception.recycler_differs.next':
    'Let the machine count itself and resolve it: only then is the difference booked.',
  'exception.recycler_near_empty': 'A cash machine is short of change',
  'exception.recycler_near_empty.next': 'Fill up what it shows as low, from the safe.',
  'exception.recycler_near_full': 'A cash machine is nearly full',
  'exception.recycler_near_full.next':
    'Collect from it, or empty its cash box, before it takes no more.',
  'exception.recycler_offline': 'A cash machine does not answer',
  'exception.recycler_offline.next':
    'See to its power and its cable. Work that was under way is looked for when it is back: do not repeat it.',
  'exception.recycler_stopped': 'A cash machine has stopped',
  'exception.recycler_stopped.next':
    'Open the machine: it shows the fault, and how its maker says to mend it. Sell by drawer meanwhile.',
  'exception.recycler_unresolved': 'Nobody knows how a cash machine’s work ended',
  'exception.recycler_unresolved.next':
    'Look at the machine and at what was paid, and say how it ended. Nothing is booked until then.',
  'exception.refund_exceeds_sale.next':
    'Look at the sale and its refunds. What was paid out stands; ask who paid it.',
  'exception.safe_differs.next':
    'Look through what went in and out since the count before, and count once more.',
  'exception.session_closed_twice.next':
    'The earlier count is the session’s. See whether cash was put away twice, and count the safe.',
  'exception.totals_drift.next':
    'It was put right from the acts. Tell whoever looks after the server, with this line.',
  'exception.transfer_differs.next':
    'Count both drawers with both people. What was counted stands; the rest is short or over.',
  'exception.transfer_received_twice.next':
    'It came into a drawer twice. Count the drawers that received it, and explain their difference.',
  'exception.two_sessions_on_drawer.next':
    'Ask which of the two is right, and end the other one by a count.',
  'exception.verified_by_self.next':
    'Let somebody who did not work in it look at the session again.',
} as const
