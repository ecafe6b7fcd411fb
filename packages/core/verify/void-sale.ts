import {
  type Approval,
  type ApprovalRefusal,
  type Authority,
  checkAuthority,
  proveAuthority,
} from '../approval/check-approval.ts'
import type { SessionId, StaffId } from '../base/id.ts'
import type { Day } from '../base/instant.ts'
import { accepted, type Outcome, refused } from '../base/outcome.ts'
import { checkPaidBack } from '../drawer/check-holds.ts'
import { type Minor, minor, sum } from '../money/money.ts'
import type { SaleRefunded } from '../refund/refund.ts'
import { planRefund, type RefundSaleRefusal, type RefundSaleState } from '../refund/refund-sale.ts'
import type { Tender, TenderMethod } from '../sale/tender.ts'

/** What a void needs to know of its sale beyond what a refund does. */
export type VoidableSale = NonNullable<RefundSaleState['sale']> & {
  readonly sessionId: SessionId
  readonly businessDate: Day
  /** Who sold. */
  readonly staffId: StaffId
  readonly totalMinor: Minor
  readonly paidBy: readonly Pick<Tender, 'method' | 'amountMinor'>[]
}

export type VoidSaleState = Omit<RefundSaleState, 'sale'> & {
  readonly sale: VoidableSale | undefined
}

export type VoidSale = {
  readonly staffId: StaffId
  /** The attempt of a cash recycler that gave back what one took. Left out: that is paid back out of the drawer. */
  readonly attemptId?: string | undefined
  readonly reason: string
}

/** A sale is taken back whole, on its day and in its session. The body of the fact `sale.voided`. */
export type SaleVoided = Omit<SaleRefunded, 'saleId'> & { readonly saleId: string }

export type VoidSaleRefusal = RefundSaleRefusal

/** A void, or what it becomes when it comes too late for one. */
export type VoidDecided =
  | { readonly type: 'sale.voided'; readonly body: SaleVoided }
  | { readonly type: 'sale.refunded'; readonly body: SaleRefunded }

/**
 * Decides whether a sale is voided: whole, with a reason, and by another person's word where it is the own sale or
 * the right is missing. Goods and money go back by the ways they came; what a machine took, by an attempt of one that
 * gave it, or else in cash. After the session's close, on another day, in another session, or where something came back
 * already, it is a refund of what is left.
 */
export function decideVoidSale(
  state: VoidSaleState,
  { staffId, reason, attemptId }: VoidSale,
): Outcome<VoidDecided, VoidSaleRefusal> {
  const { session, authority, receipt } = state
  const sale = attemptId === undefined ? backInCash(state.sale) : state.sale
  const byMachine = sale?.paidBy.some(({ method }) => method === 'machine') ?? false
  if (attemptId !== undefined && sale !== undefined && !byMachine) {
    return refused({ code: 'attempt_only_of_machine', index: 0 })
  }
  const method = attemptId === undefined ? mainMethod(sale) : 'machine'
  const refunded = planRefund(state, { staffId, reason, method, attemptId })
  if (!refunded.ok) return refunded
  const isWhole =
    sale !== undefined &&
    sale.refunds.length === 0 &&
    sale.sessionId === session?.id &&
    sale.businessDate === receipt.businessDate
  const { value } = refunded
  const back = { attemptId }
  const body = isWhole ? voided(value, sale, back) : value
  const held = checkPaidBack(state.drawer, body.currency, body.tenders)
  if (!held.ok) return held
  if (!isWhole) return decideLateVoid(authority, value)

  const act = {
    permission: 'sale.void',
    amountMinor: sale.totalMinor,
    currency: sale.currency,
    limitCurrency: session.currency,
  }
  const checked = checkAuthority(authority, act)
  if (!checked.ok) return checked
  // Nobody takes back alone what they sold themself, whatever they may do.
  if (checked.value === undefined && authority.actor.staffId === sale.staffId) {
    const { approval } = authority
    if (approval === undefined) {
      return refused({
        code: 'approval_required',
        permission: act.permission,
        maxMinor: minor(0),
      })
    }
    const forced = checkAuthority(
      { ...authority, actor: { ...authority.actor, permissions: [], limits: [] } },
      act,
    )
    if (!forced.ok) return forced
    return accepted({
      type: 'sale.voided',
      body: voided(value, sale, { ...back, approval: forced.value }),
    })
  }
  return accepted({
    type: 'sale.voided',
    body: voided(value, sale, { ...back, approval: checked.value }),
  })
}

// It needs what a refund does: who may void may not for that reason give any amount back.
function decideLateVoid(
  authority: Authority,
  body: SaleRefunded,
): Outcome<VoidDecided, ApprovalRefusal> {
  const { totalMinor: amountMinor, currency } = body
  const proven = proveAuthority(authority, { permission: 'sale.refund', amountMinor, currency })
  if (!proven.ok) return proven
  return accepted({ type: 'sale.refunded', body: { ...body, ...proven.value } })
}

// By the ways it was paid: what came by card goes back by card.
function voided(
  { tenders: _, roundingMinor: __, ...rest }: SaleRefunded,
  sale: VoidableSale,
  {
    attemptId,
    approval,
  }: { readonly attemptId?: string | undefined; readonly approval?: Approval | undefined },
): SaleVoided {
  const byMethod = new Map<TenderMethod, number>()
  for (const { method, amountMinor } of sale.paidBy) {
    byMethod.set(method, (byMethod.get(method) ?? 0) + amountMinor)
  }
  const tenders = Array.from(byMethod, ([method, amount]) => {
    const amountMinor = minor(amount)
    return {
      ...{ method, amountMinor, givenMinor: amountMinor },
      ...(method === 'machine' && attemptId !== undefined && { attemptId }),
    }
  }).filter(({ amountMinor }) => amountMinor > 0)
  const rounding = sum(tenders.map(({ amountMinor }) => amountMinor)) - rest.totalMinor
  return {
    ...rest,
    saleId: sale.id,
    tenders,
    ...(rounding !== 0 && { roundingMinor: minor(rounding) }),
    ...(approval !== undefined && { approval }),
  }
}

/** A sale as it is taken back without a machine: what one took goes back out of the drawer. */
function backInCash(sale: VoidableSale | undefined): VoidableSale | undefined {
  if (sale === undefined) return undefined
  return {
    ...sale,
    paidBy: sale.paidBy.map(({ method, amountMinor }) => ({
      method: method === 'machine' ? 'cash' : method,
      amountMinor,
    })),
  }
}

/** The way that paid most. */
function mainMethod(sale: VoidableSale | undefined): TenderMethod {
  const most = sale?.paidBy.toSorted((a, b) => b.amountMinor - a.amountMinor)[0]
  return most?.method ?? 'cash'
}
