import { askFor } from '@tillkeeper/core/hint/ask-for.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatFace } from '@tillkeeper/ui/money/format-money.ts'
import { useMemo } from 'react'
import { useTill } from '../app/use-till.ts'
import { enteredMinor, type Pay, remainingMinor } from '../sale/pay-state.ts'
import { useText } from '../words/use-text.ts'

/**
 * One quiet line: what to ask the customer for, so that the change takes fewer pieces. Its place is kept while
 * there is nothing to say, so that no button moves under a finger.
 */
export function AskLine({ pay, currency }: { readonly pay: Pay; readonly currency: Currency }) {
  const t = useText()
  const [language] = useLanguage()
  const stock = useTill(({ book }) => book.session?.stock)
  const due = remainingMinor(pay)
  const entered = pay.entry === '' && pay.notes.length === 0 ? undefined : enteredMinor(pay)
  const isOwnCash = pay.method === 'cash' && pay.rate === undefined && !pay.abroad
  const ask = useMemo(
    () =>
      stock === undefined || stock.currency !== currency || !isOwnCash
        ? undefined
        : askFor({ dueMinor: due, givenMinor: entered, stock }),
    [stock, currency, isOwnCash, due, entered],
  )
  const name = (amount: NonNullable<typeof ask>['askMinor']) =>
    formatFace(amount, { currency, language })
  return (
    <p role="note" className="m-0 min-h-5 text-small leading-5 text-ink-soft">
      {ask !== undefined &&
        t(entered === undefined ? 'pay.askIf' : 'pay.ask', {
          given: name(ask.givenMinor),
          amount: name(ask.askMinor),
          change: name(ask.changeMinor),
        })}
    </p>
  )
}
