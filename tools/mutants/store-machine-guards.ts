import type { BrokenGuard } from './guards.ts'

const asking = 'packages/core/recycler/ask-recycler.ts'
const askTable = 'packages/core/recycler/ask-recycler.test.ts'
/** Of what a store server asks of its cash machines, and books of them. */
export const storeMachineGuards: readonly BrokenGuard[] = [
  {
    name: 'more is given back than an attempt left',
    file: asking,
    edit: ['if (amountMinor > leftMinor)', 'if (leftMinor < 0)'],
    ...{ test: askTable, sees: 'back, more than it left' },
  },
  {
    name: 'a word of approval covers any amount of a machine',
    file: asking,
    edit: ['return total <= Math.max(', 'return 0 <= Math.max('],
    ...{ test: askTable, sees: 'more than was allowed' },
  },
  {
    name: 'what a machine gave for an act before is not counted',
    file: asking,
    edit: ['minor(givenMinor + amountMinor)', 'minor(0 * givenMinor + amountMinor)'],
    ...{ test: askTable, sees: 'above it with what went before' },
  },
  {
    name: 'what a sale was paid with is given back',
    file: 'apps/store/recycler/ask-attempt.ts',
    edit: ['kept - (await readUsed(tx, org, forAttemptId))', 'kept'],
    ...{ test: 'apps/store/recycler/machine.pg.test.ts', sees: 'what a sale was paid with' },
  },
  {
    name: 'an attempt that the journal has is begun again',
    file: 'apps/store/recycler/journal-recycler.ts',
    edit: [
      'if (prior.size > 0) throw',
      'if (prior.size > 0) return []\n    if (prior.size < 0) throw',
    ],
    ...{ test: 'apps/store/recycler/recycler.pg.test.ts', sees: 'an id that the journal has' },
  },
  {
    name: 'a word on one attempt is taken for another',
    file: 'packages/devices/cash-recycler/run-recycler.ts',
    edit: ['attemptOf(state)?.attemptId !== next.of', 'next.of === undefined'],
    ...{
      test: 'packages/devices/cash-recycler/run-recycler.test.ts',
      sees: 'a word on one attempt is never taken for another',
    },
  },
  {
    name: 'a cash box that held less is no shortage',
    file: 'packages/core/recycler/empty-recycler.ts',
    edit: ['...(variances.length > 0 && { variances }),', ''],
    ...{ test: 'packages/core/recycler/empty-recycler.test.ts', sees: 'a box that held fewer' },
  },
]
