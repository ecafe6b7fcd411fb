import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { useLanguage } from '../language/i18n.tsx'
import { joinClasses } from '../theme/join-classes.ts'
import { type SignDisplay, splitMoney } from './format-money.ts'

/** An amount, in the language of the screen. `unit="hide"` where a heading already names the currency. */
export function MoneyText({
  amount,
  currency,
  sign = 'auto',
  unit = 'show',
  className,
}: {
  readonly amount: Minor
  readonly currency: Currency
  readonly sign?: SignDisplay
  readonly unit?: 'show' | 'hide'
  readonly className?: string
}) {
  const [language] = useLanguage()
  const parts = splitMoney(amount, { currency, language, sign })
  return (
    <span className={joinClasses('money', className)}>
      {parts.map((part) =>
        part.kind === 'figures' ? (
          <span key={part.kind}>{part.text}</span>
        ) : (
          unit === 'show' && (
            <span key={part.kind} className="money-unit">
              {part.text}
            </span>
          )
        ),
      )}
    </span>
  )
}
