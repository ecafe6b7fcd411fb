import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { SortingState } from '@tanstack/react-table'
import type { SaleRow } from '@tillkeeper/client/api/shapes.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { EmptyState, SkeletonRows } from '@tillkeeper/ui/feedback/states.tsx'
import { useToast } from '@tillkeeper/ui/feedback/toast.tsx'
import { Field, SelectField } from '@tillkeeper/ui/form/field.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatDay } from '@tillkeeper/ui/time/format-time.ts'
import { Download, ReceiptText } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import type { SalesFilter } from '../api/api.ts'
import { useClients, useLive } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { type Places, usePlaces } from '../shell/use-places.ts'
import { useEmployees, useScope, useTodayDate } from '../shell/use-scope.ts'
import { saveCsv } from '../table/csv.ts'
import { DataTable } from '../table/data-table.tsx'
import { useReadOn } from '../table/use-read-on.ts'
import { salesColumns } from './sales-columns.tsx'
import { salesCsv } from './sales-csv.ts'

const route = getRouteApi('/sales')

/** Rows that a file takes. */
const rowsMax = 20_000
const newestFirst: SortingState = [{ id: 'occurredAt', desc: true }]

/** The sales and refunds of a day: to filter, sort, walk through, open, and take away as a file. */
export function SalesScreen() {
  const t = useText()
  const [language] = useLanguage()
  const navigate = useNavigate()
  const { api } = useClients()
  const { shop, date } = useScope()
  const { staff, q } = route.useSearch()
  const today = useTodayDate()
  const typed = useTyped(q)
  const filter: SalesFilter = useMemo(
    () => ({
      shopId: shop,
      date: date ?? today,
      staffId: staff,
      q: q === undefined ? undefined : q,
    }),
    [shop, date, today, staff, q],
  )
  const asked = useInfiniteQuery(queries(api).sales(filter))
  const rows = useMemo(() => asked.data?.pages.flatMap(({ items }) => items) ?? [], [asked.data])
  const places = usePlaces()
  const columns = useMemo(() => salesColumns(places), [places])
  const readOn = useReadOn(asked, rows.length, 'occurredAt')
  const people = useEmployees()
  return (
    <>
      <PageHead title={t('page.sales')} note={formatDay(date ?? today, 'weekday', language)}>
        <div className="w-44">
          <Field
            label={t('sales.search')}
            labelled="hide"
            type="search"
            placeholder={t('sales.search')}
            value={typed.text}
            onChange={(event) => typed.change(event.target.value)}
          />
        </div>
        {people.length > 0 && (
          <div className="w-40">
            <SelectField
              label={t('sale.staff')}
              labelled="hide"
              value={staff ?? ''}
              onChange={(event) =>
                void navigate({
                  to: '.',
                  search: (search) => ({ ...search, staff: event.target.value || undefined }),
                })
              }
              choices={[
                { value: '', label: t('sales.everyone') },
                ...people.map(({ id, name }) => ({ value: id, label: name })),
              ]}
            />
          </div>
        )}
        <SaveButton filter={filter} places={places} name={`sales-${filter.date ?? ''}.csv`} />
      </PageHead>
      <div className="flex min-h-64 flex-1 flex-col border-t border-line bg-surface">
        <NewSales filter={filter} pages={asked.data?.pages.length ?? 0} />
        <Answer asked={asked} waiting={<SkeletonRows rows={14} />}>
          {() =>
            rows.length === 0 ? (
              <NoSales
                filtered={staff !== undefined || q !== undefined}
                past={date !== undefined}
              />
            ) : (
              <DataTable
                label={t('page.sales')}
                columns={columns}
                rows={rows}
                rowKey={({ id }) => id}
                initialSort={newestFirst}
                onSort={readOn.onSort}
                onEnd={readOn.onEnd}
                onOpen={(row) => void navigate(addressOfRow(row))}
                foot={
                  <p role="status" className="m-0 px-5 py-3 text-small text-ink-faint">
                    {asked.hasNextPage
                      ? t('sales.shown.more', { count: rows.length })
                      : t('sales.shown', { count: rows.length })}
                  </p>
                }
              />
            )
          }
        </Answer>
      </div>
    </>
  )
}

function addressOfRow(row: SaleRow) {
  return row.kind === 'sale'
    ? ({ to: '/sales/$saleId', params: { saleId: row.id } } as const)
    : ({ to: '/refunds/$refundId', params: { refundId: row.id } } as const)
}

/** The text of the search field; it reaches the address once the typing pauses. */
function useTyped(q: string | undefined) {
  const navigate = useNavigate()
  const [text, change] = useState(q ?? '')
  const settled = useDeferredValue(text.trim())
  useEffect(() => {
    const timer = setTimeout(() => {
      if (settled === (q ?? '')) return
      void navigate({
        to: '.',
        search: (search) => ({ ...search, q: settled === '' ? undefined : settled }),
        replace: true,
      })
    }, 200)
    return () => clearTimeout(timer)
  }, [settled, q, navigate])
  return { text, change }
}

/** Sales that came in while further pages are read: the list does not move under who reads it. */
function NewSales({ filter, pages }: { readonly filter: SalesFilter; readonly pages: number }) {
  const t = useText()
  const cache = useQueryClient()
  const { api } = useClients()
  const { heardSeq, events } = useLive()
  const [seenSeq, setSeenSeq] = useState(heardSeq)
  const count = events.filter(
    ({ liveSeq, type, shopId }) =>
      liveSeq > seenSeq &&
      type.startsWith('sale.') &&
      (filter.shopId === undefined || filter.shopId === shopId),
  ).length
  if (pages <= 1 || count === 0) return null
  const onShow = () => {
    setSeenSeq(heardSeq)
    void cache.resetQueries({ queryKey: queries(api).sales(filter).queryKey })
  }
  return (
    <div className="flex justify-center border-b border-line py-1.5">
      <Button onClick={onShow}>{t('sales.new', { count })}</Button>
    </div>
  )
}

function NoSales({ filtered, past }: { readonly filtered: boolean; readonly past: boolean }) {
  const t = useText()
  return (
    <EmptyState
      icon={<ReceiptText aria-hidden="true" size={32} />}
      title={filtered ? t('sales.none.filtered') : t('sales.none')}
    >
      {filtered
        ? t('sales.none.filtered.next')
        : past
          ? t('sales.none.past')
          : t('sales.none.next')}
    </EmptyState>
  )
}

/** Reads the whole list, not only what is on the screen, and saves it. */
function SaveButton({
  filter,
  places,
  name,
}: {
  readonly filter: SalesFilter
  readonly places: Places
  readonly name: string
}) {
  const t = useText()
  const toast = useToast()
  const { api } = useClients()
  const [read, setRead] = useState<number>()
  const save = async () => {
    const rows: SaleRow[] = []
    let cursor: string | undefined
    do {
      setRead(rows.length)
      const page = await api.listSales(filter, { cursor })
      rows.push(...page.items)
      cursor = page.next ?? undefined
    } while (cursor !== undefined && rows.length < rowsMax)
    saveCsv(name, salesCsv(rows, places))
    toast(
      cursor === undefined
        ? t('csv.saved', { count: rows.length })
        : t('csv.cut', { count: rows.length }),
    )
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
