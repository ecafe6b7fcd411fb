import {
  type ApprovalRefusal,
  type Authority,
  checkApproval,
  type HeldApproval,
} from '../approval/check-approval.ts'
import type { TillId } from '../base/id.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { type CashRounding, roundCash } from '../money/cash-rounding.ts'
import { type Currency, type Minor, minor } from '../money/money.ts'
import type { Permission } from '../permission/permission.ts'

/** What money is moved for, by the id of that act. */
export type RecyclerLinks = {
  readonly saleId?: string | undefined
  readonly refundId?: string | undefined
  readonly expenseId?: string | undefined
  readonly movementId?: string | undefined
  readonly forAttemptId?: string | undefined
}

export type AskRecyclerState = {
  readonly machine: { readonly currencies: readonly Currency[]; readonly tills: readonly TillId[] }
  /** What the machine said that it can do; `undefined` before it said so. */
  readonly able: boolean | undefined
  readonly shopCurrency: Currency
  readonly rounding: CashRounding | undefined
  readonly authority: Authority
  /** What machines gave for the same act already, or may have given. */
  readonly givenMinor: Minor
  /**
   * What the attempt or the expense that it is given for leaves to give; `undefined` where nothing is known of it.
   */
  readonly leftMinor: Minor | undefined
}

export type AskRecycler = {
  readonly attemptId: string
  readonly currency: Currency
  readonly kind: 'pay_in' | 'pay_out' | 'deposit' | 'replenish' | 'collect'
  /** Of a pay-out. */
  readonly amountMinor?: Minor | undefined
  readonly tillId?: TillId | undefined
  readonly links: RecyclerLinks
}

export type AskRecyclerRefusal =
  | { readonly code: 'recycler_not_of_till' }
  /** No such work, or not in this currency. */
  | { readonly code: 'recycler_not_able' }
  | { readonly code: 'recycler_attempt_not_found' }
  | { readonly code: 'recycler_left_less'; readonly leftMinor: Minor }
  | ApprovalRefusal

/**
 * Decides whether a machine is asked for something. What goes out has the limits, and takes the approval, of the act
 * that it is for, together with what went out for that act before; an expense has its own rules, which its own
 * decision looks at. What is given for an earlier attempt is no more than that one left.
 */
export function decideAskRecycler(
  state: AskRecyclerState,
  ask: AskRecycler,
): Outcome<undefined, AskRecyclerRefusal> {
  const { machine, able, leftMinor } = state
  const { currency, tillId, kind, amountMinor, links } = ask
  const { tills, currencies } = machine
  if (tillId !== undefined && tills.length > 0 && !tills.includes(tillId)) {
    return refused({ code: 'recycler_not_of_till' })
  }
  if (able === false || !currencies.includes(currency)) {
    return refused({ code: 'recycler_not_able' })
  }
  if (kind !== 'pay_out' || amountMinor === undefined) return accepted(undefined)
  if (links.forAttemptId === undefined && links.expenseId === undefined) {
    return checkRight(state, ask, amountMinor)
  }
  if (leftMinor === undefined) return refused({ code: 'recycler_attempt_not_found' })
  if (amountMinor > leftMinor) return refused({ code: 'recycler_left_less', leftMinor })
  return accepted(undefined)
}

const refundRights: readonly Permission[] = ['sale.refund', 'sale.refund_unlinked', 'sale.void']

function checkRight(
  { authority, shopCurrency, rounding, givenMinor }: AskRecyclerState,
  { attemptId, currency, links }: AskRecycler,
  amountMinor: Minor,
): Outcome<undefined, ApprovalRefusal> {
  const { actor, at, approval } = authority
  const { refundId, movementId } = links
  const id = refundId ?? movementId ?? attemptId
  const rights: readonly Permission[] = refundId === undefined ? ['cash.move'] : refundRights
  const total = minor(givenMinor + amountMinor)
  const within = rights.map((permission) =>
    checkApproval(
      { id, permission, amountMinor: total, currency, limitCurrency: shopCurrency, at },
      undefined,
      actor,
    ),
  )
  const [first] = within
  if (within.some(({ ok }) => ok) || first === undefined) return accepted(undefined)
  if (approval === undefined) return first.ok ? accepted(undefined) : refused(first.refusal)
  if (!covers(approval, { rights, currency, total, rounding })) {
    return refused({ code: 'approval_not_for_this' })
  }
  const { permission, amountMinor: allowed } = approval.approval
  const checked = checkApproval(
    // By the approval's own amount, which covers ours: whether it is this act's, another person's and fresh.
    { id, permission, amountMinor: allowed, currency, limitCurrency: shopCurrency, at },
    approval,
    actor,
  )
  return checked.ok ? accepted(undefined) : refused(checked.refusal)
}

/** Whether somebody allowed this much: of an amount that is settled in cash its rounded one too. */
function covers(
  { approval }: HeldApproval,
  {
    rights,
    currency,
    total,
    rounding,
  }: {
    readonly rights: readonly Permission[]
    readonly currency: Currency
    readonly total: Minor
    readonly rounding: CashRounding | undefined
  },
): boolean {
  const { permission, amountMinor } = approval
  if (amountMinor === undefined || approval.currency !== currency) return false
  if (!rights.some((right) => right === permission)) return false
  return total <= Math.max(amountMinor, Math.abs(roundCash(minor(-amountMinor), rounding)))
}
