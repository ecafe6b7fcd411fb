import type { ShopId, StaffId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { limitsOf, nothingSpent } from '@tillkeeper/core/expense/expense.ts'
import {
  decidePayExpense,
  type PayExpense,
  type PayExpenseRefusal,
} from '@tillkeeper/core/expense/pay-expense.ts'
import {
  decideRequestExpense,
  type RequestExpense,
  type RequestExpenseRefusal,
} from '@tillkeeper/core/expense/request-expense.ts'
import {
  decideSettleExpense,
  type SettleExpense,
  type SettleExpenseRefusal,
} from '@tillkeeper/core/expense/settle-expense.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import {
  listExpenseCategories,
  readExpense,
  readSpent,
} from '@tillkeeper/projections/expense/expense-sql.ts'
import { checkMachine, type MachineUseRefusal } from '../act/check-machine.ts'
import {
  type Acting,
  type ActRefusal,
  type Done,
  recordAct,
  type StoreNode,
} from '../act/record-act.ts'
import { readDrawerCash } from '../till/move-cash.ts'
import { readSessions, readShopTerms, readStaff, readTotals } from '../till/session-sql.ts'

// What a shop's server records of expenses by itself: for another POS, and for whoever pays from the safe. A
// till decides and seals its own, by the same rules.

type NobodyRefusal = { readonly code: 'staff_required' }
type StaffRefusal = { readonly code: 'staff_not_found' } | { readonly code: 'staff_not_active' }

/** Somebody asks for cash: a person who logged in, or whom a key names and who works in this shop. */
export function requestExpense(
  node: StoreNode,
  acting: Acting,
  {
    categoryId,
    named,
    ...command
  }: RequestExpense & {
    readonly categoryId: string
    readonly named: boolean
  },
): Promise<Outcome<Done, RequestExpenseRefusal | StaffRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct<RequestExpenseRefusal | StaffRefusal>(node, acting, async (tx, occurredAt) => {
    const { staffId } = command
    if (named) {
      const staff = await readStaff(tx, org, { staffId, shopId })
      if (staff === undefined) return refused({ code: 'staff_not_found' })
      if (!staff.active) return refused({ code: 'staff_not_active' })
    }
    const { currency, timeZone, expenseDayMinor } = await readShopTerms(tx, org, shopId)
    const [category] = await listExpenseCategories(tx, org, { id: categoryId })
    const businessDate = businessDateOf(occurredAt, timeZone)
    const spent = await readSpent(tx, org, { shopId, categoryId, staffId, currency, businessDate })
    const asked = decideRequestExpense(
      { shopId, currency, category, shopDayMinor: expenseDayMinor, spent },
      command,
    )
    if (!asked.ok) return asked
    const about = { acting, shopId, occurredAt, businessDate, expenseId: acting.id }
    return accepted(draft('expense.requested', about, asked.value))
  })
}

/** Whose drawer, or the safe's where none is named; who acts, or the session's own person. */
type AtDrawer = {
  readonly expenseId: string
  readonly sessionId?: string | undefined
  readonly staffId: StaffId | undefined
}

