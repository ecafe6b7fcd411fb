import type { Authority, HeldApproval } from '@tillkeeper/core/approval/check-approval.ts'
import type { DrawerHolds } from '@tillkeeper/core/drawer/check-holds.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { expectedOf } from '@tillkeeper/core/till/till-session.ts'
import type { TillNode } from '../app/node.ts'
import type { Acting } from '../app/record-act.ts'

/** By whose right an act of this till is done: who works here, and who lent their PIN to it. */
export function authorityOf(
  { person, occurredAt }: Acting,
  { id, approval }: { readonly id: string; readonly approval?: HeldApproval | undefined },
): Authority {
  const { permissions, limits } = person
  return {
    actId: id,
    at: occurredAt,
    actor: { permissions, limits, staffId: person.id },
    approval,
  }
}

/** What this till's drawer should hold of a currency; nothing where no session is open. */
export function holdsHere({ state }: Pick<TillNode, 'state'>, currency?: Currency): DrawerHolds {
  const { session } = state.getState().book
  if (session === undefined) return { amountMinor: minor(0) }
  const expected = expectedOf(session, session.totals)
  return { amountMinor: expected.get(currency ?? session.currency) ?? minor(0) }
}
