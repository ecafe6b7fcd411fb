import type { Currency } from '@tillkeeper/core/money/money.ts'
import { Button, IconButton } from '@tillkeeper/ui/button/button.tsx'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { DateText } from '@tillkeeper/ui/time/date-text.tsx'
import { Trash2 } from 'lucide-react'
import { getShop } from '../app/node.ts'
import { useNode, useTill } from '../app/use-till.ts'
import { useText } from '../words/use-text.ts'
import { dropCart, recallCart } from './keep-cart.ts'
import { PanelFrame } from './panel-frame.tsx'
import { priceCart } from './price-cart.ts'

/** The carts that were put aside, the first one first. */
export function HeldPanel({
  currency,
  onBack,
}: {
  readonly currency: Currency
  readonly onBack: () => void
}) {
  const t = useText()
  const node = useNode()
  const held = useTill((state) => state.held)
  const products = useTill(({ directory }) => directory.byId)
  const busy = useTill(({ cart }) => cart.lines.length > 0)
  const { timeZone } = getShop(node)
  return (
    <PanelFrame title={t('held.title')} onBack={onBack}>
      {held.length === 0 ? (
        <EmptyState title={t('held.empty')}>{t('held.emptyNext')}</EmptyState>
      ) : (
        <>
          {busy && <p className="m-0 px-5 pt-4 text-small text-ink-soft">{t('held.swap')}</p>}
          <ul className="m-0 list-none p-0 px-3">
            {held.map((aside) => {
              const priced = priceCart(aside.cart, { products, currency })
              return (
                <li key={aside.id} className="flex items-center gap-3 border-b border-line py-3">
                  <span className="min-w-0 flex-1 pl-2">
                    <span className="block text-body font-semibold">
                      <MoneyText amount={priced.totalMinor} currency={currency} />
                    </span>
                    <span className="block truncate text-small text-ink-soft">
                      <DateText instant={aside.heldAt} timeZone={timeZone} form="time" />
                      {' · '}
                      {t('held.row', { count: aside.cart.lines.length, name: aside.heldBy })}
                    </span>
                    <span className="block truncate text-small text-ink-soft">
                      {aside.cart.lines
                        .map(({ productId }) => products.get(productId)?.name ?? '')
                        .join(', ')}
                    </span>
                  </span>
                  <IconButton
                    label={t('held.drop')}
                    size="touch"
                    onClick={() => dropCart(node, aside.id)}
                  >
                    <Trash2 aria-hidden="true" size={20} />
                  </IconButton>
                  <Button
                    size="touch"
                    onClick={() => {
                      recallCart(node, aside.id)
                      onBack()
                    }}
                  >
                    {t('held.take')}
                  </Button>
                </li>
              )
            })}
          </ul>
        </>
      )}
    </PanelFrame>
  )
}
