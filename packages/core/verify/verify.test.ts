import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SessionId, ShopId, StaffId } from '../base/id.ts'
import { type Currency, minor } from '../money/money.ts'
import {
  type ClosedSession,
  decideExplainVariance,
  type ExplainState,
  type ExplainVariance,
} from './explain-variance.ts'
import { classOfVariance, defaultBounds, varianceClasses, worstClass } from './variance-class.ts'
import { decideVerifyMovements, type VerifyMovementsState } from './verify-movements.ts'
import { decideVerifySession } from './verify-session.ts'

const thb = 'THB' as Currency
const shopId = 'shop' as ShopId
const nok = 'nok' as StaffId
const lek = 'lek' as StaffId
const manager = 'manager' as StaffId
const session: ClosedSession = {
  id: 'session' as SessionId,
  shopId,
  workers: [nok, lek],
  variances: [{ currency: thb, varianceMinor: minor(-10_000) }],
  booked: [],
  explained: [],
  verified: false,
}
const bounds = defaultBounds(thb)
const state: ExplainState = { at: { shopId }, session, bounds }
const command: ExplainVariance = {
  staffId: manager,
  currency: thb,
  reason: 'missing_drop',
  note: 'the envelope lay behind the safe',
  places: [{ place: 'safe:shop', amountMinor: minor(10_000) }],
}
const of = (differing: Partial<ClosedSession>) => ({ session: { ...session, ...differing } })
const explained = {
  ...{ shopId, sessionId: 'session', staffId: 'manager', currency: 'THB', class: 'explain' },
  ...{ reason: 'missing_drop', note: 'the envelope lay behind the safe' },
}
const booking = { type: 'correction', currency: 'THB', amountMinor: 10_000 }
const large = of({ variances: [{ currency: thb, varianceMinor: minor(-50_000) }] })

test.for<[string, Partial<ExplainState>, Partial<ExplainVariance>, object]>([
  ['no session', { session: undefined }, {}, { code: 'session_not_found' }],
  ['of another shop', of({ shopId: 'other' as ShopId }), {}, { code: 'session_of_other_shop' }],
  ['an open session', of({ variances: undefined }), {}, { code: 'session_not_closed' }],
  ['by who opened it', {}, { staffId: nok }, { code: 'own_session' }],
  ['by who counted it', {}, { staffId: lek }, { code: 'own_session' }],
  ['a verified session', of({ verified: true }), {}, { code: 'session_verified' }],
  ['another currency', {}, { currency: 'USD' as Currency }, { code: 'no_variance' }],
  [
    'no variance',
    of({ variances: [{ currency: thb, varianceMinor: minor(0) }] }),
    {},
    { code: 'no_variance' },
  ],
  ['a large one without a word', large, { note: ' ', places: [] }, { code: 'note_required' }],
  [
    'a place of another shop',
    {},
    { places: [{ place: 'safe:other', amountMinor: minor(1) }] },
    { code: 'place_not_of_shop', place: 'safe:other' },
  ],
  [
    'a drawer, which is counted by itself',
    {},
    { places: [{ place: 'drawer:shop', amountMinor: minor(1) }] },
    { code: 'place_not_of_shop', place: 'drawer:shop' },
  ],
  [
    'more than was short',
    {},
    { places: [{ place: 'safe:shop', amountMinor: minor(10_001) }] },
    { code: 'explains_more_than_variance', leftMinor: 10_000 },
  ],
  [
    'what was booked before',
    of({ booked: [{ currency: thb, bookedMinor: 4_000 }] }),
    {},
    { code: 'explains_more_than_variance', leftMinor: 6_000 },
  ],
  [
    'a shortage that was found',
    {},
    {},
    { ...explained, bookings: [{ ...booking, from: 'over_short:shop', to: 'safe:shop' }] },
  ],
  [
    'a surplus that belongs to a customer',
    of({ variances: [{ currency: thb, varianceMinor: minor(10_000) }] }),
    { places: [{ place: 'customer:shop', amountMinor: minor(10_000) }] },
    { ...explained, bookings: [{ ...booking, from: 'customer:shop', to: 'over_short:shop' }] },
  ],
  ['one that is not found', {}, { places: [] }, { ...explained, bookings: [] }],
  [
    'a large one with a photo',
    large,
    { note: '', photoId: 'photo', places: [] },
    { ...explained, class: 'investigate', note: '', photoId: 'photo', bookings: [] },
  ],
])('explain: %s', ([, differing, asked, end]) => {
  const outcome = decideExplainVariance({ ...state, ...differing }, { ...command, ...asked })
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(end)
})

