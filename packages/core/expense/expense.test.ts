import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ShopId, StaffId } from '../base/id.ts'
import { type Currency, minor } from '../money/money.ts'
import { openSession, shopId, staffId, thb } from '../sale/sale.gen.ts'
import {
  type AnswerExpenseState,
  decideApproveExpense,
  decideDeclineExpense,
} from './answer-expense.ts'
import {
  type Expense,
  type ExpenseCategory,
  type ExpenseCategoryId,
  type ExpenseId,
  type ExpenseState,
  findLimitsAbove,
  isDue,
  limitsOf,
  nothingSpent,
  type PaymentMade,
  raiseState,
  sumSpent,
} from './expense.ts'
import { decidePayExpense, type PayExpense, type PayExpenseState } from './pay-expense.ts'
import { decideRequestExpense, type RequestExpenseState } from './request-expense.ts'
import {
  decideSettleExpense,
  type SettleExpense,
  type SettleExpenseState,
} from './settle-expense.ts'

const categoryId = 'ice' as ExpenseCategoryId
const boss = 'boss' as StaffId
const otherShop = 'other' as ShopId
const usd = 'USD' as Currency
const limits = { actMinor: minor(50_000), dayMinor: minor(80_000), personDayMinor: minor(60_000) }
const category: ExpenseCategory = {
  ...{ id: categoryId, name: 'Ice', active: true, needsReceipt: true },
  limits: { currency: thb, ...limits },
}
const notes = (face: number, count: number) => [{ faceMinor: minor(face), pieces: count }]
const end = (outcome: { ok: boolean; value?: unknown; refusal?: unknown }) =>
  outcome.ok ? outcome.value : outcome.refusal

const { limits: _limits, ...unlimited } = category
const asking: RequestExpenseState = {
  ...{ shopId, currency: thb, category, shopDayMinor: minor(100_000), spent: nothingSpent },
}
const ask = { staffId, amountMinor: minor(20_000), purpose: 'two bags' }
const asked = {
  ...{ shopId, categoryId, categoryName: 'Ice', staffId, currency: 'THB', amountMinor: 20_000 },
  ...{ purpose: 'two bags', needsReceipt: true, above: [] },
}
test.for<[string, Partial<RequestExpenseState>, typeof ask & { dueAt?: string }, object]>([
  ['no category', { category: undefined }, ask, { code: 'expense_category_not_found' }],
  [
    'a category out of use',
    { category: { ...category, active: false } },
    ask,
    { code: 'expense_category_not_active' },
  ],
  [
    'another currency',
    { currency: usd },
    ask,
    { code: 'expense_currency_differs', currency: 'THB' },
  ],
  ['within the limits', {}, ask, asked],
  [
    'with a time to be back',
    {},
    { ...ask, dueAt: '2026-11-21T08:00:00.000Z' },
    { ...asked, dueAt: '2026-11-21T08:00:00.000Z' },
  ],
  [
    'above each limit',
    { spent: { dayMinor: 70_000, personDayMinor: 59_999, shopDayMinor: 90_000 } },
    { ...ask, amountMinor: minor(50_001) },
    { ...asked, amountMinor: 50_001, above: ['act', 'day', 'person_day', 'shop_day'] },
  ],
  [
    'a category without limits asks for an approval each time',
    { category: unlimited, shopDayMinor: undefined },
    ask,
    { ...asked, above: ['act'] },
  ],
])('request: %s', ([, differing, command, expected]) => {
  expect(end(decideRequestExpense({ ...asking, ...differing }, command))).toEqual(expected)
})

test('a limit is kept to the last satang', () => {
  const spent = { ...nothingSpent, dayMinor: 60_000 }
  expect(findLimitsAbove(limitsOf(category, undefined), spent, minor(20_000))).toEqual([])
  expect(findLimitsAbove(limitsOf(category, undefined), spent, minor(20_001))).toEqual(['day'])
  const shopMinor = spent.shopDayMinor + 100
  const inShop = (more: number) =>
    findLimitsAbove(limitsOf({}, minor(shopMinor)), spent, minor(more)).includes('shop_day')
  expect([inShop(100), inShop(101)]).toEqual([false, true])
  expect(limitsOf({}, minor(0)), 'nothing set is no limit').toEqual(limitsOf({}, undefined))
  expect(findLimitsAbove({}, spent, minor(9_000_000))).toEqual([])
})

