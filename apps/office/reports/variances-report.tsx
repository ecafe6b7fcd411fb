import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { VarianceRow } from '@tillkeeper/client/api/report-shapes.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { chartValuesMin, controlLimits, isOutside } from '@tillkeeper/core/verify/control-chart.ts'
import { SelectField } from '@tillkeeper/ui/form/field.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { plainMoney } from '@tillkeeper/ui/money/format-money.ts'
import { VarianceText } from '@tillkeeper/ui/money/variance-text.tsx'
import { formatDay } from '@tillkeeper/ui/time/format-time.ts'
import { TriangleAlert } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries, type ReportDays } from '../api/queries.ts'
import { describeReason } from '../evening/describe-evening.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { groupByCurrency } from './group-days.ts'
import { PlotCanvas, type PlotLine } from './plot-canvas.tsx'
import { Report, type ReportColumn } from './report-table.tsx'

/** Each count in its turn against what is usual: what lies outside the limits is no chance. */
export function VariancesReport({ asked }: { readonly asked: ReportDays }) {
  const t = useText()
  const { api } = useClients()
  const reply = useQuery(queries(api).variances(asked))
  const [staff, setStaff] = useState('')
  return (
    <Answer asked={reply}>
      {({ items }) => {
        const people = [...new Map(items.map((row) => [row.staffId, row.staffName]))]
        const own = staff === '' ? items : items.filter(({ staffId }) => staffId === staff)
        return (
          <>
            <div className="max-w-72 px-5 py-4">
              <SelectField
                label={t('report.person')}
                value={staff}
                onChange={(event) => setStaff(event.target.value)}
                choices={[
                  { value: '', label: t('report.everybody') },
                  ...people.map(([value, label]) => ({ value, label })),
                ]}
              />
            </div>
            {groupByCurrency(own).map(({ currency, rows }) => (
              <VariancesOfCurrency key={currency} currency={currency} rows={rows} asked={asked} />
            ))}
            {own.length === 0 && (
              <p className="px-5 text-small text-ink-soft">{t('report.none')}</p>
            )}
          </>
        )
      }}
    </Answer>
  )
}

function VariancesOfCurrency({
  currency,
  rows,
  asked,
}: {
  readonly currency: Currency
  readonly rows: readonly VarianceRow[]
  readonly asked: ReportDays
}) {
  const t = useText()
  const [language] = useLanguage()
  const limits = useMemo(() => controlLimits(rows.map((row) => row.varianceMinor)), [rows])
  const labels = useMemo(
    () => rows.map((row) => formatDay(row.businessDate, 'short', language)),
    [rows, language],
  )
  const lines = useMemo((): readonly PlotLine[] => {
    const level = (value: number) => rows.map(() => value)
    return [
      { values: rows.map((row) => row.varianceMinor), look: 'accent' },
      ...(limits === undefined
        ? []
        : [
            { values: level(limits.centre), look: 'ink' as const },
            { values: level(limits.upper), look: 'limit' as const },
            { values: level(limits.lower), look: 'limit' as const },
          ]),
    ]
  }, [rows, limits])
  const columns: readonly ReportColumn<VarianceRow>[] = [
    {
      ...{ name: t('report.day'), csvName: 'business_date' },
      cell: (row) => (
        <Link to="/tills/$sessionId" params={{ sessionId: row.sessionId }} className="text-ink">
          {formatDay(row.businessDate, 'short', language)}
        </Link>
      ),
      csv: (row) => row.businessDate,
    },
    {
      ...{ name: t('report.till'), csvName: 'till' },
      cell: (row) => t('till.number', { number: row.tillNumber }),
      csv: (row) => String(row.tillNumber),
    },
    {
      ...{ name: t('report.person'), csvName: 'staff' },
      cell: (row) => row.staffName,
      csv: (row) => row.staffName,
    },
    {
      ...{ name: t('report.variance'), csvName: 'variance', align: 'right' },
      cell: (row) => (
        <span className="inline-flex items-center gap-2">
          {isOutside(row.varianceMinor, limits) && (
            <TriangleAlert
              role="img"
              aria-label={t('report.outside')}
              size={15}
              className="text-warn"
            />
          )}
          <VarianceText amount={row.varianceMinor} currency={currency} />
        </span>
      ),
      csv: (row) => plainMoney(row.varianceMinor, currency),
    },
    {
      ...{ name: t('report.reasons'), csvName: 'reasons' },
      cell: (row) => row.reasons.map((reason) => t(describeReason(reason))).join(', '),
      csv: (row) => row.reasons.join(' '),
    },
    {
      ...{ name: t('session.verified'), csvName: 'verified' },
      cell: (row) => (row.verified ? t('session.verified') : '–'),
      csv: (row) => (row.verified ? 'yes' : 'no'),
    },
  ]
  const total = minor(rows.reduce((all, row) => all + row.varianceMinor, 0))
  return (
    <>
      <Report
        title={`${t('report.variances')} · ${currency}`}
        note={
          limits === undefined
            ? t('report.tooFew', { count: chartValuesMin })
            : t('report.variances.note', {
                lower: plainMoney(minor(limits.lower), currency),
                upper: plainMoney(minor(limits.upper), currency),
              })
        }
        file={`variances-${asked.from}-${asked.to}-${currency}`}
        columns={columns}
        rows={rows}
        rowKey={(row) => `${row.sessionId} ${row.closedAt}`}
        plot={<PlotCanvas labels={labels} lines={lines} currency={currency} />}
      />
      <p className="m-0 px-5 pb-4 text-small">
        {t('report.total')}: <VarianceText amount={total} currency={currency} unit="show" />
      </p>
    </>
  )
}
