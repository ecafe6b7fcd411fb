import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Tx } from '../db.ts'

// Rules that facts broke when they arrived. Each is looked at again whenever a fact touches what it is
// about, and says the whole state of that: so it ends the same in whatever order the facts came.

/** Raises `refund_exceeds_sale` for those of the sales of which more came back than was sold. */
export async function raiseRefundExceedsSale(
  tx: Tx,
  org: OrgId,
  saleIds: readonly string[],
): Promise<void> {
  await tx`
    WITH line AS (
      SELECT back.sale_id, back.line_no, coalesce(sold.quantity, 0) AS sold, back.quantity AS refunded,
        back.quantity > coalesce(sold.quantity, 0) OR
          back.total_minor > coalesce(sold.total_minor, 0) AS exceeds
      FROM sale_line_refunded AS back
      LEFT JOIN sale_line AS sold
        ON sold.org_id = back.org_id AND sold.sale_id = back.sale_id AND sold.line_no = back.line_no
      WHERE back.org_id = ${org} AND back.sale_id = ANY(${saleIds}::uuid[])
    ), sale_back AS (
      SELECT sale_id, bool_or(exceeds) AS exceeds,
        coalesce(jsonb_agg(jsonb_build_object('lineNo', line_no, 'sold', sold, 'refunded', refunded)
          ORDER BY line_no) FILTER (WHERE exceeds), '[]') AS lines
      FROM line
      GROUP BY sale_id
    )
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    SELECT sale.org_id, sale.id || '/refund_exceeds_sale', sale.shop_id, 'refund_exceeds_sale',
      ARRAY['sale:' || sale.id],
      jsonb_build_object('saleId', sale.id, 'receiptNumber', sale.receipt_number,
        'currency', sale.currency, 'soldMinor', sale.total_minor, 'refundedMinor', paid.minor,
        'lines', sale_back.lines)
    FROM sale_back
    JOIN sale ON sale.org_id = ${org} AND sale.id = sale_back.sale_id
    CROSS JOIN LATERAL (
      SELECT sum(refund.total_minor)::bigint AS minor
      FROM refund
      WHERE refund.org_id = ${org} AND refund.sale_id = sale.id
    ) AS paid
    WHERE sale_back.exceeds OR paid.minor > sale.total_minor
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
