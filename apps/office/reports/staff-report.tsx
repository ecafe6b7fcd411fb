import { useQuery } from '@tanstack/react-query'
import type { StaffFigures } from '@tillkeeper/client/api/report-shapes.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { plainMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { VarianceText } from '@tillkeeper/ui/money/variance-text.tsx'
import { useClients } from '../api/clients.tsx'
import { queries, type ReportDays } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { Report, type ReportColumn } from './report-table.tsx'

/** What each person sold, gave back and counted over the days. */
export function StaffReport({ asked }: { readonly asked: ReportDays }) {
  const t = useText()
  const { api } = useClients()
  const reply = useQuery(queries(api).staffFigures(asked))
  const money = (row: StaffFigures, value: number) => (
    <MoneyText amount={minor(value)} currency={row.currency} unit="hide" />
  )
  const average = (row: StaffFigures) =>
    minor(row.sales === 0 ? 0 : Math.round(row.salesMinor / row.sales))
  const columns: readonly ReportColumn<StaffFigures>[] = [
    {
      ...{ name: t('report.person'), csvName: 'staff' },
      cell: (row) => row.staffName,
      csv: (row) => row.staffName,
    },
    {
      ...{ name: t('report.sales'), csvName: 'sales', align: 'right' },
      cell: (row) => row.sales,
      csv: (row) => String(row.sales),
    },
    {
      ...{ name: t('report.sold'), csvName: 'sold', align: 'right' },
      cell: (row) => money(row, row.salesMinor),
      csv: (row) => plainMoney(row.salesMinor, row.currency),
    },
    {
      ...{ name: t('report.average'), csvName: 'average', align: 'right' },
      cell: (row) => money(row, average(row)),
      csv: (row) => plainMoney(average(row), row.currency),
    },
    {
      ...{ name: t('report.refunded'), csvName: 'refunded', align: 'right' },
      cell: (row) => money(row, row.refundsMinor),
      csv: (row) => plainMoney(row.refundsMinor, row.currency),
    },
    {
      ...{ name: t('report.closes'), csvName: 'closes', align: 'right' },
      cell: (row) => row.closes,
      csv: (row) => String(row.closes),
    },
    {
      ...{ name: t('report.variance'), csvName: 'variance', align: 'right' },
      cell: (row) =>
        row.closes === 0 ? (
          '–'
        ) : (
          <VarianceText amount={row.varianceMinor} currency={row.currency} />
        ),
      csv: (row) => plainMoney(row.varianceMinor, row.currency),
    },
  ]
  return (
    <Answer asked={reply}>
      {({ items }) => (
        <Report
          title={t('report.staff')}
          file={`staff-${asked.from}-${asked.to}`}
          columns={columns}
          rows={items}
          rowKey={(row) => `${row.staffId} ${row.currency}`}
        />
      )}
    </Answer>
  )
}
