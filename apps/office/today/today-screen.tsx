import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Today } from '@tillkeeper/client/api/shapes.ts'
import { localTimeOf } from '@tillkeeper/core/base/instant.ts'
import type { Minor } from '@tillkeeper/core/money/money.ts'
import { EmptyState, Skeleton } from '@tillkeeper/ui/feedback/states.tsx'
import { StatTile } from '@tillkeeper/ui/figure/stat-tile.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { CountText } from '@tillkeeper/ui/quantity/quantity-text.tsx'
import { formatDay, formatWeekday } from '@tillkeeper/ui/time/format-time.ts'
import { Store } from 'lucide-react'
import type { ReactNode } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { MachineAlertLine } from '../machines/machine-alert-line.tsx'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { readScope } from '../shell/scope.ts'
import { useScope, useTills, useTodayDate } from '../shell/use-scope.ts'
import { ChangeText } from './change-text.tsx'
import { Feed } from './feed.tsx'
import {
  addHours,
  type Figures,
  type Hours,
  hoursOf,
  type ShopToday,
  sumFigures,
  sumUntil,
  usualHours,
  weeksBefore,
} from './figures.ts'
import { HoursPlot } from './hours-plot.tsx'
import { ShopsTable } from './shops-table.tsx'

/** The usual is made of the same weekday in so many weeks before. */
const usualWeeks = 4

/** The day at a glance: four figures, the day's line, each shop, and what just happened. */
export function TodayScreen() {
  const { api } = useClients()
  const { shop, date } = useScope()
  const asked = useQuery(queries(api).today(date))
  return (
    <Answer asked={asked} waiting={<WaitingToday />}>
      {(today) => (
        <TodayView
          today={today}
          shops={today.shops.filter((row) => shop === undefined || row.shop.id === shop)}
        />
      )}
    </Answer>
  )
}

function TodayView({
  today,
  shops,
}: {
  readonly today: Today
  readonly shops: readonly ShopToday[]
}) {
  const t = useText()
  const [language] = useLanguage()
  const { date } = useScope()
  const running = useTodayDate()
  const day = today.businessDate
  const [figures, ...others] = sumFigures(shops)
  const before = useDaysBefore(day, shops)
  const first = shops[0]
  if (figures === undefined || first === undefined) {
    return (
      <EmptyState icon={<Store aria-hidden="true" size={32} />} title={t('today.noShops')}>
        {t('today.noShops.next')}
      </EmptyState>
    )
  }
  const shown = shops.filter(({ shop }) => shop.currency === figures.currency)
  const now = addHours(shown.map(({ day, shop }) => hoursOf(day.hours, shop.timeZone)))
  // A day that is over is held against a whole day; today against the same part of it.
  const clock = localTimeOf(new Date().toISOString(), first.shop.timeZone)
  const until = date === undefined && day === running ? clock : undefined
  const lastWeek = before[0] === undefined ? undefined : sumUntil(before[0], until)
  return (
    <div className="flex flex-1 flex-col">
      <PageHead
        title={formatWeekday(day, 'long', language)}
        note={
          <>
            {formatDay(day, 'day', language)}
            {shops.length > 1 && ` · ${t('today.shops', { count: shops.length })}`}
            {' · '}
            {t('today.receipts', { count: sum(figures, others, ({ sales }) => sales) })}
          </>
        }
      />
      {date === undefined && <MachineAlertLine />}
      <FourFigures {...{ figures, others, day, lastWeek, whole: until === undefined }} />
      <div className="grid flex-1 lg:grid-cols-[minmax(0,1fr)_21rem] xl:grid-cols-[minmax(0,1fr)_23rem]">
        <div className="flex min-w-0 flex-col">
          <HoursPlot
            now={now}
            usual={usualHours(before.filter((hours) => hours !== undefined))}
            currency={figures.currency}
            day={day}
          />
          <ShopsTable shops={shops} day={day} />
        </div>
        <Feed shopIds={shops.map(({ shop }) => shop.id)} />
      </div>
    </div>
  )
}

/** The hours of the same weekday, one to some weeks before; undefined while or where not known. */
function useDaysBefore(day: string, shops: readonly ShopToday[]): readonly (Hours | undefined)[] {
  const { api } = useClients()
  const { shop } = useScope()
  const zones = new Map(shops.map((row) => [row.shop.id, row.shop.timeZone]))
  const currency = sumFigures(shops)[0]?.currency
  const asked = useQueries({
    queries: Array.from({ length: usualWeeks }, (_, week) =>
      queries(api).days(weeksBefore(day, week + 1), shop),
    ),
  })
  return asked.map(({ data }) => {
    if (data === undefined) return undefined
    const days = data.items.filter((row) => row.currency === currency && zones.has(row.shopId))
    return addHours(days.map((row) => hoursOf(row.hours, zones.get(row.shopId) ?? 'UTC')))
  })
}

