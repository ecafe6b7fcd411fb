import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { useTranslate } from '../language/i18n.tsx'
import { joinClasses } from '../theme/join-classes.ts'
import { MoneyText } from './money-text.tsx'

/** Counted less expected: sign, amount and the word; red when short, amber when over. */
export function VarianceText({
  amount,
  currency,
  unit = 'hide',
}: {
  readonly amount: Minor
  readonly currency: Currency
  readonly unit?: 'show' | 'hide'
}) {
  const t = useTranslate()
  if (amount === 0) return <span className="text-good">{t('ui.variance.exact')}</span>
  return (
    <span className={joinClasses('whitespace-nowrap', amount < 0 ? 'text-danger' : 'text-warn')}>
      <MoneyText
        amount={amount}
        currency={currency}
        sign="always"
        unit={unit}
        className="font-semibold"
      />{' '}
      <span className="text-[0.8em]">
        {amount < 0 ? t('ui.variance.short') : t('ui.variance.over')}
      </span>
    </span>
  )
}
