import type { ExpenseApproved, ExpenseDeclined } from '@tillkeeper/core/expense/answer-expense.ts'
import type { ExpensePaid } from '@tillkeeper/core/expense/pay-expense.ts'
import type { ExpenseRequested } from '@tillkeeper/core/expense/request-expense.ts'
import type { ExpenseSettled } from '@tillkeeper/core/expense/settle-expense.ts'
import type { FundIssued, FundReturned } from '@tillkeeper/core/fund/staff-fund.ts'
import type { FactResolved } from '@tillkeeper/core/parking/resolve-fact.ts'
import type { SaleRefunded } from '@tillkeeper/core/refund/refund.ts'
import type { SafeCounted } from '@tillkeeper/core/safe/count-safe.ts'
import type {
  BagCollected,
  BagDeposited,
  BagOpened,
  BagVerified,
} from '@tillkeeper/core/safe/deposit-bag.ts'
import type { StatementMatched } from '@tillkeeper/core/safe/match-statement.ts'
import type {
  ChangeCancelled,
  ChangeOrdered,
  ChangeReceived,
} from '@tillkeeper/core/safe/order-change.ts'
import type { BagSealed } from '@tillkeeper/core/safe/seal-bag.ts'
import type { LineSetAside, LineUndone } from '@tillkeeper/core/safe/set-line-aside.ts'
import type { SaleCompleted } from '@tillkeeper/core/sale/complete-sale.ts'
import type { TillClosed } from '@tillkeeper/core/till/close-till.ts'
import type { TillCounted } from '@tillkeeper/core/till/count-till.ts'
import type { TillEnded } from '@tillkeeper/core/till/end-till.ts'
import type { TillHandedOver } from '@tillkeeper/core/till/hand-over-till.ts'
import type { CashMoved } from '@tillkeeper/core/till/move-cash.ts'
import type { TillOpened } from '@tillkeeper/core/till/open-till.ts'
import type { TillResumed, TillSuspended } from '@tillkeeper/core/till/suspend-till.ts'
import type { TillExplained } from '@tillkeeper/core/verify/explain-variance.ts'
import type { CashVerified } from '@tillkeeper/core/verify/verify-movements.ts'
import type { TillVerified } from '@tillkeeper/core/verify/verify-session.ts'
import type { SaleVoided } from '@tillkeeper/core/verify/void-sale.ts'
import { expectTypeOf, test } from 'vitest'
import type {
  StatementMatchedBody,
  StatementSetAsideBody,
  StatementUndoneBody,
} from './bank-statement.ts'
import type {
  ExpenseApprovedBody,
  ExpenseDeclinedBody,
  ExpensePaidBody,
  ExpenseRequestedBody,
  ExpenseSettledBody,
} from './expense.ts'
import type { FactResolvedBody } from './fact-resolved.ts'
import type {
  BagCollectedBody,
  BagDepositedBody,
  BagOpenedBody,
  BagSealedBody,
  BagVerifiedBody,
  ChangeCancelledBody,
  ChangeOrderedBody,
  ChangeReceivedBody,
  SafeCountedBody,
} from './safe.ts'
import type { SaleCompletedBody } from './sale-completed.ts'
import type { SaleRefundedBody } from './sale-refunded.ts'
import type { SaleVoidedBody } from './sale-voided.ts'
import type { FundIssuedBody, FundReturnedBody } from './staff-fund.ts'
import type {
  CashMovedBody,
  TillClosedBody,
  TillCountedBody,
  TillEndedBody,
  TillHandedOverBody,
  TillOpenedBody,
  TillResumedBody,
  TillSuspendedBody,
} from './till-session.ts'
import type { CashVerifiedBody, TillExplainedBody, TillVerifiedBody } from './verification.ts'

