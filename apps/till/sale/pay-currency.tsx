import { formatDigits } from '@tillkeeper/core/money/currency.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { amountFor, worthOf } from '@tillkeeper/core/money/rate.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { useText } from '../words/use-text.ts'
import {
  chooseChange,
  chooseCurrency,
  currenciesOf,
  type Pay,
  previewPay,
  remainingMinor,
} from './pay-state.ts'

/** The currency that the entry is in. */
export function currencyOf(pay: Pay, own: Currency): Currency {
  return pay.rate?.currency ?? own
}

type Props = {
  readonly pay: Pay
  readonly currency: Currency
  readonly onPay: (pay: Pay) => void
}

/** The currencies that cash is taken in, each with what is left to pay in it. Nothing where there is one alone. */
export function CurrencyStrip({ pay, currency, onPay }: Props) {
  const t = useText()
  const [language] = useLanguage()
  const others = currenciesOf(pay)
  if (others.length === 0) return null
  const left = remainingMinor(pay)
  return (
    <fieldset
      aria-label={t('pay.currencies')}
      className="m-0 flex items-stretch gap-2 overflow-x-auto border-0 border-b border-line p-0 px-4 py-2"
    >
      {[currency, ...others].map((code) => {
        const rate = pay.terms.rates?.get(code)
        const due = rate === undefined ? left : amountFor(left, rate)
        const chosen = pay.method === 'cash' && code === currencyOf(pay, currency)
        return (
          <button
            key={code}
            type="button"
            aria-pressed={chosen}
            disabled={pay.stage === 'saving' || due === undefined}
            title={
              rate === undefined
                ? undefined
                : `1 ${code} = ${formatDigits(rate.rate, rate.scale, language)} ${currency}`
            }
            onClick={() => onPay(chooseCurrency(pay, code))}
            className={joinClasses(
              'min-h-12 shrink-0 rounded-md border-2 px-3 py-1 text-left leading-tight',
              chosen
                ? 'border-accent bg-accent-soft text-accent'
                : 'border-line bg-surface hover:bg-hover',
            )}
          >
            <span className="block text-[0.8125rem] font-semibold">{code}</span>
            <span className="block text-small">
              {due !== undefined && <MoneyText amount={due} currency={code} unit="hide" />}
            </span>
          </button>
        )
      })}
      <kbd className="ml-auto self-center rounded-sm border border-line px-1.5 text-[0.8125rem] text-ink-soft">
        /
      </kbd>
    </fieldset>
  )
}

/** Which currency change goes back in, where notes of another one were given: its notes, and the rest in ours. */
export function ChangeChoice({
  pay,
  currency,
  preview,
  onPay,
}: Props & { readonly preview: ReturnType<typeof previewPay> }) {
  const t = useText()
  const [language] = useLanguage()
  const { rate } = pay
  if (rate === undefined) return null
  const abroad = previewPay({ ...pay, abroad: true }).change
  const { change } = preview
  return (
    <div className="py-2 text-small">
      <p className="m-0 text-ink-soft">
        1 {rate.currency} = {formatDigits(rate.rate, rate.scale, language)} {currency}
      </p>
      {abroad !== undefined && (
        <fieldset
          aria-label={t('pay.changeIn')}
          className="m-0 mt-2 flex items-center gap-2 border-0 p-0"
        >
          <span className="text-ink-soft">{t('pay.changeIn')}</span>
          {([currency, rate.currency] as const).map((code) => {
            const chosen = pay.abroad === (code === rate.currency)
            return (
              <button
                key={code}
                type="button"
                aria-pressed={chosen}
                disabled={pay.stage === 'saving'}
                onClick={() => onPay(chooseChange(pay, code === rate.currency))}
                className={joinClasses(
                  'min-h-12 min-w-14 rounded-md border-2 px-2 font-semibold',
                  chosen
                    ? 'border-accent bg-accent-soft text-accent'
                    : 'border-line bg-surface hover:bg-hover',
                )}
              >
                {code}
              </button>
            )
          })}
          <kbd className="ml-auto rounded-sm border border-line px-1.5 text-[0.8125rem] text-ink-soft">
            *
          </kbd>
        </fieldset>
      )}
      {change !== undefined && (
        <p className="m-0 mt-2 flex flex-wrap justify-between gap-2 text-title font-semibold leading-tight">
          <MoneyText amount={change.minor} currency={change.currency} />
          <span>
            +{' '}
            <MoneyText
              amount={minor(preview.changeMinor - worthOf(change.minor, rate))}
              currency={currency}
            />
          </span>
        </p>
      )}
    </div>
  )
}
