import type { StaffId } from '@tillkeeper/core/base/id.ts'
import { AmountMinor, CurrencyCode, Day, Instant, Uuid } from '@tillkeeper/facts/catalogue/parts.ts'
import Type, { type Static } from 'typebox'

// What trade and cash come to over days, for people to look at.

const Count = Type.Integer()

export const CashFlow = Type.Object({
  businessDate: Day,
  currency: CurrencyCode,
  /** `sales`: cash of sales less refunds; `machine`: the same of cash recyclers; else the type of the transfers. */
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
  machineMinor: AmountMinor,
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

const fundSums = {
  staffId: Uuid<StaffId>(),
  staffName: Type.String(),
  currency: CurrencyCode,
  issuedMinor: AmountMinor,
  returnedMinor: AmountMinor,
  /** What was short (below zero) or over when all of it was given back. */
  varianceMinor: AmountMinor,
  /** What the person held after it. */
  heldMinor: AmountMinor,
}

/** Staff funds over days: of each person together, and by day. */
export const FundReport = Type.Object({
  people: Type.Array(Type.Object({ ...fundSums, startMinor: AmountMinor })),
  days: Type.Array(Type.Object({ ...fundSums, businessDate: Day })),
})

export type CashFlow = Static<typeof CashFlow>
export type MethodsOfDay = Static<typeof MethodsOfDay>
export type StaffFigures = Static<typeof StaffFigures>
export type VarianceRow = Static<typeof VarianceRow>
export type FundReport = Static<typeof FundReport>