const expense: Expense = {
  ...{ id: 'e' as ExpenseId, shopId, categoryId, staffId, currency: thb },
  ...{ amountMinor: minor(20_000), state: 'requested' },
}
const paid: Expense = {
  ...expense,
  state: 'paid',
  paid: { amountMinor: minor(20_000) },
}
const answering: AnswerExpenseState = { shopId, expense, maxMinor: minor(20_000) }
const yes = { approverId: boss, method: 'pin' as const, note: 'once' }
const approved = {
  ...{ shopId, expenseId: 'e', approverId: boss, method: 'pin', currency: 'THB' },
  ...{ amountMinor: 20_000, note: 'once' },
}
test.for<[string, Partial<AnswerExpenseState>, typeof yes, object]>([
  ['no expense', { expense: undefined }, yes, { code: 'expense_not_found' }],
  ['one of another shop', { shopId: otherShop }, yes, { code: 'expense_of_other_shop' }],
  ['one that is out', { expense: paid }, yes, { code: 'expense_not_open', state: 'paid' }],
  [
    'one’s own',
    { maxMinor: minor(0) },
    { ...yes, approverId: staffId },
    { code: 'expense_own_request' },
  ],
  [
    'above one’s limit',
    { maxMinor: minor(19_999) },
    yes,
    { code: 'approval_limit', maxMinor: 19_999 },
  ],
  ['at one’s limit', {}, yes, approved],
  ['in the cloud, without a limit', { shopId: undefined, maxMinor: undefined }, yes, approved],
])('approve: %s', ([, differing, command, expected]) => {
  expect(end(decideApproveExpense({ ...answering, ...differing }, command))).toEqual(expected)
})

test('who asked may take it back, and may not decline what was answered', () => {
  const own = { approverId: staffId }
  expect(end(decideDeclineExpense(answering, own))).toEqual({ shopId, expenseId: 'e', ...own })
  const answered = { ...answering, expense: { ...expense, state: 'declined' as const } }
  expect(end(decideDeclineExpense(answered, own))).toEqual({
    code: 'expense_not_open',
    state: 'declined',
  })
})

const { id: sessionId, tillId } = openSession
const paying: PayExpenseState = {
  ...{ at: { shopId }, expense, from: { session: openSession }, limits, spent: nothingSpent },
}
const give: PayExpense = { staffId, pieces: notes(10_000, 2) }
const given = {
  ...{ shopId, expenseId: 'e', categoryId, staffId, takenBy: staffId, currency: 'THB' },
  ...{ amountMinor: 20_000, pieces: notes(10_000, 2), tillId, sessionId, limits },
}
const above = { dayMinor: 70_000, personDayMinor: 0, shopDayMinor: 70_000 }
const allowed: Expense = { ...expense, state: 'approved', approvalId: 'yes' }
const { tillId: _, sessionId: __, ...ofSafe } = given
test.for<[string, Partial<PayExpenseState>, PayExpense, object]>([
  ['no expense', { expense: undefined }, give, { code: 'expense_not_found' }],
  ['of another shop', { at: { shopId: otherShop } }, give, { code: 'expense_of_other_shop' }],
  [
    'one that was declined',
    { expense: { ...expense, state: 'declined' } },
    give,
    { code: 'expense_not_payable', state: 'declined' },
  ],
  ['one that is out', { expense: paid }, give, { code: 'expense_not_payable', state: 'paid' }],
  ['no session', { from: { session: undefined } }, give, { code: 'session_not_found' }],
  [
    'a drawer of another currency',
    { from: { session: { ...openSession, currency: usd } } },
    give,
    { code: 'expense_currency_differs', currency: 'USD' },
  ],
  ['above a limit', { spent: above }, give, { code: 'expense_approval_needed', above: ['day'] }],
  [
    'pieces of another sum',
    {},
    { ...give, pieces: notes(10_000, 1) },
    { code: 'pieces_do_not_add_up', of: 'movement' },
  ],
  [
    'more than is there',
    { holds: { amountMinor: minor(19_999) } },
    give,
    { code: 'not_in_drawer' },
  ],
  ['within the limits', { holds: { amountMinor: minor(20_000) } }, give, given],
  ['from the safe', { from: 'safe' }, give, ofSafe],
  ['above, and allowed', { expense: allowed, spent: above }, give, { ...given, approvalId: 'yes' }],
  ['allowed in vain', { expense: allowed }, give, given],
  [
    'by a machine, out of a drawer that holds nothing',
    { holds: { amountMinor: minor(0) } },
    { ...give, attemptId: 'attempt' },
    { ...given, attemptId: 'attempt' },
  ],
])('pay: %s', ([, differing, command, expected]) => {
  expect(end(decidePayExpense({ ...paying, ...differing }, command))).toEqual(expected)
})

