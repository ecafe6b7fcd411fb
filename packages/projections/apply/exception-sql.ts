import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { hlcMs } from '@tillkeeper/facts/seal/hlc.ts'
import { jsonParameter, type Tx } from '../db.ts'
import type { AppliedFact } from './applied-fact.ts'

// Rules that facts broke when they arrived. Each is looked at again whenever a fact touches what it is
// about, and says the whole state of that: so it ends the same in whatever order the facts came.

/** Raises `refund_exceeds_sale` for those of the sales of which more came back than was sold. */
export async function raiseRefundExceedsSale(
  tx: Tx,
  org: OrgId,
  saleIds: readonly string[],
): Promise<void> {
  // Each look is for one whole key, and limited: so that the plan is a look into the key for each, also
  // where it was made while the tables were empty.
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT ${org}::uuid, sale.id || '/refund_exceeds_sale', sale.shop_id, 'refund_exceeds_sale',
      ARRAY['sale:' || sale.id],
      jsonb_build_object('saleId', sale.id, 'receiptNumber', sale.receipt_number,
        'currency', sale.currency, 'soldMinor', sale.total_minor, 'refundedMinor', paid.minor,
        'lines', back.lines)
    FROM unnest(${saleIds}::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT id, shop_id, receipt_number, currency, total_minor
      FROM sale
      WHERE org_id = ${org} AND sale.id = asked.id
      LIMIT 1
    ) AS sale
    CROSS JOIN LATERAL (
      SELECT sum(refund.total_minor)::bigint AS minor
      FROM refund
      WHERE refund.org_id = ${org} AND refund.sale_id = asked.id
    ) AS paid
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(jsonb_build_object('lineNo', returned.line_no,
        'sold', coalesce(sold.quantity, 0), 'refunded', returned.quantity)
        ORDER BY returned.line_no), '[]') AS lines
      FROM sale_line_refunded AS returned
      LEFT JOIN LATERAL (
        SELECT quantity, total_minor
        FROM sale_line
        WHERE org_id = ${org} AND sale_id = asked.id AND line_no = returned.line_no
        LIMIT 1
      ) AS sold ON TRUE
      WHERE returned.org_id = ${org} AND returned.sale_id = asked.id
        AND (returned.quantity > coalesce(sold.quantity, 0)
          OR returned.total_minor > coalesce(sold.total_minor, 0))
    ) AS back
    WHERE back.lines <> '[]' OR paid.minor > sale.total_minor
    ON CONFLICT (org_id, id) DO UPDATE SET detail = excluded.detail
  `.execute()
}

/** Raises `session_closed_twice` for those of the sessions that have more than one close. */
export async function raiseSessionClosedTwice(
  tx: Tx,
  org: OrgId,
  sessionIds: readonly string[],
): Promise<void> {
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT org_id, session_id || '/session_closed_twice',
      (array_agg(shop_id ORDER BY id))[1], 'session_closed_twice',
      ARRAY['session:' || session_id],
      jsonb_build_object('sessionId', session_id,
        'closes', jsonb_agg(jsonb_build_object('id', id, 'staffId', staff_id,
          'countedMinor', counted_minor, 'varianceMinor', variance_minor) ORDER BY id))
    FROM till_close
    WHERE org_id = ${org} AND session_id = ANY(${sessionIds}::uuid[])
    GROUP BY org_id, session_id
    HAVING count(*) > 1
    ON CONFLICT (org_id, id) DO UPDATE SET shop_id = excluded.shop_id, detail = excluded.detail
  `.execute()
}

/**
 * Raises `clock_suspect` for acts of a clock that was far ahead of this node's when they came. They count all
 * the same: the money was given. Each node judges by its own clock, so another may see it otherwise.
 */
export async function raiseClockSuspect(
  tx: Tx,
  org: OrgId,
  facts: readonly AppliedFact[],
): Promise<void> {
  const rows = facts.map(
    ({ fact: { id, type, author, hlc, occurredAt, keys, body }, recordedAt }) => ({
      id: `${id}/clock_suspect`,
      shop_id: 'shopId' in body ? body.shopId : null,
      keys,
      detail: {
        ...{ factId: id, type, author, occurredAt, recordedAt },
        aheadMs: hlcMs(hlc) - Date.parse(recordedAt),
      },
    }),
  )
  await tx`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT ${org}::uuid, id, shop_id, 'clock_suspect',
      ARRAY(SELECT jsonb_array_elements_text(keys)), detail
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (id text, shop_id uuid, keys jsonb, detail jsonb)
    ON CONFLICT (org_id, id) DO NOTHING
  `.execute()
}
