// Every code that an answer may carry, with its status and what it means: the whole list, closed.
// docs/api/refusals.md is printed from it.

import type {
  ApprovalRefusal,
  GiveApprovalRefusal,
} from '@tillkeeper/core/approval/check-approval.ts'
import type { ConfirmDropRefusal } from '@tillkeeper/core/drawer/confirm-drop.ts'
import type { GiveCashRefusal, ReceiveCashRefusal } from '@tillkeeper/core/drawer/hand-over-cash.ts'
import type { OpenDrawerRefusal } from '@tillkeeper/core/drawer/open-drawer.ts'
import type { SwapNotesRefusal } from '@tillkeeper/core/drawer/swap-notes.ts'
import type { AnswerExpenseRefusal } from '@tillkeeper/core/expense/answer-expense.ts'
import type { PayExpenseRefusal } from '@tillkeeper/core/expense/pay-expense.ts'
import type { RequestExpenseRefusal } from '@tillkeeper/core/expense/request-expense.ts'
import type { SettleExpenseRefusal } from '@tillkeeper/core/expense/settle-expense.ts'
import type { IssueFundRefusal, ReturnFundRefusal } from '@tillkeeper/core/fund/staff-fund.ts'
import type { ResolveFactRefusal } from '@tillkeeper/core/parking/resolve-fact.ts'
import type { SetRateRefusal } from '@tillkeeper/core/rate/set-rate.ts'
import type { AskRecyclerRefusal } from '@tillkeeper/core/recycler/ask-recycler.ts'
import type { MachineUseRefusal } from '@tillkeeper/core/recycler/check-machine-use.ts'
import type { EmptyRecyclerRefusal } from '@tillkeeper/core/recycler/empty-recycler.ts'
import type { ResolveRecyclerRefusal } from '@tillkeeper/core/recycler/resolve-recycler.ts'
import type { RefundSaleRefusal } from '@tillkeeper/core/refund/refund-sale.ts'
import type { RefundUnlinkedRefusal } from '@tillkeeper/core/refund/refund-unlinked.ts'
import type { CountSafeRefusal } from '@tillkeeper/core/safe/count-safe.ts'
import type { DepositBagRefusal, VerifyBagRefusal } from '@tillkeeper/core/safe/deposit-bag.ts'
import type { MatchStatementRefusal } from '@tillkeeper/core/safe/match-statement.ts'
import type {
  OrderChangeRefusal,
  ReceiveChangeRefusal,
} from '@tillkeeper/core/safe/order-change.ts'
import type { SealBagRefusal } from '@tillkeeper/core/safe/seal-bag.ts'
import type { SetLineAsideRefusal, UndoLineRefusal } from '@tillkeeper/core/safe/set-line-aside.ts'
import type { CompleteSaleRefusal } from '@tillkeeper/core/sale/complete-sale.ts'
import type { CloseTillRefusal } from '@tillkeeper/core/till/close-till.ts'
import type { CountTillRefusal } from '@tillkeeper/core/till/count-till.ts'
import type { HandOverTillRefusal } from '@tillkeeper/core/till/hand-over-till.ts'
import type { MoveCashRefusal } from '@tillkeeper/core/till/move-cash.ts'
import type { OpenTillRefusal } from '@tillkeeper/core/till/open-till.ts'
import type { ResumeTillRefusal } from '@tillkeeper/core/till/suspend-till.ts'
import type { ExplainVarianceRefusal } from '@tillkeeper/core/verify/explain-variance.ts'
import type { VerifyMovementsRefusal } from '@tillkeeper/core/verify/verify-movements.ts'
import type { VerifySessionRefusal } from '@tillkeeper/core/verify/verify-session.ts'
import type { VoidSaleRefusal } from '@tillkeeper/core/verify/void-sale.ts'

type Entry = { readonly status: number; readonly title: string }

