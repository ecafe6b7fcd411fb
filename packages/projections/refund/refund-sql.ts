import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { Minor } from '@tillkeeper/core/money/money.ts'
import type { SaleRefunded } from '@tillkeeper/core/refund/refund.ts'
import type { Reader } from '../db.ts'

export type Refund = Omit<SaleRefunded, 'saleId' | 'receiptCounter' | 'roundingMinor'> & {
  readonly id: string
  readonly saleId: string | null
  /** The whole sale was taken back on its day. */
  readonly voids: boolean
  readonly roundingMinor: Minor
  readonly staffName: string
  readonly businessDate: Day
  readonly occurredAt: Instant
}

const refunds = (sql: Reader) => sql`
  SELECT refund.id, refund.voids, refund.sale_id AS "saleId", refund.shop_id AS "shopId",
    refund.till_id AS "tillId", refund.session_id AS "sessionId", refund.staff_id AS "staffId",
    coalesce(employee.name, '') AS "staffName", refund.receipt_number AS "receiptNumber",
    refund.currency, refund.total_minor AS "totalMinor", refund.tax_minor AS "taxMinor",
    refund.rounding_minor AS "roundingMinor",
    refund.taxes, refund.tenders, refund.reason, refund.business_date AS "businessDate",
    refund.occurred_at AS "occurredAt",
    (
      SELECT coalesce(jsonb_agg(jsonb_build_object('lineNo', line_no, 'productId', product_id,
        'code', code, 'name', name, 'quantity', quantity, 'totalMinor', total_minor,
        'vatBasisPoints', vat_basis_points) ORDER BY line_no), '[]')
      FROM refund_line
      WHERE refund_line.org_id = refund.org_id AND refund_line.refund_id = refund.id
    ) AS lines
  FROM refund
  LEFT JOIN employee ON employee.org_id = refund.org_id AND employee.id = refund.staff_id
`

export async function findRefund(sql: Reader, org: OrgId, id: string): Promise<Refund | undefined> {
  const rows = await sql<Refund[]>`
    ${refunds(sql)} WHERE refund.org_id = ${org} AND refund.id = ${id}
  `
  return rows[0]
}

/** The refunds of a sale, whichever shop gave them, in the order in which they happened. */
export async function listRefundsOfSale(
  sql: Reader,
  org: OrgId,
  saleId: string,
): Promise<readonly Refund[]> {
  return sql<Refund[]>`
    ${refunds(sql)}
    WHERE refund.org_id = ${org} AND refund.sale_id = ${saleId}
    ORDER BY refund.occurred_at, refund.id
  `
}