const settling: SettleExpenseState = {
  ...{ at: { shopId }, expense: paid, needsReceipt: true, to: { session: openSession } },
}
const bring: SettleExpense = {
  ...{ staffId, spentMinor: minor(15_000), returnedMinor: minor(5_000) },
  ...{ returnedPieces: notes(5_000, 1), photoId: 'photo' },
}
const home = {
  ...{ shopId, expenseId: 'e', categoryId, staffId, takenBy: staffId, currency: 'THB' },
  ...{ givenMinor: 20_000, spentMinor: 15_000, returnedMinor: 5_000, varianceMinor: 0 },
  ...{ returnedPieces: notes(5_000, 1), photoId: 'photo', tillId, sessionId },
}
const { photoId: ___, ...noPhoto } = bring
const { photoId: ____, ...homeWithout } = home
test.for<[string, Partial<SettleExpenseState>, SettleExpense, object]>([
  ['no expense', { expense: undefined }, bring, { code: 'expense_not_found' }],
  ['of another shop', { at: { shopId: otherShop } }, bring, { code: 'expense_of_other_shop' }],
  ['not out', { expense }, bring, { code: 'expense_not_paid', state: 'requested' }],
  [
    'settled before',
    { expense: { ...paid, state: 'settled' } },
    bring,
    { code: 'expense_not_paid', state: 'settled' },
  ],
  ['no session', { to: { session: undefined } }, bring, { code: 'session_not_found' }],
  [
    'more spent than given',
    {},
    { ...bring, spentMinor: minor(20_001) },
    { code: 'spent_above_given', givenMinor: 20_000 },
  ],
  [
    'more back than given',
    {},
    { ...bring, returnedMinor: minor(20_001), returnedPieces: undefined },
    { code: 'returned_above_given', givenMinor: 20_000 },
  ],
  [
    'pieces of another sum',
    {},
    { ...bring, returnedPieces: notes(5_000, 2) },
    { code: 'pieces_do_not_add_up', of: 'movement' },
  ],
  ['no receipt', {}, noPhoto, { code: 'receipt_required' }],
  [
    'no receipt, and why',
    {},
    { ...noPhoto, noReceipt: 'lost' },
    { ...homeWithout, noReceipt: 'lost' },
  ],
  ['no receipt where none is asked for', { needsReceipt: false }, noPhoto, homeWithout],
  ['with a receipt', {}, bring, home],
  [
    'ten missing',
    {},
    { ...bring, spentMinor: minor(14_000) },
    { ...home, spentMinor: 14_000, varianceMinor: -1_000 },
  ],
  [
    'ten too much',
    {},
    { ...bring, spentMinor: minor(16_000) },
    { ...home, spentMinor: 16_000, varianceMinor: 1_000 },
  ],
])('settle: %s', ([, differing, command, expected]) => {
  expect(end(decideSettleExpense({ ...settling, ...differing }, command))).toEqual(expected)
})

test('nothing that was not spent asks for a receipt', () => {
  const back = {
    ...noPhoto,
    spentMinor: minor(0),
    returnedMinor: minor(20_000),
    returnedPieces: undefined,
  }
  expect(decideSettleExpense(settling, back).ok).toBe(true)
})

test('an advance rings when its time has come, and no longer when it is home', () => {
  const dueAt = '2026-11-21T08:00:00.000Z'
  expect(isDue({ state: 'paid', dueAt }, '2026-11-21T07:59:59.999Z')).toBe(false)
  expect(isDue({ state: 'paid', dueAt }, dueAt)).toBe(true)
  expect(isDue({ state: 'settled', dueAt }, dueAt)).toBe(false)
  expect(isDue({ state: 'paid' }, dueAt)).toBe(false)
})

const states: readonly ExpenseState[] = ['requested', 'approved', 'declined', 'paid', 'settled']
const someState = fc.constantFrom(...states)
test('states only move up, and end the same in whatever order they are heard of', () => {
  fc.assert(
    fc.property(
      fc.array(someState, { maxLength: 6 }),
      fc.infiniteStream(fc.nat()),
      (heard, chance) => {
        const shuffled = [...heard].sort(() => ((chance.next().value ?? 0) % 2 === 0 ? 1 : -1))
        const last = heard.reduce(raiseState, 'requested' as ExpenseState)
        expect([...shuffled, ...heard].reduce(raiseState, 'requested' as ExpenseState)).toBe(last)
        expect(raiseState(last, 'requested')).toBe(last)
      },
    ),
  )
})

