import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { createColumnHelper } from '@tanstack/react-table'
import type { Product } from '@tillkeeper/client/api/shapes.ts'
import { EmptyState, SkeletonRows } from '@tillkeeper/ui/feedback/states.tsx'
import { Badge } from '@tillkeeper/ui/feedback/status-dot.tsx'
import { Field } from '@tillkeeper/ui/form/field.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { formatQuantity } from '@tillkeeper/ui/quantity/format-quantity.ts'
import { Croissant } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useClients } from '../api/clients.tsx'
import { queries } from '../api/queries.ts'
import { type OfficeText, useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { type Columns, DataTable } from '../table/data-table.tsx'
import type { features } from '../table/table-features.ts'
import { useReadOn } from '../table/use-read-on.ts'

const route = getRouteApi('/products')
const helper = createColumnHelper<typeof features, Product>()
const typingPauseMs = 200

/** The catalogue, to look up. */
export function ProductsScreen() {
  const t = useText()
  const [language] = useLanguage()
  const navigate = useNavigate()
  const { api } = useClients()
  const { q = '' } = route.useSearch()
  const [text, setText] = useState(q)
  useEffect(() => {
    const timer = setTimeout(() => {
      const next = text.trim()
      if (next === q) return
      void navigate({
        to: '.',
        search: (search) => ({ ...search, q: next === '' ? undefined : next }),
        replace: true,
      })
    }, typingPauseMs)
    return () => clearTimeout(timer)
  }, [text, q, navigate])
  const asked = useInfiniteQuery(queries(api).products(q))
  const rows = useMemo(() => asked.data?.pages.flatMap(({ items }) => items) ?? [], [asked.data])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the language alone.
  const columns = useMemo(
    () => productColumns(t, (basisPoints) => formatQuantity(basisPoints * 10, language)),
    [language],
  )
  const readOn = useReadOn(asked, rows.length)
  return (
    <>
      <PageHead title={t('page.products')} note={t('products.note')}>
        <div className="w-64">
          <Field
            label={t('products.search')}
            labelled="hide"
            type="search"
            placeholder={t('products.search')}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      </PageHead>
      <div className="flex min-h-64 flex-1 flex-col border-t border-line bg-surface">
        <Answer asked={asked} waiting={<SkeletonRows rows={14} />}>
          {() =>
            rows.length === 0 ? (
              <EmptyState
                icon={<Croissant aria-hidden="true" size={32} />}
                title={q === '' ? t('products.none') : t('products.none.found', { q })}
              >
                {q === '' ? t('products.none.next') : t('products.none.found.next')}
              </EmptyState>
            ) : (
              <DataTable
                label={t('page.products')}
                columns={columns}
                rows={rows}
                rowKey={({ id }) => id}
                onSort={readOn.onSort}
                onEnd={readOn.onEnd}
              />
            )
          }
        </Answer>
      </div>
    </>
  )
}

function productColumns(t: OfficeText, percent: (basisPoints: number) => string): Columns<Product> {
  return helper.columns([
    helper.accessor('name', {
      header: t('product.name'),
      sortFn: 'text',
      cell: ({ row: { original } }) => (
        <span className="inline-flex items-center gap-2">
          {original.name}
          {!original.active && <Badge tone="idle" text={t('product.inactive')} />}
        </span>
      ),
    }),
    helper.accessor('code', { header: t('product.code'), sortFn: 'alphanumeric' }),
    helper.accessor('category', {
      header: t('product.category'),
      sortFn: 'text',
      meta: { from: 'tablet' },
    }),
    helper.accessor(({ barcodes }) => barcodes.join(', '), {
      id: 'barcodes',
      header: t('product.barcodes'),
      sortFn: 'text',
      meta: { from: 'desktop' },
    }),
    helper.accessor('vatBasisPoints', {
      header: t('product.vat'),
      sortFn: 'basic',
      meta: { from: 'tablet', align: 'right' },
      cell: ({ row }) => `${percent(row.original.vatBasisPoints)} %`,
    }),
    helper.accessor('priceMinor', {
      header: t('product.price'),
      sortFn: 'basic',
      meta: { align: 'right' },
      cell: ({ row: { original } }) => (
        <MoneyText amount={original.priceMinor} currency={original.currency} />
      ),
    }),
  ])
}
