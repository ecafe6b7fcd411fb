import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ShopId, StaffId, TillId } from '../base/id.ts'
import { denominationsOf, sumPieces } from '../money/denominations.ts'
import { type Currency, minor } from '../money/money.ts'
import { openSession, shopId, staffId, thb, tillId } from '../sale/sale.gen.ts'
import { buildFloat } from './build-float.ts'
import { decideCloseTill } from './close-till.ts'
import { type CountTill, type CountTillState, decideCountTill } from './count-till.ts'
import { decideEndTill } from './end-till.ts'
import {
  decideHandOverTill,
  type HandOverTill,
  type HandOverTillState,
  shareVariance,
} from './hand-over-till.ts'
import { decideOpenTill } from './open-till.ts'
import { asksRecount } from './recount.ts'
import { addMovement, addOtherCash, addRefund, addSale, noTotals } from './session-totals.ts'
import { decideResumeTill, decideSuspendTill, type ResumeTillState } from './suspend-till.ts'
import { expectedMinor, sessionStates, stateBy, type TillSession } from './till-session.ts'

const usd = 'USD' as Currency
const at = { shopId }
const nok = 'nok' as StaffId
const other = 'other' as TillId
const ended = { ...openSession, state: 'reconciling' } as const
const closed = { ...openSession, state: 'closed' } as const
const resting = { ...openSession, suspended: true } as const
const here = { shopId, tillId, sessionId: openSession.id }
const notes = (...each: readonly (readonly [face: number, count: number])[]) =>
  each.map(([face, count]) => ({ faceMinor: minor(face), pieces: count }))
const end = (outcome: { ok: true; value: unknown } | { ok: false; refusal: unknown }) =>
  outcome.ok ? outcome.value : outcome.refusal

// ---- open on what was left

const till = { id: tillId, shopId, active: true }
const opening = {
  ...{ at, till, currency: thb, staff: { id: staffId, active: true }, openSessionId: undefined },
}
const left = [
  { currency: thb, minor: minor(3_000) },
  { currency: usd, minor: minor(500) },
]
test.for([
  ['what was left', 3_000, undefined, { leftMinor: 3_000, loanMinor: 0, varianceMinor: 0 }],
  ['less than was left', 2_900, undefined, { leftMinor: 3_000, loanMinor: 0, varianceMinor: -100 }],
  ['more, from the safe', 5_000, 2_000, { leftMinor: 3_000, loanMinor: 2_000, varianceMinor: 0 }],
  ['more, from nowhere', 5_000, 1_500, { leftMinor: 3_000, loanMinor: 1_500, varianceMinor: 500 }],
] as const)('opened on %s', ([, float, loan, from]) => {
  const command = { currency: thb, floatMinor: minor(float), loanMinor: loan as never }
  expect(end(decideOpenTill({ ...opening, left }, command))).toMatchObject(from)
})

test('floats of other currencies have their own difference, and each stands once', () => {
  const dollars = { currency: usd, floatMinor: minor(400) }
  const baht = { currency: thb, floatMinor: minor(3_000) }
  expect(end(decideOpenTill({ ...opening, left }, { ...baht, others: [dollars] }))).toMatchObject({
    others: [{ currency: 'USD', minor: 400, leftMinor: 500, loanMinor: 0, varianceMinor: -100 }],
  })
  expect(end(decideOpenTill(opening, { ...baht, others: [baht] }))).toEqual({
    code: 'currency_repeated',
    currency: 'THB',
  })
  const loan = { ...baht, loanMinor: minor(100), loanPieces: notes([50, 1]) }
  expect(end(decideOpenTill(opening, loan))).toEqual({ code: 'pieces_do_not_add_up', of: 'loan' })
})

// ---- close

test('a session that was ended is counted later, also by somebody else, with no sale at all', () => {
  const state = { at, session: ended, totals: noTotals }
  expect(end(decideCloseTill(state, { staffId: nok, countedMinor: minor(100_000) }))).toMatchObject(
    {
      staffId: 'nok',
      ofStaffId: staffId,
      varianceMinor: 0,
      knew: { sales: 0, refunds: 0 },
    },
  )
  const counted = { staffId, countedMinor: minor(0) }
  expect(end(decideCloseTill({ ...state, session: resting }, counted))).toEqual({
    code: 'session_suspended',
  })
})

