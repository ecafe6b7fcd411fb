import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { QuantityText } from '@tillkeeper/ui/quantity/quantity-text.tsx'
import { useText } from '../messages/use-text.ts'

/** A line of a sale or of a refund. */
export type LineView = {
  readonly lineNo: number
  readonly code: string
  readonly name: string
  readonly quantity: number
  readonly unitPriceMinor?: Minor
  readonly discountMinor?: Minor
  readonly totalMinor: Minor
}

/** What was sold, or what came back, as on the receipt. */
export function Lines({
  lines,
  currency,
  total,
}: {
  readonly lines: readonly LineView[]
  readonly currency: Currency
  readonly total: Minor
}) {
  const t = useText()
  const head = 'px-3 py-1.5 font-medium'
  return (
    <table aria-label={t('sale.lines.title')} className="w-full border-collapse text-small">
      <thead>
        <tr className="text-right text-ink-soft">
          <th scope="col" className={`${head} pl-5 text-left`}>
            {t('sale.line.name')}
          </th>
          <th scope="col" className={head}>
            {t('sale.line.quantity')}
          </th>
          <th scope="col" className={`${head} hidden sm:table-cell`}>
            {t('sale.line.price')}
          </th>
          <th scope="col" className={`${head} pr-5`}>
            {t('sale.line.amount')}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.lineNo} className="border-t border-line text-right">
            <td className="py-1.5 pr-3 pl-5 text-left">
              {line.name} <span className="text-ink-faint">{line.code}</span>
              {line.discountMinor !== undefined && line.discountMinor > 0 && (
                <span className="block text-ink-soft">
                  {t('sale.line.discount')}{' '}
                  <MoneyText amount={line.discountMinor} currency={currency} unit="hide" />
                </span>
              )}
            </td>
            <td className="px-3 py-1.5">
              <QuantityText thousandths={line.quantity} />
            </td>
            <td className="hidden px-3 py-1.5 sm:table-cell">
              {line.unitPriceMinor === undefined ? (
                '–'
              ) : (
                <MoneyText amount={line.unitPriceMinor} currency={currency} unit="hide" />
              )}
            </td>
            <td className="py-1.5 pr-5 pl-3">
              <MoneyText amount={line.totalMinor} currency={currency} unit="hide" />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr className="border-t border-ink text-right font-semibold">
          <th scope="row" className="py-2 pl-5 text-left font-semibold">
            {t('sale.total')}
          </th>
          <td />
          <td className="hidden sm:table-cell" />
          <td className="py-2 pr-5 pl-3">
            <MoneyText amount={total} currency={currency} />
          </td>
        </tr>
      </tfoot>
    </table>
  )
}
