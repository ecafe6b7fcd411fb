import type { AttemptRecord } from '@tillkeeper/client/api/recycler-shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { plainMoney } from '@tillkeeper/ui/money/format-money.ts'
import type { Places } from '../shell/use-places.ts'
import { writeCsv } from '../table/csv.ts'

/** What a machine did, for a spreadsheet. Heads and forms are the same in every language. */
export function attemptsCsv(
  rows: readonly AttemptRecord[],
  { shopName, tillNumber }: Pick<Places, 'shopName' | 'tillNumber'>,
): string {
  const head = [
    ...['business_date', 'started_at', 'ended_at', 'shop', 'till', 'person', 'work', 'currency'],
    ...['asked', 'in', 'out', 'in_pieces', 'out_pieces', 'ending', 'code', 'resolved_by', 'reason'],
    ...['seq_no', 'attempt_id'],
  ]
  const list = rows.map((row) => {
    const { work, currency } = row
    const money = (cash: AttemptRecord['in']) =>
      cash === null ? '' : plainMoney(cash.minor, currency)
    const asked = 'amountMinor' in work ? plainMoney(minor(work.amountMinor), currency) : ''
    return [
      ...[row.businessDate, row.startedAt ?? '', row.endedAt ?? '', shopName(row.shopId)],
      ...[row.tillId === null ? '' : tillNumber(row.tillId), row.staffName, work.kind, currency],
      ...[asked, money(row.in), money(row.out), listPieces(row.in), listPieces(row.out)],
      ...[row.ending ?? '', row.code ?? '', row.resolved?.staffName ?? ''],
      ...[row.resolved?.reason ?? '', row.seqNo ?? '', row.attemptId],
    ]
  })
  return writeCsv([head, ...list])
}

/** Pieces in one cell: `2×100.00 1×20.00`. */
function listPieces(cash: AttemptRecord['in']): string {
  return (cash?.pieces ?? [])
    .map(
      ({ faceMinor, pieces }) =>
        `${pieces}×${cash === null ? '' : plainMoney(faceMinor, cash.currency)}`,
    )
    .join(' ')
}
