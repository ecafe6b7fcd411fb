import { AmountMinor, CurrencyCode, Day, Instant, Uuid } from '@tillkeeper/facts/catalogue/parts.ts'
import Type, { type Static } from 'typebox'

// What trade and cash come to over days, for people to look at.

const Count = Type.Integer()

export const CashFlow = Type.Object({
  businessDate: Day,
  currency: CurrencyCode,
  /** `sales`: cash of sales less refunds; else the type of the transfers. */
  flow: Type.String(),
  /** Into the shop's places above zero, out of them below. */
  amountMinor: AmountMinor,
  count: Count,
})

export const MethodsOfDay = Type.Object({
  businessDate: Day,
  currency: CurrencyCode,
  sales: Count,
  cashMinor: AmountMinor,
  cardMinor: AmountMinor,
  bankTransferMinor: AmountMinor,
  promptpayMinor: AmountMinor,
})

export const StaffFigures = Type.Object({
  staffId: Uuid<string>(),
  staffName: Type.String(),
  currency: CurrencyCode,
  sales: Count,
  salesMinor: AmountMinor,
  refunds: Count,
  refundsMinor: AmountMinor,
  closes: Count,
  varianceMinor: AmountMinor,
})

export const VarianceRow = Type.Object({
  sessionId: Uuid<string>(),
  shopId: Uuid<string>(),
  tillNumber: Type.Integer(),
  staffId: Uuid<string>(),
  staffName: Type.String(),
  businessDate: Day,
  closedAt: Instant,
  currency: CurrencyCode,
  countedMinor: AmountMinor,
  expectedMinor: AmountMinor,
  varianceMinor: AmountMinor,
  reasons: Type.Array(Type.String()),
  verified: Type.Boolean(),
})

export type CashFlow = Static<typeof CashFlow>
export type MethodsOfDay = Static<typeof MethodsOfDay>
export type StaffFigures = Static<typeof StaffFigures>
export type VarianceRow = Static<typeof VarianceRow>
