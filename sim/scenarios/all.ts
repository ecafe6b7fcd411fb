import { stock } from './21-stock.ts'
import { escrow } from './22-escrow.ts'
import { refundBeforeSale } from './23-refund-before-sale.ts'
import { malformed } from './25-malformed.ts'
import { firstTwenty } from './first-twenty.ts'
import type { Scenario } from './scenario.ts'

/** Every scenario, by its number. */
export const scenarios: readonly Scenario[] = [
  ...firstTwenty,
  stock,
  escrow,
  refundBeforeSale,
  malformed,
]
