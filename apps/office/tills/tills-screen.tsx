import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import { EmptyState, SkeletonRows } from '@tillkeeper/ui/feedback/states.tsx'
import { SelectField } from '@tillkeeper/ui/form/field.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatDay } from '@tillkeeper/ui/time/format-time.ts'
import { Banknote } from 'lucide-react'
import { useMemo } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { usePlaces } from '../shell/use-places.ts'
import { useScope, useTodayDate } from '../shell/use-scope.ts'
import { DataTable } from '../table/data-table.tsx'
import { useReadOn } from '../table/use-read-on.ts'
import { sessionColumns } from './session-columns.tsx'
import { describeState, isSessionState, sessionStates } from './session-state.ts'

const route = getRouteApi('/tills')

/** The till sessions: who had which drawer, what should be in it, what was counted. */
export function TillsScreen() {
  const t = useText()
  const [language] = useLanguage()
  const navigate = useNavigate()
  const { api } = useClients()
  const { shop, date } = useScope()
  const today = useTodayDate()
  const { state, days } = route.useSearch()
  const day = date ?? today
  // An open session that was forgotten days ago is what must be seen: those are never of one day only.
  const isAllDays = days === 'all' || state === 'open'
  const filter = useMemo(
    () => ({ shopId: shop, date: isAllDays ? undefined : day, state }),
    [shop, isAllDays, day, state],
  )
  const asked = useInfiniteQuery(queries(api).sessions(filter))
  const rows: readonly Session[] = useMemo(
    () => asked.data?.pages.flatMap(({ items }) => items) ?? [],
    [asked.data],
  )
  const places = usePlaces()
  const columns = useMemo(() => sessionColumns(places), [places])
  const readOn = useReadOn(asked, rows.length, 'openedAt')
  return (
    <>
      <PageHead
        title={t('page.tills')}
        note={isAllDays ? t('tills.ofAllDays') : formatDay(day, 'weekday', language)}
      >
        <div className="w-36">
          <SelectField
            label={t('tills.days')}
            labelled="hide"
            value={isAllDays ? 'all' : 'one'}
            disabled={state === 'open'}
            onChange={(event) =>
              void navigate({
                to: '.',
                search: (search) => ({
                  ...search,
                  days: event.target.value === 'all' ? 'all' : undefined,
                }),
              })
            }
            choices={[
              { value: 'one', label: t('tills.thisDay') },
              { value: 'all', label: t('tills.allDays') },
            ]}
          />
        </div>
        <div className="w-52">
          <SelectField
            label={t('session.state')}
            labelled="hide"
            value={state ?? ''}
            onChange={(event) =>
              void navigate({
                to: '.',
                search: (search) => ({
                  ...search,
                  state: isSessionState(event.target.value) ? event.target.value : undefined,
                }),
              })
            }
            choices={[
              { value: '', label: t('session.anyState') },
              ...sessionStates.map((value) => ({ value, label: t(describeState(value).text) })),
            ]}
          />
        </div>
      </PageHead>
      <div className="flex min-h-64 flex-1 flex-col border-t border-line bg-surface">
        <Answer asked={asked} waiting={<SkeletonRows rows={10} />}>
          {() =>
            rows.length === 0 ? (
              <EmptyState icon={<Banknote aria-hidden="true" size={32} />} title={t('tills.none')}>
                {t('tills.none.next')}
              </EmptyState>
            ) : (
              <DataTable
                label={t('page.tills')}
                columns={columns}
                rows={rows}
                rowKey={({ id }) => id}
                onSort={readOn.onSort}
                onEnd={readOn.onEnd}
                onOpen={({ id }) =>
                  void navigate({ to: '/tills/$sessionId', params: { sessionId: id } })
                }
              />
            )
          }
        </Answer>
      </div>
    </>
  )
}
