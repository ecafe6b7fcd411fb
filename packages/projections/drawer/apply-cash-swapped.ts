import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { addToSession, addTransfer, type Effects } from '../apply/effects.ts'
import { findFreshTransfers } from '../cash/apply-cash-moved.ts'
import { customer, drawer, safe } from '../cash/location.ts'
import type { Tx } from '../db.ts'

/** A swap's own rows are its two transfers. Says which of the facts have none yet. */
export function findFreshSwaps(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'cash.swapped'>[],
): Promise<readonly string[]> {
  return findFreshTransfers(tx, org, { ids: facts.map(({ fact }) => fact.id), part: 'given' })
}

/** Notes go out and others of the same worth come in: totals stay, pieces change. */
export function addSwap(
  effects: Effects,
  { fact: { id, body, businessDate, occurredAt } }: AppliedOf<'cash.swapped'>,
): void {
  const inside = drawer(body.tillId)
  const other = body.with === 'safe' ? safe(body.shopId) : customer(body.shopId)
  const row = {
    fact_id: id,
    shop_id: body.shopId,
    session_id: body.sessionId,
    staff_id: body.staffId,
    type: 'swap',
    currency: body.currency,
    amount_minor: body.amountMinor,
    business_date: businessDate,
    occurred_at: occurredAt,
  } as const
  addTransfer(effects, {
    ...row,
    id: `${id}/given`,
    from_location: inside,
    to_location: other,
    pieces: body.given,
  })
  addTransfer(effects, {
    ...row,
    id: `${id}/taken`,
    from_location: other,
    to_location: inside,
    pieces: body.taken,
  })
  addToSession(effects, body.sessionId, {})
}
