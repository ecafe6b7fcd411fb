import { lostAcks } from './01-lost-acks.ts'
import { doubledBatches } from './02-doubled-batches.ts'
import { reorderedBatches } from './03-reordered-batches.ts'
import { bentAndCut } from './04-bent-and-cut.ts'
import type { Scenario } from './scenario.ts'

/** Every scenario, by its number. */
export const scenarios: readonly Scenario[] = [
  lostAcks,
  doubledBatches,
  reorderedBatches,
  bentAndCut,
]
