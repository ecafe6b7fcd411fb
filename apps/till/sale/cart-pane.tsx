import { formatDigits } from '@tillkeeper/core/money/currency.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { unitQuantity } from '@tillkeeper/core/sale/price-line.ts'
import { ownChangeMinor } from '@tillkeeper/core/sale/tender.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { EmptyState } from '@tillkeeper/ui/feedback/states.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { formatQuantity } from '@tillkeeper/ui/quantity/format-quantity.ts'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { Minus, Plus, ScanBarcode, Trash2, Undo2 } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useText } from '../words/use-text.ts'
import type { Cart } from './cart.ts'
import type { PricedCart, PricedLine } from './price-cart.ts'
import type { Paid } from './sale-state.ts'

export type CartActions = {
  readonly onSelect: (key: number) => void
  readonly onStep: (by: 1 | -1) => void
  readonly onVoid: () => void
  readonly onUndo: () => void
  readonly onReprice: () => void
  readonly onPay: () => void
  readonly onShowLast: () => void
}

/** The cart: its lines, what can be done with the chosen one, the total, and the way to pay. */
export function CartPane({
  cart,
  priced,
  currency,
  mayDiscount,
  last,
  locked,
  actions,
}: {
  readonly cart: Cart
  readonly priced: PricedCart
  readonly currency: Currency
  /** Who works here takes amounts off lines; others ask for another price, which somebody approves. */
  readonly mayDiscount: boolean
  readonly last: Paid | undefined
  /** While it is being paid the cart is only looked at. */
  readonly locked: boolean
  readonly actions: CartActions
}) {
  const t = useText()
  const [language] = useLanguage()
  return (
    <section
      aria-label={t('cart.title')}
      className="flex h-full min-h-0 flex-col border-r border-line bg-surface"
    >
      <header className="flex h-14 shrink-0 items-center justify-between gap-2 border-b border-line px-4">
        <h2 className="m-0 flex items-baseline gap-3 text-body font-semibold">
          {t('cart.title')}
          {cart.lines.length > 0 && (
            <span className="text-small font-normal text-ink-soft">
              {t('cart.lines', { count: cart.lines.length })}
            </span>
          )}
        </h2>
        {last !== undefined && last.document.body.changeMinor > 0 && (
          <button
            type="button"
            onClick={actions.onShowLast}
            data-change={last.document.body.changeMinor}
            className="min-h-12 rounded-md bg-good-soft px-3 text-small font-semibold text-good"
          >
            {t('cart.change', {
              amount: [
                ...(last.document.body.change ?? []).map((part) =>
                  formatMoney(part.minor, { currency: part.currency, language }),
                ),
                ...[ownChangeMinor(last.document.body)]
                  .filter((own) => own > 0)
                  .map((own) => formatMoney(own, { currency, language })),
              ].join(' + '),
            })}
          </button>
        )}
      </header>
      <Lines
        priced={priced}
        selected={cart.selected}
        currency={currency}
        locked={locked}
        actions={actions}
      />
      <LineTools {...{ cart, locked, mayDiscount, actions }} />
      <footer className="shrink-0 border-t border-line px-4 pt-2 pb-3">
        {priced.taxes.map((tax) => (
          <p key={tax.vatBasisPoints} className="m-0 flex justify-between text-small text-ink-soft">
            <span>{t('cart.tax', { rate: formatDigits(tax.vatBasisPoints, 2, language) })}</span>
            <MoneyText amount={tax.taxMinor} currency={currency} unit="hide" />
          </p>
        ))}
        <p className="m-0 flex items-baseline justify-between">
          <span className="text-body font-semibold">{t('cart.total')}</span>
          <output
            aria-live="polite"
            data-total={priced.totalMinor}
            className="text-total font-semibold leading-tight"
          >
            <MoneyText amount={priced.totalMinor} currency={currency} />
          </output>
        </p>
        <Button
          look="primary"
          size="pay"
          shortcut="F8"
          className="mt-2 w-full text-title!"
          disabled={locked || !priced.payable}
          onClick={actions.onPay}
        >
          {t('cart.pay')}
        </Button>
      </footer>
    </section>
  )
}

