import type { SaleRow } from '@tillkeeper/client/api/shapes.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { plainMoney } from '@tillkeeper/ui/money/format-money.ts'
import { writeCsv } from '../table/csv.ts'
import { cashIn, cashOut } from './sales-columns.tsx'

type Names = {
  readonly shopName: (shopId: string) => string
  readonly tillNumber: (tillId: string) => string
}

/** The list of sales for a spreadsheet. Heads and forms are the same in every language. */
export function salesCsv(rows: readonly SaleRow[], { shopName, tillNumber }: Names): string {
  const head = [
    'kind',
    'receipt_number',
    'business_date',
    'occurred_at',
    'shop',
    'till',
    'staff',
    'lines',
    'methods',
    'currency',
    'total',
    'cash_in',
    'cash_out',
    'id',
  ]
  return writeCsv([
    head,
    ...rows.map((row) => [
      row.kind,
      row.receiptNumber,
      row.businessDate,
      row.occurredAt,
      shopName(row.shopId),
      tillNumber(row.tillId),
      row.staffName,
      String(row.lineCount),
      row.methods.join(' '),
      row.currency,
      plainMoney(row.totalMinor, row.currency),
      writePieces(cashIn(row), row.currency),
      writePieces(cashOut(row), row.currency),
      row.id,
    ]),
  ])
}

/** `2x100.00 1x20.00`. */
function writePieces(pieces: Pieces, currency: Currency): string {
  return pieces.map((row) => `${row.pieces}x${plainMoney(row.faceMinor, currency)}`).join(' ')
}
