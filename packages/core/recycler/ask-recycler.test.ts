import { expect, test } from 'vitest'
import type { HeldApproval } from '../approval/check-approval.ts'
import type { StaffId, TillId } from '../base/id.ts'
import { type Currency, minor } from '../money/money.ts'
import { type AskRecycler, type AskRecyclerState, decideAskRecycler } from './ask-recycler.ts'

const thb = 'THB' as Currency
const at = '2026-11-20T05:00:00.000Z'
const [nok, ploy] = ['nok', 'ploy'] as StaffId[]
const limits = [
  { permission: 'cash.move', maxMinor: minor(500_00) },
  { permission: 'sale.refund', maxMinor: minor(2_000_00) },
]
const state = (change: Partial<AskRecyclerState> = {}): AskRecyclerState => ({
  machine: { currencies: [thb], tills: ['t1' as TillId] },
  able: true,
  shopCurrency: thb,
  rounding: { stepMinor: minor(25), way: 'nearest' },
  authority: {
    ...{ actId: 'act', at },
    actor: { permissions: ['cash.move', 'sale.refund'], limits, staffId: nok },
  },
  givenMinor: minor(0),
  leftMinor: undefined,
  ...change,
})
const payOut = (amount: number, change: Partial<AskRecycler> = {}): AskRecycler => ({
  ...{ attemptId: 'attempt', currency: thb, kind: 'pay_out', amountMinor: minor(amount) },
  links: { movementId: 'act' },
  ...change,
})
const refund = { links: { refundId: 'act' } }
const allowed = (change: Partial<HeldApproval['approval']> = {}, actId = 'act'): HeldApproval => ({
  actId,
  approval: {
    ...{ id: 'a', approverId: ploy as StaffId, permission: 'cash.move', currency: thb },
    ...{ amountMinor: minor(900_10), at, method: 'pin', ...change },
  },
})
const by = (approval: HeldApproval, change: Partial<AskRecyclerState> = {}) =>
  state({ ...change, authority: { ...state().authority, approval } })

test.each<[string, AskRecyclerState, AskRecycler, string | undefined]>([
  ['a payment has no limit', state(), payOut(9_999_99, { kind: 'pay_in' }), undefined],
  ['a till of its', state(), payOut(1, { tillId: 't1' as TillId }), undefined],
  ['a till of others', state(), payOut(1, { tillId: 't2' as TillId }), 'recycler_not_of_till'],
  [
    'no tills named: all of the shop',
    state({ machine: { currencies: [thb], tills: [] } }),
    payOut(1, { tillId: 't2' as TillId }),
    undefined,
  ],
  ['no such work', state({ able: false }), payOut(1), 'recycler_not_able'],
  ['nothing known of what it can', state({ able: undefined }), payOut(1), undefined],
  ['no such currency', state(), payOut(1, { currency: 'USD' as Currency }), 'recycler_not_able'],
  ['a pay-out within its limit', state(), payOut(500_00), undefined],
  ['a pay-out above it', state(), payOut(500_01), 'approval_required'],
  [
    'above it with what went before',
    state({ givenMinor: minor(200_00) }),
    payOut(300_01),
    'approval_required',
  ],
  [
    'for nothing that is named: as a pay-out',
    state(),
    payOut(500_01, { links: {} }),
    'approval_required',
  ],
  ['a refund within its own limit', state(), payOut(2_000_00, refund), undefined],
  ['a refund above it', state(), payOut(2_000_01, refund), 'approval_required'],
  ['allowed by another', by(allowed()), payOut(900_10), undefined],
  [
    'allowed, and rounded up in cash',
    by(allowed({ amountMinor: minor(900_15) })),
    payOut(900_25),
    undefined,
  ],
  ['more than was allowed', by(allowed()), payOut(900_26), 'approval_not_for_this'],
  [
    'more than was allowed with what went before',
    by(allowed(), { givenMinor: minor(500_00) }),
    payOut(900_10),
    'approval_not_for_this',
  ],
  ['allowed for another act', by(allowed({}, 'other')), payOut(900_10), 'approval_not_for_this'],
  [
    'allowed to do something else',
    by(allowed()),
    payOut(2_000_01, refund),
    'approval_not_for_this',
  ],
  [
    'allowed by oneself',
    by(allowed({ approverId: nok as StaffId })),
    payOut(900_10),
    'approval_of_self',
  ],
  [
    'allowed too long ago',
    by(allowed({ at: '2026-11-20T04:00:00.000Z' })),
    payOut(900_10),
    'approval_expired',
  ],
  [
    'back for an attempt that nobody knows',
    state(),
    payOut(1, { links: { forAttemptId: 'x' } }),
    'recycler_attempt_not_found',
  ],
  [
    'back, all that it left',
    state({ leftMinor: minor(9_000_00) }),
    payOut(9_000_00, { links: { forAttemptId: 'x' } }),
    undefined,
  ],
  [
    'back, more than it left',
    state({ leftMinor: minor(9_000_00) }),
    payOut(9_000_01, { links: { forAttemptId: 'x' } }),
    'recycler_left_less',
  ],
  [
    'for an expense, more than it may be given',
    state({ leftMinor: minor(80_00) }),
    payOut(80_01, { links: { expenseId: 'x' } }),
    'recycler_left_less',
  ],
])('%s', (_, given, ask, code) => {
  const decided = decideAskRecycler(given, ask)
  expect(decided.ok ? undefined : decided.refusal.code).toBe(code)
})
