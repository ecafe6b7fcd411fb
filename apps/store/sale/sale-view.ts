import { minor } from '@tillkeeper/core/money/money.ts'
import type { Sale } from '@tillkeeper/projections/sale/sale-sql.ts'
import type { SaleMade } from './complete-sale.ts'

/** A sale that was made just now, as it is read from the tables ever after. */
export function saleView(
  id: string,
  { body, staffName, occurredAt, businessDate, recordedAt }: SaleMade,
): Sale {
  const { receiptCounter: _, change, changePieces, roundingMinor, ...rest } = body
  const { customerNumber, note, ...sale } = rest
  return {
    id,
    ...sale,
    staffName,
    change: change ?? null,
    changePieces: changePieces ?? null,
    roundingMinor: roundingMinor ?? minor(0),
    customerNumber: customerNumber ?? null,
    note: note ?? '',
    refundedMinor: minor(0),
    refunds: [],
    businessDate,
    occurredAt,
    recordedAt,
  }
}
