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
import { useRef, useState } from 'react'
import { pressesButton, useKeys } from '../app/use-keys.ts'
import { useText } from '../words/use-text.ts'

/** Takes an amount off a line; never more than the line costs. */
export function DiscountDialog({
  name,
  fullMinor,
  currency,
  onDiscount,
  onClose,
}: {
  readonly name: string
  /** The line without any discount. */
  readonly fullMinor: Minor
  readonly currency: Currency
  readonly onDiscount: (discountMinor: Minor) => void
  readonly onClose: () => void
}) {
  const t = useText()
  const digits = exponentOf(currency)
  const [entry, setEntry] = useState<AmountEntry>('')
  // Enter applies the discount; on the cross, where the focus would be, it would close the dialog.
  const figures = useRef<HTMLOutputElement>(null)
  const typed = readEntry(entry, digits) ?? minor(0)
  const tooMuch = typed > fullMinor
  const apply = (discountMinor: Minor) => {
    onDiscount(discountMinor)
    onClose()
  }
  useKeys((event) => {
    if (event.key === 'Escape' || event.key === 'Tab' || pressesButton(event)) return false
    const key = keyOfKeyboard(event.key)
    if (event.key === 'Enter' && !tooMuch) apply(typed)
    else if (key !== undefined) setEntry((held) => pressKey(held, key, digits))
    return true
  })
  return (
    <Dialog open onClose={onClose} title={t('cart.discountOf', { name })} focus={figures}>
      <output
        ref={figures}
        tabIndex={-1}
        className="mb-3 flex items-baseline justify-between outline-none"
      >
        <span className="text-small text-ink-soft">
          <MoneyText amount={minor(Math.max(0, fullMinor - typed))} currency={currency} />
        </span>
        <span className={`text-title font-semibold ${tooMuch ? 'text-danger' : ''}`}>
          <MoneyText amount={minor(-typed)} currency={currency} />
        </span>
      </output>
      <Keypad corner="point" onKey={(key) => setEntry((held) => pressKey(held, key, digits))} />
      <div className="mt-3 grid grid-cols-2 gap-2">
        <Button size="pay" onClick={() => apply(minor(0))}>
          {t('cart.discountNone')}
        </Button>
        <Button
          size="pay"
          look="primary"
          disabled={tooMuch}
          shortcut="Enter"
          onClick={() => apply(typed)}
        >
          {t('cart.discountApply')}
        </Button>
      </div>
    </Dialog>
  )
}
