import type { TSchema } from 'typebox'
import type { Fact } from '../seal/seal.ts'
import { AttachmentAddedBody, type AttachmentAddedFact } from './attachment-added.ts'
import {
  type StatementFact,
  StatementImportedBody,
  StatementMatchedBody,
  StatementSetAsideBody,
  StatementUndoneBody,
} from './bank-statement.ts'
import {
  CashConfirmedBody,
  type CashConfirmedFact,
  CashGivenBody,
  type CashGivenFact,
  CashReceivedBody,
  type CashReceivedFact,
  CashSwappedBody,
  type CashSwappedFact,
  DrawerOpenedBody,
  type DrawerOpenedFact,
} from './drawer-cash.ts'
import {
  ExpenseApprovedBody,
  type ExpenseApprovedFact,
  ExpenseDeclinedBody,
  type ExpenseDeclinedFact,
  ExpensePaidBody,
  type ExpensePaidFact,
  ExpenseRequestedBody,
  type ExpenseRequestedFact,
  ExpenseSettledBody,
  type ExpenseSettledFact,
} from './expense.ts'
import { FactResolvedBody, type FactResolvedFact } from './fact-resolved.ts'
import { ReceiptReprintedBody, type ReceiptReprintedFact } from './receipt-reprinted.ts'
import {
  RecyclerDifferedBody,
  RecyclerEmptiedBody,
  type RecyclerFact,
  RecyclerResolvedBody,
  RecyclerSettledBody,
  RecyclerStartedBody,
  RecyclerToldBody,
} from './recycler.ts'
import {
  ApiKeyChangedBody,
  type ApiKeyChangedFact,
  CredentialChangedBody,
  type CredentialChangedFact,
  EmployeeChangedBody,
  type EmployeeChangedFact,
  ExpenseCategoryChangedBody,
  type ExpenseCategoryChangedFact,
  OrgChangedBody,
  type OrgChangedFact,
  ProductChangedBody,
  type ProductChangedFact,
  RateChangedBody,
  type RateChangedFact,
  RecyclerChangedBody,
  type RecyclerChangedFact,
  RoleChangedBody,
  type RoleChangedFact,
  ShopChangedBody,
  type ShopChangedFact,
  TillChangedBody,
  type TillChangedFact,
} from './registers.ts'
import {
  BagCollectedBody,
  BagDepositedBody,
  BagOpenedBody,
  BagSealedBody,
  BagVerifiedBody,
  ChangeCancelledBody,
  ChangeOrderedBody,
  ChangeReceivedBody,
  SafeCountedBody,
  type SafeFact,
} from './safe.ts'
import { SaleCompletedBody, type SaleCompletedFact } from './sale-completed.ts'
import { SaleRefundedBody, type SaleRefundedFact } from './sale-refunded.ts'
import { SaleVoidedBody, type SaleVoidedFact } from './sale-voided.ts'
import { type FundFact, FundIssuedBody, FundReturnedBody } from './staff-fund.ts'
import { TillEnrolledBody, type TillEnrolledFact } from './till-enrolled.ts'
import {
  CashMovedBody,
  type CashMovedFact,
  TillClosedBody,
  type TillClosedFact,
  TillCountedBody,
  type TillCountedFact,
  TillEndedBody,
  type TillEndedFact,
  TillHandedOverBody,
  type TillHandedOverFact,
  TillOpenedBody,
  type TillOpenedFact,
  TillResumedBody,
  type TillResumedFact,
  TillSuspendedBody,
  type TillSuspendedFact,
} from './till-session.ts'
import {
  CashVerifiedBody,
  type CashVerifiedFact,
  TillExplainedBody,
  type TillExplainedFact,
  TillVerifiedBody,
  type TillVerifiedFact,
} from './verification.ts'

