import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { CashMovementKind } from '@tillkeeper/facts/catalogue/till-session.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import {
  addToDay,
  addToSession,
  addToSessionCash,
  addTransfer,
  type Effects,
} from '../apply/effects.ts'
import { jsonParameter, type Tx } from '../db.ts'
import { customer, drawer, safe, supplier } from './location.ts'
import { addMachineUse } from './machine-use.ts'

/**
 * A movement's own row is its one transfer, which effects insert; what it says beside that is written here. Says
 * which of the facts have no transfer yet; the organisation is held, so nobody inserts one in between.
 */
export async function insertMovements(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'cash.moved'>[],
): Promise<readonly string[]> {
  const rows = facts.flatMap(({ fact: { id, body } }) =>
    body.attachmentId === undefined && body.links === undefined
      ? []
      : { id, attachment_id: body.attachmentId, links: body.links },
  )
  const found = findFreshTransfers(tx, org, {
    ids: facts.map(({ fact }) => fact.id),
    part: 'moved',
  })
  if (rows.length === 0) return found
  const written = tx`
    INSERT INTO cash_movement (org_id, id, attachment_id, links)
    SELECT ${org}::uuid, id, attachment_id, links
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (id uuid, attachment_id uuid, links jsonb)
    ON CONFLICT (org_id, id) DO NOTHING
  `.execute()
  const [fresh] = await Promise.all([found, written])
  return fresh
}

/** Says which facts have no transfer yet that is named by the part. */
export async function findFreshTransfers(
  tx: Tx,
  org: OrgId,
  { ids, part }: { readonly ids: readonly string[]; readonly part: string },
): Promise<readonly string[]> {
  const nameOf = (id: string) => `${id}/${part}`
  // A look into the key for each, whatever the table's size was when this was planned.
  const known = await tx<{ id: string }[]>`
    SELECT asked.id
    FROM unnest(${ids.map(nameOf)}::text[]) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT FROM cash_transfer WHERE org_id = ${org} AND cash_transfer.id = asked.id LIMIT 1
    ) AS found
  `.execute()
  const there = new Set(known.map(({ id }) => id))
  return ids.filter((id) => !there.has(nameOf(id)))
}

const transferId = (factId: string) => `${factId}/moved`

/** What is added to a session for cash in or out of its drawer: of another currency to that one's sums. */
export function addToDrawer(
  effects: Effects,
  {
    sessionId,
    currency,
    foreign,
  }: {
    readonly sessionId: string
    readonly currency: string
    readonly foreign?: true | undefined
  },
  added: {
    readonly pay_in_minor?: number
    readonly pay_out_minor?: number
    readonly cash_in_minor?: number
    readonly cash_out_minor?: number
    readonly dropped_minor?: number
    readonly topped_up_minor?: number
  },
): void {
  if (foreign === undefined) {
    addToSession(effects, sessionId, added)
    return
  }
  const { pay_in_minor: _, pay_out_minor: __, ...cash } = added
  addToSession(effects, sessionId, {})
  addToSessionCash(effects, { session_id: sessionId, currency }, cash)
}

type Places = { readonly drawer: string; readonly safe: string; readonly supplier: string }
type Ways = Record<CashMovementKind, (places: Places) => readonly [string, string]>

const ways = {
  pay_in: ({ supplier, drawer }) => [supplier, drawer],
  pay_out: ({ supplier, drawer }) => [drawer, supplier],
  drop: ({ safe, drawer }) => [drawer, safe],
  top_up: ({ safe, drawer }) => [safe, drawer],
} as const satisfies Ways

/** A movement whose cash a machine took or gave: the customer's place stands between it and the machine's own booking. */
const waysByMachine = (customer: string) =>
  ({
    pay_in: ({ supplier }) => [supplier, customer],
    pay_out: ({ supplier }) => [customer, supplier],
    drop: ({ drawer }) => [drawer, customer],
    top_up: ({ drawer }) => [customer, drawer],
  }) as const satisfies Ways

const totals = {
  pay_in: (minor: number) => ({ pay_in_minor: minor, cash_in_minor: minor }),
  pay_out: (minor: number) => ({ pay_out_minor: minor, cash_out_minor: minor }),
  drop: (minor: number) => ({ dropped_minor: minor }),
  top_up: (minor: number) => ({ topped_up_minor: minor }),
} as const satisfies Record<CashMovementKind, (minor: number) => Readonly<Record<string, number>>>

/**
 * Cash goes in or out of the drawer; what goes to or comes from outside also counts in the day. What a machine took or
 * gave and no drawer holds bears no session: it is none of what that should hold.
 */
export function addMovement(effects: Effects, { fact }: AppliedOf<'cash.moved'>): void {
  const { id, body, businessDate, occurredAt } = fact
  const { shopId, kind, amountMinor, attemptId } = body
  const outside = kind === 'pay_in' || kind === 'pay_out'
  const isInDrawer = attemptId === undefined || !outside
  const places = attemptId === undefined ? ways : waysByMachine(customer(shopId))
  const [from, to] = places[kind]({
    drawer: drawer(body.tillId),
    safe: safe(shopId),
    supplier: supplier(shopId),
  })
  addTransfer(effects, {
    id: transferId(id),
    fact_id: id,
    shop_id: shopId,
    session_id: isInDrawer ? body.sessionId : undefined,
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
  if (attemptId !== undefined) {
    const minor = kind === 'pay_in' || kind === 'drop' ? amountMinor : -amountMinor
    addMachineUse(effects, fact, { attemptId, kind, minor })
  }
  if (isInDrawer) addToDrawer(effects, body, totals[kind](amountMinor))
  if (!outside) return
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
