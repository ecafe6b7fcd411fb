import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { SortingState } from '@tanstack/react-table'
import type { AttemptRecord, RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { isDay } from '@tillkeeper/core/base/instant.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { SkeletonRows } from '@tillkeeper/ui/feedback/states.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { Download } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useClients } from '../api/clients.tsx'
import type { AttemptsFilter } from '../api/machine-questions.ts'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { Section } from '../shell/page-head.tsx'
import { usePlaces } from '../shell/use-places.ts'
import { useTodayDate } from '../shell/use-scope.ts'
import { saveCsv } from '../table/csv.ts'
import { DataTable } from '../table/data-table.tsx'
import { useReadOn } from '../table/use-read-on.ts'
import { attemptColumns } from './attempt-columns.tsx'
import { attemptsCsv } from './attempts-csv.ts'

const route = getRouteApi('/machines/$machineId')

/** Rows that a file takes. */
const rowsMax = 20_000
const newestFirst: SortingState = [{ id: 'startedAt', desc: true }]
/** The table is as high as its rows, up to this many; then it scrolls by itself. */
const rowsInSight = 12
const rowPx = 40

/** What a machine was asked and did, newest first: by day, to open, and to take away as a file. */
export function AttemptList({
  machine,
  onOpen,
}: {
  readonly machine: RecyclerView
  readonly onOpen: (attemptId: string) => void
}) {
  const t = useText()
  const { api } = useClients()
  const { from, to } = route.useSearch()
  const filter: AttemptsFilter = useMemo(() => ({ from, to }), [from, to])
  const asked = useInfiniteQuery(queries(api).attempts(machine.id, filter))
  const rows = useMemo(() => asked.data?.pages.flatMap(({ items }) => items) ?? [], [asked.data])
  const places = usePlaces()
  const columns = useMemo(() => attemptColumns(places), [places])
  const readOn = useReadOn(asked, rows.length, 'startedAt')
  return (
    <Section
      title={t('machine.history')}
      action={<Days machine={machine} filter={filter} isEmpty={rows.length === 0} />}
    >
      <Answer asked={asked} waiting={<SkeletonRows rows={5} />}>
        {() =>
          rows.length === 0 ? (
            <p className="m-0 px-5 pb-5 text-small text-ink-soft">
              {t(
                from === undefined && to === undefined
                  ? 'machine.history.none'
                  : 'machine.history.noneThen',
              )}
            </p>
          ) : (
            <div
              className="flex flex-col"
              style={{ height: (Math.min(rows.length, rowsInSight) + 1) * rowPx }}
            >
              <DataTable
                label={t('machine.history')}
                columns={columns}
                rows={rows}
                rowKey={({ attemptId }) => attemptId}
                initialSort={newestFirst}
                onSort={readOn.onSort}
                onEnd={readOn.onEnd}
                onOpen={({ attemptId }) => onOpen(attemptId)}
              />
            </div>
          )
        }
      </Answer>
    </Section>
  )
}

/** From which day to which; without them, all days. */
function Days({
  machine,
  filter,
  isEmpty,
}: {
  readonly machine: RecyclerView
  readonly filter: AttemptsFilter
  readonly isEmpty: boolean
}) {
  const t = useText()
  const today = useTodayDate()
  const navigate = route.useNavigate()
  const go = (name: 'from' | 'to', value: string) =>
    void navigate({
      search: (held) => ({ ...held, [name]: isDay(value) ? value : undefined }),
      replace: true,
    })
  return (
    <span className="flex flex-wrap items-end gap-2 pb-2" data-print="hide">
      {(['from', 'to'] as const).map((name) => (
        <span key={name} className="flex items-center gap-2">
          <span aria-hidden="true" className="text-small text-ink-soft">
            {t(`journal.${name}`)}
          </span>
          <Field
            label={t(`journal.${name}`)}
            labelled="hide"
            type="date"
            max={today}
            value={filter[name] ?? ''}
            onChange={({ target }) => go(name, target.value)}
          />
        </span>
      ))}
      {!isEmpty && <SaveButton machine={machine} filter={filter} />}
    </span>
  )
}

/** Reads the whole list, not only what is on the screen, and saves it. */
function SaveButton({
  machine,
  filter,
}: {
  readonly machine: RecyclerView
  readonly filter: AttemptsFilter
}) {
  const t = useText()
  const toast = useToast()
  const { api } = useClients()
  const places = usePlaces()
  const [read, setRead] = useState<number>()
  const save = async () => {
    const rows: AttemptRecord[] = []
    let cursor: string | undefined
    do {
      setRead(rows.length)
      const page = await api.listAttempts(machine.id, filter, { cursor })
      rows.push(...page.items)
      cursor = page.next ?? undefined
    } while (cursor !== undefined && rows.length < rowsMax)
    saveCsv(`machine-${machine.name}.csv`, attemptsCsv(rows, places))
    const words = cursor === undefined ? 'csv.saved' : 'csv.cut'
    toast(t(words, { count: rows.length }))
  }
  const onClick = () => {
    save()
      .catch(() => toast(t('csv.failed'), 'danger'))
      .finally(() => setRead(undefined))
  }
  return (
    <Button
      onClick={onClick}
      disabled={read !== undefined}
      icon={<Download aria-hidden="true" size={16} />}
    >
      {read === undefined ? 'CSV' : t('csv.reading', { count: read })}
    </Button>
  )
}