export const refusals = {
  // What any route may answer.
  bad_url: { status: 400, title: 'The address cannot be read.' },
  bad_request: { status: 400, title: 'The request is not well-formed HTTP.' },
  bad_json: {
    status: 400,
    title: 'The body is no JSON, names a key twice, or is nested too deep.',
  },
  body_invalid: { status: 400, title: 'The body does not fit the schema of the route.' },
  query_invalid: { status: 400, title: 'The query does not fit the schema of the route.' },
  path_invalid: { status: 400, title: 'The path does not fit the schema of the route.' },
  headers_invalid: { status: 400, title: 'A header does not fit the schema of the route.' },
  bad_cursor: { status: 400, title: 'The cursor is not one that this list gave out.' },
  id_required: {
    status: 400,
    title: 'A write needs an `id` in its body or an `Idempotency-Key`.',
  },
  idempotency_key_invalid: {
    status: 400,
    title: 'An Idempotency-Key is 1 to 255 printable ASCII characters.',
  },
  org_required: { status: 400, title: 'The operator’s key belongs to no organisation.' },
  unauthenticated: { status: 401, title: 'Nobody was recognised by what was sent.' },
  login_failed: { status: 401, title: 'The login was not accepted.' },
  forbidden: { status: 403, title: 'The permission for this is missing.' },
  origin_not_allowed: { status: 403, title: 'A page of another site may not do this.' },
  not_found: { status: 404, title: 'There is nothing here, or nothing that you may see.' },
  method_not_allowed: { status: 405, title: 'This address takes other methods, see `Allow`.' },
  request_timeout: { status: 408, title: 'The request took too long to arrive.' },
  id_exists_with_different_content: {
    status: 409,
    title: 'The id belongs to an act with other content.',
  },
  body_too_large: { status: 413, title: 'The body is larger than the route takes.' },
  unsupported_media_type: { status: 415, title: 'The route takes one content type, and not this.' },
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key was used for another request.',
  },
  upgrade_required: { status: 426, title: 'This address is a WebSocket.' },
  too_many_requests: { status: 429, title: 'Too many at once: wait as `Retry-After` says.' },
  login_locked: { status: 429, title: 'Too many wrong tries: wait as `Retry-After` says.' },
  headers_too_large: { status: 431, title: 'The headers are larger than the server takes.' },
  internal: { status: 500, title: 'The server made a mistake; it is in its log.' },
  overloaded: { status: 503, title: 'The server has all it can do: wait as `Retry-After` says.' },
  disk_full: { status: 503, title: 'The server’s disk is full: nothing was recorded.' },
  database_unavailable: { status: 503, title: 'The database does not answer.' },
  not_ready: { status: 503, title: 'The server is starting or stopping.' },

  // Why an act is refused: 404 what it names is not there, 409 it is not in a state for this, 422 what is
  // asked cannot be.
  session_not_found: { status: 404, title: 'There is no such till session.' },
  session_of_other_shop: { status: 403, title: 'The session is of another shop.' },
  session_of_other_till: { status: 403, title: 'The session is of another till.' },
  session_not_open: { status: 409, title: 'The session is closed.' },
  session_suspended: { status: 409, title: 'The session rests: resume it first.' },
  session_not_suspended: { status: 409, title: 'The session goes on already.' },
  session_of_same_staff: { status: 409, title: 'The session is that person’s already.' },
  currency_repeated: { status: 422, title: 'The currency `currency` is named twice.' },
  left_above_count: {
    status: 422,
    title: 'More of `currency` would stay in the drawer than was counted, in all or of one piece.',
  },
  faces_required: { status: 422, title: 'A cycle count names the pieces that it is of.' },
  recounted_too_often: { status: 409, title: 'It was counted again `max` times already.' },
  session_still_open: { status: 409, title: 'A Z report is of a closed session.' },
  session_already_open: {
    status: 409,
    title: 'The till has an open session, see `sessionId`.',
  },
  till_not_found: { status: 404, title: 'There is no such till.' },
  till_of_other_shop: { status: 403, title: 'The till is of another shop.' },
  public_key_invalid: { status: 422, title: 'The public key is not one of Ed25519.' },
  till_not_active: { status: 409, title: 'The till is switched off.' },
  person_required: { status: 403, title: 'Only a person may do this, not a key.' },
  staff_required: { status: 400, title: 'A key has to name the person it acts for: `staffId`.' },
  staff_must_be_self: { status: 403, title: 'A person acts for nobody else.' },
  staff_not_found: { status: 404, title: 'Nobody of that id works in this shop.' },
  staff_not_active: { status: 409, title: 'That person does not work here any more.' },
  sale_not_found: { status: 404, title: 'There is no such sale.' },
  product_not_found: { status: 422, title: 'The product of line `index` (from 0) is not known.' },
  product_not_sold: { status: 422, title: 'The product of line `index` is not sold any more.' },
  product_currency_differs: {
    status: 422,
    title: 'The product of line `index` has no price in this currency.',
  },
  currency_differs: { status: 422, title: 'The session counts in `currency`.' },
  no_lines: { status: 422, title: 'Nothing is in it.' },
  too_many_lines: { status: 422, title: 'There are more lines than `max`.' },
  too_many_tenders: { status: 422, title: 'There are more tenders than `max`.' },
  line_not_found: { status: 422, title: 'The sale has no line `lineNo`.' },
  line_repeated: { status: 422, title: 'Line `lineNo` is named twice.' },
  amount_too_large: { status: 422, title: 'An amount is larger than one act may carry.' },
  discount_above_line: { status: 422, title: 'The discount of line `index` is above its price.' },
  total_differs: { status: 422, title: 'The total is `totalMinor`, not what was expected.' },
  not_enough_given: { status: 422, title: 'Less is given than the `dueMinor` that is due.' },
  tender_above_due: {
    status: 422,
    title: 'More than is due is paid by what gives no change.',
  },
  attempt_only_of_machine: {
    status: 422,
    title: 'Only what a cash machine moved names an attempt of one.',
  },
  attempt_not_for_drop: {
    status: 422,
    title: 'What goes from a drawer to the safe goes through no cash machine.',
  },
  machine_attempt_not_done: {
    status: 409,
    title: 'The attempt moved nothing.',
  },
  machine_amount_differs: {
    status: 409,
    title: 'The attempt moved `movedMinor` of `currency`, not what the act says.',
  },
  machine_attempt_missing: {
    status: 422,
    title: 'A tender by machine names the attempt that moved its money.',
  },
  machine_attempt_used: {
    status: 409,
    title: 'The money of this attempt belongs to another act already.',
  },
  pieces_only_of_cash: { status: 422, title: 'Only cash has notes and coins.' },
  pieces_do_not_add_up: {
    status: 422,
    title: 'The notes and coins do not add up to the amount they stand for, see `of`.',
  },
  foreign_only_cash: { status: 422, title: 'Only cash is taken in another currency.' },
  rate_of_base: { status: 422, title: 'A currency is worth itself.' },
  rate_from_past: { status: 422, title: 'A rate holds from `now` on or later: what was, was.' },
  rate_base_required: { status: 422, title: 'A rate for all shops has to name its `base`.' },
  rate_not_found: { status: 422, title: 'No rate holds for `currency`: it is not taken here.' },
  rate_stale: { status: 409, title: 'Another rate holds for `currency`: `rateId`.' },
  change_currency_not_given: {
    status: 422,
    title: 'Change in `currency` is for who paid in it, and once.',
  },
  change_above_due: { status: 422, title: 'More change is asked than the `changeMinor` due.' },
  currency_not_paid: { status: 422, title: 'The sale was not paid in `currency`.' },
  refund_above_paid: {
    status: 409,
    title: 'Of what was paid in `currency` only `leftMinor` is left.',
  },
  refund_above_total: {
    status: 422,
    title: 'What is paid back in another currency is worth more than the `totalMinor`.',
  },
  nothing_left_to_refund: { status: 409, title: 'All of the sale has come back already.' },
  quantity_above_remaining: {
    status: 409,
    title: 'Of line `lineNo` only `remaining` thousandths may still come back.',
  },
  not_in_drawer: {
    status: 409,
    title: 'The drawer does not hold that: not so much, or not of the face `faceMinor`.',
  },
  approval_required: {
    status: 403,
    title: 'More than one may do alone: it needs an approval by somebody else.',
  },
  approval_not_for_this: {
    status: 403,
    title: 'The approval was given for another act or another amount.',
  },
  approval_of_self: { status: 403, title: 'Nobody approves what they do themselves.' },
  approval_expired: { status: 403, title: 'The approval is too old: ask for another.' },
  approval_used: { status: 409, title: 'The approval was used: ask for another.' },
  approver_not_allowed: {
    status: 403,
    title: 'That person may not approve this, or not so much.',
  },
  not_a_picture: { status: 422, title: 'The bytes are no picture of the kind that `mime` names.' },
  same_drawer: { status: 422, title: 'The cash is in that drawer already.' },
  transfer_not_found: { status: 404, title: 'There is no such transfer.' },
  transfer_of_other_till: { status: 403, title: 'The transfer is for another till to answer.' },
  transfer_received: { status: 409, title: 'The transfer was counted into a drawer.' },
  transfer_declined: { status: 409, title: 'The transfer was declined: it goes back.' },
  signed_by_giver: { status: 403, title: 'Who gave it does not sign for having received it.' },
  drop_not_found: { status: 404, title: 'There is no such drop.' },
  drop_confirmed: { status: 409, title: 'Somebody has signed for the drop.' },
  nothing_swapped: { status: 422, title: 'Both sides of a swap have notes or coins.' },
  swap_not_equal: { status: 422, title: 'Both sides of a swap are worth the same.' },
  occurred_in_future: { status: 422, title: 'The moment in `occurredAt` has not come yet.' },

  // Why what was counted is not explained or verified.
  session_not_closed: { status: 409, title: 'The session is not counted and closed yet.' },
  session_verified: { status: 409, title: 'The session is verified: nothing is added to it.' },
  own_session: { status: 403, title: 'Nobody explains or verifies a session they worked in.' },
  own_movement: { status: 403, title: 'Nobody verifies cash that they moved, see `movementId`.' },
  movement_not_found: { status: 404, title: 'There is no such movement, see `movementId`.' },
  no_variance: { status: 409, title: 'The count does not differ in this currency.' },
  note_required: { status: 422, title: 'A variance this large needs a note or a photo.' },
  place_not_of_shop: { status: 422, title: 'The place is none of this shop, see `place`.' },
  explains_more_than_variance: {
    status: 409,
    title: 'No more than `leftMinor` of the variance is left to book.',
  },
  variance_not_explained: {
    status: 409,
    title: 'The variance in `currency` is above the tolerance: explain it first.',
  },

  // Why cash for an expense is not given out, or an advance not taken back.
  expense_category_not_found: { status: 422, title: 'There is no such category of expenses.' },
  expense_category_not_active: { status: 409, title: 'The category is not used any more.' },
  expense_currency_differs: { status: 422, title: 'The expense is counted in `currency`.' },
  expense_not_found: { status: 404, title: 'There is no such expense.' },
  expense_of_other_shop: { status: 403, title: 'The expense is of another shop.' },
  expense_not_open: { status: 409, title: 'The expense was answered already, see `state`.' },
  expense_not_payable: { status: 409, title: 'No cash is given out for it, see `state`.' },
  expense_not_paid: { status: 409, title: 'No advance of it is out, see `state`.' },
  expense_own_request: { status: 403, title: 'Nobody approves an expense of their own.' },
  expense_approval_needed: {
    status: 409,
    title: 'It is above limits, see `above`: ask for approval.',
  },
  approval_limit: { status: 403, title: 'You may approve up to `maxMinor`.' },
  spent_above_given: { status: 422, title: 'More was spent than the `givenMinor` that was given.' },
  returned_above_given: {
    status: 422,
    title: 'More came back than the `givenMinor` that was given.',
  },
  receipt_required: {
    status: 422,
    title: 'A photo of the receipt is missing, or why there is none.',
  },
  // At the safe and the bank.
  no_cash: { status: 422, title: 'No cash is in it.' },
  safe_holds_less: { status: 409, title: 'The safe holds `heldMinor` of `currency`.' },
  safe_lacks_pieces: {
    status: 409,
    title: 'The safe holds `heldPieces` of the face `faceMinor` of `currency`.',
  },
  nothing_counted: { status: 422, title: 'No currency was counted.' },
  bag_number_taken: { status: 409, title: 'The bag `bagId` of this shop has the number.' },
  bag_not_found: { status: 404, title: 'There is no such bag in this shop.' },
  bag_not_in_state: { status: 409, title: 'The bag is not in a state for this, see `state`.' },
  bag_sealed_by_self: { status: 403, title: 'Who sealed a bag does not verify it.' },
  currency_not_in_bag: { status: 422, title: 'There is no `currency` in the bag.' },
  pieces_needed: { status: 422, title: 'Change is ordered by notes and coins.' },
  change_order_not_found: { status: 404, title: 'There is no such change order in this shop.' },
  change_order_not_open: { status: 409, title: 'The order was settled before, see `state`.' },
  change_order_not_received: { status: 409, title: 'The order has not come, see `state`.' },
  change_order_matched: { status: 409, title: 'A line of the bank names the order already.' },
  bag_matched: { status: 409, title: 'A line of the bank names the bag already.' },
  nothing_to_match: { status: 422, title: 'A line is matched with a bag or an order at least.' },
  statement_line_not_found: { status: 404, title: 'There is no such line in this shop.' },
  statement_line_set_aside: { status: 409, title: 'Somebody said that the line is no deposit.' },
  statement_line_waits: { status: 409, title: 'Nobody said yet what the line is.' },
  statement_line_matched: { status: 409, title: 'Somebody has matched the line already.' },
  fund_of_self: { status: 403, title: 'Nobody gives change to themself, or takes it back.' },
  fund_not_known: { status: 409, title: 'What the person holds is not known here.' },
  fund_holds_less: { status: 409, title: 'The person holds `heldMinor` of `currency`.' },

  // Of cash machines.
  recycler_not_found: { status: 404, title: 'There is no such machine in this shop.' },
  recycler_offline: { status: 409, title: 'There is no line to the machine.' },
  recycler_busy: { status: 409, title: 'The machine is at other work, or not yet at rest.' },
  recycler_stopped: { status: 409, title: 'The machine has stopped, see its fault.' },
  recycler_not_of_till: { status: 403, title: 'The till may not ask this machine.' },
  recycler_not_able: {
    status: 409,
    title: 'The machine does no such work, or not in this currency.',
  },
  recycler_address_invalid: { status: 422, title: 'No driver can read the address.' },
  recycler_attempt_not_found: { status: 404, title: 'There is no such attempt at the machine.' },
  recycler_attempt_not_unresolved: {
    status: 409,
    title: 'How the attempt ended is known, or somebody said so already.',
  },
  recycler_left_less: { status: 409, title: 'No more than `leftMinor` is left to give for this.' },
  nothing_resolved: { status: 422, title: 'Neither an attempt nor a count is said.' },

  // What a parent answers its children, see docs/specs/replication.md.
  bad_batch: { status: 400, title: 'The body is no batch of facts.' },
  damaged: { status: 400, title: 'The facts are not those that were sent: send them again.' },
  stream_not_yours: { status: 403, title: 'The stream is not this node’s to bring.' },
  feed_not_yours: { status: 403, title: 'There is no such feed, or none that this node may hold.' },
  gap: { status: 409, title: 'The position is not next to what is held here: say hello.' },
  fork: { status: 409, title: 'Another history of this stream is held here.' },
  quarantined: { status: 409, title: 'Nothing is taken of this stream.' },
  sealed: { status: 409, title: 'The stream was ended by its author.' },
  version_not_spoken: { status: 409, title: 'No version of the protocol is spoken by both.' },
  batch_too_large: { status: 413, title: 'The batch has more facts or bytes than are taken.' },
  fact_refused: { status: 422, title: 'A fact of the batch has no place in this stream.' },

  chunk_not_found: {
    status: 404,
    title: 'There is no such chunk, or none that this node may hold: ask for a new snapshot.',
  },
  range_not_satisfiable: {
    status: 416,
    title: 'The chunk has fewer bytes than where this begins.',
  },
  snapshot_preparing: { status: 503, title: 'Chunks are being packed: ask again.' },
  snapshot_too_large: { status: 409, title: 'A snapshot of this would have more than it may.' },
  reconcile_running: { status: 409, title: 'Data is being compared already: look for its report.' },
  bootstrapping: {
    status: 503,
    title: 'The server is loading the shop’s data and is not whole yet, see `chunksDone`.',
  },

  // What a person may do about facts that could not be projected.
  fact_not_parked: { status: 409, title: 'The fact is not parked here, or not any more.' },
  fact_of_other_scope: {
    status: 403,
    title: 'Only the cloud settles facts that are not this shop’s.',
  },
  fact_needs_newer_program: {
    status: 409,
    title: 'A newer version can read the fact: install it, and the fact goes through by itself.',
  },
  fact_waits_behind: { status: 409, title: 'The fact waits for another one: settle that.' },
  replacement_not_found: {
    status: 422,
    title: 'The fact that takes its place is not known here, or is parked itself.',
  },

  // How store servers become and stay known.
  node_not_known: { status: 401, title: 'The signature is of no node that is enrolled.' },
  clock_differs: { status: 401, title: 'The time that was signed is not near `now`: sign that.' },
  enrolment_refused: { status: 403, title: 'The code is wrong, used, or older than ten minutes.' },

  // How a chain is managed.
  org_not_found: { status: 404, title: 'There is no such organisation.' },
  node_not_found: { status: 404, title: 'The shop has no such enrolment, or it was taken back.' },
  shop_not_found: { status: 404, title: 'There is no such shop.' },
  role_not_found: { status: 422, title: 'A role that is named does not exist.' },
  permission_not_known: { status: 422, title: 'A permission that is named does not exist.' },
  shop_code_taken: { status: 409, title: 'Another shop has this code.' },
  till_number_taken: { status: 409, title: 'Another till of the shop has this number.' },
  staff_number_taken: { status: 409, title: 'Another person has this staff number.' },
  login_taken: { status: 409, title: 'The login is taken: choose another.' },
  resealed_too_often: { status: 409, title: 'The fields were taken back too often.' },
  secret_shown_before: { status: 409, title: 'The key exists, and its secret was shown once.' },
} as const satisfies Record<ActCode, Entry> & Record<string, Entry>

