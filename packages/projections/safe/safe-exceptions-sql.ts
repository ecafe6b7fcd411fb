import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Touched } from '../apply/effects.ts'
import type { Tx } from '../db.ts'

// Rules of the safe, the bank and funds that facts broke when they arrived. As in exception-sql.ts: each says
// the whole state of what it is about, so it ends the same in whatever order the facts came.

/** Looks again at all that a batch touched. */
export async function raiseSafeExceptions(tx: Tx, org: OrgId, touched: Touched): Promise<void> {
  const { bags, counts, orders, funds, settlements, lines } = touched
  if (bags.size > 0) {
    await raiseBagDiffers(tx, org, [...bags])
    await raiseBagNumberRepeated(tx, org, [...bags])
    await raiseBagVerifiedBySealer(tx, org, [...bags])
    await raiseBagSettledTwice(tx, org, [...bags])
  }
  if (counts.size > 0) await raiseSafeDiffers(tx, org, [...counts])
  if (orders.size > 0) await raiseChangeDiffers(tx, org, [...orders])
  if (funds.size > 0) await weighFunds(tx, org, [...funds])
  if (settlements.size > 0) await raiseFundDiffers(tx, org, [...settlements])
  if (lines.size > 0) await weighLines(tx, org, [...lines])
}

/** Cash as `{currency: minor}` without what is nothing: two that are equal are the same cash. */
const amounts = (tx: Tx, cash: string) => tx`
  (
    SELECT coalesce(jsonb_object_agg(part.currency, part.minor), '{}')
    FROM jsonb_to_recordset(${tx(cash)}) AS part (currency text, minor bigint)
    WHERE part.minor <> 0
  )
`

/** `bag_differs`: the bank credited, or a deposit says there was, other cash than was sealed. */
async function raiseBagDiffers(tx: Tx, org: OrgId, ids: readonly string[]): Promise<void> {
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT ${org}::uuid, bag.id || '/bag_differs', bag.shop_id, 'bag_differs',
      ARRAY['bag:' || bag.id],
      jsonb_build_object('bagId', bag.id, 'number', bag.number, 'sealed', bag.cash,
        'deposits', jsonb_agg(jsonb_build_object('id', step.id, 'reference', step.reference,
          'cash', step.cash, 'credited', step.credited) ORDER BY step.id))
    FROM deposit_bag AS bag
    JOIN deposit_bag_step AS step ON step.org_id = bag.org_id AND step.bag_id = bag.id
    WHERE bag.org_id = ${org} AND bag.id = ANY(${ids}::uuid[]) AND step.step = 'deposited'
      AND (${amounts(tx, 'step.credited')} <> ${amounts(tx, 'bag.cash')}
        OR ${amounts(tx, 'step.cash')} <> ${amounts(tx, 'bag.cash')})
    GROUP BY bag.org_id, bag.id, bag.shop_id, bag.number, bag.cash
    ON CONFLICT (org_id, id) DO UPDATE SET detail = excluded.detail
  `.execute()
}

/** `bag_number_repeated`: two bags of a shop have one number. */
async function raiseBagNumberRepeated(tx: Tx, org: OrgId, ids: readonly string[]): Promise<void> {
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT ${org}::uuid, bag.shop_id || '/' || bag.number_key || '/bag_number_repeated', bag.shop_id,
      'bag_number_repeated', array_agg('bag:' || bag.id ORDER BY bag.id),
      jsonb_build_object('bags', jsonb_agg(jsonb_build_object('id', bag.id, 'number', bag.number,
        'staffId', bag.staff_id, 'cash', bag.cash) ORDER BY bag.id))
    FROM deposit_bag AS bag
    WHERE bag.org_id = ${org} AND (bag.shop_id, bag.number_key) IN (
      SELECT asked.shop_id, asked.number_key
      FROM deposit_bag AS asked
      WHERE asked.org_id = ${org} AND asked.id = ANY(${ids}::uuid[])
    )
    GROUP BY bag.shop_id, bag.number_key
    HAVING count(*) > 1
    ON CONFLICT (org_id, id) DO UPDATE SET keys = excluded.keys, detail = excluded.detail
  `.execute()
}

/** `bag_verified_by_sealer`: who sealed a bag verified it as well. */
async function raiseBagVerifiedBySealer(tx: Tx, org: OrgId, ids: readonly string[]): Promise<void> {
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT DISTINCT ${org}::uuid, bag.id || '/bag_verified_by_sealer', bag.shop_id,
      'bag_verified_by_sealer', ARRAY['bag:' || bag.id],
      jsonb_build_object('bagId', bag.id, 'number', bag.number, 'staffId', bag.staff_id)
    FROM deposit_bag AS bag
    JOIN deposit_bag_step AS step ON step.org_id = bag.org_id AND step.bag_id = bag.id
    WHERE bag.org_id = ${org} AND bag.id = ANY(${ids}::uuid[])
      AND step.step = 'verified' AND step.staff_id = bag.staff_id
    ON CONFLICT (org_id, id) DO NOTHING
  `.execute()
}

/** `bag_settled_twice`: a bag was banked or opened more than once, so its cash moved more than once. */
async function raiseBagSettledTwice(tx: Tx, org: OrgId, ids: readonly string[]): Promise<void> {
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT org_id, bag_id || '/bag_settled_twice', (array_agg(shop_id ORDER BY id))[1],
      'bag_settled_twice', ARRAY['bag:' || bag_id],
      jsonb_build_object('bagId', bag_id, 'steps', jsonb_agg(jsonb_build_object('id', id,
        'step', step, 'staffId', staff_id, 'cash', cash) ORDER BY id))
    FROM deposit_bag_step
    WHERE org_id = ${org} AND bag_id = ANY(${ids}::uuid[]) AND step IN ('opened', 'deposited')
    GROUP BY org_id, bag_id
    HAVING count(*) > 1
    ON CONFLICT (org_id, id) DO UPDATE SET shop_id = excluded.shop_id, detail = excluded.detail
  `.execute()
}