test('every currency is counted: one that is forgotten is short by all of it', () => {
  const totals = addOtherCash(noTotals, usd, { floatMinor: minor(5_000) })
  const count = { staffId, countedMinor: minor(100_000) }
  const forgotten = decideCloseTill({ at, session: openSession, totals }, count)
  expect(end(forgotten)).toMatchObject({
    varianceMinor: 0,
    others: [{ currency: 'USD', countedMinor: 0, expectedMinor: 5_000, varianceMinor: -5_000 }],
  })
})

const count = { staffId, countedMinor: minor(100_000), pieces: notes([50_000, 1], [10_000, 5]) }
test.for([
  [[{ currency: thb, minor: minor(100_001) }], 'left_above_count'],
  [[{ currency: usd, minor: minor(1) }], 'left_above_count'],
  [[{ currency: thb, minor: minor(60_000), pieces: notes([10_000, 6]) }], 'left_above_count'],
  [[{ currency: thb, minor: minor(50_000), pieces: notes([10_000, 4]) }], 'pieces_do_not_add_up'],
  [[{ currency: thb, minor: minor(50_000), pieces: notes([10_000, 5]) }], undefined],
] as const)('what stays in the drawer was counted in it: %o', ([stays, code]) => {
  const closing = { at, session: openSession, totals: noTotals }
  const outcome = decideCloseTill(closing, { ...count, left: stays })
  expect(outcome.ok ? undefined : outcome.refusal.code).toBe(code)
})

// ---- end, hand over, suspend, resume, count

test('whatever happens to a session, it is of this shop and in a state for it', () => {
  const reason = 'went home'
  const acts = [
    (session?: TillSession) => decideEndTill({ at, session }, { staffId, reason }),
    (session?: TillSession) => decideSuspendTill({ at, session }, { staffId }),
    (session?: TillSession) =>
      decideHandOverTill({ at, session, totals: noTotals, toStaff: undefined }, { counts: [] }),
  ]
  for (const act of acts) {
    expect(end(act(undefined))).toEqual({ code: 'session_not_found' })
    expect(end(act({ ...openSession, shopId: 'x' as ShopId }))).toMatchObject({
      code: 'session_of_other_shop',
    })
    for (const session of [ended, closed]) {
      expect(end(act(session))).toEqual({ code: 'session_not_open', state: session.state })
    }
  }
  expect(end(acts[0]?.(resting) as never)).toEqual({ ...here, staffId, reason })
  expect(end(acts[1]?.(openSession) as never)).toEqual({ ...here, staffId })
  expect(end(acts[1]?.(resting) as never)).toEqual({ code: 'session_suspended' })
})

const giving: HandOverTillState = {
  ...{ at, session: openSession, totals: noTotals },
  toStaff: { id: nok, active: true },
}
const whole: HandOverTill = { counts: [{ currency: thb, countedMinor: minor(99_900) }] }
test.for<[string, Partial<HandOverTillState>, HandOverTill, object]>([
  ['nobody', { toStaff: undefined }, whole, { code: 'staff_not_found' }],
  ['who left', { toStaff: { id: nok, active: false } }, whole, { code: 'staff_not_active' }],
  ['oneself', { toStaff: { id: staffId, active: true } }, whole, { code: 'session_of_same_staff' }],
  [
    'pieces that do not add up',
    {},
    { counts: [{ currency: thb, countedMinor: minor(5), pieces: notes([1, 1]) }] },
    { code: 'pieces_do_not_add_up', of: 'count' },
  ],
  [
    'a currency twice',
    {},
    { counts: [...whole.counts, ...whole.counts] },
    { code: 'currency_repeated', currency: 'THB' },
  ],
  [
    'a drawer that is short',
    {},
    whole,
    {
      ...here,
      fromStaffId: staffId,
      toStaffId: 'nok',
      counted: [
        { currency: 'THB', countedMinor: 99_900, expectedMinor: 100_000, varianceMinor: -100 },
      ],
    },
  ],
])('hand over: %s', ([, differing, command, result]) => {
  expect(end(decideHandOverTill({ ...giving, ...differing }, command))).toEqual(result)
})

