import type { StaffId } from '../base/id.ts'
import type { Instant } from '../base/instant.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { amountMax, type Currency, type Minor } from '../money/money.ts'
import { type Granted, limitOf } from '../permission/permission.ts'

/** Another person's word for one act. The part `approval` of the act's fact. */
export type Approval = {
  readonly id: string
  readonly approverId: StaffId
  readonly permission: string
  readonly amountMinor?: Minor
  readonly currency?: Currency
  readonly at: Instant
  readonly method: 'pin' | 'cloud'
}

/** An approval where it is held, with the act that it was given for. */
export type HeldApproval = { readonly approval: Approval; readonly actId: string }

/** An act that may need more than who does it is allowed. */
export type ApprovableAct = {
  readonly id: string
  readonly permission: string
  /** Of acts that are about an amount. */
  readonly amountMinor?: Minor | undefined
  readonly currency?: Currency | undefined
  /** What limits are in. An amount in another currency is above every limit. */
  readonly limitCurrency?: Currency | undefined
  readonly at: Instant
}

/** Who does or approves something. */
export type Actor = Granted & {
  /** Undefined for another system: nobody in particular. */
  readonly staffId?: StaffId | undefined
}

/** By whose right an act is done: who does it, and another person's word for it. */
export type Authority = {
  readonly actId: string
  readonly at: Instant
  readonly actor: Actor
  readonly approval?: HeldApproval | undefined
}

/** An approval is good for so long: a person stands beside the act. */
export const approvalMaxMs = 5 * 60_000

export type ApprovalRefusal =
  /** The act needs somebody else's word. `maxMinor` is what the actor may do alone: 0 is nothing. */
  | { readonly code: 'approval_required'; readonly permission: string; readonly maxMinor: Minor }
  | { readonly code: 'approval_not_for_this' }
  | { readonly code: 'approval_of_self' }
  | { readonly code: 'approval_expired' }

/**
 * Whether an act may be done: by what its actor may do alone, or with an approval that was given for this act and
 * this amount, by somebody else, just now. Accepts with the approval that the fact is to carry: none where
 * none was needed. That it is used once is for who holds the uses (`approval_use`).
 */
export function checkApproval(
  act: ApprovableAct,
  held: HeldApproval | undefined,
  actor: Actor,
): Outcome<Approval | undefined, ApprovalRefusal> {
  if (isWithin(act, actor)) return accepted(undefined)
  if (held === undefined) {
    const { permission } = act
    return refused({
      code: 'approval_required',
      permission,
      maxMinor: limitOf([actor], permission),
    })
  }
  const { approval } = held
  if (
    held.actId !== act.id ||
    approval.permission !== act.permission ||
    approval.amountMinor !== act.amountMinor ||
    approval.currency !== act.currency
  ) {
    return refused({ code: 'approval_not_for_this' })
  }
  if (approval.approverId === actor.staffId) return refused({ code: 'approval_of_self' })
  // Both ways: an approval of the future is as little one that was given just now.
  if (Math.abs(Date.parse(act.at) - Date.parse(approval.at)) > approvalMaxMs) {
    return refused({ code: 'approval_expired' })
  }
  return accepted(approval)
}

export type GiveApprovalRefusal =
  | { readonly code: 'approval_of_self' }
  | { readonly code: 'approver_not_allowed'; readonly permission: string }

/** Decides whether somebody may approve an act of another: they may approve, and may do it alone. */
export function decideGiveApproval(
  act: ApprovableAct,
  approver: Actor & { readonly staffId: StaffId },
  given: {
    readonly id: string
    /** Who asks for it, where that is a person. */
    readonly actor: StaffId | undefined
    readonly method: Approval['method']
  },
): Outcome<HeldApproval, GiveApprovalRefusal> {
  if (approver.staffId === given.actor) return refused({ code: 'approval_of_self' })
  const { permission, amountMinor, currency, at } = act
  if (limitOf([approver], 'cash.approve') === 0 || !isWithin(act, approver)) {
    return refused({ code: 'approver_not_allowed', permission })
  }
  const approval: Approval = {
    id: given.id,
    approverId: approver.staffId,
    permission,
    ...(amountMinor !== undefined && { amountMinor }),
    ...(currency !== undefined && { currency }),
    at,
    method: given.method,
  }
  return accepted({ approval, actId: act.id })
}

/** Whether somebody may do an act alone. */
export function isWithin(
  { permission, amountMinor, currency, limitCurrency }: Omit<ApprovableAct, 'id' | 'at'>,
  actor: Granted,
): boolean {
  const most = limitOf([actor], permission)
  if (most === 0 || most === amountMax || amountMinor === undefined) return most > 0
  const isForeign = limitCurrency !== undefined && currency !== limitCurrency
  return !isForeign && amountMinor <= most
}

/** What the fact of an act says of the right that it was done by. */
export type Proof = {
  /** What its actor might do alone, as its author knew; 0 is nothing. Left out: without a limit. */
  readonly limitMinor?: Minor
  /** Whose word it was done by, where that was asked for. */
  readonly approval?: Approval
}

/** As `checkAuthority`, of an act about an amount: accepts with what its fact is to say of it. */
export function proveAuthority(
  authority: Authority,
  act: { readonly permission: string; readonly amountMinor: Minor; readonly currency: Currency },
): Outcome<Proof, ApprovalRefusal> {
  // Limits are in the currency that its session counts in, which is the act's own.
  const checked = checkAuthority(authority, { ...act, limitCurrency: act.currency })
  if (!checked.ok) return checked
  const limitMinor = limitOf([authority.actor], act.permission)
  return accepted({
    ...(limitMinor < amountMax && { limitMinor }),
    ...(checked.value !== undefined && { approval: checked.value }),
  })
}

/** The same for an act by its authority. */
export function checkAuthority(
  { actId: id, at, actor, approval }: Authority,
  act: Omit<ApprovableAct, 'id' | 'at'>,
): Outcome<Approval | undefined, ApprovalRefusal> {
  return checkApproval({ ...act, id, at }, approval, actor)
}
