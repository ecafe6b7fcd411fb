import type { Approval } from '@tillkeeper/core/approval/check-approval.ts'
import { overrideOf } from '@tillkeeper/core/sale/price-line.ts'
import type { KnownFact } from '@tillkeeper/facts/catalogue/catalogue.ts'

/** What the rules ask of an act, and what its fact says of it. */
type Need = {
  readonly permission: string
  readonly amountMinor?: number | undefined
  readonly currency?: string | undefined
  /** What its actor might do alone; left out: without a limit, or its author did not say. */
  readonly limitMinor?: number | undefined
  readonly approval?: Approval | undefined
}

export type ApprovalBreach = {
  readonly kind: 'approval_missing' | 'approval_differs'
  readonly permission: string
  readonly amountMinor?: number | undefined
  readonly currency?: string | undefined
  readonly limitMinor?: number | undefined
  readonly approvalId?: string | undefined
}

/**
 * What is wrong with the right that an act was done by, as its fact says it: more than its actor might do alone with
 * nobody's word, or somebody's word for another act. It follows from the fact alone, so that it is the same wherever
 * and whenever the fact comes: what roles allow changes, and a fact is judged by what its author knew.
 */
export function findApprovalBreach(fact: KnownFact): ApprovalBreach | undefined {
  const need = needOf(fact)
  if (need === undefined) return undefined
  const { approval, ...asked } = need
  const { permission, amountMinor, currency, limitMinor } = asked
  if (approval === undefined) {
    if (limitMinor === undefined) return undefined
    const isWithin = limitMinor > 0 && (amountMinor ?? 0) <= limitMinor
    return isWithin ? undefined : { kind: 'approval_missing', ...asked }
  }
  const fits =
    approval.permission === permission &&
    approval.amountMinor === amountMinor &&
    approval.currency === currency
  return fits ? undefined : { kind: 'approval_differs', ...asked, approvalId: approval.id }
}

function needOf(fact: KnownFact): Need | undefined {
  switch (fact.type) {
    case 'sale.completed': {
      const { currency, limitMinor, approval } = fact.body
      const amountMinor = overrideOf(fact.body.lines)
      if (amountMinor === undefined) return undefined
      return { permission: 'sale.price', amountMinor, currency, limitMinor, approval }
    }
    case 'sale.refunded': {
      const { saleId, totalMinor: amountMinor, currency, limitMinor, approval } = fact.body
      const permission = saleId === undefined ? 'sale.refund_unlinked' : 'sale.refund'
      return { permission, amountMinor, currency, limitMinor, approval }
    }
    case 'sale.voided': {
      const { totalMinor: amountMinor, currency, limitMinor, approval } = fact.body
      return { permission: 'sale.void', amountMinor, currency, limitMinor, approval }
    }
    case 'cash.moved': {
      const { amountMinor, currency, approval } = fact.body
      return { permission: 'cash.move', amountMinor, currency, approval }
    }
    case 'drawer.opened':
      return { permission: 'drawer.open', approval: fact.body.approval }
    default:
      return undefined
  }
}
