import { useVirtualizer } from '@tanstack/react-virtual'
import type { CatalogueProduct } from '@tillkeeper/core/catalogue/product.ts'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { formatQuantity } from '@tillkeeper/ui/quantity/format-quantity.ts'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { SearchX } from 'lucide-react'
import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useText } from '../words/use-text.ts'

/** A tile is at least this wide; as many stand in a row as fit. */
const tileWidthMin = 140
const tileHeight = 100
const gap = 8
/** Rows drawn above and below what is seen. */
const overscan = 3

/**
 * Products to touch. Only what is seen is drawn, so ten thousand are as quick as ten. Arrow keys go
 * through them; `active` is the one that Enter takes.
 */
export const ProductGrid = memo(function ProductGrid({
  products,
  active,
  onActive,
  quantities,
  searched,
  onTake,
}: {
  readonly products: readonly CatalogueProduct[]
  readonly active: number
  readonly onActive: (index: number, columns: number) => void
  /** Thousandths in the cart, by product. */
  readonly quantities: ReadonlyMap<string, number>
  readonly searched: string
  readonly onTake: (product: CatalogueProduct) => void
}) {
  const t = useText()
  const scroller = useRef<HTMLDivElement>(null)
  const columns = useColumns(scroller)
  const rows = Math.ceil(products.length / columns)
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => tileHeight + gap,
    overscan,
  })
  const { scrollToIndex } = virtual
  const activeRow = Math.floor(active / columns)
  // Another list begins at its beginning.
  const first = products[0]?.id
  useEffect(() => {
    if (first !== undefined) scrollToIndex(0)
  }, [first, scrollToIndex])
  useEffect(() => {
    if (activeRow > 0) scrollToIndex(activeRow)
  }, [activeRow, scrollToIndex])

  return (
    <div
      ref={scroller}
      className="scrolls min-h-0 flex-1 px-3 py-2"
      data-columns={columns}
      data-products={products.length}
    >
      {products.length === 0 ? (
        <EmptyState
          icon={<SearchX aria-hidden="true" size={40} strokeWidth={1.25} />}
          title={searched === '' ? t('grid.empty') : t('grid.nothing', { text: searched })}
        >
          {searched === '' ? t('grid.emptyNext') : t('grid.nothingNext')}
        </EmptyState>
      ) : (
        <section
          aria-label={t('grid.products')}
          className="relative w-full"
          style={{ height: virtual.getTotalSize() }}
        >
          {virtual.getVirtualItems().map((row) => (
            <div
              key={row.key}
              className="absolute inset-x-0 top-0 grid"
              style={{
                transform: `translateY(${row.start}px)`,
                gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
                gap,
                height: tileHeight,
              }}
            >
              {products.slice(row.index * columns, (row.index + 1) * columns).map((product, at) => (
                <Tile
                  key={product.id}
                  product={product}
                  active={row.index * columns + at === active}
                  quantity={quantities.get(product.id)}
                  index={row.index * columns + at}
                  columns={columns}
                  onActive={onActive}
                  onTake={onTake}
                />
              ))}
            </div>
          ))}
        </section>
      )}
    </div>
  )
})

const Tile = memo(function Tile({
  product,
  active,
  quantity,
  index,
  columns,
  onActive,
  onTake,
}: {
  readonly product: CatalogueProduct
  readonly active: boolean
  readonly quantity: number | undefined
  readonly index: number
  readonly columns: number
  readonly onActive: (index: number, columns: number) => void
  readonly onTake: (product: CatalogueProduct) => void
}) {
  const [language] = useLanguage()
  return (
    <button
      type="button"
      // One stop for the Tab key: arrows go through the rest.
      tabIndex={active ? 0 : -1}
      data-product={product.code}
      data-active={active}
      onClick={() => onTake(product)}
      onFocus={() => onActive(index, columns)}
      className={joinClasses(
        'relative flex touch-manipulation flex-col justify-between overflow-hidden rounded-md border bg-surface p-2.5 text-left',
        'hover:bg-hover active:bg-accent-soft',
        active ? 'border-accent ring-1 ring-accent' : 'border-line',
      )}
    >
      <span className="line-clamp-2 text-small leading-[1.45] font-medium wrap-anywhere">
        {product.name}
      </span>
      <span className="flex items-end justify-between gap-2">
        <MoneyText
          amount={product.priceMinor}
          currency={product.currency}
          unit="hide"
          className="text-small text-ink-soft"
        />
        {quantity !== undefined && (
          <span className="rounded-full bg-accent px-2 text-[0.8125rem] leading-6 font-semibold text-on-accent">
            {formatQuantity(quantity, language)}
          </span>
        )}
      </span>
    </button>
  )
})

function useColumns(place: React.RefObject<HTMLDivElement | null>): number {
  const [columns, setColumns] = useState(4)
  useLayoutEffect(() => {
    const element = place.current
    if (element === null) return
    const measure = () => {
      const style = getComputedStyle(element)
      const padding =
        Number.parseInt(style.paddingLeft, 10) + Number.parseInt(style.paddingRight, 10)
      const width = element.clientWidth - padding
      setColumns(Math.max(1, Math.floor((width + gap) / (tileWidthMin + gap))))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [place])
  return columns
}