/** The compiler counts: a new reason of a decision has no place to hide. */
type ActCode = (
  | CompleteSaleRefusal
  | RefundSaleRefusal
  | RefundUnlinkedRefusal
  | OpenTillRefusal
  | MoveCashRefusal
  | CloseTillRefusal
  | ApprovalRefusal
  | GiveApprovalRefusal
  | GiveCashRefusal
  | ReceiveCashRefusal
  | ConfirmDropRefusal
  | SwapNotesRefusal
  | OpenDrawerRefusal
  | CountTillRefusal
  | HandOverTillRefusal
  | ResumeTillRefusal
  | ResolveFactRefusal
  | RequestExpenseRefusal
  | AnswerExpenseRefusal
  | PayExpenseRefusal
  | SettleExpenseRefusal
  | SetRateRefusal
  | ExplainVarianceRefusal
  | VerifySessionRefusal
  | VoidSaleRefusal
  | MachineUseRefusal
  | VerifyMovementsRefusal
  | SealBagRefusal
  | VerifyBagRefusal
  | DepositBagRefusal
  | CountSafeRefusal
  | OrderChangeRefusal
  | ReceiveChangeRefusal
  | MatchStatementRefusal
  | SetLineAsideRefusal
  | UndoLineRefusal
  | IssueFundRefusal
  | ReturnFundRefusal
  | ResolveRecyclerRefusal
  | AskRecyclerRefusal
  | EmptyRecyclerRefusal
)['code']

export type RefusalCode = keyof typeof refusals

/** Why the world says no: a code of the list, with data that says more. */
export type Refusal = { readonly code: RefusalCode } & Readonly<Record<string, unknown>>