/** Every fact this version understands, in its newest shape. */
export type KnownFact =
  | SaleCompletedFact
  | SaleRefundedFact
  | SaleVoidedFact
  | ReceiptReprintedFact
  | TillOpenedFact
  | CashMovedFact
  | CashGivenFact
  | CashReceivedFact
  | CashConfirmedFact
  | CashSwappedFact
  | DrawerOpenedFact
  | AttachmentAddedFact
  | TillClosedFact
  | TillExplainedFact
  | TillVerifiedFact
  | CashVerifiedFact
  | TillEndedFact
  | TillHandedOverFact
  | TillSuspendedFact
  | TillResumedFact
  | TillCountedFact
  | TillEnrolledFact
  | FactResolvedFact
  | SafeFact
  | FundFact
  | StatementFact
  | OrgChangedFact
  | ShopChangedFact
  | TillChangedFact
  | ProductChangedFact
  | RoleChangedFact
  | EmployeeChangedFact
  | CredentialChangedFact
  | ApiKeyChangedFact
  | ExpenseCategoryChangedFact
  | ExpenseRequestedFact
  | ExpenseApprovedFact
  | ExpenseDeclinedFact
  | ExpensePaidFact
  | ExpenseSettledFact
  | RateChangedFact
  | RecyclerChangedFact
  | RecyclerFact

export type FactType = KnownFact['type']

/** Turns a body of one version into the next. Pure, and total over what that version's schema took. */
export type Upcast = (body: unknown) => unknown

/** A type of fact: its newest version, the schema of that, and the way up from older ones. */
export type FactTypeEntry = {
  readonly v: number
  readonly body: TSchema
  /** `upcasts[n]` turns version n + 1 into n + 2; there are `v − 1` of them. */
  readonly upcasts: readonly Upcast[]
}

/** All that the version before could say, this one says in the same words. */
const asItIs: Upcast = (body) => body

/** Of version 1 the whole float came from the safe. */
const floatFromSafe: Upcast = (body) => {
  const opened = body as { readonly floatMinor: number }
  return { ...opened, leftMinor: 0, loanMinor: opened.floatMinor, varianceMinor: 0 }
}

