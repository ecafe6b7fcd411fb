import { stock } from './21-stock.ts'
import { escrow } from './22-escrow.ts'
import { refundBeforeSale } from './23-refund-before-sale.ts'
import { poison } from './24-poison.ts'
import { malformed } from './25-malformed.ts'
import { mixedVersions, upgradeAndBack } from './26-mixed-versions.ts'
import { personMoves } from './28-person-moves.ts'
import { flipFlop } from './29-flip-flop.ts'
import { restoredStore } from './30-restored-store.ts'
import { clonedStore } from './31-cloned-store.ts'
import { copiedProfile } from './32-copied-profile.ts'
import { burntStore } from './33-burnt-store.ts'
import { restoredCloud } from './34-restored-cloud.ts'
import { bitRot } from './35-bit-rot.ts'
import { rewrittenHistory } from './36-rewritten-history.ts'
import { diskFull } from './37-disk-full.ts'
import { snapshot } from './38-snapshot.ts'
import { tombstone } from './39-tombstone.ts'
import { twoWriters } from './40-two-writers.ts'
import { firstTwenty } from './first-twenty.ts'
import type { Scenario } from './scenario.ts'

/** Every scenario, by its number. */
export const scenarios: readonly Scenario[] = [
  ...firstTwenty,
  stock,
  escrow,
  refundBeforeSale,
  poison,
  malformed,
  mixedVersions,
  upgradeAndBack,
  personMoves,
  flipFlop,
  restoredStore,
  clonedStore,
  copiedProfile,
  burntStore,
  restoredCloud,
  bitRot,
  rewrittenHistory,
  diskFull,
  snapshot,
  tombstone,
  twoWriters,
]
