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
  Pieces,
  PositiveMinor,
  Quantity,
  RateNumber,
  RateScale,
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
  /** Of a line at another price: what it costs by the catalogue, 0 where it has no price there. Since version 3. */
  listMinor: Type.Optional(CountMinor),
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

/** What was handed over in another currency than the sale's, and the rate that it was taken at. */
export const ForeignTender = Strict({
  currency: CurrencyCode,
  /** In that currency. */
  givenMinor: PositiveMinor,
  rateId: Uuid<string>(),
  /** One unit of the currency is worth `rate × 10^−scale` units of the sale's. */
  rate: RateNumber,
  scale: RateScale,
})

export const SaleTender = Strict({
  method: TenderMethod,
  /** What it pays of the total, with its rounding. In the sale's currency, like the next. */
  amountMinor: CountMinor,
  /** What the customer handed over: `amountMinor`, or more when it is cash and change goes back. */
  givenMinor: CountMinor,
  /** Of cash in another currency: `givenMinor` is what it is worth. */
  foreign: Type.Optional(ForeignTender),
  /** The notes and coins handed over, where they are known. They add up to what was given, in its currency. */
  pieces: Type.Optional(Pieces),
  /** Of `machine`: the attempt of a cash recycler that moved it. Since version 4. */
  attemptId: Type.Optional(Uuid<string>()),
})

/** Change that is given in another currency than the sale's. */
export const ForeignChange = Strict({
  currency: CurrencyCode,
  /** In that currency. */
  minor: PositiveMinor,
  /** What it is worth in the sale's, at the rate that its currency was taken at. */
  baseMinor: CountMinor,
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
  /** With tax. What the tenders pay, but for the rounding. */
  totalMinor: CountMinor,
  taxMinor: CountMinor,
  tenders: Type.Array(SaleTender, { maxItems: tendersMax }),
  /** What the cash given back is worth: given − change − rounding = total. */
  changeMinor: CountMinor,
  /** The part of the change in other currencies; the rest is in the sale's. Since version 2. */
  change: Type.Optional(Type.Array(ForeignChange, { minItems: 1, maxItems: tendersMax })),
  /** The notes and coins of the change in the sale's currency. */
  changePieces: Type.Optional(Pieces),
  /** What was paid more than the total, or less, because cash is rounded. Since version 2. */
  roundingMinor: Type.Optional(AmountMinor),
  /** The shop's own number of a customer: never a name or a phone. */
  customerNumber: Type.Optional(Text(40, 1)),
  note: Type.Optional(Text(200)),
  /** Of a sale at other prices: what its actor might do alone, 0 nothing; left out without a limit. Since version 3. */
  limitMinor: Type.Optional(CountMinor),
  /** Whose word it was sold at other prices by. Since version 3. */
  approval: Type.Optional(Approval),
})

export type SaleLine = ReadonlyStatic<typeof SaleLine>
export type TaxTotal = ReadonlyStatic<typeof TaxTotal>
export type ForeignTender = ReadonlyStatic<typeof ForeignTender>
export type ForeignChange = ReadonlyStatic<typeof ForeignChange>
export type SaleTender = ReadonlyStatic<typeof SaleTender>
export type SaleCompletedBody = ReadonlyStatic<typeof SaleCompletedBody>
export type SaleCompletedFact = Fact<'sale.completed', SaleCompletedBody>
