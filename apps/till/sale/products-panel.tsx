import type { CatalogueProduct } from '@tillkeeper/core/catalogue/product.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { memo, useDeferredValue, useMemo, useState } from 'react'
import { pressesButton, useKeys } from '../app/use-keys.ts'
import { useStable } from '../app/use-stable.ts'
import { useTill } from '../app/use-till.ts'
import { useText } from '../words/use-text.ts'
import { findScanned, listProducts } from './list-products.ts'
import { ProductGrid } from './product-grid.tsx'
import { allProducts, oftenSold, type SaleScreen } from './sale-state.ts'

type Props = {
  readonly screen: SaleScreen
  readonly onCategory: (category: string) => void
  readonly onTake: (product: CatalogueProduct) => void
  readonly onHold: () => void
  readonly onHeld: () => void
  readonly onHistory: () => void
  readonly onMenu: () => void
}

/** Products by category or by what was typed, and the way to everything else. */
export function ProductsPanel({ screen, onCategory, onTake, ...ways }: Props) {
  const t = useText()
  const directory = useTill((state) => state.directory)
  const sold = useTill(({ book }) => book.sold)
  const cart = useTill((state) => state.cart)
  const held = useTill((state) => state.held.length)
  const { text } = screen.entry
  const { category } = screen
  // Typing is never held up by a long list.
  const searched = useDeferredValue(screen.entry.searched)
  const products = useMemo(
    () => listProducts(directory, { text: searched, category, sold }),
    [directory, searched, category, sold],
  )
  const quantities = useMemo(() => {
    const all = new Map<string, number>()
    for (const { productId, quantity } of cart.lines) {
      all.set(productId, (all.get(productId) ?? 0) + quantity)
    }
    return all
  }, [cart])
  const [active, setActive] = useState({ index: 0, columns: 4, of: products })
  const index = active.of === products ? Math.min(active.index, products.length - 1) : 0

  const take = useStable(onTake)
  const activate = useStable((next: number, columns: number) =>
    setActive({ index: next, columns, of: products }),
  )
  useKeys((event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return false
    if (event.key === 'Enter' && text !== '') {
      // The code itself wins over whatever the search put first.
      const product =
        findScanned(directory, text.trim()) ?? firstFor(directory, text, products[index])
      if (product !== undefined) onTake(product)
      return true
    }
    if (event.key === 'Enter' && !pressesButton(event)) return false
    const columns = document.querySelector<HTMLElement>('[data-columns]')?.dataset.columns
    const by = arrowStep(event.key, Number(columns ?? active.columns))
    // In a field the arrows are the field's, but for up and down, which mean nothing there.
    const inField = event.target instanceof HTMLInputElement && text !== ''
    if (by === undefined || (inField && Math.abs(by) === 1)) return false
    const next = Math.max(0, Math.min(products.length - 1, index + by))
    setActive({ ...active, index: next, of: products })
    if (!inField) requestAnimationFrame(focusActive)
    return true
  })

  return (
    <div className="flex h-full min-h-0 flex-col">
      <Categories
        categories={directory.categories}
        often={Object.keys(sold).length > 0}
        chosen={category}
        onChoose={useStable(onCategory)}
      />
      <ProductGrid
        products={products}
        active={index}
        onActive={activate}
        quantities={quantities}
        searched={searched.trim()}
        onTake={take}
      />
      <footer className="flex shrink-0 flex-wrap gap-2 border-t border-line bg-surface p-3">
        <Button size="touch" shortcut="F3" onClick={ways.onHold}>
          {t('grid.hold')}
        </Button>
        {held > 0 && (
          <Button size="touch" onClick={ways.onHeld}>
            {t('grid.held')} ({held})
          </Button>
        )}
        <span className="flex-1" />
        <Button size="touch" onClick={ways.onHistory}>
          {t('grid.receipts')}
        </Button>
        <Button size="touch" shortcut="F7" onClick={ways.onMenu}>
          {t('grid.menu')}
        </Button>
      </footer>
    </div>
  )
}

// What is shown may be a keystroke behind what is typed; what Enter takes may not.
function firstFor(
  directory: Parameters<typeof listProducts>[0],
  text: string,
  shown: CatalogueProduct | undefined,
): CatalogueProduct | undefined {
  const found = listProducts(directory, { text, category: allProducts, sold: {} })
  return shown !== undefined && found.includes(shown) ? shown : found[0]
}

function arrowStep(key: string, columns: number): number | undefined {
  if (key === 'ArrowLeft') return -1
  if (key === 'ArrowRight') return 1
  if (key === 'ArrowUp') return -columns
  return key === 'ArrowDown' ? columns : undefined
}

function focusActive(): void {
  document.querySelector<HTMLElement>('[data-active="true"]')?.focus({ preventScroll: true })
}

const Categories = memo(function Categories({
  categories,
  often,
  chosen,
  onChoose,
}: {
  readonly categories: readonly string[]
  readonly often: boolean
  readonly chosen: string
  readonly onChoose: (category: string) => void
}) {
  const t = useText()
  const rows: readonly (readonly [string, string])[] = [
    [allProducts, t('grid.all')],
    ...(often ? [[oftenSold, t('grid.often')] as const] : []),
    ...categories.map((name) => [name, name] as const),
  ]
  return (
    <nav
      aria-label={t('grid.categories')}
      className="flex shrink-0 gap-2 overflow-x-auto px-3 pt-3 pb-1 [scrollbar-width:thin]"
    >
      {rows.map(([value, name]) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === chosen}
          onClick={() => onChoose(value)}
          className={joinClasses(
            'min-h-12 shrink-0 rounded-md border px-4 text-small font-medium whitespace-nowrap',
            value === chosen
              ? 'border-accent bg-accent text-on-accent'
              : 'border-line bg-surface hover:bg-hover',
          )}
        >
          {name}
        </button>
      ))}
    </nav>
  )
})
