import { lostAcks } from './01-lost-acks.ts'
import { doubledBatches } from './02-doubled-batches.ts'
import { reorderedBatches } from './03-reordered-batches.ts'
import { bentAndCut } from './04-bent-and-cut.ts'
import { stock } from './21-stock.ts'
import { escrow } from './22-escrow.ts'
import { refundBeforeSale } from './23-refund-before-sale.ts'
import { malformed } from './25-malformed.ts'
import type { Scenario } from './scenario.ts'

/** Every scenario, by its number. */
export const scenarios: readonly Scenario[] = [
  lostAcks,
  doubledBatches,
  reorderedBatches,
  bentAndCut,
  stock,
  escrow,
  refundBeforeSale,
  malformed,
]
