import type { Actor } from '@tillkeeper/core/approval/check-approval.ts'
import type { ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { limitsOf } from '@tillkeeper/core/expense/expense.ts'
import { decidePayExpense, type PayExpenseRefusal } from '@tillkeeper/core/expense/pay-expense.ts'
import { roundCash } from '@tillkeeper/core/money/cash-rounding.ts'
import { type Minor, minor } from '@tillkeeper/core/money/money.ts'
import {
  type AskRecyclerRefusal,
  decideAskRecycler,
  type RecyclerLinks,
} from '@tillkeeper/core/recycler/ask-recycler.ts'
import type { Capabilities, Work } from '@tillkeeper/devices/cash-recycler/contract.ts'
import { canonicalJson } from '@tillkeeper/facts/seal/canonical.ts'
import { type Tx, transact } from '@tillkeeper/projections/db.ts'
import {
  listExpenseCategories,
  readExpense,
  readSpent,
} from '@tillkeeper/projections/expense/expense-sql.ts'
import { findAttempt } from '@tillkeeper/projections/recycler/read-attempts-sql.ts'
import {
  type Machine,
  readGivenFor,
  readUsed,
} from '@tillkeeper/projections/recycler/recycler-sql.ts'
import { findShop } from '@tillkeeper/projections/registers/shop-sql.ts'
import { findPriorActs } from '../act/act-sql.ts'
import type { StoreNode } from '../act/record-act.ts'
import { type ApprovalUseRefusal, readAuthority } from '../approval/read-authority.ts'
import { readShopTerms, readStaff } from '../till/session-sql.ts'
import type { Recyclers, WorkAsked, WorkRefusal } from './run-recyclers.ts'
import { type Attempted, journalledView } from './watch-machine.ts'

/** What is asked of a machine, by whose right. */
export type Asking = WorkAsked & {
  readonly actor: Actor
  /** A system asks, and names whom it asks for. */
  readonly named: boolean
  readonly approvalId?: string | undefined
}

export type AskRefusal =
  | WorkRefusal
  | AskRecyclerRefusal
  | ApprovalUseRefusal
  | PayExpenseRefusal
  | { readonly code: 'staff_not_found' }
  | { readonly code: 'staff_not_active' }
  | { readonly code: 'till_not_found' }
  | { readonly code: 'till_of_other_shop' }

/**
 * Asks a machine for work, once: an attempt that is in the journal, or on its way there, is answered with how it
 * stands, and nothing is begun.
 */
export async function askAttempt(
  node: StoreNode,
  recyclers: Recyclers,
  asking: Asking,
): Promise<Outcome<Attempted, AskRefusal>> {
  const machine = recyclers.machine(asking.recyclerId)
  if (machine === undefined) return refused({ code: 'recycler_not_found' })
  const before = await findBefore(node, recyclers, asking)
  if (before !== undefined) return before
  return inTurn(recyclers, asking, () => begin(node, recyclers, { asking, machine }))
}

async function begin(
  node: StoreNode,
  recyclers: Recyclers,
  { asking, machine }: { readonly asking: Asking; readonly machine: Machine },
): Promise<Outcome<Attempted, AskRefusal>> {
  const { recyclerId, attemptId } = asking
  const checked = await transact(node.db, (tx) =>
    checkAsk(tx, node, { asking, machine, recyclers }),
  )
  if (!checked.ok) return checked
  const started = await recyclers.start(asking)
  // Another with the same id may have been before us by a moment.
  if (!started.ok) return (await findBefore(node, recyclers, asking)) ?? started
  const view = await viewAttempt(node, recyclers, { recyclerId, attemptId })
  return view === undefined ? refused({ code: 'recycler_attempt_not_found' }) : accepted(view)
}

const turns = new WeakMap<Recyclers, Map<string, Promise<unknown>>>()

/**
 * What goes out for one act is looked at one after the other, until its intent is written: two machines of a shop
 * that are asked at once do not both pay.
 */
async function inTurn<T>(
  recyclers: Recyclers,
  { work, by }: Asking,
  act: () => Promise<T>,
): Promise<T> {
  const of = work.kind === 'pay_out' ? actOf(by.links ?? {}) : undefined
  if (of === undefined) return act()
  const waiting = turns.get(recyclers) ?? new Map<string, Promise<unknown>>()
  turns.set(recyclers, waiting)
  const name = canonicalJson(of)
  const mine = (waiting.get(name) ?? Promise.resolve()).then(act, act)
  waiting.set(name, mine)
  try {
    return await mine
  } finally {
    if (waiting.get(name) === mine) waiting.delete(name)
  }
}

/** How an attempt of a machine stands: what the machine is at, or what the journal has of it. */
export async function viewAttempt(
  { db, org, shopId }: StoreNode,
  recyclers: Recyclers,
  { recyclerId, attemptId }: { readonly recyclerId: string; readonly attemptId: string },
): Promise<Attempted | undefined> {
  const live = recyclers.live().find((machine) => machine.recyclerId === recyclerId)
  if (live?.attempt?.attemptId === attemptId) return live.attempt
  const row = await findAttempt(db, org, { attemptId, shops: new Set([shopId]) })
  return row?.recyclerId === recyclerId ? journalledView(row) : undefined
}

async function findBefore(
  node: StoreNode,
  recyclers: Recyclers,
  { recyclerId, attemptId, currency, work }: WorkAsked,
): Promise<Outcome<Attempted, AskRefusal> | undefined> {
  const found = await viewAttempt(node, recyclers, { recyclerId, attemptId })
  if (found === undefined) {
    const prior = await transact(node.db, async (tx) =>
      accepted(await findPriorActs(tx, node.org, [attemptId])),
    )
    const taken = prior.ok && prior.value.size > 0
    return taken ? refused({ code: 'id_exists_with_different_content' }) : undefined
  }
  const same =
    canonicalJson({ currency, work }) ===
    canonicalJson({ currency: found.currency, work: found.work })
  return same ? accepted(found) : refused({ code: 'id_exists_with_different_content' })
}

type Check = {
  readonly asking: Asking
  readonly machine: Machine
  readonly recyclers: Recyclers
}

async function checkAsk(
  tx: Tx,
  node: StoreNode,
  { asking, machine, recyclers }: Check,
): Promise<Outcome<undefined, AskRefusal>> {
  const { org, shopId } = node
  const { recyclerId, attemptId, currency, work, by, actor, approvalId } = asking
  const { tillId, links = {} } = by
  const till = await checkTill(tx, node, tillId)
  if (!till.ok) return till
  const staff = asking.named ? await readStaff(tx, org, { staffId: by.staffId, shopId }) : 'self'
  if (staff === undefined) return refused({ code: 'staff_not_found' })
  if (staff !== 'self' && !staff.active) return refused({ code: 'staff_not_active' })
  const actId = links.refundId ?? links.movementId ?? attemptId
  const authority = await readAuthority(tx, node, { actId, actor, approvalId })
  if (!authority.ok) return authority
  const shop = await findShop(tx, org, shopId)
  const rounding = shop?.cashRounding ?? undefined
  const of = actOf(links)
  const now = node.now().toISOString()
  const givenMinor = of === undefined ? minor(0) : await readGivenFor(tx, org, { shopId, of, now })
  const left = work.kind === 'pay_out' ? await readLeft(tx, node, asking) : accepted(undefined)
  if (!left.ok) return left
  const { capabilities } = recyclers.live().find((each) => each.recyclerId === recyclerId) ?? {}
  const rounded =
    left.value === undefined
      ? undefined
      : Math.max(left.value, -roundCash(minor(-left.value), rounding))
  return decideAskRecycler(
    {
      ...{ machine, authority: authority.value, rounding, givenMinor },
      able:
        capabilities === undefined || capabilities === null
          ? undefined
          : isAble(capabilities, work),
      shopCurrency: shop?.currency ?? currency,
      leftMinor: rounded === undefined ? undefined : minor(Math.max(0, rounded - givenMinor)),
    },
    {
      ...{ attemptId, currency, kind: work.kind, tillId, links },
      ...(work.kind === 'pay_out' && { amountMinor: work.amountMinor }),
    },
  )
}

const actOf = ({ refundId, expenseId, movementId, forAttemptId }: RecyclerLinks) => {
  if (forAttemptId !== undefined) return { forAttemptId }
  if (expenseId !== undefined) return { expenseId }
  if (refundId !== undefined) return { refundId }
  return movementId === undefined ? undefined : { movementId }
}

function isAble(can: NonNullable<Readonly<Capabilities>>, work: Work): boolean {
  switch (work.kind) {
    case 'pay_in':
      return can.payIn
    case 'pay_out':
      return (
        can.payOut === 'both' || can.payOut === (work.pieces === undefined ? 'amount' : 'pieces')
      )
    case 'deposit':
      return can.deposit
    case 'replenish':
      return can.replenish.includes(work.from)
    case 'collect':
      return can.collect.includes(work.to)
  }
}

async function checkTill(
  tx: Tx,
  { org, shopId }: StoreNode,
  tillId: TillId | undefined,
): Promise<Outcome<undefined, AskRefusal>> {
  if (tillId === undefined) return accepted(undefined)
  const [till] = await tx<{ shopId: ShopId }[]>`
    SELECT shop_id AS "shopId" FROM till WHERE org_id = ${org} AND id = ${tillId}
  `
  if (till === undefined) return refused({ code: 'till_not_found' })
  return till.shopId === shopId ? accepted(undefined) : refused({ code: 'till_of_other_shop' })
}

/** What the attempt that is given back for kept, or what the expense may be given. */
async function readLeft(
  tx: Tx,
  node: StoreNode,
  { currency, by }: Asking,
): Promise<Outcome<Minor | undefined, AskRefusal>> {
  const { org, shopId } = node
  const { forAttemptId, expenseId } = by.links ?? {}
  if (forAttemptId !== undefined) {
    const row = await findAttempt(tx, org, { attemptId: forAttemptId, shops: new Set([shopId]) })
    if (row === undefined) return accepted(undefined)
    const { kind } = row.work
    // What the shop put in for change is nobody's to get back.
    const theirs = kind === 'pay_in' || kind === 'deposit'
    const known = theirs && row.currency === currency && row.ending !== 'unresolved'
    const kept = known ? (row.in?.minor ?? 0) - (row.out?.minor ?? 0) : 0
    // What a sale was paid with goes back by its refund.
    return accepted(minor(Math.max(0, kept - (await readUsed(tx, org, forAttemptId)))))
  }
  if (expenseId === undefined) return accepted(undefined)
  return readExpenseLeft(tx, node, { expenseId, currency, staffId: by.staffId })
}

/** What an expense may be given: by the rules of paying it, looked at before any money moves. */
async function readExpenseLeft(
  tx: Tx,
  { org, shopId, now }: StoreNode,
  asked: Pick<Asking, 'currency'> & { readonly expenseId: string; readonly staffId: StaffId },
): Promise<Outcome<Minor, AskRefusal>> {
  const { expenseId, staffId } = asked
  const { currency, timeZone, expenseDayMinor } = await readShopTerms(tx, org, shopId)
  const expense = await readExpense(tx, org, expenseId)
  if (expense === undefined) return refused({ code: 'expense_not_found' })
  if (expense.currency !== asked.currency) {
    return refused({ code: 'expense_currency_differs', currency: expense.currency })
  }
  const [category] = await listExpenseCategories(tx, org, { id: expense.categoryId })
  const businessDate = businessDateOf(now().toISOString(), timeZone)
  const spent = await readSpent(tx, org, { ...expense, shopId, businessDate })
  const limits = limitsOf(
    category ?? {},
    expense.currency === currency ? expenseDayMinor : undefined,
  )
  const paid = decidePayExpense(
    { at: { shopId }, expense, from: 'safe', limits, spent },
    { staffId },
  )
  return paid.ok ? accepted(paid.value.amountMinor) : paid
}
