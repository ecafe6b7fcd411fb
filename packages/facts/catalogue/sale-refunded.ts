import type { ProductId, SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { linesMax, tendersMax } from '@tillkeeper/core/sale/complete-sale.ts'
import { receiptCounterMax } from '@tillkeeper/core/sale/receipt-number.ts'
import Type from 'typebox'
import type { Fact } from '../seal/seal.ts'
import {
  AmountMinor,
  Approval,
  BasisPoints,
  CountMinor,
  CurrencyCode,
  Quantity,
  type ReadonlyStatic,
  Strict,
  Text,
  Uuid,
} from './parts.ts'
import { SaleTender, TaxTotal } from './sale-completed.ts'

/** A refund, of a sale in part or whole, or without its receipt. The fact's id is the refund's. */
export const SaleRefundedBody = Strict({
  shopId: Uuid<ShopId>(),
  tillId: Uuid<TillId>(),
  sessionId: Uuid<SessionId>(),
  staffId: Uuid<StaffId>(),
  /** Absent when the goods came back without a receipt. */
  saleId: Type.Optional(Uuid<string>()),
  receiptNumber: Text(24, 1),
  receiptCounter: Type.Integer({ minimum: 1, maximum: receiptCounterMax }),
  currency: CurrencyCode,
  lines: Type.Array(
    Strict({
      /** The line of the sale; from 1 in order, where there is no sale. */
      lineNo: Type.Integer({ minimum: 1, maximum: linesMax }),
      productId: Uuid<ProductId>(),
      code: Text(40),
      name: Text(200),
      quantity: Quantity,
      totalMinor: CountMinor,
      vatBasisPoints: BasisPoints,
    }),
    { minItems: 1, maxItems: linesMax },
  ),
  taxes: Type.Array(TaxTotal, { maxItems: linesMax }),
  totalMinor: CountMinor,
  taxMinor: CountMinor,
  /** Paid back; their `givenMinor` is their amount. */
  tenders: Type.Array(SaleTender, { maxItems: tendersMax }),
  /** What was paid back more than the total, or less, because cash is rounded. Since version 2. */
  roundingMinor: Type.Optional(AmountMinor),
  reason: Text(200, 1),
  /** What its actor might give back alone, 0 nothing; left out without a limit. Since version 3. */
  limitMinor: Type.Optional(CountMinor),
  /** Whose word it was given back by, where that was asked for. Since version 3. */
  approval: Type.Optional(Approval),
})

export type SaleRefundedBody = ReadonlyStatic<typeof SaleRefundedBody>
export type SaleRefundedFact = Fact<'sale.refunded', SaleRefundedBody>
