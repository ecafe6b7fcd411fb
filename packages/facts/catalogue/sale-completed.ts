import type { ProductId, SessionId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { linesMax, tendersMax } from '@tillkeeper/core/sale/complete-sale.ts'
import { receiptCounterMax } from '@tillkeeper/core/sale/receipt-number.ts'
import Type from 'typebox'
import type { Fact } from '../seal/seal.ts'
import {
  BasisPoints,
  CountMinor,
  CurrencyCode,
  Pieces,
  Quantity,
  type ReadonlyStatic,
  Strict,
  TenderMethod,
  Text,
  Uuid,
} from './parts.ts'

/** A line as it was sold: it keeps name, price and rate, and is never computed again. */
export const SaleLine = Strict({
  /** From 1, in the order of the receipt. */
  lineNo: Type.Integer({ minimum: 1, maximum: linesMax }),
  productId: Uuid<ProductId>(),
  code: Text(40),
  name: Text(200),
  /** In thousandths. */
  quantity: Quantity,
  /** With tax, for one unit (1000 thousandths). */
  unitPriceMinor: CountMinor,
  /** Taken off the line; never above its price. */
  discountMinor: CountMinor,
  /** With tax: unit price × quantity, rounded half up, less discount. */
  totalMinor: CountMinor,
  vatBasisPoints: BasisPoints,
})

/** One row for each rate of a sale: tax is taken out of the rate's total, rounded half up, once. */
export const TaxTotal = Strict({
  vatBasisPoints: BasisPoints,
  netMinor: CountMinor,
  taxMinor: CountMinor,
})

export const SaleTender = Strict({
  method: TenderMethod,
  /** What it pays of the total. */
  amountMinor: CountMinor,
  /** What the customer handed over: `amountMinor`, or more when it is cash and change goes back. */
  givenMinor: CountMinor,
  /** The notes and coins handed over, where they are known. They add up to `givenMinor`. */
  pieces: Type.Optional(Pieces),
})

/** A sale, whole. The fact's id is the sale's. */
export const SaleCompletedBody = Strict({
  shopId: Uuid<ShopId>(),
  tillId: Uuid<TillId>(),
  sessionId: Uuid<SessionId>(),
  staffId: Uuid<StaffId>(),
  /** `RCP-YYMMDD-TTNNNN`: till number, then the till's gapless counter of the day. */
  receiptNumber: Text(24, 1),
  receiptCounter: Type.Integer({ minimum: 1, maximum: receiptCounterMax }),
  currency: CurrencyCode,
  lines: Type.Array(SaleLine, { minItems: 1, maxItems: linesMax }),
  taxes: Type.Array(TaxTotal, { maxItems: linesMax }),
  /** With tax. What the tenders pay. */
  totalMinor: CountMinor,
  taxMinor: CountMinor,
  tenders: Type.Array(SaleTender, { maxItems: tendersMax }),
  /** Cash given back: what was given less the total. */
  changeMinor: CountMinor,
  changePieces: Type.Optional(Pieces),
  /** The shop's own number of a customer: never a name or a phone. */
  customerNumber: Type.Optional(Text(40, 1)),
  note: Type.Optional(Text(200)),
})

export type SaleLine = ReadonlyStatic<typeof SaleLine>
export type TaxTotal = ReadonlyStatic<typeof TaxTotal>
export type SaleTender = ReadonlyStatic<typeof SaleTender>
export type SaleCompletedBody = ReadonlyStatic<typeof SaleCompletedBody>
export type SaleCompletedFact = Fact<'sale.completed', SaleCompletedBody>
