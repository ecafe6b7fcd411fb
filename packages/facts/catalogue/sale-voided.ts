import type { Fact } from '../seal/seal.ts'
import { type ReadonlyStatic, Strict, Uuid } from './parts.ts'
import { SaleRefundedBody } from './sale-refunded.ts'

/** A sale taken back whole, on its day and in its session, with a receipt of its own. */
export const SaleVoidedBody = Strict({
  ...SaleRefundedBody.properties,
  saleId: Uuid<string>(),
})

export type SaleVoidedBody = ReadonlyStatic<typeof SaleVoidedBody>
export type SaleVoidedFact = Fact<'sale.voided', SaleVoidedBody>
