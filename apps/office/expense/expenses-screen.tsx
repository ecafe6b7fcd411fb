import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ExpenseView } from '@tillkeeper/client/api/expense-shapes.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { EmptyState, SkeletonRows } from '@tillkeeper/ui/feedback/states.tsx'
import { SelectField } from '@tillkeeper/ui/form/field.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { Download, HandCoins } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { addDays } from '../shell/scope.ts'
import { usePlaces } from '../shell/use-places.ts'
import { useScope, useTodayDate } from '../shell/use-scope.ts'
import { saveCsv } from '../table/csv.ts'
import { DataTable } from '../table/data-table.tsx'
import { useReadOn } from '../table/use-read-on.ts'
import { expenseColumns } from './expense-columns.tsx'
import { ExpenseDialog } from './expense-dialog.tsx'
import {
  describeState,
  expenseStates,
  expenseViews,
  type ExpenseView as Shown,
} from './expense-look.ts'
import { ExpenseTotals } from './expense-totals.tsx'
import { expensesCsv } from './expenses-csv.ts'

const route = getRouteApi('/expenses')

/** Days that the screen looks back, from the day that the office looks at. */
const daysBack = 30

/** Daily expenses: what was asked for, what became of it, and what it comes to. */
export function ExpensesScreen() {
  const t = useText()
  const { view = 'list', state, category } = route.useSearch()
  const navigate = route.useNavigate()
  const { shop, date } = useScope()
  const today = useTodayDate()
  const to = date ?? today
  const days = { shopId: shop, from: addDays(to, 1 - daysBack), to }
  const { api } = useClients()
  const categories = useQuery(queries(api).expenseCategories()).data?.items ?? []
  const go = (search: {
    view?: Shown
    state?: ExpenseView['state'] | undefined
    category?: string | undefined
  }) => void navigate({ search: (before) => ({ ...before, ...search }) })
  return (
    <>
      <PageHead title={t('page.expenses')} note={t('expense.days', { count: daysBack })}>
        {view === 'list' && (
          <>
            <div className="w-44">
              <SelectField
                label={t('expense.category')}
                labelled="hide"
                value={category ?? ''}
                onChange={({ target }) =>
                  go({ category: target.value === '' ? undefined : target.value })
                }
                choices={[
                  { value: '', label: t('expense.anyCategory') },
                  ...categories.map(({ id, name }) => ({ value: id, label: name })),
                ]}
              />
            </div>
            <div className="w-44">
              <SelectField
                label={t('expense.state')}
                labelled="hide"
                value={state ?? ''}
                onChange={({ target }) =>
                  go({ state: expenseStates.find((each) => each === target.value) })
                }
                choices={[
                  { value: '', label: t('expense.anyState') },
                  ...expenseStates.map((value) => ({ value, label: t(describeState(value).text) })),
                ]}
              />
            </div>
          </>
        )}
      </PageHead>
      <nav
        aria-label={t('page.expenses')}
        data-print="hide"
        className="flex gap-1 overflow-x-auto border-t border-line bg-surface px-4 py-2"
      >
        {expenseViews.map((each) => (
          <button
            key={each}
            type="button"
            aria-current={each === view ? 'page' : undefined}
            onClick={() => go({ view: each })}
            className={joinClasses(
              'h-9 shrink-0 rounded-md px-3 text-body whitespace-nowrap text-ink-soft hover:bg-hover',
              'aria-[current=page]:bg-accent-soft aria-[current=page]:font-semibold aria-[current=page]:text-accent',
            )}
          >
            {t(`expense.view.${each}`)}
          </button>
        ))}
      </nav>
      {view === 'list' ? (
        <ExpenseTable filter={{ ...days, state, categoryId: category }} />
      ) : (
        <div className="flex-1 bg-surface">
          <ExpenseTotals key={view} by={view} asked={days} />
        </div>
      )}
    </>
  )
}

function ExpenseTable({
  filter,
}: {
  readonly filter: Parameters<ReturnType<typeof queries>['expenses']>[0]
}) {
  const t = useText()
  const { api } = useClients()
  const places = usePlaces()
  const [openId, setOpenId] = useState<string>()
  const asked = useInfiniteQuery(queries(api).expenses(filter))
  const rows: readonly ExpenseView[] = useMemo(
    () => asked.data?.pages.flatMap(({ items }) => items) ?? [],
    [asked.data],
  )
  const columns = useMemo(() => expenseColumns(places), [places])
  const readOn = useReadOn(asked, rows.length, 'requestedAt')
  const open = rows.find(({ id }) => id === openId)
  return (
    <div className="flex min-h-64 flex-1 flex-col border-t border-line bg-surface">
      <Answer asked={asked} waiting={<SkeletonRows rows={10} />}>
        {() =>
          rows.length === 0 ? (
            <EmptyState icon={<HandCoins aria-hidden="true" size={32} />} title={t('expense.none')}>
              {t('expense.none.next')}
            </EmptyState>
          ) : (
            <>
              <div className="flex justify-end px-3 pt-1" data-print="hide">
                <Button
                  look="quiet"
                  icon={<Download aria-hidden="true" size={16} />}
                  onClick={() => saveCsv('expenses.csv', expensesCsv(rows, places.shopName))}
                >
                  CSV
                </Button>
              </div>
              <DataTable
                label={t('page.expenses')}
                columns={columns}
                rows={rows}
                rowKey={({ id }) => id}
                onSort={readOn.onSort}
                onEnd={readOn.onEnd}
                onOpen={({ id }) => setOpenId(id)}
              />
            </>
          )
        }
      </Answer>
      {open !== undefined && <ExpenseDialog expense={open} onClose={() => setOpenId(undefined)} />}
    </div>
  )
}
