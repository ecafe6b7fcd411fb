import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SessionId, ShopId, StaffId, TillId } from '../base/id.ts'
import { denominationsOf, sumPieces } from '../money/denominations.ts'
import { type Currency, minor } from '../money/money.ts'
import type { TillSession } from '../till/till-session.ts'
import { type ConfirmDrop, type ConfirmDropState, decideConfirmDrop } from './confirm-drop.ts'
import { hintDrop } from './drawer-limit.ts'
import { decideGiveCash, decideReceiveCash, type HandOver } from './hand-over-cash.ts'
import { decideOpenDrawer } from './open-drawer.ts'
import { decideSwapNotes } from './swap-notes.ts'

const shopId = 'shop' as ShopId
const [one, two] = ['till1', 'till2'] as unknown as readonly [TillId, TillId]
const [nok, ann] = ['nok', 'ann'] as unknown as readonly [StaffId, StaffId]
const thb = 'THB' as Currency
const session: TillSession = {
  id: 'session' as SessionId,
  shopId,
  tillId: one,
  staffId: nok,
  currency: thb,
  floatMinor: minor(0),
  state: 'open',
}
const at = { shopId }
const notes = (...each: readonly (readonly [number, number])[]) =>
  each.map(([face, pieces]) => ({ faceMinor: minor(face), pieces }))
const till = { id: two, shopId, active: true }
const holds = { amountMinor: minor(10_000) }
const give = { staffId: nok, amountMinor: minor(10_000) }

test.for<[string, object, object, object]>([
  ['no session', { session: undefined }, give, { code: 'session_not_found' }],
  ['no till', { toTill: undefined }, give, { code: 'till_not_found' }],
  [
    'another shop’s till',
    { toTill: { ...till, shopId: 'x' } },
    give,
    { code: 'till_of_other_shop' },
  ],
  ['a till out of use', { toTill: { ...till, active: false } }, give, { code: 'till_not_active' }],
  ['the same drawer', { toTill: { ...till, id: one } }, give, { code: 'same_drawer' }],
  [
    'pieces of another sum',
    {},
    { ...give, pieces: notes([5_000, 1]) },
    { code: 'pieces_do_not_add_up', of: 'movement' },
  ],
  ['more than there is', {}, { ...give, amountMinor: minor(10_001) }, { code: 'not_in_drawer' }],
  [
    'cash',
    {},
    give,
    {
      ...{ shopId, tillId: one, sessionId: 'session', staffId: nok, toTillId: two },
      ...{ currency: 'THB', amountMinor: 10_000 },
    },
  ],
])('give: %s', ([, differing, command, end]) => {
  const state = { at, session, toTill: till, holds, ...differing }
  const outcome = decideGiveCash(state, command as typeof give)
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(end)
})

const transfer: HandOver = {
  id: 'transfer',
  shopId,
  tillId: one,
  sessionId: session.id,
  staffId: nok,
  toTillId: two,
  currency: thb,
  amountMinor: minor(10_000),
  state: 'given',
}
const there: TillSession = { ...session, id: 'other' as SessionId, tillId: two, staffId: ann }
const accept = { staffId: ann, answer: 'accepted', countedMinor: minor(9_900) } as const
const decline = { ...accept, answer: 'declined' } as const
const home = { session }
const received = {
  ...{ shopId, tillId: two, sessionId: 'other', staffId: ann, transferId: 'transfer' },
  ...{ fromSessionId: 'session', answer: 'accepted', currency: 'THB', givenMinor: 10_000 },
  ...{ countedMinor: 9_900, varianceMinor: -100 },
}
const back = { ...received, tillId: one, sessionId: 'session', staffId: nok }
test.for<[string, object, object, object]>([
  ['nothing', { transfer: undefined }, accept, { code: 'transfer_not_found' }],
  [
    'at a third till',
    { session: { ...there, tillId: 'till3' } },
    accept,
    { code: 'transfer_of_other_till' },
  ],
  ['declined by its giver', home, decline, { code: 'transfer_of_other_till' }],
  [
    'counted before',
    { transfer: { ...transfer, state: 'received' } },
    accept,
    { code: 'transfer_received' },
  ],
  [
    'declined before',
    { transfer: { ...transfer, state: 'declined' } },
    accept,
    { code: 'transfer_declined' },
  ],
  ['by who gave it', {}, { ...accept, staffId: nok }, { code: 'signed_by_giver' }],
  ['a shortage', {}, accept, received],
  [
    'declined',
    {},
    decline,
    { ...received, ...{ answer: 'declined', countedMinor: 0 }, varianceMinor: 0 },
  ],
  ['taken back', home, { ...accept, staffId: nok }, back],
  [
    'taken back after it was declined',
    { ...home, transfer: { ...transfer, state: 'declined' } },
    { ...accept, staffId: nok },
    back,
  ],
])('receive: %s', ([, differing, command, end]) => {
  const outcome = decideReceiveCash(
    { at, session: there, transfer, ...differing },
    command as typeof accept,
  )
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(end)
})

