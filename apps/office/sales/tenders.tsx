import type { Sale } from '@tillkeeper/client/api/shapes.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { rateText } from '@tillkeeper/core/receipt/currency-lines.ts'
import { ownChangeMinor } from '@tillkeeper/core/sale/tender.ts'
import { DenominationChips } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { ArrowDownToLine, ArrowUpFromLine } from 'lucide-react'
import { methodName } from '../messages/method-name.ts'
import { useText } from '../messages/use-text.ts'

/** How it was paid, note by note: what came into the drawer and what went out of it. */
export function Tenders({
  tenders,
  currency,
  change,
  roundingMinor,
  way,
}: {
  readonly tenders: Sale['tenders']
  readonly currency: Currency
  readonly change?: Pick<Sale, 'changeMinor' | 'change' | 'changePieces'>
  readonly roundingMinor: Minor
  /** `in` for a sale; `out` for a refund, which is paid from the drawer. */
  readonly way: 'in' | 'out'
}) {
  const t = useText()
  const [language] = useLanguage()
  const own = change === undefined ? minor(0) : ownChangeMinor(change)
  return (
    <ul className="m-0 list-none p-0 pb-2 text-small">
      {tenders.map((tender, index) => (
        <TenderRow
          // biome-ignore lint/suspicious/noArrayIndexKey: two tenders may be alike, and their order is fixed.
          key={index}
          name={methodName(t, tender.method)}
          amount={
            tender.foreign?.givenMinor ?? (way === 'in' ? tender.givenMinor : tender.amountMinor)
          }
          pieces={tender.pieces ?? null}
          currency={tender.foreign?.currency ?? currency}
          way={way}
          cash={tender.method === 'cash'}
          {...(tender.foreign !== undefined && {
            note: `${rateText(tender.foreign, currency, language)} · ${formatMoney(tender.givenMinor, { currency, language })}`,
          })}
        />
      ))}
      {(change?.change ?? []).map((part) => (
        <TenderRow
          key={part.currency}
          name={t('sale.change')}
          amount={part.minor}
          pieces={part.pieces ?? null}
          currency={part.currency}
          way="out"
          cash
          note={formatMoney(part.baseMinor, { currency, language })}
        />
      ))}
      {own > 0 && (
        <TenderRow
          name={t('sale.change')}
          amount={own}
          pieces={change?.changePieces ?? null}
          currency={currency}
          way="out"
          cash
        />
      )}
      {roundingMinor !== 0 && (
        <li className="flex items-center justify-between gap-4 border-t border-line px-5 py-2">
          <span className="text-ink-soft">{t('sale.rounding')}</span>
          <span className="font-medium">
            <MoneyText amount={roundingMinor} currency={currency} sign="always" unit="hide" />
          </span>
        </li>
      )}
    </ul>
  )
}

function TenderRow({
  name,
  amount,
  pieces,
  currency,
  way,
  cash,
  note,
}: {
  readonly name: string
  readonly amount: Minor
  readonly pieces: Pieces | null
  readonly currency: Currency
  readonly way: 'in' | 'out'
  readonly cash: boolean
  /** Of another currency: the rate, and what it is worth. */
  readonly note?: string
}) {
  const t = useText()
  const Arrow = way === 'in' ? ArrowDownToLine : ArrowUpFromLine
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-5 py-2 first:border-t-0">
      <span className="flex w-44 shrink-0 items-center gap-2">
        <Arrow aria-hidden="true" size={15} className="text-ink-soft" />
        {name}
        <span className="text-ink-soft">{way === 'in' ? t('sale.in') : t('sale.out')}</span>
      </span>
      <span className="min-w-0 flex-1">
        {pieces !== null && pieces.length > 0 ? (
          <DenominationChips pieces={pieces} currency={currency} />
        ) : (
          cash && <span className="text-ink-faint">{t('ui.denomination.none')}</span>
        )}
      </span>
      <span className="font-medium">
        {way === 'out' && '\u2212'}
        <MoneyText
          amount={amount}
          currency={currency}
          unit={note === undefined ? 'hide' : 'show'}
        />
        {note !== undefined && (
          <span className="block text-right text-small font-normal text-ink-soft">{note}</span>
        )}
      </span>
    </li>
  )
}
