import type { AttemptView } from '@tillkeeper/client/api/recycler-shapes.ts'
import type { SessionId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { emptyCart } from '../sale/cart.ts'
import type { MachineRecord } from './machine-record.ts'

// What tests of the till's machine work with.

const idOf = (last: number) => `01940000-0000-7000-8000-${String(last).padStart(12, '0')}`
export const machineId = idOf(40)
export const dueMinor = minor(80_00)

/** A sale of 80.00 that a machine is asked for. */
export const record: MachineRecord = {
  ...{ attemptId: idOf(41), recyclerId: machineId, machine: 'Counter' },
  currency: 'THB' as Currency,
  work: { kind: 'pay_in', amountMinor: dueMinor },
  task: {
    kind: 'sale',
    ask: { id: idOf(42), totalMinor: dueMinor, tenders: [] },
    basket: { cart: emptyCart, products: new Map(), rates: new Map() },
  },
  ...{ tillId: idOf(2) as TillId, sessionId: idOf(43) as SessionId, staffId: idOf(3) as StaffId },
  ...{ askedAt: '2026-11-20T05:00:00.000Z', stage: 'asked' },
}

export const payOut: MachineRecord = {
  ...record,
  work: { kind: 'pay_out', amountMinor: dueMinor },
  task: { kind: 'give_back', forAttemptId: idOf(44) },
}

/** What the store server says of an attempt. */
export function viewOf(
  change: Partial<AttemptView> = {},
  { attemptId, recyclerId, currency, work }: MachineRecord = record,
): AttemptView {
  return {
    ...{ attemptId, recyclerId, seqNo: '00000000001', currency },
    work: work as AttemptView['work'],
    ...{ tillId: null, sessionId: null, staffId: idOf(3), links: null, state: 'working' },
    ...{ insertedMinor: minor(0), givingMinor: minor(0), short: false, cancelling: false },
    ...{ ending: null, in: null, out: null, certain: false, code: null },
    ...change,
  }
}

const cash = (amount: number) => ({ currency: 'THB' as Currency, minor: minor(amount) })

/** An attempt that ended with so much in and out. */
export function endedView(
  ending: 'done' | 'not_done' | 'unresolved',
  [taken, given]: readonly [number, number],
  of: MachineRecord = record,
): AttemptView {
  const moved = { in: cash(taken), out: cash(given), certain: ending !== 'unresolved' }
  return viewOf({ state: 'ended', ending, insertedMinor: minor(taken), ...moved }, of)
}