const drop = {
  id: 'drop',
  shopId,
  sessionId: session.id,
  staffId: nok,
  currency: thb,
  amountMinor: minor(5_000),
  confirmed: false,
}
const confirm: ConfirmDrop = { staffId: ann, countedMinor: minor(5_100) }
test.for<[string, Partial<ConfirmDropState>, ConfirmDrop, object]>([
  ['no drop', { drop: undefined }, confirm, { code: 'drop_not_found' }],
  ['another shop’s', { at: { shopId: 'x' as ShopId } }, confirm, { code: 'drop_not_found' }],
  ['a second time', { drop: { ...drop, confirmed: true } }, confirm, { code: 'drop_confirmed' }],
  ['by who dropped it', {}, { ...confirm, staffId: nok }, { code: 'signed_by_giver' }],
  [
    'pieces of another sum',
    {},
    { ...confirm, pieces: notes([5_000, 1]) },
    { code: 'pieces_do_not_add_up', of: 'count' },
  ],
  [
    'with more than was said',
    {},
    confirm,
    {
      ...{ shopId, sessionId: 'session', staffId: ann, movementId: 'drop', currency: 'THB' },
      ...{ droppedMinor: 5_000, countedMinor: 5_100, varianceMinor: 100 },
    },
  ],
])('confirm: %s', ([, differing, command, end]) => {
  const outcome = decideConfirmDrop({ at, drop, ...differing }, command)
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(end)
})

const swap = { staffId: nok, with: 'customer' } as const
test.for<[string, ReturnType<typeof notes>, ReturnType<typeof notes>, object]>([
  ['nothing', [], [], { code: 'nothing_swapped' }],
  ['for less', notes([10_000, 1]), notes([5_000, 1]), { code: 'swap_not_equal' }],
  ['a face twice', notes([5_000, 1], [5_000, 1]), notes([10_000, 1]), { code: 'swap_not_equal' }],
  ['more than there is', notes([5_000, 3]), notes([5_000, 3]), { code: 'not_in_drawer' }],
  [
    'notes that are not there',
    notes([2_000, 5]),
    notes([10_000, 1]),
    { code: 'not_in_drawer', faceMinor: 2_000 },
  ],
])('swap: %s', ([, given, taken, end]) => {
  const held = { amountMinor: minor(10_000), pieces: notes([5_000, 2]) }
  const outcome = decideSwapNotes({ at, session, holds: held }, { ...swap, given, taken })
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(end)
})
test('a swap is worth the same on both sides', () => {
  const outcome = decideSwapNotes(
    { at, session, holds },
    { ...swap, given: notes([5_000, 2], [2_000, 0]), taken: notes([10_000, 1]) },
  )
  expect(outcome.ok && outcome.value).toMatchObject({
    amountMinor: 10_000,
    given: notes([5_000, 2]),
    taken: notes([10_000, 1]),
  })
})

test('a drawer is opened by who may, or with an approval', () => {
  const open = (permissions: string[]) =>
    decideOpenDrawer(
      {
        ...{ at, till: { ...till, id: one }, openSessionId: session.id },
        authority: {
          actId: 'act',
          at: '2026-11-20T05:00:00.000Z',
          actor: { permissions, limits: [], staffId: nok },
        },
      },
      { staffId: nok, reason: 'change' },
    )
  expect(open(['drawer.open'])).toMatchObject({ ok: true, value: { reason: 'change' } })
  expect(open([])).toMatchObject({ ok: false, refusal: { code: 'approval_required' } })
})

const limit = { limitMinor: minor(500_000), targetMinor: minor(200_000) }
const thai = { ...limit, denominations: denominationsOf(thb) }
test('too much cash is said, and of it no more to who counts blind', () => {
  fc.assert(
    fc.property(fc.integer({ min: 500_001, max: 9_000_000 }), (amount) => {
      const there = { amountMinor: minor(amount) }
      expect(hintDrop(there, { ...thai, blind: true })).toEqual({ faces: [100_000, 50_000] })
      const told = hintDrop(there, { ...thai, blind: false })
      const left = amount - sumPieces(told?.pieces ?? [])
      expect(left).toBeGreaterThanOrEqual(limit.targetMinor)
      expect(left).toBeLessThan(limit.targetMinor + 2_000)
    }),
  )
  expect(hintDrop({ amountMinor: minor(500_000) }, { ...thai, blind: true })).toBeUndefined()
  const none = { ...thai, limitMinor: minor(0), blind: true }
  expect(hintDrop({ amountMinor: minor(9_000_000) }, none)).toBeUndefined()
})
test('no more notes are asked for than there are', () => {
  const there = { amountMinor: minor(900_000), pieces: notes([100_000, 3], [2_000, 300]) }
  expect(hintDrop(there, { ...thai, blind: false })?.pieces).toEqual(
    notes([100_000, 3], [2_000, 200]),
  )
})
