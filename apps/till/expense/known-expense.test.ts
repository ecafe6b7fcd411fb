import type { ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { ExpenseCategoryId, ExpenseId } from '@tillkeeper/core/expense/expense.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { expect, test } from 'vitest'
import {
  foldExpense,
  type KnownExpense,
  listAdvances,
  listOpen,
  listPayments,
  mergeExpenses,
} from './known-expense.ts'

const today = '2026-11-21'
const about = { shopId: 'shop' as ShopId, categoryId: 'ice' as ExpenseCategoryId }
const nok = 'nok' as StaffId
const news = { occurredAt: '2026-11-21T03:00:00.000Z', businessDate: today }
const thb = 'THB' as Currency
const requested = {
  ...{ ...news, id: 'e', type: 'expense.requested' as const },
  body: {
    ...{ ...about, categoryName: 'Ice', staffId: nok, currency: thb, amountMinor: minor(20_000) },
    ...{ purpose: 'two bags', needsReceipt: true, above: [], dueAt: '2026-11-21T08:00:00.000Z' },
  },
}
const of = { ...about, expenseId: 'e' as ExpenseId, currency: thb }
const paid = {
  ...{ ...news, id: 'p', type: 'expense.paid' as const },
  body: { ...of, staffId: nok, takenBy: nok, amountMinor: minor(20_000), limits: {} },
}
const settled = {
  ...{ ...news, id: 's', type: 'expense.settled' as const },
  body: {
    ...{ ...of, staffId: nok, takenBy: nok, givenMinor: minor(20_000), spentMinor: minor(20_000) },
    ...{ returnedMinor: minor(0), varianceMinor: minor(0) },
  },
}

test('an expense goes from asked for to home, and counts against its day to the end of it', () => {
  const asked = foldExpense([], requested)
  expect(foldExpense(asked, requested), 'told twice').toEqual(asked)
  expect(listOpen(asked)).toMatchObject([{ id: 'e', state: 'requested' }])
  const out = foldExpense(asked, paid)
  expect(listAdvances(out)).toMatchObject([{ state: 'paid', paid: { amountMinor: 20_000 } }])
  const home = foldExpense(out, settled)
  expect(listOpen(home)).toEqual([])
  expect(listPayments(home)).toMatchObject([{ amountMinor: 20_000, approved: false }])
  expect(mergeExpenses(home, [], '2026-11-22'), 'the next day').toEqual([])
})

test('what the store server has not heard yet is not taken back', () => {
  const [asked] = foldExpense([], requested)
  const out = foldExpense([asked as KnownExpense], paid)
  expect(mergeExpenses(out, [asked as KnownExpense], today)).toEqual(out)
  const approved = { ...(asked as KnownExpense), state: 'approved' as const, approvalId: 'yes' }
  expect(mergeExpenses([asked as KnownExpense], [approved], today)).toMatchObject([
    { state: 'approved', approvalId: 'yes' },
  ])
})

test('advances ring in the order in which they are due', () => {
  const out = foldExpense(foldExpense([], requested), paid)
  const [first] = out
  const late = { ...(first as KnownExpense), id: 'late' as ExpenseId, dueAt: undefined }
  const soon = { ...late, id: 'soon' as ExpenseId, dueAt: '2026-11-21T04:00:00.000Z' }
  expect(listAdvances([late, ...out, soon]).map(({ id }) => id)).toEqual(['soon', 'e', 'late'])
})
