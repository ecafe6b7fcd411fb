import { lostAcks } from './01-lost-acks.ts'
import { doubledBatches } from './02-doubled-batches.ts'
import { reorderedBatches } from './03-reordered-batches.ts'
import { bentAndCut } from './04-bent-and-cut.ts'
import { outOfOrderCommits } from './05-out-of-order-commits.ts'
import { longTransaction } from './06-long-transaction.ts'
import { crashAtEachWrite } from './07-crash-at-each-write.ts'
import { tillPowerLoss } from './08-till-power-loss.ts'
import { threeDaysDark } from './09-three-days-dark.ts'
import { flapping } from './10-flapping.ts'
import { oneWay } from './11-one-way.ts'
import { allReturn } from './12-all-return.ts'
import { slowReceiver } from './13-slow-receiver.ts'
import { clockFarAhead } from './14-clock-far-ahead.ts'
import { clockBack } from './15-clock-back.ts'
import { drift } from './16-drift.ts'
import { frozenClock } from './17-frozen-clock.ts'
import { poisonedField } from './18-poisoned-field.ts'
import { concurrentEdits } from './19-concurrent-edits.ts'
import { deleteAndAgain } from './20-delete-and-again.ts'
import type { Scenario } from './scenario.ts'

/** Scenarios 1 to 20, by their number. */
export const firstTwenty: readonly Scenario[] = [
  ...[lostAcks, doubledBatches, reorderedBatches, bentAndCut, outOfOrderCommits],
  ...[longTransaction, crashAtEachWrite, tillPowerLoss, threeDaysDark, flapping],
  ...[oneWay, allReturn, slowReceiver, clockFarAhead, clockBack],
  ...[drift, frozenClock, poisonedField, concurrentEdits, deleteAndAgain],
]
