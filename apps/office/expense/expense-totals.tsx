import { useQuery } from '@tanstack/react-query'
import type { ExpenseTotal, ExpenseTotalsBy } from '@tillkeeper/client/api/expense-shapes.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { plainMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { VarianceText } from '@tillkeeper/ui/money/variance-text.tsx'
import { formatDay } from '@tillkeeper/ui/time/format-time.ts'
import { useMemo } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries, type ReportDays } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { groupByCurrency } from '../reports/group-days.ts'
import { PlotCanvas } from '../reports/plot-canvas.tsx'
import { Report, type ReportColumn } from '../reports/report-table.tsx'
import { Answer } from '../shell/answer.tsx'

/** What expenses come to by category, person or day: spent, missing, and still out. */
export function ExpenseTotals({
  by,
  asked,
}: {
  readonly by: ExpenseTotalsBy
  readonly asked: ReportDays
}) {
  const t = useText()
  const { api } = useClients()
  const reply = useQuery(queries(api).expenseTotals(by, asked))
  return (
    <Answer asked={reply}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="m-0 border-t border-line px-5 py-4 text-small text-ink-soft">
            {t('expense.none')}
          </p>
        ) : (
          groupByCurrency(items).map(({ currency, rows }) => (
            <OfCurrency key={currency} {...{ by, asked, currency, rows }} />
          ))
        )
      }
    </Answer>
  )
}

function OfCurrency({
  by,
  asked,
  currency,
  rows,
}: {
  readonly by: ExpenseTotalsBy
  readonly asked: ReportDays
  readonly currency: Currency
  readonly rows: readonly ExpenseTotal[]
}) {
  const t = useText()
  const [language] = useLanguage()
  const nameOf = (row: ExpenseTotal) =>
    by === 'day' ? formatDay(row.key, 'short', language) : row.name
  const money = (amount: Minor) => <MoneyText amount={amount} currency={currency} unit="hide" />
  const columns: readonly ReportColumn<ExpenseTotal>[] = [
    {
      ...{ name: t(`expense.view.${by}`), csvName: by },
      cell: nameOf,
      csv: (row) => (by === 'day' ? row.key : row.name),
    },
    {
      ...{ name: t('expense.settledCount'), csvName: 'settled', align: 'right' },
      cell: (row) => row.settled,
      csv: (row) => String(row.settled),
    },
    {
      ...{ name: t('expense.spent'), csvName: 'spent', align: 'right' },
      cell: (row) => money(row.spentMinor),
      csv: (row) => plainMoney(row.spentMinor, currency),
    },
    {
      ...{ name: t('expense.difference'), csvName: 'difference', align: 'right' },
      cell: (row) => <VarianceText amount={row.varianceMinor} currency={currency} />,
      csv: (row) => plainMoney(row.varianceMinor, currency),
    },
    {
      ...{ name: t('expense.stillOut'), csvName: 'out', align: 'right' },
      cell: (row) => money(row.openMinor),
      csv: (row) => plainMoney(row.openMinor, currency),
    },
  ]
  const days = useMemo(() => fillDays(rows, asked), [rows, asked])
  const labels = useMemo(
    () => days.map(({ day }) => formatDay(day, 'short', language)),
    [days, language],
  )
  const lines = useMemo(
    () => [{ values: days.map(({ spentMinor }) => spentMinor), look: 'accent' as const }],
    [days],
  )
  const total = minor(rows.reduce((all, { spentMinor }) => all + spentMinor, 0))
  const plot =
    by === 'day' ? (
      <PlotCanvas labels={labels} lines={lines} currency={currency} />
    ) : (
      <Bars {...{ rows, currency }} />
    )
  return (
    <Report
      title={`${t('expense.spent')} · ${currency} ${plainMoney(total, currency)}`}
      file={`expenses-${by}-${asked.from}-${asked.to}-${currency}`}
      columns={columns}
      rows={rows}
      rowKey={({ key }) => key}
      plot={plot}
    />
  )
}

/** One bar for each, the longest first: how much of the whole is whose. */
function Bars({
  rows,
  currency,
}: {
  readonly rows: readonly ExpenseTotal[]
  readonly currency: Currency
}) {
  const longest = Math.max(1, ...rows.map(({ spentMinor }) => spentMinor))
  return (
    <ul className="m-0 list-none px-3 py-1">
      {rows.map(({ key, name, spentMinor }) => (
        <li
          key={key}
          className="grid grid-cols-[minmax(6rem,12rem)_minmax(0,1fr)_8rem] items-center gap-3 py-1 text-small leading-[1.5]"
        >
          <span className="truncate">{name}</span>
          <span className="h-4 rounded-sm bg-sunken">
            <span
              className="block h-full rounded-sm bg-accent"
              style={{ width: `${(100 * Math.max(0, spentMinor)) / longest}%` }}
            />
          </span>
          <span className="text-right">
            <MoneyText amount={spentMinor} currency={currency} unit="hide" />
          </span>
        </li>
      ))}
    </ul>
  )
}

const dayMs = 86_400_000

// A day without expenses is a day on the axis too.
function fillDays(rows: readonly ExpenseTotal[], { from, to }: ReportDays) {
  const spent = new Map(rows.map(({ key, spentMinor }) => [key, spentMinor]))
  const days: { readonly day: string; readonly spentMinor: number }[] = []
  for (let ms = Date.parse(from); ms <= Date.parse(to); ms += dayMs) {
    const day = new Date(ms).toISOString().slice(0, 10)
    days.push({ day, spentMinor: spent.get(day) ?? 0 })
  }
  return days
}