const resume: ResumeTillState = {
  ...{ at, session: resting, totals: noTotals },
  ...{ till: { id: other, shopId, active: true }, openSessionId: undefined },
}
test.for<[string, Partial<ResumeTillState>, object]>([
  ['one that goes on', { session: openSession }, { code: 'session_not_suspended' }],
  ['no till', { till: undefined }, { code: 'till_not_found' }],
  [
    'at another shop',
    { till: { id: other, shopId: 'x' as ShopId, active: true } },
    { code: 'till_of_other_shop' },
  ],
  [
    'a till out of use',
    { till: { id: other, shopId, active: false } },
    { code: 'till_not_active' },
  ],
  [
    'a till in use',
    { openSessionId: openSession.id },
    { code: 'session_already_open', sessionId: openSession.id },
  ],
  ['where it was', { till }, { ...here, staffId, fromTillId: tillId, carried: [] }],
  [
    'at another till, with what the drawer holds',
    {},
    {
      ...{ ...here, tillId: 'other', staffId, fromTillId: tillId },
      carried: [{ currency: 'THB', minor: 100_000 }],
    },
  ],
])('resume: %s', ([, differing, result]) => {
  expect(end(decideResumeTill({ ...resume, ...differing }, { staffId }))).toEqual(result)
})

const counting: CountTillState = { at, session: openSession, totals: noTotals, recounts: 0 }
const snap: CountTill = { staffId, kind: 'snap', currency: thb, countedMinor: minor(100) }
const found = { ...here, staffId, currency: 'THB', countedMinor: 100 }
test.for<[string, Partial<CountTillState>, CountTill, object]>([
  ['a cycle of no face', {}, { ...snap, kind: 'cycle' }, { code: 'faces_required' }],
  [
    'faces that do not add up',
    {},
    { ...snap, faces: notes([20, 1]) },
    { code: 'pieces_do_not_add_up', of: 'count' },
  ],
  [
    'a second recount',
    { recounts: 1 },
    { ...snap, kind: 'recount' },
    { code: 'recounted_too_often', max: 1 },
  ],
  [
    'a cycle that found none of a face',
    {},
    { ...snap, kind: 'cycle', faces: notes([25, 0], [100, 1]) },
    { ...found, kind: 'cycle', faces: notes([100, 1], [25, 0]) },
  ],
  ['the whole drawer', {}, snap, { ...found, kind: 'snap', expectedMinor: 100_000 }],
  [
    'after it was ended',
    { session: ended },
    { ...snap, kind: 'second' },
    { ...found, kind: 'second', expectedMinor: 100_000 },
  ],
])('count: %s', ([, differing, command, result]) => {
  expect(end(decideCountTill({ ...counting, ...differing }, command))).toEqual(result)
})

test.for([
  ['none', [0, 0], 0, 0, false],
  ['one in another currency', [0, -1], 0, 2_000, true],
  ['one that was asked for once', [0, -1], 1, 0, false],
  ['one where the shop lets none be', [-1, 0], 0, 0, true],
  ['one as large as the shop lets be', [-2_000, 0], 0, 2_000, false],
  ['one above that', [2_001, 0], 0, 2_000, true],
] as const)('a difference that is %s', ([, by, recounts, tolerance, asked]) => {
  const counted = by.map((each, index) => ({
    ...{ currency: index === 0 ? thb : usd, varianceMinor: minor(each) },
  }))
  const terms = { recounts, currency: thb, toleranceMinor: minor(tolerance) }
  expect(asksRecount(counted, terms)).toBe(asked)
})

// ---- properties

test('people’s shares of a variance add up to it, however often a drawer went on', () => {
  const someVariance = fc.integer({ min: -5_000, max: 5_000 })
  fc.assert(
    fc.property(fc.array(someVariance, { maxLength: 6 }), someVariance, (before, last) => {
      const cash = (value: number) => [
        {
          ...{ currency: thb, countedMinor: minor(0), expectedMinor: minor(-value) },
          varianceMinor: minor(value),
        },
      ]
      const handOvers = before.map((value, index) => ({
        fromStaffId: `staff ${index}` as StaffId,
        counted: cash(value),
      }))
      const shares = shareVariance(handOvers, { staffId: nok, counted: cash(last) })
      expect(shares.map((share) => share.staffId)).toEqual([
        ...before.map((_, index) => `staff ${index}`),
        'nok',
      ])
      expect(shares.reduce((all, share) => all + share.varianceMinor, 0)).toBe(last)
    }),
  )
})

type Step = {
  readonly what: 'sale' | 'refund' | 'pay_in' | 'pay_out' | 'drop' | 'top_up'
  minor: number
}
const someSteps = fc.array(
  fc.record({
    what: fc.constantFrom<Step['what']>('sale', 'refund', 'pay_in', 'pay_out', 'drop', 'top_up'),
    minor: fc.integer({ min: 1, max: 1_000_000 }),
  }),
  { maxLength: 40 },
)