function Lines({
  priced,
  selected,
  currency,
  locked,
  actions,
}: {
  readonly priced: PricedCart
  readonly selected: number | undefined
  readonly currency: Currency
  readonly locked: boolean
  readonly actions: CartActions
}) {
  const t = useText()
  const list = useRef<HTMLUListElement>(null)
  const count = priced.lines.length
  useEffect(() => {
    // `count` too: a product again goes onto its line, which is chosen already but may be out of sight.
    if (count === 0) return
    list.current?.querySelector(`[data-line="${selected}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [selected, count])
  if (count === 0) {
    return (
      <div className="grid min-h-0 flex-1 place-items-center">
        <EmptyState
          icon={<ScanBarcode aria-hidden="true" size={40} strokeWidth={1.25} />}
          title={t('cart.empty')}
        />
      </div>
    )
  }
  return (
    <ul ref={list} className="scrolls m-0 min-h-0 flex-1 list-none p-0">
      {priced.lines.map((line) => (
        <Line
          key={line.line.key}
          priced={line}
          chosen={line.line.key === selected}
          currency={currency}
          locked={locked}
          onSelect={actions.onSelect}
        />
      ))}
    </ul>
  )
}

function Line({
  priced,
  chosen,
  currency,
  locked,
  onSelect,
}: {
  readonly priced: PricedLine
  readonly chosen: boolean
  readonly currency: Currency
  readonly locked: boolean
  readonly onSelect: (key: number) => void
}) {
  const t = useText()
  const [language] = useLanguage()
  const { line } = priced
  const sold = priced.state === 'priced' ? priced.priced : undefined
  return (
    <li data-line={line.key} className="border-b border-line">
      <button
        type="button"
        aria-pressed={chosen}
        disabled={locked}
        onClick={() => onSelect(line.key)}
        className={joinClasses(
          'flex min-h-13 w-full items-baseline gap-3 border-l-4 py-2.5 pr-4 pl-3 text-left text-small',
          chosen ? 'border-accent bg-accent-soft' : 'border-transparent',
        )}
      >
        <span className="w-12 shrink-0 text-right font-semibold">
          {formatQuantity(line.quantity, language)}
          <span aria-hidden="true" className="pl-1 font-normal text-ink-soft">
            ×
          </span>
        </span>
        <span className="min-w-0 flex-1">
          <span className="block wrap-anywhere">
            {sold?.name ?? (priced.state === 'refused' && priced.name)}
          </span>
          {sold === undefined && <span className="block text-warn">{t('cart.notSold')}</span>}
          {sold !== undefined && sold.listMinor === undefined && line.quantity !== unitQuantity && (
            <span className="block text-ink-soft">
              <MoneyText amount={sold.unitPriceMinor} currency={currency} unit="hide" />
            </span>
          )}
          {sold?.listMinor !== undefined && (
            <span className="block text-warn">
              {t('cart.price')}{' '}
              <MoneyText amount={sold.unitPriceMinor} currency={currency} unit="hide" />
            </span>
          )}
          {sold !== undefined && sold.discountMinor > 0 && (
            <span className="block text-good">
              {t('cart.discount')}{' '}
              <MoneyText amount={minor(-sold.discountMinor)} currency={currency} unit="hide" />
            </span>
          )}
        </span>
        {sold !== undefined && (
          <MoneyText
            amount={sold.totalMinor}
            currency={currency}
            unit="hide"
            className="font-semibold"
          />
        )}
      </button>
    </li>
  )
}

function LineTools({
  cart,
  locked,
  mayDiscount,
  actions,
}: {
  readonly cart: Cart
  readonly locked: boolean
  readonly mayDiscount: boolean
  readonly actions: CartActions
}) {
  const t = useText()
  const none = locked || cart.selected === undefined
  return (
    <div className="flex shrink-0 items-center gap-2 border-t border-line px-3 py-2">
      <Tool label={`${t('cart.less')} (−)`} disabled={none} onPress={() => actions.onStep(-1)}>
        <Minus aria-hidden="true" size={20} />
      </Tool>
      <Tool label={`${t('cart.more')} (+)`} disabled={none} onPress={() => actions.onStep(1)}>
        <Plus aria-hidden="true" size={20} />
      </Tool>
      <Button size="touch" shortcut="F6" disabled={none} onClick={actions.onReprice}>
        {t(mayDiscount ? 'cart.discount' : 'cart.price')}
      </Button>
      <span className="flex-1" />
      {cart.voided !== undefined && !locked && (
        <Tool label={t('cart.undo')} onPress={actions.onUndo}>
          <Undo2 aria-hidden="true" size={20} />
        </Tool>
      )}
      <Button
        size="touch"
        shortcut="Del"
        disabled={none}
        icon={<Trash2 aria-hidden="true" size={18} />}
        onClick={actions.onVoid}
      >
        {t('cart.void')}
      </Button>
    </div>
  )
}

function Tool({
  label,
  disabled = false,
  onPress,
  children,
}: {
  readonly label: string
  readonly disabled?: boolean
  readonly onPress: () => void
  readonly children: React.ReactNode
}) {
  return (
    <Button
      size="touch"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onPress}
      className="w-14 px-0!"
    >
      {children}
    </Button>
  )
}