/** Gives the cash out of a drawer or the safe. */
export function payExpense(
  node: StoreNode,
  acting: Acting,
  { expenseId, sessionId, staffId, ...command }: Omit<PayExpense, 'staffId'> & AtDrawer,
): Promise<Outcome<Done, PayExpenseRefusal | NobodyRefusal | MachineUseRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct<PayExpenseRefusal | NobodyRefusal | MachineUseRefusal>(
    node,
    acting,
    async (tx, occurredAt) => {
      const drawer = await readDrawer(tx, node, sessionId)
      const who = staffId ?? drawer.staffId
      if (who === undefined) return refused({ code: 'staff_required' })
      const { currency, timeZone, expenseDayMinor } = await readShopTerms(tx, org, shopId)
      const businessDate = businessDateOf(occurredAt, timeZone)
      const expense = await readExpense(tx, org, expenseId)
      const [category] =
        expense === undefined
          ? []
          : await listExpenseCategories(tx, org, { id: expense.categoryId })
      const spent =
        expense === undefined
          ? nothingSpent
          : await readSpent(tx, org, { ...expense, shopId, businessDate })
      // The shop's own limit is in its currency: it says nothing of others.
      const shopDayMinor = expense?.currency === currency ? expenseDayMinor : undefined
      const limits = limitsOf(category ?? {}, shopDayMinor)
      const state = {
        at: { shopId },
        expense,
        from: drawer.from,
        holds: drawer.holds,
        limits,
        spent,
      }
      const paid = decidePayExpense(state, { ...command, staffId: who })
      if (!paid.ok) return paid
      const { attemptId, amountMinor, currency: of } = paid.value
      const use =
        attemptId === undefined ? [] : [{ attemptId, currency: of, minor: minor(-amountMinor) }]
      const checked = await checkMachine(tx, org, use)
      if (!checked.ok) return checked
      const about = { acting, shopId, occurredAt, businessDate, expenseId, sessionId }
      return accepted(draft('expense.paid', about, paid.value))
    },
  )
}

/** Takes receipt and change: the advance is home. */
export function settleExpense(
  node: StoreNode,
  acting: Acting,
  { expenseId, sessionId, staffId, ...command }: Omit<SettleExpense, 'staffId'> & AtDrawer,
): Promise<Outcome<Done, SettleExpenseRefusal | NobodyRefusal | ActRefusal>> {
  const { org, shopId } = node
  return recordAct<SettleExpenseRefusal | NobodyRefusal>(node, acting, async (tx, occurredAt) => {
    const drawer = await readDrawer(tx, node, sessionId)
    const who = staffId ?? drawer.staffId
    if (who === undefined) return refused({ code: 'staff_required' })
    const expense = await readExpense(tx, org, expenseId)
    const { timeZone } = await readShopTerms(tx, org, shopId)
    const settled = decideSettleExpense(
      {
        ...{ at: { shopId }, expense, to: drawer.from },
        needsReceipt: expense?.needsReceipt ?? false,
      },
      { ...command, staffId: who },
    )
    if (!settled.ok) return settled
    const businessDate = businessDateOf(occurredAt, timeZone)
    const about = { acting, shopId, occurredAt, businessDate, expenseId, sessionId }
    return accepted(draft('expense.settled', about, settled.value))
  })
}

async function readDrawer(tx: Tx, { org }: StoreNode, sessionId: string | undefined) {
  if (sessionId === undefined)
    return { from: 'safe', staffId: undefined, holds: undefined } as const
  const held = (await readSessions(tx, org, { ids: [sessionId], days: [] })).get(sessionId)
  const session = held?.session
  if (session === undefined)
    return { from: { session }, staffId: undefined, holds: undefined } as const
  const totals = await readTotals(tx, org, session.id)
  const holds = (await readDrawerCash(tx, org, { session, totals }))(session.currency)
  return { from: { session }, staffId: session.staffId, holds } as const
}

function draft(
  type: 'expense.requested' | 'expense.paid' | 'expense.settled',
  about: {
    readonly acting: Acting
    readonly shopId: ShopId
    readonly occurredAt: string
    readonly businessDate: string
    readonly expenseId: string
    readonly sessionId?: string | undefined
  },
  body: unknown,
): FactDraft {
  const { acting, shopId, occurredAt, businessDate, expenseId, sessionId } = about
  const { id, actor } = acting
  return {
    ...{ id, type, v: catalogue[type].v, scope: `shop:${shopId}`, actor, occurredAt, businessDate },
    keys: [`expense:${expenseId}`, ...(sessionId === undefined ? [] : [`session:${sessionId}`])],
    refs: expenseId === id ? [] : [expenseId],
    body,
  }
}
