import type { ProductId, SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import type { Pieces } from '../money/denominations.ts'
import type { Currency, Minor } from '../money/money.ts'
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
export type SaleRefunded = {
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
  /** Paid back by one method; none where nothing is paid back. */
  readonly tenders: readonly Tender[]
  readonly reason: string
}

/** How a refund is paid back: whole, by one method. */
export type PayBack = { readonly method: TenderMethod; readonly pieces?: Pieces | undefined }

export type PayBackRefusal =
  | { readonly code: 'pieces_only_of_cash'; readonly of: 'refund' }
  | { readonly code: 'pieces_do_not_add_up'; readonly of: 'refund' }
