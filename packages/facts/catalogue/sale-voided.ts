import Type from 'typebox'
import type { Fact } from '../seal/seal.ts'
import { Approval, type ReadonlyStatic, Strict, Uuid } from './parts.ts'
import { SaleRefundedBody } from './sale-refunded.ts'

/** A sale taken back whole, on its day and in its session, with a receipt of its own. */
export const SaleVoidedBody = Strict({
  ...SaleRefundedBody.properties,
  saleId: Uuid<string>(),
  /** Whose word it was done by, where that was asked for. */
  approval: Type.Optional(Approval),
})

export type SaleVoidedBody = ReadonlyStatic<typeof SaleVoidedBody>
export type SaleVoidedFact = Fact<'sale.voided', SaleVoidedBody>