/** `safe_differs`: a count of a safe found other cash than its movements come to. */
async function raiseSafeDiffers(tx: Tx, org: OrgId, ids: readonly string[]): Promise<void> {
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT org_id, id || '/safe_differs', shop_id, 'safe_differs', ARRAY['safe:' || shop_id],
      jsonb_build_object('countId', id, 'staffId', staff_id, 'counted', counted)
    FROM safe_count
    WHERE org_id = ${org} AND id = ANY(${ids}::uuid[])
    ON CONFLICT (org_id, id) DO NOTHING
  `.execute()
}

/** `change_differs`: other change came than was ordered, or came of an order more than once. */
async function raiseChangeDiffers(tx: Tx, org: OrgId, ids: readonly string[]): Promise<void> {
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT ${org}::uuid, ordered.id || '/change_differs', ordered.shop_id, 'change_differs',
      ARRAY['change_order:' || ordered.id],
      jsonb_build_object('orderId', ordered.id, 'ordered', ordered.cash,
        'received', jsonb_agg(jsonb_build_object('id', step.id, 'cash', step.cash) ORDER BY step.id))
    FROM change_order AS ordered
    JOIN change_order_step AS step ON step.org_id = ordered.org_id AND step.order_id = ordered.id
    WHERE ordered.org_id = ${org} AND ordered.id = ANY(${ids}::uuid[]) AND step.step = 'received'
    GROUP BY ordered.org_id, ordered.id, ordered.shop_id, ordered.cash
    HAVING count(*) > 1 OR bool_or(${amounts(tx, 'step.cash')} <> ${amounts(tx, 'ordered.cash')})
    ON CONFLICT (org_id, id) DO UPDATE SET detail = excluded.detail
  `.execute()
}

/**
 * `fund_overdrawn`: more came back from somebody than was given out. What was given out may only be on its way, so
 * the exception goes when it arrives.
 */
async function weighFunds(tx: Tx, org: OrgId, places: readonly string[]): Promise<void> {
  await tx`
    DELETE FROM exception
    WHERE org_id = ${org} AND id = ANY(${places.map((place) => `${place}/fund_overdrawn`)}::text[])
  `.execute()
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT org_id, location || '/fund_overdrawn', split_part(location, ':', 2)::uuid,
      'fund_overdrawn', ARRAY[location],
      jsonb_build_object('staffId', split_part(location, ':', 3), 'cash', jsonb_agg(
        jsonb_build_object('currency', currency, 'minor', balance_minor) ORDER BY currency))
    FROM cash_balance
    WHERE org_id = ${org} AND location = ANY(${places}::text[]) AND balance_minor < 0
    GROUP BY org_id, location
  `.execute()
}

/** `fund_differs`: somebody gave all back, and it was more or less than they held. */
async function raiseFundDiffers(tx: Tx, org: OrgId, ids: readonly string[]): Promise<void> {
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT org_id, id || '/fund_differs', shop_id, 'fund_differs',
      ARRAY['fund:' || shop_id || ':' || staff_id],
      jsonb_build_object('staffId', staff_id, 'byStaffId', by_staff_id, 'settled', settled)
    FROM staff_fund_event
    WHERE org_id = ${org} AND id = ANY(${ids}::uuid[])
    ON CONFLICT (org_id, id) DO NOTHING
  `.execute()
}

/**
 * `line_matched_twice`: two people said what a line of a statement is, and nobody took one back; then it goes.
 * `line_undone_twice`: one was taken back twice, so what it had booked went back twice.
 */
async function weighLines(tx: Tx, org: OrgId, ids: readonly string[]): Promise<void> {
  await tx`
    DELETE FROM exception
    WHERE org_id = ${org} AND id = ANY(${ids.map((id) => `${id}/line_matched_twice`)}::text[])
  `.execute()
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT org_id, line_id || '/line_matched_twice', (array_agg(shop_id ORDER BY id))[1],
      'line_matched_twice', ARRAY['statement_line:' || line_id],
      jsonb_build_object('lineId', line_id, 'matches', jsonb_agg(jsonb_build_object('id', id,
        'staffId', staff_id, 'bags', bags, 'orders', orders) ORDER BY id))
    FROM statement_match AS said
    WHERE org_id = ${org} AND line_id = ANY(${ids}::uuid[])
      AND NOT EXISTS (
        SELECT FROM statement_undo AS undo
        WHERE undo.org_id = said.org_id AND undo.undone_id = said.id
      )
    GROUP BY org_id, line_id
    HAVING count(*) > 1
    UNION ALL
    SELECT org_id, undone_id || '/line_undone_twice', (array_agg(shop_id ORDER BY id))[1],
      'line_undone_twice', ARRAY['statement_line:' || (array_agg(line_id ORDER BY id))[1]],
      jsonb_build_object('undoneId', undone_id, 'undos', jsonb_agg(jsonb_build_object('id', id,
        'staffId', staff_id, 'reason', reason) ORDER BY id))
    FROM statement_undo
    WHERE org_id = ${org} AND line_id = ANY(${ids}::uuid[])
    GROUP BY org_id, undone_id
    HAVING count(*) > 1
    ON CONFLICT (org_id, id) DO UPDATE SET shop_id = excluded.shop_id, detail = excluded.detail
  `.execute()
}
