import { exponentOf } from '@tillkeeper/core/money/currency.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { Dialog } from '@tillkeeper/ui/dialog/dialog.tsx'
import {
  type AmountEntry,
  keyOfKeyboard,
  pressKey,
  readEntry,
} from '@tillkeeper/ui/keypad/amount-entry.ts'
import { Keypad } from '@tillkeeper/ui/keypad/keypad.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { useRef, useState } from 'react'
import { pressesButton, useKeys } from '../app/use-keys.ts'
import { useText } from '../words/use-text.ts'

type Way = 'discount' | 'price'

/** Takes an amount off a line, or sells its product at another price than the catalogue's. */
export function LineDialog({
  name,
  fullMinor,
  unitMinor,
  currency,
  ways,
  onDiscount,
  onPrice,
  onClose,
}: {
  readonly name: string
  /** The line without any discount: a discount is never more. */
  readonly fullMinor: Minor
  /** The catalogue's price for one unit. */
  readonly unitMinor: Minor
  readonly currency: Currency
  /** What may be done; the first is open. */
  readonly ways: readonly [Way, ...Way[]]
  readonly onDiscount: (discountMinor: Minor) => void
  /** `undefined` is the catalogue's price again. */
  readonly onPrice: (unitPriceMinor: Minor | undefined) => void
  readonly onClose: () => void
}) {
  const t = useText()
  const digits = exponentOf(currency)
  const [way, setWay] = useState<Way>(ways[0])
  const [entry, setEntry] = useState<AmountEntry>('')
  // Enter applies what was typed; on the cross, where the focus would be, it would close the dialog.
  const figures = useRef<HTMLOutputElement>(null)
  const typed = readEntry(entry, digits)
  const wrong = way === 'discount' && (typed ?? 0) > fullMinor
  const apply = (amount: Minor | undefined) => {
    if (way === 'discount') onDiscount(amount ?? minor(0))
    else onPrice(amount === unitMinor ? undefined : amount)
    onClose()
  }
  const confirm = () => {
    // Nothing typed is no price: nobody gives a product away by an empty field.
    if (wrong || (way === 'price' && typed === undefined)) return
    apply(typed)
  }
  useKeys((event) => {
    if (event.key === 'Escape' || event.key === 'Tab' || pressesButton(event)) return false
    const key = keyOfKeyboard(event.key)
    if (event.key === 'Enter') confirm()
    else if (key !== undefined) setEntry((held) => pressKey(held, key, digits))
    return true
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(way === 'discount' ? 'cart.discountOf' : 'cart.priceOf', { name })}
      focus={figures}
    >
      {ways.length > 1 && (
        <div className="mb-3 grid grid-cols-2 gap-2">
          {ways.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={way === each}
              onClick={() => {
                setWay(each)
                setEntry('')
              }}
              className={joinClasses(
                'min-h-12 rounded-md border-2 px-4 text-small font-medium',
                way === each
                  ? 'border-accent bg-accent-soft text-accent'
                  : 'border-line hover:bg-hover',
              )}
            >
              {t(each === 'discount' ? 'cart.discount' : 'cart.price')}
            </button>
          ))}
        </div>
      )}
      <output
        ref={figures}
        tabIndex={-1}
        className="mb-3 flex items-baseline justify-between outline-none"
      >
        <span className="text-small text-ink-soft">
          {way === 'price' && `${t('cart.priceList')} `}
          <MoneyText
            amount={way === 'price' ? unitMinor : minor(Math.max(0, fullMinor - (typed ?? 0)))}
            currency={currency}
          />
        </span>
        <span className={joinClasses('text-title font-semibold', wrong && 'text-danger')}>
          <MoneyText
            amount={way === 'price' ? (typed ?? unitMinor) : minor(-(typed ?? 0))}
            currency={currency}
          />
        </span>
      </output>
      <Keypad corner="point" onKey={(key) => setEntry((held) => pressKey(held, key, digits))} />
      <div className="mt-3 grid grid-cols-2 gap-2">
        <Button size="pay" onClick={() => apply(undefined)}>
          {t(way === 'discount' ? 'cart.discountNone' : 'cart.priceNone')}
        </Button>
        <Button
          size="pay"
          look="primary"
          disabled={wrong || (way === 'price' && typed === undefined)}
          shortcut="Enter"
          onClick={confirm}
        >
          {t('cart.discountApply')}
        </Button>
      </div>
    </Dialog>
  )
}
