import type { ExpenseView } from '@tillkeeper/client/api/expense-shapes.ts'
import { plainMoney } from '@tillkeeper/ui/money/format-money.ts'
import { writeCsv } from '../table/csv.ts'

/** The list of expenses for a spreadsheet. Heads and forms are the same in every language. */
export function expensesCsv(
  rows: readonly ExpenseView[],
  shopName: (shopId: string) => string,
): string {
  const head = [
    ...['business_date', 'requested_at', 'shop', 'category', 'purpose', 'recipient', 'person'],
    ...['state', 'currency', 'asked', 'paid', 'spent', 'returned', 'difference', 'answered_by'],
    ...['receipt_photo', 'no_receipt', 'id'],
  ]
  const list = rows.map((row) => {
    const { answer, payment, settlement, currency } = row
    const money = (amount: Parameters<typeof plainMoney>[0] | undefined) =>
      amount === undefined ? '' : plainMoney(amount, currency)
    return [
      ...[row.businessDate, row.requestedAt, shopName(row.shopId), row.categoryName, row.purpose],
      ...[row.recipient, row.staffName, row.state, currency, money(row.amountMinor)],
      ...[money(payment?.amountMinor), money(settlement?.spentMinor)],
      ...[money(settlement?.returnedMinor), money(settlement?.varianceMinor)],
      ...[answer?.approverName ?? '', settlement?.photoId ?? '', settlement?.noReceipt ?? ''],
      row.id,
    ]
  })
  return writeCsv([head, ...list])
}
