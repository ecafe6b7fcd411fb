import { createColumnHelper } from '@tanstack/react-table'
import type { AttemptRecord } from '@tillkeeper/client/api/recycler-shapes.ts'
import { StatusDot } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { DateText, DayText } from '@tillkeeper/ui/time/date-text.tsx'
import { UserRound } from 'lucide-react'
import type { Places } from '../shell/use-places.ts'
import type { Columns } from '../table/data-table.tsx'
import type { features } from '../table/table-features.ts'
import { describeEnding } from './describe-machine.ts'
import { WorkText } from './work-text.tsx'

const helper = createColumnHelper<typeof features, AttemptRecord>()

/** The columns of a machine's history. */
export function attemptColumns(places: Places): Columns<AttemptRecord> {
  return [...whatColumns(places), ...moneyColumns(places), ...whoColumns(places)]
}

function whatColumns({ t, zone }: Places): Columns<AttemptRecord> {
  return helper.columns([
    helper.accessor(
      ({ startedAt, endedAt, businessDate }) => startedAt ?? endedAt ?? businessDate,
      {
        id: 'startedAt',
        header: t('machine.startedAt'),
        sortFn: 'basic',
        sortDescFirst: true,
        cell: ({ row: { original } }) => {
          const at = original.startedAt ?? original.endedAt
          return at === null ? (
            <DayText day={original.businessDate} />
          ) : (
            <>
              <span className="hidden @xl:inline">
                <DateText instant={at} timeZone={zone(original.shopId)} />
              </span>
              <span className="@xl:hidden">
                <DayText day={original.businessDate} form="short" />{' '}
                <DateText instant={at} timeZone={zone(original.shopId)} form="time" />
              </span>
            </>
          )
        },
      },
    ),
    helper.accessor(({ work }) => work.kind, {
      id: 'work',
      header: t('machine.work'),
      sortFn: 'text',
      cell: ({ row: { original } }) => (
        <WorkText work={original.work} currency={original.currency} isCell />
      ),
    }),
    helper.accessor(({ ending }) => ending ?? '', {
      id: 'ending',
      header: t('machine.ending'),
      sortFn: 'basic',
      cell: ({ row: { original } }) => {
        const look = describeEnding(original.ending)
        return (
          <span data-ending={original.ending ?? ''} className="inline-flex items-center gap-2">
            <StatusDot tone={look.tone} text={t(look.text)} />
            {original.resolved !== null && (
              <UserRound
                size={14}
                role="img"
                aria-label={`${t('machine.resolvedBy')} ${original.resolved.staffName}`}
                className="shrink-0 text-ink-soft"
              />
            )}
          </span>
        )
      },
    }),
  ])
}

function moneyColumns({ t }: Places): Columns<AttemptRecord> {
  const cell = (cash: AttemptRecord['in']) =>
    cash === null || cash.minor === 0 ? (
      <span className="text-ink-faint">–</span>
    ) : (
      <MoneyText amount={cash.minor} currency={cash.currency} unit="hide" />
    )
  return helper.columns([
    helper.accessor((row) => row.in?.minor ?? 0, {
      id: 'in',
      header: t('machine.in'),
      sortFn: 'basic',
      meta: { align: 'right', from: 'tablet' },
      cell: ({ row }) => cell(row.original.in),
    }),
    helper.accessor((row) => row.out?.minor ?? 0, {
      id: 'out',
      header: t('machine.out'),
      sortFn: 'basic',
      meta: { align: 'right', from: 'tablet' },
      cell: ({ row }) => cell(row.original.out),
    }),
  ])
}

function whoColumns({ t, tillNumber }: Places): Columns<AttemptRecord> {
  return helper.columns([
    helper.accessor('staffName', {
      header: t('machine.askedBy'),
      sortFn: 'text',
      meta: { from: 'desktop' },
    }),
    helper.accessor(({ tillId }) => (tillId === null ? '' : tillNumber(tillId)), {
      id: 'till',
      header: t('machine.till'),
      sortFn: 'alphanumeric',
      meta: { from: 'desktop', align: 'right' },
      cell: ({ getValue }) => getValue() || <span className="text-ink-faint">–</span>,
    }),
    helper.accessor(({ code }) => code ?? '', {
      id: 'code',
      header: t('machine.code'),
      sortFn: 'alphanumeric',
      meta: { from: 'wide' },
      cell: ({ getValue }) => <span className="font-mono text-[0.9em]">{getValue()}</span>,
    }),
  ])
}
