import { useQuery } from '@tanstack/react-query'
import type { FundReport } from '@tillkeeper/client/api/report-shapes.ts'
import type { Day } from '@tillkeeper/core/base/instant.ts'
import { sumHeld } from '@tillkeeper/core/fund/report-funds.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { SelectField } from '@tillkeeper/ui/form/field.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { plainMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { VarianceText } from '@tillkeeper/ui/money/variance-text.tsx'
import { formatDay } from '@tillkeeper/ui/time/format-time.ts'
import { useMemo, useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries, type ReportDays } from '../api/queries.ts'
import type { OfficeKey } from '../messages/en.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { addDays } from '../shell/scope.ts'
import { groupByCurrency } from './group-days.ts'
import { PlotCanvas } from './plot-canvas.tsx'
import { Report, type ReportColumn } from './report-table.tsx'

/** What people were given of the change, gave back, owe and hold: of each together, and day by day. */
export function FundsReport({ asked }: { readonly asked: ReportDays }) {
  const t = useText()
  const { api } = useClients()
  const reply = useQuery(queries(api).fundReport(asked))
  const [staff, setStaff] = useState('')
  return (
    <Answer asked={reply}>
      {(report) => {
        const names = [...new Map(report.people.map((row) => [row.staffId, row.staffName]))]
        const isShown = ({ staffId }: { staffId: string }) => staff === '' || staffId === staff
        const people = report.people.filter(isShown)
        return (
          <>
            <div className="max-w-72 px-5 py-4">
              <SelectField
                label={t('report.person')}
                value={staff}
                onChange={(event) => setStaff(event.target.value)}
                choices={[
                  { value: '', label: t('report.everybody') },
                  ...names.map(([value, label]) => ({ value, label })),
                ]}
              />
            </div>
            {groupByCurrency(people).map(({ currency, rows }) => (
              <FundsOfCurrency
                key={currency}
                currency={currency}
                people={rows}
                days={report.days.filter((day) => isShown(day) && day.currency === currency)}
                asked={asked}
              />
            ))}
            {people.length === 0 && (
              <p className="px-5 text-small text-ink-soft">{t('report.none')}</p>
            )}
          </>
        )
      }}
    </Answer>
  )
}

type Person = FundReport['people'][number]
type FundOfDay = FundReport['days'][number]
type Amount = 'issuedMinor' | 'returnedMinor' | 'startMinor' | 'heldMinor'

function FundsOfCurrency({
  currency,
  people,
  days,
  asked,
}: {
  readonly currency: Currency
  readonly people: readonly Person[]
  readonly days: readonly FundOfDay[]
  readonly asked: ReportDays
}) {
  const t = useText()
  const [language] = useLanguage()
  const { from, to } = asked
  const dates = useMemo(() => datesOf({ from, to }), [from, to])
  const labels = useMemo(
    () => dates.map((date) => formatDay(date, 'short', language)),
    [dates, language],
  )
  const lines = useMemo(
    () => [{ values: sumHeld({ people, days }, dates), look: 'accent' as const }],
    [people, days, dates],
  )
  const amount = <Row extends Partial<Record<Amount, Minor>>>(
    field: Amount & keyof Row,
    text: OfficeKey,
    csvName: string,
  ): ReportColumn<Row> => ({
    ...{ name: t(text), csvName, align: 'right' },
    cell: (row) => <MoneyText amount={minor(row[field] ?? 0)} currency={currency} unit="hide" />,
    csv: (row) => plainMoney(minor(row[field] ?? 0), currency),
  })
  const person = <Row extends { staffName: string }>(): ReportColumn<Row> => ({
    ...{ name: t('report.person'), csvName: 'staff' },
    cell: (row) => row.staffName,
    csv: (row) => row.staffName,
  })
  const variance = <Row extends { varianceMinor: Minor }>(): ReportColumn<Row> => ({
    ...{ name: t('report.variance'), csvName: 'variance', align: 'right' },
    cell: (row) =>
      row.varianceMinor === 0 ? (
        '–'
      ) : (
        <VarianceText amount={row.varianceMinor} currency={currency} />
      ),
    csv: (row) => plainMoney(row.varianceMinor, currency),
  })
  const file = `${from}-${to}-${currency}`
  return (
    <>
      <Report
        title={`${t('report.funds')} · ${currency}`}
        file={`funds-${file}`}
        columns={[
          person<Person>(),
          amount<Person>('startMinor', 'report.funds.start', 'held_before'),
          amount<Person>('issuedMinor', 'report.funds.issued', 'issued'),
          amount<Person>('returnedMinor', 'report.funds.returned', 'returned'),
          variance<Person>(),
          amount<Person>('heldMinor', 'report.funds.held', 'held_after'),
        ]}
        rows={people}
        rowKey={(row) => row.staffId}
      />
      <Report
        title={`${t('report.funds.days')} · ${currency}`}
        note={t('report.funds.note')}
        file={`funds-by-day-${file}`}
        columns={[
          {
            ...{ name: t('report.day'), csvName: 'business_date' },
            cell: (day) => formatDay(day.businessDate, 'short', language),
            csv: (day) => day.businessDate,
          },
          person<FundOfDay>(),
          amount<FundOfDay>('issuedMinor', 'report.funds.issued', 'issued'),
          amount<FundOfDay>('returnedMinor', 'report.funds.returned', 'returned'),
          variance<FundOfDay>(),
          amount<FundOfDay>('heldMinor', 'report.funds.held', 'held_after'),
        ]}
        rows={days}
        rowKey={(day) => `${day.businessDate} ${day.staffId}`}
        plot={<PlotCanvas labels={labels} lines={lines} currency={currency} />}
      />
    </>
  )
}

/** Every date, both ends included: change is held on days of which there is nothing to tell. */
function datesOf({ from, to }: { readonly from: Day; readonly to: Day }): readonly Day[] {
  const dates = [from]
  for (let date = from; date < to; ) {
    date = addDays(date, 1)
    dates.push(date)
  }
  return dates
}
