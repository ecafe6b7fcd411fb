import type { Currency } from '@tillkeeper/core/money/money.ts'
import type { ParsedLine } from '@tillkeeper/core/safe/parse-statement.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { DayText } from '@tillkeeper/ui/time/date-text.tsx'

const shownMax = 6

/** The first lines as they were understood, so that a wrong column is seen before anything is kept. */
export function ImportPreview({
  lines,
  currency,
}: {
  readonly lines: readonly ParsedLine[]
  readonly currency: Currency
}) {
  return (
    <table className="w-full border-collapse text-small">
      <tbody>
        {lines.slice(0, shownMax).map((line) => (
          <tr key={line.row} className="border-t border-line align-baseline">
            <td className="py-1 pr-3 whitespace-nowrap">
              <DayText day={line.bookedOn} />
            </td>
            <td className="py-1 pr-3 break-words text-ink-soft">
              {[line.reference, line.description].filter((text) => text !== '').join(' · ')}
            </td>
            <td className="py-1 text-right">
              <MoneyText amount={line.amountMinor} currency={currency} sign="always" unit="hide" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
