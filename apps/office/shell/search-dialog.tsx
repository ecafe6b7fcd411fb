import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Dialog } from '@tillkeeper/ui/dialog/dialog.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { type KeyboardEvent, useDeferredValue, useId, useState } from 'react'
import { useClients, useMay } from '../api/clients.tsx'
import { useText } from '../messages/use-text.ts'
import { moveRow } from '../table/move-row.ts'
import { pages } from './pages.ts'
import { useEmployees, useShopName } from './use-scope.ts'

type Hit = {
  readonly key: string
  readonly group: string
  readonly name: string
  readonly note: string
  readonly open: () => void
}

/** Hits of one sort that are shown; who needs more narrows the search. */
const hitsMax = 6

/** Finds receipts, products, people and screens from anywhere. */
export function SearchDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useText()
  const listId = useId()
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const hits = useHits(useDeferredValue(text.trim()))
  const index = Math.min(active, Math.max(0, hits.length - 1))
  const choose = (hit: Hit | undefined) => {
    if (hit === undefined) return
    onClose()
    hit.open()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') choose(hits[index])
    const next = moveRow(event.key, { active: index, count: hits.length, page: hitsMax })
    if (next === undefined || event.key === 'Home' || event.key === 'End') return
    event.preventDefault()
    setActive(next)
  }
  return (
    <Dialog open onClose={onClose} title={t('search.title')} place="top">
      <input
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={hits.length > 0 ? `${listId}-${index}` : undefined}
        aria-label={t('search.title')}
        placeholder={t('search.hint')}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setActive(0)
        }}
        onKeyDown={onKeyDown}
        className="h-11 w-full rounded-md border border-line-strong bg-surface px-3 text-body"
      />
      <div id={listId} role="listbox" aria-label={t('search.hits')} className="mt-3 flex flex-col">
        {hits.map((hit, at) => (
          <div key={hit.key} className="contents">
            {hits[at - 1]?.group !== hit.group && (
              <span role="presentation" className="pt-2 pb-1 text-small text-ink-soft">
                {hit.group}
              </span>
            )}
            <div
              id={`${listId}-${at}`}
              role="option"
              tabIndex={-1}
              aria-selected={at === index}
              onClick={() => choose(hit)}
              onKeyDown={(event) => event.key === 'Enter' && choose(hit)}
              onMouseMove={() => setActive(at)}
              className={joinClasses(
                'flex cursor-pointer items-baseline justify-between gap-3 rounded-md px-3 py-1.5',
                at === index && 'bg-accent-soft',
              )}
            >
              <span className="min-w-0 truncate">{hit.name}</span>
              <span className="shrink-0 text-small text-ink-soft">{hit.note}</span>
            </div>
          </div>
        ))}
      </div>
      {hits.length === 0 && (
        <p role="status" className="mt-0 mb-2 text-small text-ink-soft">
          {t('search.none')}
        </p>
      )}
    </Dialog>
  )
}

function useHits(text: string): readonly Hit[] {
  const t = useText()
  const may = useMay()
  const [language] = useLanguage()
  const navigate = useNavigate()
  const shopName = useShopName()
  const { api } = useClients()
  const asks = text.length >= 2
  const sales = useQuery({
    queryKey: ['sales', 'search', text],
    queryFn: ({ signal }) => api.listSales({ q: text }, { signal }),
    enabled: asks && may('sale.read'),
  })
  const products = useQuery({
    queryKey: ['products', 'search', text],
    queryFn: ({ signal }) => api.listProducts(text, { signal }),
    enabled: asks && may('product.read'),
  })
  const people = useEmployees()
  const folded = text.toLocaleLowerCase()
  const offered = pages
    .filter(({ permission }) => permission === undefined || may(permission))
    .map((page) => ({ page, name: t(page.name) }))
    .filter(({ name }) => name.toLocaleLowerCase().includes(folded))
  return [
    ...(asks ? (sales.data?.items ?? []) : []).slice(0, hitsMax).map((row) => ({
      key: row.id,
      group: t('search.receipts'),
      name: row.receiptNumber,
      note: `${formatMoney(row.totalMinor, { currency: row.currency, language })} · ${shopName(row.shopId)}`,
      open: () =>
        void (row.kind === 'sale'
          ? navigate({ to: '/sales/$saleId', params: { saleId: row.id } })
          : navigate({ to: '/refunds/$refundId', params: { refundId: row.id } })),
    })),
    ...(asks ? (products.data?.items ?? []) : []).slice(0, hitsMax).map((row) => ({
      key: row.id,
      group: t('page.products'),
      name: row.name,
      note: formatMoney(row.priceMinor, { currency: row.currency, language }),
      open: () => void navigate({ to: '/products', search: { q: row.name } }),
    })),
    ...(asks ? people.filter(({ name }) => name.toLocaleLowerCase().includes(folded)) : [])
      .slice(0, hitsMax)
      .map((row) => ({
        key: row.id,
        group: t('page.people'),
        name: row.name,
        note: t('person.number', { number: row.number }),
        open: () => void navigate({ to: '/sales', search: { staff: row.id } }),
      })),
    ...offered.map(({ page, name }) => ({
      key: page.path,
      group: t('search.pages'),
      name,
      note: '',
      open: () => void navigate({ to: page.path }),
    })),
  ]
}
