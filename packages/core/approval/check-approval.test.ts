import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StaffId } from '../base/id.ts'
import type { Instant } from '../base/instant.ts'
import { type Currency, minor } from '../money/money.ts'
import {
  type Actor,
  type ApprovableAct,
  approvalMaxMs,
  checkApproval,
  decideGiveApproval,
  type HeldApproval,
} from './check-approval.ts'

const [nok, ann] = ['nok', 'ann'] as unknown as readonly [StaffId, StaffId]
const [thb, usd] = ['THB', 'USD'] as unknown as readonly [Currency, Currency]
const atMs = Date.parse('2026-11-20T05:00:00.000Z')
const at = (ms: number) => new Date(atMs + ms).toISOString() as Instant
const cashier: Actor = {
  staffId: nok,
  permissions: ['cash.move'],
  limits: [{ permission: 'cash.move', maxMinor: minor(50_000) }],
}
const manager = { staffId: ann, permissions: ['cash.move', 'cash.approve'], limits: [] }
const act: ApprovableAct = {
  id: 'act',
  permission: 'cash.move',
  amountMinor: minor(60_000),
  currency: thb,
  limitCurrency: thb,
  at: at(0),
}
const held: HeldApproval = {
  actId: 'act',
  approval: {
    id: 'approval',
    approverId: ann,
    permission: 'cash.move',
    amountMinor: minor(60_000),
    currency: thb,
    at: at(0),
    method: 'pin',
  },
}
const other = { code: 'approval_not_for_this' }

test.for<[string, Partial<ApprovableAct>, HeldApproval | undefined, Actor, object | undefined]>([
  ['within the limit', { amountMinor: minor(50_000) }, undefined, cashier, undefined],
  ['within the limit an approval is not used', { amountMinor: minor(1) }, held, cashier, undefined],
  [
    'above the limit',
    {},
    undefined,
    cashier,
    { code: 'approval_required', permission: 'cash.move', maxMinor: 50_000 },
  ],
  [
    'dollars are above any limit in baht',
    { amountMinor: minor(1), currency: usd },
    undefined,
    cashier,
    { code: 'approval_required', permission: 'cash.move', maxMinor: 50_000 },
  ],
  [
    'what one may not do at all',
    { permission: 'drawer.open', amountMinor: undefined },
    undefined,
    cashier,
    { code: 'approval_required', permission: 'drawer.open', maxMinor: 0 },
  ],
  ['approved', {}, held, cashier, held.approval],
  ['of another act', { id: 'next' }, held, cashier, other],
  ['of a smaller amount', { amountMinor: minor(60_001) }, held, cashier, other],
  ['of a larger amount', { amountMinor: minor(59_999) }, held, cashier, other],
  ['of another currency', { currency: usd }, held, cashier, other],
  ['of another permission', { permission: 'sale.refund' }, held, cashier, other],
  ['one’s own', {}, held, { ...cashier, staffId: ann }, { code: 'approval_of_self' }],
  ['on its last moment', { at: at(approvalMaxMs) }, held, cashier, held.approval],
  ['too old', { at: at(approvalMaxMs + 1) }, held, cashier, { code: 'approval_expired' }],
  ['of the future', { at: at(-approvalMaxMs - 1) }, held, cashier, { code: 'approval_expired' }],
])('approval: %s', ([, differing, approval, actor, end]) => {
  const outcome = checkApproval({ ...act, ...differing }, approval, actor)
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(end)
})

test.for<[string, Actor & { readonly staffId: StaffId }, object]>([
  ['a manager', manager, held],
  ['oneself', { ...manager, staffId: nok }, { code: 'approval_of_self' }],
  [
    'who may do it and not approve',
    { ...manager, permissions: ['cash.move'] },
    { code: 'approver_not_allowed', permission: 'cash.move' },
  ],
  [
    'who may approve and not do it',
    { ...manager, permissions: ['cash.approve'] },
    { code: 'approver_not_allowed', permission: 'cash.move' },
  ],
  [
    'up to less than that',
    { ...manager, limits: [{ permission: 'cash.move', maxMinor: minor(59_999) }] },
    { code: 'approver_not_allowed', permission: 'cash.move' },
  ],
])('who approves: %s', ([, approver, end]) => {
  const outcome = decideGiveApproval(act, approver, { id: 'approval', actor: nok, method: 'pin' })
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(end)
})

test('an approval lets through its own act alone, and never its giver', () => {
  const someAct = fc.record({
    id: fc.constantFrom('a', 'b'),
    permission: fc.constantFrom('cash.move', 'sale.refund'),
    amountMinor: fc.option(fc.nat({ max: 3 }).map(minor), { nil: undefined }),
    currency: fc.constantFrom(thb, usd),
    at: fc.constantFrom(at(0), at(1_000), at(approvalMaxMs * 2)),
  })
  const everything = { permissions: ['cash.move', 'sale.refund', 'cash.approve'], limits: [] }
  fc.assert(
    fc.property(someAct, someAct, fc.constantFrom(nok, ann), (given, done, doer) => {
      const approved = decideGiveApproval(
        given,
        { ...everything, staffId: ann },
        { id: 'x', actor: nok, method: 'pin' },
      )
      if (!approved.ok) throw new Error('a manager approves what a cashier asks for')
      const actor = { staffId: doer, permissions: [], limits: [] }
      const same =
        given.id === done.id &&
        given.permission === done.permission &&
        given.amountMinor === done.amountMinor &&
        given.currency === done.currency &&
        Math.abs(Date.parse(given.at) - Date.parse(done.at)) <= approvalMaxMs
      expect(checkApproval(done, approved.value, actor).ok).toBe(same && doer !== ann)
    }),
  )
})
