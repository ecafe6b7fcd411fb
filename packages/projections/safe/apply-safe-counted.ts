import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import type { Effects } from '../apply/effects.ts'
import { addCash, addVariance } from '../cash/add-cash.ts'
import { exchange, overShort, owner, safe } from '../cash/location.ts'
import { jsonParameter, type Tx } from '../db.ts'

/** Inserts counts of safes; those that are there already are left as they are. */
export async function insertSafeCounts(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedOf<'safe.counted'>[],
): Promise<readonly string[]> {
  const rows = facts.map(({ fact: { id, body, businessDate, occurredAt } }) => ({
    id,
    shop_id: body.shopId,
    staff_id: body.staffId,
    counted: body.counted,
    note: body.note ?? '',
    business_date: businessDate,
    counted_at: occurredAt,
  }))
  const inserted = await tx<{ id: string }[]>`
    INSERT INTO safe_count (org_id, id, shop_id, staff_id, counted, note, business_date, counted_at)
    SELECT ${org}::uuid, id, shop_id, staff_id, counted, note, business_date, counted_at
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (id uuid, shop_id uuid, staff_id uuid, counted jsonb, note text, business_date date,
       counted_at timestamptz)
    ON CONFLICT (org_id, id) DO NOTHING
    RETURNING id
  `.execute()
  return inserted.map(({ id }) => id)
}

/**
 * A variance is booked as over or short, and pieces that were counted take the place of those that were thought to
 * be there: out and in again at the same worth. What a first count finds was always there: it came from the owner, before
 * anybody wrote down what moves.
 */
export function addSafeCount(effects: Effects, { fact }: AppliedOf<'safe.counted'>): void {
  const { id, body } = fact
  const { shopId } = body
  for (const { currency, varianceMinor, first } of body.counted) {
    addVariance(effects, fact, {
      ...{ place: safe(shopId), part: 'counted', currency, varianceMinor },
      outside: first ? owner(shopId) : overShort(shopId),
      ...(first && { type: 'opening' as const }),
    })
  }
  addRecount(effects, fact)
  if (body.counted.some(({ varianceMinor, first }) => varianceMinor !== 0 && !first)) {
    effects.touched.counts.add(id)
  }
}

function addRecount(effects: Effects, fact: AppliedOf<'safe.counted'>['fact']): void {
  const { shopId, counted } = fact.body
  const [inside, outside] = [safe(shopId), exchange(shopId)]
  for (const { currency, countedMinor: minor, pieces, replaced } of counted) {
    if (pieces === undefined || replaced === undefined) continue
    if (JSON.stringify(pieces) === JSON.stringify(replaced)) continue
    const type = 'swap' as const
    const out = { from: inside, to: outside, part: 'thought' }
    addCash(effects, fact, { type, ...out, cash: [{ currency, minor, pieces: replaced }] })
    const back = { from: outside, to: inside, part: 'found' }
    addCash(effects, fact, { type, ...back, cash: [{ currency, minor, pieces }] })
  }
}
