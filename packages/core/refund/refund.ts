import type { Proof } from '../approval/check-approval.ts'
import type { ProductId, SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import type { Pieces } from '../money/denominations.ts'
import type { Currency, Minor } from '../money/money.ts'
import type { AttemptRefusal } from '../sale/settle-tenders.ts'
import type { Tender, TenderMethod } from '../sale/tender.ts'
import type { TaxTotal } from '../tax/tax.ts'

/** What came back of a product. */
export type RefundLine = {
  /** The line of the sale; from 1 in order, where there is no sale. */
  readonly lineNo: number
  readonly productId: ProductId
  readonly code: string
  readonly name: string
  /** In thousandths, above zero. */
  readonly quantity: number
  readonly totalMinor: Minor
  readonly vatBasisPoints: number
}

/** A refund, whole. The body of the fact `sale.refunded`; the fact's id is the refund's. */
export type SaleRefunded = Proof & {
  readonly shopId: ShopId
  readonly tillId: TillId
  readonly sessionId: SessionId
  readonly staffId: StaffId
  /** Absent when the goods came back without a receipt. */
  readonly saleId?: string
  readonly receiptNumber: string
  readonly receiptCounter: number
  readonly currency: Currency
  readonly lines: readonly RefundLine[]
  readonly taxes: readonly TaxTotal[]
  readonly totalMinor: Minor
  readonly taxMinor: Minor
  /** Paid back by one method, cash perhaps in two currencies; none where nothing is paid back. */
  readonly tenders: readonly Tender[]
  /** What is paid back more than the total, or less, because cash is rounded. Left out where nothing. */
  readonly roundingMinor?: Minor
  readonly reason: string
}

/** How a refund is paid back: whole, by one method. */
export type PayBack = {
  readonly method: TenderMethod
  /** Of `machine`, and never of another: the attempt that gave it. */
  readonly attemptId?: string | undefined
  /** Of the cash in the sale's own currency. */
  readonly pieces?: Pieces | undefined
  /** The part that is paid back in a currency that the sale was paid in, at the sale's rate. */
  readonly foreign?:
    | {
        readonly currency: Currency
        /** Above zero, in that currency. */
        readonly minor: Minor
        readonly pieces?: Pieces | undefined
      }
    | undefined
}

export type PayBackRefusal =
  | { readonly code: 'pieces_only_of_cash'; readonly of: 'refund' }
  | { readonly code: 'pieces_do_not_add_up'; readonly of: 'refund' }
  | AttemptRefusal
  | { readonly code: 'foreign_only_cash'; readonly index: number }
  /** The sale was not paid in that currency. */
  | { readonly code: 'currency_not_paid'; readonly currency: Currency }
  /** More than was paid in it, less change and earlier refunds. */
  | { readonly code: 'refund_above_paid'; readonly currency: Currency; readonly leftMinor: Minor }
  /** It is worth more than what comes back. */
  | { readonly code: 'refund_above_total'; readonly totalMinor: Minor }
