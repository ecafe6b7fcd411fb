import type { Currency } from '@tillkeeper/core/money/money.ts'
import type { BuiltFloat } from '@tillkeeper/core/till/build-float.ts'
import { DenominationChips } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { useText } from '../words/use-text.ts'

/** Which pieces stay in the drawer and which go to the safe, and why it is not exactly what was asked. */
export function FloatPlan({
  plan,
  currency,
}: {
  readonly plan: BuiltFloat
  readonly currency: Currency
}) {
  const t = useText()
  const [language] = useLanguage()
  const rows = [
    [t('float.stays'), plan.leftMinor, plan.left],
    [t('float.toSafe'), plan.bagMinor, plan.bag],
  ] as const
  return (
    <section aria-label={t('float.stays')} className="rounded-md bg-sunken px-4 py-3">
      {plan.kind !== 'exact' && (
        <p role="status" className="m-0 mb-2 text-small font-semibold text-warn">
          {plan.kind === 'nearest'
            ? t('float.nearest')
            : t('float.notEnough', {
                amount: formatMoney(plan.missingMinor, { currency, language }),
              })}
        </p>
      )}
      <dl className="m-0 flex flex-col gap-3 text-small">
        {rows.map(([name, amount, pieces]) => (
          <div key={name}>
            <div className="flex items-baseline justify-between gap-3">
              <dt className="text-ink-soft">{name}</dt>
              <dd className="m-0 font-semibold">
                <MoneyText amount={amount} currency={currency} />
              </dd>
            </div>
            <dd className="m-0 mt-1">
              <DenominationChips pieces={pieces} currency={currency} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
