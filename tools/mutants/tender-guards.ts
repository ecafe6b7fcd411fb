import type { BrokenGuard } from './guards.ts'

const tendered = 'packages/core/sale/machine-tender.test.ts'
const used = 'packages/core/recycler/check-machine-use.test.ts'
const moved = 'packages/core/till/move-by-machine.test.ts'
const asked = 'apps/store/sale/machine-tender.pg.test.ts'
const replicas = 'packages/projections/replicas.pg.test.ts'
const payments = 'packages/projections/cash/machine-payments-sql.ts'
const anyOrder = 'however facts arrive and are projected, the tables are the same'

/** What keeps a machine’s money out of drawers, booked once, and beside the act that it was for. */
export const tenderGuards: readonly BrokenGuard[] = [
  {
    name: 'what a machine kept lies in the drawer',
    file: 'packages/core/sale/tender.ts',
    edit: [
      "if (method !== 'cash') continue",
      "if (method !== 'cash' && method !== 'machine') continue",
    ],
    ...{ test: tendered, sees: 'nothing that a machine kept or gave moves' },
  },
  {
    name: 'what a machine kept is booked by its sale once more',
    file: 'packages/projections/sale/apply-sale-completed.ts',
    edit: [
      "if (tender.method !== 'cash') continue",
      "if (tender.method !== 'cash' && tender.method !== 'machine') continue",
    ],
    ...{ test: asked, sees: 'a sale by machine is not in the drawer' },
  },
  {
    name: 'a bill that a machine paid is taken out of the drawer',
    file: 'packages/projections/cash/apply-cash-moved.ts',
    edit: ['if (isInDrawer) addToDrawer(', 'addToDrawer('],
    ...{ test: replicas, sees: anyOrder },
  },
  {
    name: 'a machine gives out whatever somebody asks, on nobody’s word',
    file: 'packages/core/till/move-cash.ts',
    edit: [
      "kind === 'pay_out'\n      ? checkAuthority(",
      "kind === 'pay_out' && attemptId === undefined\n      ? checkAuthority(",
    ],
    ...{ test: moved, sees: 'what a machine gives out need not be in the drawer' },
  },
  {
    name: 'money that a machine took for nothing is told to nobody',
    file: payments,
    edit: [
      'differing.root IS NOT NULL OR',
      'differing.root IS NOT NULL AND acts.root IS NOT NULL OR',
    ],
    ...{ test: asked, sees: 'a sale by machine is not in the drawer' },
  },
  {
    name: 'two acts for one payment are told to nobody',
    file: payments,
    edit: [' OR acts.is_twice', ''],
    ...{ test: replicas, sees: anyOrder },
  },
  {
    name: 'a payment is judged before all of it has ended',
    file: payments,
    edit: ['WHERE ended.is_ended AND differing', 'WHERE differing'],
    ...{ test: replicas, sees: anyOrder },
  },
  {
    name: 'a sale says any amount of what a machine took',
    file: 'packages/core/recycler/check-machine-use.ts',
    edit: ['|| each.minor !== said', ''],
    ...{ test: used, sees: 'an act that says 500 in: it moved less' },
  },
  {
    name: 'one payment pays two sales',
    file: 'packages/core/recycler/check-machine-use.ts',
    edit: ['if (attempt.isUsed) return', 'if (attempt.attemptId === undefined) return'],
    ...{ test: used, sees: 'an act that says 500 in: another act names it' },
  },
  {
    name: 'a sale names what came to nothing',
    file: 'packages/core/recycler/check-machine-use.ts',
    edit: ['if (moved.length === 0) return', 'if (attempt.attemptId === undefined) return'],
    ...{ test: used, sees: 'an act that says 500 in: it moved nothing' },
  },
]
