import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { AppliedOf } from '../apply/applied-fact.ts'
import type { Effects } from '../apply/effects.ts'
import { addVariance } from '../cash/add-cash.ts'
import { overShort, owner, safe } from '../cash/location.ts'
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
 * A variance is booked as over or short. What a first count finds was always there: it came from the owner, before
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
  if (body.counted.some(({ varianceMinor, first }) => varianceMinor !== 0 && !first)) {
    effects.touched.counts.add(id)
  }
}
