import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import type { Effects } from '../apply/effects.ts'
import { addCash } from '../cash/add-cash.ts'
import { bank, safe } from '../cash/location.ts'
import { jsonParameter, type Tx } from '../db.ts'

type StepFact = AppliedOf<'change.received' | 'change.cancelled'>

/** Inserts change orders; those that are there already are left as they are. */
export async function insertChangeOrders(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'change.ordered'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    id,
    shop_id: body.shopId,
    staff_id: body.staffId,
    cash: body.cash,
    needed_on: body.neededOn,
    note: body.note ?? '',
    business_date: businessDate,
    ordered_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO change_order
      (org_id, id, shop_id, staff_id, cash, needed_on, note, business_date, ordered_at)
    SELECT ${org}::uuid, id, shop_id, staff_id, cash, needed_on, note, business_date, ordered_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (id uuid, shop_id uuid, staff_id uuid, cash jsonb, needed_on date, note text,
       business_date date, ordered_at timestamptz)
    ON CONFLICT (org_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** Inserts what became of orders, whether the order is known yet or not. */
export async function insertChangeSteps(
  tx: Tx,
  org: OrgId,
  facts: readonly StepFact[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact }) => {
    const { id, body, businessDate, occurredAt } = fact
    return {
      id,
      order_id: body.orderId,
      shop_id: body.shopId,
      step: fact.type.slice('change.'.length),
      staff_id: body.staffId,
      cash: 'cash' in body ? body.cash : undefined,
      reference: 'reference' in body ? body.reference : undefined,
      note: 'reason' in body ? body.reason : (body.note ?? ''),
      business_date: businessDate,
      occurred_at: occurredAt,
    }
  })
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO change_order_step
      (org_id, order_id, id, shop_id, step, staff_id, cash, reference, note, business_date,
       occurred_at)
    SELECT ${org}::uuid, order_id, id, shop_id, step, staff_id, cash, reference, note, business_date,
      occurred_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (order_id uuid, id uuid, shop_id uuid, step text, staff_id uuid, cash jsonb, reference text,
       note text, business_date date, occurred_at timestamptz)
    ON CONFLICT (org_id, order_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** An order moves nothing; its difference from what came is looked at when either is known. */
export function touchOrder(effects: Effects, { fact }: AppliedOf<'change.ordered'>): void {
  effects.touched.orders.add(fact.id)
}

export function touchCancelledOrder(
  effects: Effects,
  { fact }: AppliedOf<'change.cancelled'>,
): void {
  effects.touched.orders.add(fact.body.orderId)
}

/** What came from the bank lies in the safe. */
export function addChange(effects: Effects, { fact }: AppliedOf<'change.received'>): void {
  const { body } = fact
  const { shopId, orderId, cash } = body
  effects.touched.orders.add(orderId)
  const ways = { from: bank(shopId), to: safe(shopId), type: 'change_order' } as const
  addCash(effects, fact, { ...ways, part: 'received', cash })
}
