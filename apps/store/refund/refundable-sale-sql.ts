import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { RefundableSale } from '@tillkeeper/core/refund/refund-sale.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'

type Refund = RefundableSale['refunds'][number]

/** Reads a sale of any shop with what came back of it so far. The caller holds the organisation. */
export async function readRefundableSale(
  tx: Tx,
  org: OrgId,
  saleId: string,
): Promise<RefundableSale | undefined> {
  const [sales, lines, refunds, refundLines] = await Promise.all([
    tx<Pick<RefundableSale, 'id' | 'currency' | 'tenders' | 'change'>[]>`
      SELECT id, currency, tenders, change FROM sale WHERE org_id = ${org} AND id = ${saleId}
    `,
    tx<RefundableSale['lines'][number][]>`
      SELECT line_no AS "lineNo", product_id AS "productId", code, name, quantity,
        total_minor AS "totalMinor", vat_basis_points AS "vatBasisPoints"
      FROM sale_line
      WHERE org_id = ${org} AND sale_id = ${saleId}
      ORDER BY line_no
    `,
    tx<(Pick<Refund, 'taxes' | 'tenders'> & { id: string })[]>`
      SELECT id, taxes, tenders FROM refund WHERE org_id = ${org} AND sale_id = ${saleId} ORDER BY id
    `,
    tx<(Refund['lines'][number] & { refundId: string })[]>`
      SELECT line.refund_id AS "refundId", line.line_no AS "lineNo", line.quantity,
        line.total_minor AS "totalMinor"
      FROM refund
      JOIN refund_line AS line ON line.org_id = refund.org_id AND line.refund_id = refund.id
      WHERE refund.org_id = ${org} AND refund.sale_id = ${saleId}
      ORDER BY line.refund_id, line.line_no
    `,
  ])
  const [sale] = sales
  if (sale === undefined) return undefined
  return {
    ...sale,
    lines,
    refunds: refunds.map(({ id, taxes, tenders = [] }) => ({
      taxes,
      tenders,
      lines: refundLines.filter(({ refundId }) => refundId === id),
    })),
  }
}
