import type { Sale } from '@tillkeeper/client/api/shapes.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { formatQuantity } from '@tillkeeper/ui/quantity/format-quantity.ts'
import { useText } from '../messages/use-text.ts'

/** The tax that is inside the prices, by rate. */
export function Taxes({
  taxes,
  currency,
}: {
  readonly taxes: Sale['taxes']
  readonly currency: Currency
}) {
  const t = useText()
  const [language] = useLanguage()
  if (taxes.length === 0) return <p className="m-0 px-5 pb-3 text-small">{t('sale.taxes.none')}</p>
  return (
    <table aria-label={t('sale.taxes')} className="mb-2 w-full border-collapse text-small">
      <thead>
        <tr className="text-right text-ink-soft">
          <th scope="col" className="px-5 py-1 text-left font-medium">
            {t('sale.tax.rate')}
          </th>
          <th scope="col" className="px-3 py-1 font-medium">
            {t('sale.tax.net')}
          </th>
          <th scope="col" className="px-5 py-1 font-medium">
            {t('sale.tax.tax')}
          </th>
        </tr>
      </thead>
      <tbody>
        {taxes.map((tax) => (
          <tr key={tax.vatBasisPoints} className="border-t border-line text-right">
            <th scope="row" className="px-5 py-1 text-left font-normal">
              {/* Hundredths of a per cent, drawn from thousandths. */}
              {t('sale.tax.vat', { rate: formatQuantity(tax.vatBasisPoints * 10, language) })}
            </th>
            <td className="px-3 py-1">
              <MoneyText amount={tax.netMinor} currency={currency} unit="hide" />
            </td>
            <td className="px-5 py-1">
              <MoneyText amount={tax.taxMinor} currency={currency} unit="hide" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
