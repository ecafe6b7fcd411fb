import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Day, Instant } from '@tillkeeper/core/base/instant.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import { type Minor, sum } from '@tillkeeper/core/money/money.ts'
import type { SaleCompleted } from '@tillkeeper/core/sale/complete-sale.ts'
import type { ForeignChange } from '@tillkeeper/core/sale/tender.ts'
import type { Reader } from '../db.ts'
import { listRefundsOfSale, type Refund } from '../refund/refund-sql.ts'

/** A sale, whole, with what came back of it. A decision about a refund takes it as it is. */
export type Sale = Omit<
  SaleCompleted,
  'receiptCounter' | 'change' | 'changePieces' | 'roundingMinor' | 'customerNumber' | 'note'
> & {
  readonly id: string
  readonly staffName: string
  /** The part of the change in other currencies; null where there is none. */
  readonly change: readonly ForeignChange[] | null
  readonly changePieces: Pieces | null
  readonly roundingMinor: Minor
  readonly customerNumber: string | null
  readonly note: string
  /** What came back so far. */
  readonly refundedMinor: Minor
  readonly refunds: readonly Refund[]
  readonly businessDate: Day
  readonly occurredAt: Instant
  readonly recordedAt: Instant
}

type SaleRow = Omit<Sale, 'refundedMinor' | 'refunds'>

export async function findSale(sql: Reader, org: OrgId, id: string): Promise<Sale | undefined> {
  const [rows, refunds] = await Promise.all([
    sql<SaleRow[]>`
      SELECT sale.id, sale.shop_id AS "shopId", sale.till_id AS "tillId",
        sale.session_id AS "sessionId", sale.staff_id AS "staffId",
        coalesce(employee.name, '') AS "staffName", sale.receipt_number AS "receiptNumber",
        sale.currency, sale.total_minor AS "totalMinor", sale.tax_minor AS "taxMinor",
        sale.change_minor AS "changeMinor", sale.change, sale.change_pieces AS "changePieces",
        sale.rounding_minor AS "roundingMinor", sale.taxes,
        sale.tenders, sale.customer_number AS "customerNumber", sale.note,
        sale.business_date AS "businessDate", sale.occurred_at AS "occurredAt",
        sale.recorded_at AS "recordedAt",
        (
          SELECT coalesce(jsonb_agg(jsonb_build_object('lineNo', line_no, 'productId', product_id,
            'code', code, 'name', name, 'quantity', quantity, 'unitPriceMinor', unit_price_minor,
            'discountMinor', discount_minor, 'totalMinor', total_minor,
            'vatBasisPoints', vat_basis_points) ORDER BY line_no), '[]')
          FROM sale_line
          WHERE sale_line.org_id = sale.org_id AND sale_line.sale_id = sale.id
        ) AS lines
      FROM sale
      LEFT JOIN employee ON employee.org_id = sale.org_id AND employee.id = sale.staff_id
      WHERE sale.org_id = ${org} AND sale.id = ${id}
    `,
    listRefundsOfSale(sql, org, id),
  ])
  const [row] = rows
  if (row === undefined) return undefined
  return { ...row, refunds, refundedMinor: sum(refunds.map(({ totalMinor }) => totalMinor)) }
}