// The compiler checks these: what a decision accepts is the body of its fact, field for field, and what a
// fact holds is what the rules take.
test('a decision accepts exactly the body of its fact', () => {
  expectTypeOf<SaleCompleted>().toExtend<SaleCompletedBody>()
  expectTypeOf<SaleCompletedBody>().toExtend<SaleCompleted>()
  expectTypeOf<SaleRefunded>().toExtend<SaleRefundedBody>()
  expectTypeOf<SaleRefundedBody>().toExtend<SaleRefunded>()
  expectTypeOf<TillOpened>().toExtend<TillOpenedBody>()
  expectTypeOf<TillOpenedBody>().toExtend<TillOpened>()
  expectTypeOf<CashMoved>().toExtend<CashMovedBody>()
  expectTypeOf<CashMovedBody>().toExtend<CashMoved>()
  expectTypeOf<TillClosed>().toExtend<TillClosedBody>()
  expectTypeOf<TillClosedBody>().toExtend<TillClosed>()
  expectTypeOf<SaleVoided>().toExtend<SaleVoidedBody>()
  expectTypeOf<SaleVoidedBody>().toExtend<SaleVoided>()
  expectTypeOf<TillExplained>().toExtend<TillExplainedBody>()
  expectTypeOf<TillExplainedBody>().toExtend<TillExplained>()
  expectTypeOf<TillVerified>().toExtend<TillVerifiedBody>()
  expectTypeOf<TillVerifiedBody>().toExtend<TillVerified>()
  expectTypeOf<CashVerified>().toExtend<CashVerifiedBody>()
  expectTypeOf<CashVerifiedBody>().toExtend<CashVerified>()
  expectTypeOf<ExpenseRequested>().toExtend<ExpenseRequestedBody>()
  expectTypeOf<ExpenseRequestedBody>().toExtend<ExpenseRequested>()
  expectTypeOf<ExpenseApproved>().toExtend<ExpenseApprovedBody>()
  expectTypeOf<ExpenseApprovedBody>().toExtend<ExpenseApproved>()
  expectTypeOf<ExpenseDeclined>().toExtend<ExpenseDeclinedBody>()
  expectTypeOf<ExpenseDeclinedBody>().toExtend<ExpenseDeclined>()
  expectTypeOf<ExpensePaid>().toExtend<ExpensePaidBody>()
  expectTypeOf<ExpensePaidBody>().toExtend<ExpensePaid>()
  expectTypeOf<ExpenseSettled>().toExtend<ExpenseSettledBody>()
  expectTypeOf<ExpenseSettledBody>().toExtend<ExpenseSettled>()
  expectTypeOf<TillEnded>().toExtend<TillEndedBody>()
  expectTypeOf<TillEndedBody>().toExtend<TillEnded>()
  expectTypeOf<TillHandedOver>().toExtend<TillHandedOverBody>()
  expectTypeOf<TillHandedOverBody>().toExtend<TillHandedOver>()
  expectTypeOf<TillSuspended>().toExtend<TillSuspendedBody>()
  expectTypeOf<TillSuspendedBody>().toExtend<TillSuspended>()
  expectTypeOf<TillResumed>().toExtend<TillResumedBody>()
  expectTypeOf<TillResumedBody>().toExtend<TillResumed>()
  expectTypeOf<TillCounted>().toExtend<TillCountedBody>()
  expectTypeOf<TillCountedBody>().toExtend<TillCounted>()
  expectTypeOf<FactResolved>().toExtend<FactResolvedBody>()
  expectTypeOf<FactResolvedBody>().toExtend<FactResolved>()
  expectTypeOf<BagSealed>().toExtend<BagSealedBody>()
  expectTypeOf<BagSealedBody>().toExtend<BagSealed>()
  expectTypeOf<BagVerified>().toExtend<BagVerifiedBody>()
  expectTypeOf<BagVerifiedBody>().toExtend<BagVerified>()
  expectTypeOf<BagCollected>().toExtend<BagCollectedBody>()
  expectTypeOf<BagCollectedBody>().toExtend<BagCollected>()
  expectTypeOf<BagOpened>().toExtend<BagOpenedBody>()
  expectTypeOf<BagOpenedBody>().toExtend<BagOpened>()
  expectTypeOf<BagDeposited>().toExtend<BagDepositedBody>()
  expectTypeOf<BagDepositedBody>().toExtend<BagDeposited>()
  expectTypeOf<SafeCounted>().toExtend<SafeCountedBody>()
  expectTypeOf<SafeCountedBody>().toExtend<SafeCounted>()
  expectTypeOf<ChangeOrdered>().toExtend<ChangeOrderedBody>()
  expectTypeOf<ChangeOrderedBody>().toExtend<ChangeOrdered>()
  expectTypeOf<ChangeReceived>().toExtend<ChangeReceivedBody>()
  expectTypeOf<ChangeReceivedBody>().toExtend<ChangeReceived>()
  expectTypeOf<ChangeCancelled>().toExtend<ChangeCancelledBody>()
  expectTypeOf<ChangeCancelledBody>().toExtend<ChangeCancelled>()
  expectTypeOf<FundIssued>().toExtend<FundIssuedBody>()
  expectTypeOf<FundIssuedBody>().toExtend<FundIssued>()
  expectTypeOf<FundReturned>().toExtend<FundReturnedBody>()
  expectTypeOf<FundReturnedBody>().toExtend<FundReturned>()
  expectTypeOf<StatementMatched>().toExtend<StatementMatchedBody>()
  expectTypeOf<LineSetAside>().toExtend<StatementSetAsideBody>()
  expectTypeOf<LineUndone>().toExtend<StatementUndoneBody>()
  expectTypeOf<StatementMatchedBody>().toExtend<StatementMatched>()
})