test.for<[string, Partial<ExplainState>, StaffId, object]>([
  ['no session', { session: undefined }, manager, { code: 'session_not_found' }],
  ['by who worked in it', {}, lek, { code: 'own_session' }],
  ['an open session', of({ variances: undefined }), manager, { code: 'session_not_closed' }],
  ['twice', of({ verified: true }), manager, { code: 'session_verified' }],
  ['unexplained', {}, manager, { code: 'variance_not_explained', currency: 'THB' }],
  [
    'one currency explained of two',
    of({
      explained: [thb],
      variances: [
        { currency: thb, varianceMinor: minor(-10_000) },
        { currency: 'USD' as Currency, varianceMinor: minor(9_999) },
      ],
    }),
    manager,
    { code: 'variance_not_explained', currency: 'USD' },
  ],
  [
    'within the tolerance',
    of({ variances: [{ currency: thb, varianceMinor: minor(2_000) }] }),
    manager,
    { shopId, sessionId: 'session', staffId: 'manager' },
  ],
  [
    'explained',
    of({ explained: [thb] }),
    manager,
    { shopId, sessionId: 'session', staffId: 'manager' },
  ],
])('verify: %s', ([, differing, staffId, end]) => {
  const outcome = decideVerifySession({ ...state, ...differing }, { staffId })
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(end)
})

const drop = { id: 'drop', shopId, sessionId: session.id, staffId: nok }
const moved: VerifyMovementsState = { at: { shopId }, movements: [drop] }
test.for<[string, VerifyMovementsState, StaffId, string[], object]>([
  [
    'what is not known',
    moved,
    manager,
    ['drop', 'x'],
    { code: 'movement_not_found', movementId: 'x' },
  ],
  [
    'of another shop',
    { at: { shopId: 'other' as ShopId }, movements: [drop] },
    manager,
    ['drop'],
    { code: 'movement_not_found', movementId: 'drop' },
  ],
  ['the own', moved, nok, ['drop'], { code: 'own_movement', movementId: 'drop' }],
  ['once', moved, manager, ['drop', 'drop'], { shopId, staffId: 'manager', movementIds: ['drop'] }],
])('verify movements: %s', ([, held, staffId, movementIds, end]) => {
  const outcome = decideVerifyMovements(held, { staffId, movementIds })
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(end)
})

test('a variance asks more the larger it is, and the same whichever way', () => {
  const amount = fc.integer({ min: -1_000_000, max: 1_000_000 })
  const limits = fc.record({ toleranceMinor: fc.nat(100_000), investigateMinor: fc.nat(100_000) })
  fc.assert(
    fc.property(amount, amount, limits, (a, b, shop) => {
      const rank = (value: number) => varianceClasses.indexOf(classOfVariance(minor(value), shop))
      expect(rank(a)).toBe(rank(-a))
      if (Math.abs(a) <= Math.abs(b)) expect(rank(a)).toBeLessThanOrEqual(rank(b))
      expect(rank(a) === 0).toBe(a === 0)
    }),
  )
  expect(classOfVariance(minor(-2_000), bounds)).toBe('within_tolerance')
  expect(classOfVariance(minor(-2_001), bounds)).toBe('explain')
  expect(classOfVariance(minor(50_000), bounds)).toBe('investigate')
  expect(defaultBounds('JPY' as Currency)).toEqual({ toleranceMinor: 20, investigateMinor: 500 })
  expect(worstClass(['none', 'investigate', 'explain'])).toBe('investigate')
  expect(worstClass([])).toBe('none')
})
