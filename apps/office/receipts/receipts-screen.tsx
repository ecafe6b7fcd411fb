import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Document, DocumentStatistics } from '@tillkeeper/client/api/document-shapes.ts'
import { exponentOf } from '@tillkeeper/core/money/currency.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Field, SelectField } from '@tillkeeper/ui/form/field.tsx'
import { readEntry } from '@tillkeeper/ui/keypad/amount-entry.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { plainMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { formatDay } from '@tillkeeper/ui/time/format-time.ts'
import { Download, TriangleAlert } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { useClients, useMay } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { describeMovement } from '../evening/describe-evening.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { PageHead, Section } from '../shell/page-head.tsx'
import { useEmployees, useScope, useTimeZone, useTodayDate } from '../shell/use-scope.ts'
import { saveCsv, writeCsv } from '../table/csv.ts'
import { MovementPaper } from './movement-paper.tsx'

/** The kinds of paper that are asked for by name; the others are found among all. */
const kinds = [
  'sale',
  'refund',
  'void',
  'pay_in',
  'pay_out',
  'drop',
  'top_up',
  'deposit',
  'expense',
]
/** Amounts are typed in the shops' currency; almost every chain has one. */
const typedIn = 'THB' as Currency

/** Every paper of a day: found by number, amount, person and kind, counted, and opened. */
export function ReceiptsScreen() {
  const t = useText()
  const { shop, date } = useScope()
  const today = useTodayDate()
  const day = date ?? today
  const [number, setNumber] = useState('')
  // What is typed is asked for when the hand rests.
  const slowNumber = useDeferredValue(number)
  const [amount, setAmount] = useState('')
  const [kind, setKind] = useState('')
  const [staff, setStaff] = useState('')
  const people = useEmployees()
  const minor = readEntry(amount.trim().replaceAll(',', ''), exponentOf(typedIn))
  // A whole number is looked for on every day; all else on the one that is looked at.
  const isWhole = /^RCP-[0-9]{6}-[0-9]{6,}$/i.test(slowNumber.trim())
  const filter = {
    ...{ shopId: shop, kind: kind || undefined, staffId: staff || undefined },
    number: slowNumber.trim() || undefined,
    ...(amount.trim() !== '' && minor !== undefined && { minMinor: minor, maxMinor: minor }),
    ...(!isWhole && { from: day, to: day }),
  }
  return (
    <>
      <PageHead title={t('page.receipts')} />
      <div className="grid grid-cols-2 gap-3 border-t border-line bg-surface px-5 py-3 lg:grid-cols-4">
        <Field
          label={t('receipts.number')}
          value={number}
          spellCheck={false}
          placeholder="RCP-…"
          onChange={(event) => setNumber(event.target.value)}
        />
        <Field
          label={t('receipts.amount')}
          value={amount}
          inputMode="decimal"
          onChange={(event) => setAmount(event.target.value)}
        />
        <SelectField
          label={t('receipts.kind')}
          value={kind}
          onChange={(event) => setKind(event.target.value)}
          choices={[
            { value: '', label: t('receipts.all') },
            ...kinds.map((value) => ({ value, label: t(describeMovement(value)) })),
          ]}
        />
        <SelectField
          label={t('report.person')}
          value={staff}
          onChange={(event) => setStaff(event.target.value)}
          choices={[
            { value: '', label: t('report.everybody') },
            ...people.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      </div>
      <Statistics day={day} shopId={shop} />
      <Papers filter={filter} name={`receipts-${day}.csv`} />
    </>
  )
}

function Statistics({
  day,
  shopId,
}: {
  readonly day: string
  readonly shopId: string | undefined
}) {
  const { api } = useClients()
  const may = useMay()
  const asked = useQuery({
    ...queries(api).documentStatistics({ from: day, to: day, shopId }),
    enabled: may('report.read'),
  })
  return asked.data === undefined ? null : <StatisticsLine statistics={asked.data} />
}

function StatisticsLine({ statistics }: { readonly statistics: DocumentStatistics }) {
  const t = useText()
  const [language] = useLanguage()
  return (
    <div className="flex flex-wrap gap-x-6 gap-y-1 border-t border-line bg-surface px-5 py-3 text-small">
      {statistics.kinds.map(({ kind, currency, count, totalMinor, copies }) => (
        <span key={`${kind} ${currency}`}>
          <span className="text-ink-soft">{t(describeMovement(kind))}</span> {count}
          {' · '}
          <MoneyText amount={totalMinor} currency={currency} />
          {copies > 0 && (
            <span className="text-ink-soft"> · {t('receipts.copies', { count: copies })}</span>
          )}
        </span>
      ))}
      {statistics.gaps.map((gap) => (
        <span
          key={`${gap.shopId} ${gap.tillNumber} ${gap.businessDate}`}
          className="flex items-center gap-1 text-warn"
        >
          <TriangleAlert aria-hidden="true" size={15} />
          {t('receipts.gap', {
            till: gap.tillNumber,
            day: formatDay(gap.businessDate, 'short', language),
            count: gap.missing,
          })}
        </span>
      ))}
    </div>
  )
}

type Filter = Parameters<ReturnType<typeof queries>['documents']>[0]

function Papers({ filter, name }: { readonly filter: Filter; readonly name: string }) {
  const t = useText()
  const { api } = useClients()
  const asked = useInfiniteQuery(queries(api).documents(filter))
  const rows = asked.data?.pages.flatMap(({ items }) => items) ?? []
  const save = () => saveCsv(name, documentsCsv(rows))
  return (
    <Answer asked={{ ...asked, data: asked.data }}>
      {() => (
        <Section
          title={t('receipts.papers')}
          className="flex-1"
          action={
            <Button look="quiet" onClick={save} icon={<Download aria-hidden="true" size={16} />}>
              CSV
            </Button>
          }
        >
          {rows.length === 0 ? (
            <p className="m-0 px-5 pb-6 text-small text-ink-soft">{t('report.none')}</p>
          ) : (
            <PaperRows rows={rows} />
          )}
          {asked.hasNextPage && (
            <div className="px-5 py-3">
              <Button
                disabled={asked.isFetchingNextPage}
                onClick={() => void asked.fetchNextPage()}
              >
                {t('receipts.more')}
              </Button>
            </div>
          )}
        </Section>
      )}
    </Answer>
  )
}

function PaperRows({ rows }: { readonly rows: readonly Document[] }) {
  const t = useText()
  const navigate = useNavigate()
  const zone = useTimeZone()
  const [shown, setShown] = useState<Document>()
  const open = (row: Document) => {
    if (row.kind === 'sale') void navigate({ to: '/sales/$saleId', params: { saleId: row.id } })
    else if (row.kind === 'refund' || row.kind === 'void') {
      void navigate({ to: '/refunds/$refundId', params: { refundId: row.id } })
    } else setShown(row)
  }
  return (
    <ul className="m-0 list-none p-0">
      {shown !== undefined && (
        <li>
          <MovementPaper
            id={shown.id}
            title={shown.number ?? t(describeMovement(shown.kind))}
            onClose={() => setShown(undefined)}
          />
        </li>
      )}
      {rows.map((row) => (
        <li key={row.key} className="border-t border-line">
          <button
            type="button"
            onClick={() => open(row)}
            className="grid w-full grid-cols-[4rem_minmax(0,1fr)_auto] items-baseline gap-x-3 px-5 py-2 text-left text-small hover:bg-hover sm:grid-cols-[4rem_11rem_minmax(0,1fr)_auto]"
          >
            <DateText instant={row.occurredAt} timeZone={zone(row.shopId)} form="time" />
            <span className="font-medium">{row.number ?? t(describeMovement(row.kind))}</span>
            <span className="col-start-2 min-w-0 truncate text-ink-soft sm:col-start-auto">
              {[
                ...(row.number === null ? [] : [t(describeMovement(row.kind))]),
                row.staffName,
                row.note,
              ]
                .filter((text) => text !== '')
                .join(' · ')}
              {row.copies > 0 && ` · ${t('receipts.copies', { count: row.copies })}`}
            </span>
            <span className="col-start-3 row-start-1 text-right sm:col-start-auto sm:row-start-auto">
              <MoneyText amount={row.totalMinor} currency={row.currency} unit="hide" />
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}

function documentsCsv(rows: readonly Document[]): string {
  return writeCsv([
    [
      'kind',
      'number',
      'business_date',
      'occurred_at',
      'staff',
      'currency',
      'total',
      'copies',
      'note',
      'id',
    ],
    ...rows.map((row) => [
      row.kind,
      row.number ?? '',
      row.businessDate,
      row.occurredAt,
      row.staffName,
      row.currency,
      plainMoney(row.totalMinor, row.currency),
      String(row.copies),
      row.note,
      row.id,
    ]),
  ])
}