// Any number of people ask, answer and pay on one node, in any order: what is paid without an approval never
// comes above a limit, and what is given out never comes back as more.
const someActs = fc.array(
  fc.record({
    act: fc.constantFrom('ask', 'approve', 'decline', 'pay', 'pay', 'settle'),
    which: fc.nat({ max: 12 }),
    category: fc.nat({ max: 1 }),
    person: fc.nat({ max: 2 }),
    amount: fc.integer({ min: 1, max: 60_000 }),
    day: fc.nat({ max: 1 }),
  }),
  { minLength: 30, maxLength: 80 },
)
const people = ['nok', 'ploy', 'budi'] as StaffId[]
const days = ['2026-11-20', '2026-11-21']
const kinds = ['ice', 'taxi'] as ExpenseCategoryId[]
const bound = {
  actMinor: minor(40_000),
  dayMinor: minor(90_000),
  personDayMinor: minor(50_000),
  shopDayMinor: minor(120_000),
}

test('limits hold for any interleaving on one node, and no advance returns more than it was', () => {
  let limited = 0
  let settled = 0
  fc.assert(
    fc.property(someActs, (acts) => {
      const all: Expense[] = []
      const payments: (PaymentMade & { id: string })[] = []
      for (const { act, which, category: kind, person, amount, day } of acts) {
        const staff = people[person] as StaffId
        const businessDate = days[day] as string
        if (act === 'ask') {
          all.push({
            ...expense,
            id: String(all.length) as ExpenseId,
            categoryId: kinds[kind] as ExpenseCategoryId,
            staffId: staff,
            amountMinor: minor(amount),
          })
          continue
        }
        const at = which % Math.max(1, all.length)
        const one = all[at]
        if (one === undefined) continue
        if (act === 'approve' || act === 'decline') {
          const state = { shopId, expense: one }
          const answer =
            act === 'approve'
              ? decideApproveExpense(state, { approverId: staff, method: 'pin' })
              : decideDeclineExpense(state, { approverId: staff })
          if (answer.ok) {
            all[at] =
              act === 'approve'
                ? { ...one, state: 'approved', approvalId: 'yes' }
                : { ...one, state: 'declined' }
            if (act === 'approve') expect(staff).not.toBe(one.staffId)
          }
        } else if (act === 'pay') {
          const spent = sumSpent(payments, { ...one, businessDate })
          const done = decidePayExpense(
            { at: { shopId }, expense: one, from: 'safe', limits: bound, spent },
            { staffId: staff },
          )
          if (done.ok) {
            all[at] = {
              ...one,
              state: 'paid',
              paid: { amountMinor: done.value.amountMinor },
            }
            payments.push({
              ...one,
              id: one.id,
              businessDate,
              approved: done.value.approvalId !== undefined,
            })
          } else if (done.refusal.code === 'expense_approval_needed') limited += 1
        } else {
          const done = decideSettleExpense(
            { at: { shopId }, expense: one, needsReceipt: false, to: 'safe' },
            { staffId: staff, spentMinor: minor(amount), returnedMinor: minor(amount % 7_000) },
          )
          if (!done.ok) continue
          settled += 1
          const { givenMinor, spentMinor, returnedMinor, varianceMinor } = done.value
          expect(returnedMinor).toBeLessThanOrEqual(givenMinor)
          expect(spentMinor).toBeLessThanOrEqual(givenMinor)
          expect(spentMinor + returnedMinor - varianceMinor).toBe(one.amountMinor)
          all[at] = { ...one, state: 'settled' }
        }
      }
      expect(new Set(payments.map(({ id }) => id)).size, 'paid once').toBe(payments.length)
      for (const businessDate of days) {
        for (const kind of kinds) {
          for (const staff of people) {
            const spent = sumSpent(payments, {
              categoryId: kind,
              staffId: staff,
              currency: thb,
              businessDate,
            })
            expect(spent.personDayMinor).toBeLessThanOrEqual(bound.personDayMinor)
            expect(spent.dayMinor).toBeLessThanOrEqual(bound.dayMinor)
            expect(spent.shopDayMinor).toBeLessThanOrEqual(bound.shopDayMinor)
          }
        }
      }
      for (const { amountMinor, approved: by } of payments) {
        if (!by) expect(amountMinor).toBeLessThanOrEqual(bound.actMinor)
      }
    }),
    { numRuns: 200 },
  )
  // What the runs were to show did happen in them.
  expect(limited).toBeGreaterThan(50)
  expect(settled).toBeGreaterThan(50)
})