/** The catalogue. A new type is a line here, a body beside it, and an `apply` in projections. */
export const catalogue: Readonly<Record<FactType, FactTypeEntry>> = {
  'sale.completed': { v: 4, body: SaleCompletedBody, upcasts: [asItIs, asItIs, asItIs] },
  'sale.refunded': { v: 4, body: SaleRefundedBody, upcasts: [asItIs, asItIs, asItIs] },
  'till.opened': { v: 2, body: TillOpenedBody, upcasts: [floatFromSafe] },
  'cash.moved': { v: 4, body: CashMovedBody, upcasts: [asItIs, asItIs, asItIs] },
  'cash.given': { v: 2, body: CashGivenBody, upcasts: [asItIs] },
  'cash.received': { v: 2, body: CashReceivedBody, upcasts: [asItIs] },
  'cash.confirmed': { v: 1, body: CashConfirmedBody, upcasts: [] },
  'cash.swapped': { v: 1, body: CashSwappedBody, upcasts: [] },
  'drawer.opened': { v: 1, body: DrawerOpenedBody, upcasts: [] },
  'attachment.added': { v: 1, body: AttachmentAddedBody, upcasts: [] },
  'sale.voided': { v: 3, body: SaleVoidedBody, upcasts: [asItIs, asItIs] },
  'receipt.reprinted': { v: 1, body: ReceiptReprintedBody, upcasts: [] },
  'till.explained': { v: 1, body: TillExplainedBody, upcasts: [] },
  'till.verified': { v: 1, body: TillVerifiedBody, upcasts: [] },
  'cash.verified': { v: 1, body: CashVerifiedBody, upcasts: [] },
  'till.closed': { v: 3, body: TillClosedBody, upcasts: [asItIs, asItIs] },
  'till.ended': { v: 1, body: TillEndedBody, upcasts: [] },
  'till.handed_over': { v: 2, body: TillHandedOverBody, upcasts: [asItIs] },
  'till.suspended': { v: 1, body: TillSuspendedBody, upcasts: [] },
  'till.resumed': { v: 2, body: TillResumedBody, upcasts: [asItIs] },
  'till.counted': { v: 1, body: TillCountedBody, upcasts: [] },
  'till.enrolled': { v: 1, body: TillEnrolledBody, upcasts: [] },
  'org.changed': { v: 2, body: OrgChangedBody, upcasts: [asItIs] },
  'shop.changed': { v: 4, body: ShopChangedBody, upcasts: [asItIs, asItIs, asItIs] },
  'till.changed': { v: 2, body: TillChangedBody, upcasts: [asItIs] },
  'product.changed': { v: 2, body: ProductChangedBody, upcasts: [asItIs] },
  'role.changed': { v: 3, body: RoleChangedBody, upcasts: [asItIs, asItIs] },
  'employee.changed': { v: 2, body: EmployeeChangedBody, upcasts: [asItIs] },
  'credential.changed': { v: 2, body: CredentialChangedBody, upcasts: [asItIs] },
  'rate.changed': { v: 1, body: RateChangedBody, upcasts: [] },
  'apikey.changed': { v: 2, body: ApiKeyChangedBody, upcasts: [asItIs] },
  'fact.resolved': { v: 1, body: FactResolvedBody, upcasts: [] },
  'expensecategory.changed': { v: 1, body: ExpenseCategoryChangedBody, upcasts: [] },
  'expense.requested': { v: 1, body: ExpenseRequestedBody, upcasts: [] },
  'expense.approved': { v: 1, body: ExpenseApprovedBody, upcasts: [] },
  'expense.declined': { v: 1, body: ExpenseDeclinedBody, upcasts: [] },
  'expense.paid': { v: 3, body: ExpensePaidBody, upcasts: [asItIs, asItIs] },
  'expense.settled': { v: 2, body: ExpenseSettledBody, upcasts: [asItIs] },
  'bag.sealed': { v: 2, body: BagSealedBody, upcasts: [asItIs] },
  'bag.verified': { v: 1, body: BagVerifiedBody, upcasts: [] },
  'bag.collected': { v: 1, body: BagCollectedBody, upcasts: [] },
  'bag.opened': { v: 1, body: BagOpenedBody, upcasts: [] },
  'bag.deposited': { v: 2, body: BagDepositedBody, upcasts: [asItIs] },
  'safe.counted': { v: 1, body: SafeCountedBody, upcasts: [] },
  'change.ordered': { v: 1, body: ChangeOrderedBody, upcasts: [] },
  'change.received': { v: 2, body: ChangeReceivedBody, upcasts: [asItIs] },
  'change.cancelled': { v: 1, body: ChangeCancelledBody, upcasts: [] },
  'fund.issued': { v: 3, body: FundIssuedBody, upcasts: [asItIs, asItIs] },
  'fund.returned': { v: 3, body: FundReturnedBody, upcasts: [asItIs, asItIs] },
  'statement.imported': { v: 1, body: StatementImportedBody, upcasts: [] },
  'statement.matched': { v: 1, body: StatementMatchedBody, upcasts: [] },
  'statement.set_aside': { v: 1, body: StatementSetAsideBody, upcasts: [] },
  'statement.undone': { v: 1, body: StatementUndoneBody, upcasts: [] },
  'recycler.changed': { v: 1, body: RecyclerChangedBody, upcasts: [] },
  'recycler.started': { v: 1, body: RecyclerStartedBody, upcasts: [] },
  'recycler.settled': { v: 1, body: RecyclerSettledBody, upcasts: [] },
  'recycler.differed': { v: 1, body: RecyclerDifferedBody, upcasts: [] },
  'recycler.resolved': { v: 1, body: RecyclerResolvedBody, upcasts: [] },
  'recycler.emptied': { v: 1, body: RecyclerEmptiedBody, upcasts: [] },
  'recycler.told': { v: 1, body: RecyclerToldBody, upcasts: [] },
}

/** Makes a fact's type part of the union from its name. */
export type FactOf<Type extends FactType> = Extract<KnownFact, Fact<Type>>
