import { useQuery } from '@tanstack/react-query'
import type { CashFlow } from '@tillkeeper/client/api/report-shapes.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { plainMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { formatDay } from '@tillkeeper/ui/time/format-time.ts'
import { useMemo } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries, type ReportDays } from '../api/queries.ts'
import { describeMovement } from '../evening/describe-evening.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { groupByCurrency } from './group-days.ts'
import { PlotCanvas } from './plot-canvas.tsx'
import { Report, type ReportColumn } from './report-table.tsx'

/** Cash into the shops and out of them, by day: what stayed of each day, and what made it. */
export function CashFlowReport({ asked }: { readonly asked: ReportDays }) {
  const { api } = useClients()
  const reply = useQuery(queries(api).cashFlow(asked))
  return (
    <Answer asked={reply}>
      {({ items }) =>
        groupByCurrency(items).map(({ currency, rows }) => (
          <FlowOfCurrency key={currency} currency={currency} rows={rows} asked={asked} />
        ))
      }
    </Answer>
  )
}

/** What a day is broken down into beside its sales; the rest is summed up. */
const flows = [
  ...(['sales', 'machine', 'pay_in', 'pay_out', 'expense', 'deposit', 'change_order'] as const),
] as const

type DayFlow = {
  readonly businessDate: string
  readonly byFlow: ReadonlyMap<string, number>
  readonly net: Minor
}

function FlowOfCurrency({
  currency,
  rows,
  asked,
}: {
  readonly currency: Currency
  readonly rows: readonly CashFlow[]
  readonly asked: ReportDays
}) {
  const t = useText()
  const [language] = useLanguage()
  const days = useMemo(() => sumDays(rows), [rows])
  const labels = useMemo(
    () => days.map((day) => formatDay(day.businessDate, 'short', language)),
    [days, language],
  )
  const lines = useMemo(
    () => [{ values: days.map(({ net }) => net), look: 'accent' as const }],
    [days],
  )
  const money = (value: number) => (
    <MoneyText amount={minor(value)} currency={currency} unit="hide" sign="always" />
  )
  const nameOf = (flow: (typeof flows)[number]) =>
    flow === 'machine' ? t('method.machine') : t(describeMovement(flow === 'sales' ? 'sale' : flow))
  const other = (day: DayFlow) =>
    day.net - flows.reduce((all, flow) => all + (day.byFlow.get(flow) ?? 0), 0)
  const columns: readonly ReportColumn<DayFlow>[] = [
    {
      ...{ name: t('report.day'), csvName: 'business_date' },
      cell: (day) => formatDay(day.businessDate, 'short', language),
      csv: (day) => day.businessDate,
    },
    ...flows.map((flow) => ({
      ...{ name: nameOf(flow), csvName: flow },
      align: 'right' as const,
      cell: (day: DayFlow) => money(day.byFlow.get(flow) ?? 0),
      csv: (day: DayFlow) => plainMoney(minor(day.byFlow.get(flow) ?? 0), currency),
    })),
    {
      ...{ name: t('report.otherFlows'), csvName: 'other', align: 'right' },
      cell: (day) => money(other(day)),
      csv: (day) => plainMoney(minor(other(day)), currency),
    },
    {
      ...{ name: t('report.net'), csvName: 'net', align: 'right' },
      cell: (day) => <span className="font-semibold">{money(day.net)}</span>,
      csv: (day) => plainMoney(day.net, currency),
    },
  ]
  return (
    <Report
      title={`${t('report.cash-flow')} · ${currency}`}
      note={t('report.cash-flow.note')}
      file={`cash-flow-${asked.from}-${asked.to}-${currency}`}
      columns={columns}
      rows={days}
      rowKey={(day) => day.businessDate}
      plot={<PlotCanvas labels={labels} lines={lines} currency={currency} />}
    />
  )
}

function sumDays(rows: readonly CashFlow[]): readonly DayFlow[] {
  const days = new Map<string, Map<string, number>>()
  for (const { businessDate, flow, amountMinor } of rows) {
    const byFlow = days.get(businessDate) ?? new Map<string, number>()
    byFlow.set(flow, amountMinor)
    days.set(businessDate, byFlow)
  }
  return [...days].map(([businessDate, byFlow]) => ({
    businessDate,
    byFlow,
    net: minor([...byFlow.values()].reduce((all, value) => all + value, 0)),
  }))
}
