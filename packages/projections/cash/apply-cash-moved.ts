import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { CashMovementKind } from '@tillkeeper/facts/catalogue/till-session.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import { addToDay, addToSession, addTransfer, type Effects } from '../apply/effects.ts'
import type { Tx } from '../db.ts'
import { drawer, safe, supplier } from './location.ts'

/**
 * A movement's own row is its one transfer, which effects insert. Says which of the facts have none
 * yet; the organisation is held, so nobody inserts one in between.
 */
export async function findFreshMovements(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'cash.moved'>[],
): Promise<readonly string[]> {
  const ids = facts.map(({ fact }) => fact.id)
  // A look into the key for each, whatever the table's size was when this was planned.
  const known = await tx<{ id: string }[]>`
    SELECT asked.id
    FROM unnest(${ids.map(transferId)}::text[]) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT FROM cash_transfer WHERE org_id = ${org} AND cash_transfer.id = asked.id LIMIT 1
    ) AS found
  `.execute()
  const there = new Set(known.map(({ id }) => id))
  return ids.filter((id) => !there.has(transferId(id)))
}

const transferId = (factId: string) => `${factId}/moved`

type Places = { readonly drawer: string; readonly safe: string; readonly supplier: string }

const ways = {
  pay_in: ({ supplier, drawer }: Places) => [supplier, drawer],
  pay_out: ({ supplier, drawer }: Places) => [drawer, supplier],
  drop: ({ safe, drawer }: Places) => [drawer, safe],
  top_up: ({ safe, drawer }: Places) => [safe, drawer],
} as const satisfies Record<CashMovementKind, (places: Places) => readonly [string, string]>

const totals = {
  pay_in: (minor: number) => ({ pay_in_minor: minor, cash_in_minor: minor }),
  pay_out: (minor: number) => ({ pay_out_minor: minor, cash_out_minor: minor }),
  drop: (minor: number) => ({ dropped_minor: minor }),
  top_up: (minor: number) => ({ topped_up_minor: minor }),
} as const satisfies Record<CashMovementKind, (minor: number) => Readonly<Record<string, number>>>

/** Cash goes in or out of the drawer; what goes to or comes from outside also counts in the day. */
export function addMovement(effects: Effects, { fact }: AppliedOf<'cash.moved'>): void {
  const { id, body, businessDate, occurredAt } = fact
  const { shopId, kind, amountMinor } = body
  const [from, to] = ways[kind]({
    drawer: drawer(body.tillId),
    safe: safe(shopId),
    supplier: supplier(shopId),
  })
  addTransfer(effects, {
    id: transferId(id),
    fact_id: id,
    shop_id: shopId,
    session_id: body.sessionId,
    staff_id: body.staffId,
    type: kind,
    from_location: from,
    to_location: to,
    currency: body.currency,
    amount_minor: amountMinor,
    pieces: body.pieces,
    category: body.category,
    recipient: body.recipient,
    note: body.note,
    business_date: businessDate,
    occurred_at: occurredAt,
  })
  addToSession(effects, body.sessionId, totals[kind](amountMinor))
  if (kind !== 'pay_in' && kind !== 'pay_out') return
  addToDay(
    effects,
    {
      shop_id: shopId,
      business_date: businessDate,
      staff_id: body.staffId,
      currency: body.currency,
    },
    kind === 'pay_in' ? { pay_in_minor: amountMinor } : { pay_out_minor: amountMinor },
  )
}