function FourFigures({
  figures,
  others,
  day,
  lastWeek,
  whole,
}: {
  readonly figures: Figures
  readonly others: readonly Figures[]
  readonly day: string
  readonly lastWeek: Minor | undefined
  readonly whole: boolean
}) {
  const t = useText()
  const [language] = useLanguage()
  const { shop } = useScope()
  const tills = useTills().filter((till) => till.active && (!shop || till.shopId === shop))
  const weekday = formatWeekday(day, 'short', language)
  const { currency } = figures
  const exceptions = sum(figures, others, (row) => row.exceptions)
  return (
    <div className="grid grid-cols-2 divide-line border-t border-line bg-surface max-xl:[&>*:nth-child(n+3)]:border-t max-xl:[&>*]:border-line xl:grid-cols-4 xl:divide-x">
      <StatTile
        name={t('today.sales')}
        figure={<MoneyText amount={figures.netMinor} currency={currency} />}
        note={
          <>
            <ChangeText
              now={figures.netMinor}
              before={lastWeek}
              against={whole ? t('today.against', { weekday }) : t('today.againstNow', { weekday })}
            />
            <MoreCurrencies figures={others} of={({ netMinor }) => netMinor} />
          </>
        }
        action={<Whole to="/sales" label={t('today.sales.open')} />}
      />
      <StatTile
        name={t('today.cash')}
        figure={<MoneyText amount={figures.cashMinor} currency={currency} />}
        note={
          <>
            {t('today.cash.where')}
            <MoreCurrencies figures={others} of={({ cashMinor }) => cashMinor} />
          </>
        }
        action={<Whole to="/cash" label={t('today.cash.open')} />}
      />
      <StatTile
        name={t('today.openTills')}
        figure={<CountText count={sum(figures, others, ({ openTills }) => openTills)} />}
        note={tills.length > 0 ? t('today.openTills.of', { count: tills.length }) : undefined}
        action={<Whole to="/tills" state="open" label={t('today.tills.open')} />}
      />
      <StatTile
        name={t('today.exceptions')}
        figure={
          <span className={exceptions > 0 ? 'text-warn' : undefined}>
            <CountText count={exceptions} />
          </span>
        }
        note={exceptions > 0 ? t('today.exceptions.some') : t('today.exceptions.none')}
        action={<Whole to="/attention" label={t('today.exceptions.open')} />}
      />
    </div>
  )
}

/** The whole tile opens the list behind its figure. */
function Whole({
  to,
  state,
  label,
}: {
  readonly to: '/sales' | '/tills' | '/cash' | '/attention'
  readonly state?: 'open'
  readonly label: string
}) {
  return (
    <Link
      to={to}
      search={(scope) => ({ ...readScope(scope), ...(state !== undefined && { state }) })}
      aria-label={label}
      title={label}
      className="absolute inset-0 -outline-offset-2 hover:bg-ink/3"
    />
  )
}

function MoreCurrencies({
  figures,
  of,
}: {
  readonly figures: readonly Figures[]
  readonly of: (figures: Figures) => Minor
}): ReactNode {
  return figures.map((row) => (
    <span key={row.currency}>
      {' · '}
      <MoneyText amount={of(row)} currency={row.currency} />
    </span>
  ))
}

function sum(first: Figures, others: readonly Figures[], of: (row: Figures) => number): number {
  return others.reduce((all, row) => all + of(row), of(first))
}

function WaitingToday() {
  const t = useText()
  return (
    <div role="status" aria-label={t('ui.loading')} className="flex flex-col">
      <div className="px-5 pt-4 pb-3">
        <Skeleton className="h-7 w-40" />
        <Skeleton className="mt-2 h-4 w-56" />
      </div>
      <div className="grid grid-cols-2 border-t border-line bg-surface xl:grid-cols-4">
        {['sales', 'receipts', 'cash', 'tills'].map((name) => (
          <div key={name} className="flex flex-col gap-2 px-5 py-4">
            <Skeleton className="h-4 w-20" />
            <Skeleton className="h-9 w-36" />
            <Skeleton className="h-4 w-28" />
          </div>
        ))}
      </div>
      <div className="border-t border-line bg-surface p-5">
        <Skeleton className="h-56" />
      </div>
    </div>
  )
}
