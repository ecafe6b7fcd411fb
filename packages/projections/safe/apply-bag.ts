import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { bagNumberKey } from '@tillkeeper/core/safe/seal-bag.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import type { Effects } from '../apply/effects.ts'
import { addCash, addVariance } from '../cash/add-cash.ts'
import { bag, bank, overShort, safe } from '../cash/location.ts'
import { jsonParameter, type Tx } from '../db.ts'

type Step = 'verified' | 'collected' | 'opened' | 'deposited'
type StepFact = AppliedOf<`bag.${Step}`>

/** Inserts sealed bags; those that are there already are left as they are. Returns the ids that were not. */
export async function insertBags(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'bag.sealed'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    id,
    shop_id: body.shopId,
    number: body.number,
    number_key: bagNumberKey(body.number),
    staff_id: body.staffId,
    cash: body.cash,
    note: body.note ?? '',
    business_date: businessDate,
    sealed_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO deposit_bag
      (org_id, id, shop_id, number, number_key, staff_id, cash, note, business_date, sealed_at)
    SELECT ${org}::uuid, id, shop_id, number, number_key, staff_id, cash, note, business_date,
      sealed_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (id uuid, shop_id uuid, number text, number_key text, staff_id uuid, cash jsonb, note text,
       business_date date, sealed_at timestamptz)
    ON CONFLICT (org_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** Inserts what people did with bags, whether the bag is known yet or not. */
export async function insertBagSteps(
  tx: Tx,
  org: OrgId,
  facts: readonly StepFact[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact }) => {
    const { id, body, businessDate, occurredAt } = fact
    return {
      id,
      bag_id: body.bagId,
      shop_id: body.shopId,
      step: fact.type.slice('bag.'.length),
      staff_id: body.staffId,
      carrier: 'carrier' in body ? body.carrier : undefined,
      reference: 'reference' in body ? body.reference : undefined,
      banked_on: 'bankedOn' in body ? body.bankedOn : undefined,
      cash: 'cash' in body ? body.cash : undefined,
      credited: 'credited' in body ? body.credited : undefined,
      note: 'reason' in body ? body.reason : (body.note ?? ''),
      business_date: businessDate,
      occurred_at: occurredAt,
    }
  })
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO deposit_bag_step
      (org_id, bag_id, id, shop_id, step, staff_id, carrier, reference, banked_on, cash, credited,
       note, business_date, occurred_at)
    SELECT ${org}::uuid, bag_id, id, shop_id, step, staff_id, carrier, reference, banked_on, cash,
      credited, note, business_date, occurred_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (bag_id uuid, id uuid, shop_id uuid, step text, staff_id uuid, carrier text, reference text,
       banked_on date, cash jsonb, credited jsonb, note text, business_date date,
       occurred_at timestamptz)
    ON CONFLICT (org_id, bag_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/** The cash of a sealed bag goes out of the safe. */
export function addBag(effects: Effects, { fact }: AppliedOf<'bag.sealed'>): void {
  const { id, body } = fact
  effects.touched.bags.add(id)
  const ways = { from: safe(body.shopId), to: bag(body.shopId, id), type: 'bag' } as const
  addCash(effects, fact, { ...ways, part: 'sealed', cash: body.cash })
}

/** Nothing moves when a bag is seen or carried: it is the same cash in the same bag. */
export function touchBag(effects: Effects, { fact }: StepFact): void {
  effects.touched.bags.add(fact.body.bagId)
}

/** The cash of a bag that was opened goes back to the safe. */
export function addBagOpening(effects: Effects, { fact }: AppliedOf<'bag.opened'>): void {
  const { body } = fact
  effects.touched.bags.add(body.bagId)
  const ways = { from: bag(body.shopId, body.bagId), to: safe(body.shopId), type: 'bag' } as const
  addCash(effects, fact, { ...ways, part: 'opened', cash: body.cash })
}

/** What was sealed leaves the bag for the bank; what the bank counted otherwise is short or over there. */
export function addDeposit(effects: Effects, { fact }: AppliedOf<'bag.deposited'>): void {
  const { body } = fact
  const { shopId, cash, credited } = body
  effects.touched.bags.add(body.bagId)
  const ways = { from: bag(shopId, body.bagId), to: bank(shopId), type: 'deposit' } as const
  addCash(effects, fact, { ...ways, part: 'deposited', cash })
  for (const { currency, minor } of credited) {
    const sealed = cash.find((amount) => amount.currency === currency)?.minor ?? 0
    const at = { place: bank(shopId), outside: overShort(shopId), part: 'difference' }
    addVariance(effects, fact, { ...at, currency, varianceMinor: minor - sealed })
  }
}