test('opening + in − out − dropped + topped up + sales − refunds is expected, always, in any order', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 1_000_000 }),
      someSteps,
      fc.infiniteStream(fc.nat()),
      (float, steps, keys) => {
        const order = steps
          .map((step) => ({ step, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ step }) => step)
        const sum = (what: Step['what']) =>
          steps.reduce((all, step) => all + (step.what === what ? step.minor : 0), 0)
        const due =
          float +
          sum('pay_in') -
          sum('pay_out') -
          sum('drop') +
          sum('top_up') +
          sum('sale') -
          sum('refund')
        for (const each of [steps, order]) {
          expect(expectedMinor(minor(float), each.reduce(add, noTotals))).toBe(due)
        }
      },
    ),
  )
})

function add(totals: typeof noTotals, { what, minor: amount }: Step): typeof noTotals {
  const paid = {
    ...{ totalMinor: minor(amount), taxMinor: minor(0), changeMinor: minor(0) },
    tenders: [{ method: 'cash' as const, amountMinor: minor(amount), givenMinor: minor(amount) }],
  }
  if (what === 'sale') return addSale(totals, paid)
  if (what === 'refund') return addRefund(totals, paid)
  return addMovement(totals, { kind: what, amountMinor: minor(amount) })
}

test('a session only moves up, whatever is heard of it first', () => {
  const someActs = fc.shuffledSubarray(['ended', 'close', 'verified'] as const)
  fc.assert(
    fc.property(someActs, fc.constantFrom(0, -25), (acts, variance) => {
      let rank = 0
      const heard = {
        ended: false,
        verified: false,
        close: undefined as { varianceMinor: never } | undefined,
      }
      for (const act of acts) {
        if (act === 'close') heard.close = { varianceMinor: minor(variance) as never }
        else heard[act] = true
        const next = sessionStates.indexOf(stateBy(heard))
        expect(next).toBeGreaterThanOrEqual(rank)
        rank = next
      }
      const held = new Set<string>(acts)
      const closedAs = variance === 0 ? 'closed' : 'closed_with_variance'
      const sealed = held.has('verified') ? 'verified' : closedAs
      const before = held.has('ended') ? 'reconciling' : 'open'
      expect(stateBy(heard)).toBe(held.has('close') ? sealed : before)
    }),
  )
})

const faces = denominationsOf(thb).map(({ faceMinor }) => faceMinor)
const somePieces = fc
  .array(fc.integer({ min: 0, max: 30 }), { minLength: faces.length, maxLength: faces.length })
  .map((counts) => faces.map((faceMinor, index) => ({ faceMinor, pieces: counts[index] ?? 0 })))

test('a float is built of pieces that were counted, and nothing is lost between drawer and safe', () => {
  fc.assert(
    fc.property(somePieces, fc.integer({ min: 0, max: 20_000 }), (pieces, quarters) => {
      const target = minor(quarters * 25)
      const built = buildFloat(pieces, target)
      expect(built.leftMinor + built.bagMinor).toBe(sumPieces(pieces))
      for (const { faceMinor, pieces: counted } of pieces) {
        const of = (list: typeof built.left) =>
          list.find((each) => each.faceMinor === faceMinor)?.pieces ?? 0
        expect(of(built.left) + of(built.bag)).toBe(counted)
      }
      if (built.kind === 'exact') expect(built.leftMinor).toBe(target)
      if (built.kind === 'not_enough') {
        expect(built.leftMinor + built.missingMinor).toBe(target)
        expect(built.bagMinor).toBe(0)
      }
      if (built.kind === 'nearest') expect(built.leftMinor).not.toBe(target)
    }),
  )
})

test('the float keeps what makes change, and says why it cannot be exact', () => {
  const drawer = notes([100_000, 2], [10_000, 6], [2_000, 10])
  expect(buildFloat(drawer, minor(70_000))).toMatchObject({
    kind: 'exact',
    left: notes([10_000, 5], [2_000, 10]),
    bag: notes([100_000, 2], [10_000, 1]),
  })
  expect(buildFloat(drawer, minor(300_000))).toMatchObject({
    kind: 'not_enough',
    missingMinor: 20_000,
    bag: [],
  })
  expect(buildFloat(notes([100_000, 3]), minor(50_000))).toMatchObject({
    kind: 'nearest',
    leftMinor: 100_000,
  })
})
