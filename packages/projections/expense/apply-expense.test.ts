import type { ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import type { Expense, ExpenseCategoryId, ExpenseId } from '@tillkeeper/core/expense/expense.ts'
import { decidePayExpense } from '@tillkeeper/core/expense/pay-expense.ts'
import { decideSettleExpense } from '@tillkeeper/core/expense/settle-expense.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { openSession, shopId, staffId, thb } from '@tillkeeper/core/sale/sale.gen.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { noEffects, type TransferRow } from '../apply/effects.ts'
import { advance, drawer, safe, supplier } from '../cash/location.ts'
import { addPayment, addSettlement } from './apply-expense.ts'

const expenseId = '01940000-0000-7000-8000-0000000000e1' as ExpenseId
const fact = (type: string, body: object) =>
  ({
    fact: {
      id: type,
      type,
      body,
      businessDate: '2026-11-21',
      occurredAt: '2026-11-21T03:00:00.000Z',
    },
    recordedAt: '2026-11-21T03:00:00.000Z',
  }) as never

function balancesOf(transfers: readonly TransferRow[]): ReadonlyMap<string, number> {
  const balances = new Map<string, number>()
  for (const { from_location, to_location, amount_minor } of transfers) {
    expect(amount_minor).toBeGreaterThan(0)
    balances.set(from_location, (balances.get(from_location) ?? 0) - amount_minor)
    balances.set(to_location, (balances.get(to_location) ?? 0) + amount_minor)
  }
  return balances
}

test('an advance conserves cash, and is at nothing when it is home', () => {
  const amount = fc.integer({ min: 0, max: 20_000 })
  fc.assert(
    fc.property(amount, amount, fc.boolean(), fc.boolean(), (spent, returned, fromSafe, toSafe) => {
      const given = minor(20_000)
      const expense: Expense = {
        ...{ id: expenseId, shopId, categoryId: 'ice' as ExpenseCategoryId, staffId },
        ...{ currency: thb, amountMinor: given, state: 'requested' },
      }
      const effects = noEffects()
      const pay = decidePayExpense(
        {
          ...{ at: { shopId }, expense, limits: {} },
          from: fromSafe ? 'safe' : { session: openSession },
          spent: { dayMinor: 0, personDayMinor: 0, shopDayMinor: 0 },
        },
        { staffId },
      )
      if (!pay.ok) throw new Error(pay.refusal.code)
      addPayment(effects, fact('paid', pay.value) as AppliedOf<'expense.paid'>)
      const out = balancesOf(effects.transfers)
      expect(out.get(advance(shopId, expenseId))).toBe(given)
      const settle = decideSettleExpense(
        {
          ...{ at: { shopId: shopId as ShopId }, needsReceipt: false },
          expense: {
            ...expense,
            state: 'paid',
            paid: { amountMinor: given },
          },
          to: toSafe ? 'safe' : { session: openSession },
        },
        { staffId: staffId as StaffId, spentMinor: minor(spent), returnedMinor: minor(returned) },
      )
      if (!settle.ok) throw new Error(settle.refusal.code)
      addSettlement(effects, fact('settled', settle.value) as AppliedOf<'expense.settled'>)
      const home = balancesOf(effects.transfers)
      expect([...home.values()].reduce((all, each) => all + each, 0)).toBe(0)
      expect(home.get(advance(shopId, expenseId))).toBe(0)
      expect(home.get(supplier(shopId)) ?? 0).toBe(spent)
      // What the session's totals say of its drawer is what moved there.
      const totals = effects.sessions.get(openSession.id)
      const inDrawer = (totals?.cash_in_minor ?? 0) - (totals?.cash_out_minor ?? 0)
      expect(home.get(drawer(openSession.tillId)) ?? 0).toBe(inDrawer)
      expect((home.get(safe(shopId)) ?? 0) + inDrawer).toBe(returned - given)
      expect([...effects.days.values()][0]?.pay_out_minor).toBe(spent)
    }),
  )
})
