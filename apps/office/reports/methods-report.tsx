import { useQuery } from '@tanstack/react-query'
import type { MethodsOfDay } from '@tillkeeper/client/api/report-shapes.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { plainMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { formatDay } from '@tillkeeper/ui/time/format-time.ts'
import { useMemo } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries, type ReportDays } from '../api/queries.ts'
import type { OfficeKey } from '../messages/en.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { groupByCurrency } from './group-days.ts'
import { PlotCanvas } from './plot-canvas.tsx'
import { Report, type ReportColumn } from './report-table.tsx'

type Field = 'cashMinor' | 'cardMinor' | 'bankTransferMinor' | 'promptpayMinor' | 'machineMinor'
const methods: readonly {
  readonly field: Field
  readonly csv: string
  readonly text: OfficeKey
}[] = [
  { field: 'cashMinor', csv: 'cash', text: 'method.cash' },
  { field: 'cardMinor', csv: 'card', text: 'method.card' },
  { field: 'bankTransferMinor', csv: 'bank_transfer', text: 'method.bankTransfer' },
  { field: 'promptpayMinor', csv: 'promptpay', text: 'method.promptpay' },
  { field: 'machineMinor', csv: 'machine', text: 'method.machine' },
]

/** How sales less refunds were paid, by day: cash against all of it. */
export function MethodsReport({ asked }: { readonly asked: ReportDays }) {
  const { api } = useClients()
  const reply = useQuery(queries(api).methods(asked))
  return (
    <Answer asked={reply}>
      {({ items }) =>
        groupByCurrency(items).map(({ currency, rows }) => (
          <MethodsOfCurrency key={currency} currency={currency} rows={rows} asked={asked} />
        ))
      }
    </Answer>
  )
}

const totalOf = (day: MethodsOfDay) => methods.reduce((all, { field }) => all + day[field], 0)

function MethodsOfCurrency({
  currency,
  rows,
  asked,
}: {
  readonly currency: Currency
  readonly rows: readonly MethodsOfDay[]
  readonly asked: ReportDays
}) {
  const t = useText()
  const [language] = useLanguage()
  const labels = useMemo(
    () => rows.map((day) => formatDay(day.businessDate, 'short', language)),
    [rows, language],
  )
  const lines = useMemo(
    () => [
      { values: rows.map(totalOf), look: 'ink' as const },
      { values: rows.map((day) => day.cashMinor), look: 'accent' as const },
    ],
    [rows],
  )
  const columns: readonly ReportColumn<MethodsOfDay>[] = [
    {
      ...{ name: t('report.day'), csvName: 'business_date' },
      cell: (day) => formatDay(day.businessDate, 'short', language),
      csv: (day) => day.businessDate,
    },
    {
      ...{ name: t('report.sales'), csvName: 'sales', align: 'right' },
      cell: (day) => day.sales,
      csv: (day) => String(day.sales),
    },
    ...methods.map(({ field, csv, text }) => ({
      ...{ name: t(text), csvName: csv, align: 'right' as const },
      cell: (day: MethodsOfDay) => (
        <MoneyText amount={minor(day[field])} currency={currency} unit="hide" />
      ),
      csv: (day: MethodsOfDay) => plainMoney(minor(day[field]), currency),
    })),
    {
      ...{ name: t('report.total'), csvName: 'total', align: 'right' },
      cell: (day) => (
        <span className="font-semibold">
          <MoneyText amount={minor(totalOf(day))} currency={currency} unit="hide" />
        </span>
      ),
      csv: (day) => plainMoney(minor(totalOf(day)), currency),
    },
  ]
  return (
    <Report
      title={`${t('report.methods')} · ${currency}`}
      note={t('report.methods.note')}
      file={`methods-${asked.from}-${asked.to}-${currency}`}
      columns={columns}
      rows={rows}
      rowKey={(day) => day.businessDate}
      plot={<PlotCanvas labels={labels} lines={lines} currency={currency} />}
    />
  )
}
