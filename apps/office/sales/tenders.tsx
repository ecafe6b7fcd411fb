import type { Sale } from '@tillkeeper/client/api/shapes.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { DenominationChips } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { ArrowDownToLine, ArrowUpFromLine } from 'lucide-react'
import { methodName } from '../messages/method-name.ts'
import { useText } from '../messages/use-text.ts'

/** How it was paid, note by note: what came into the drawer and what went out of it. */
export function Tenders({
  tenders,
  currency,
  change,
  way,
}: {
  readonly tenders: Sale['tenders']
  readonly currency: Currency
  readonly change?: { readonly amount: Minor; readonly pieces: Pieces | null }
  /** `in` for a sale; `out` for a refund, which is paid from the drawer. */
  readonly way: 'in' | 'out'
}) {
  const t = useText()
  return (
    <ul className="m-0 list-none p-0 pb-2 text-small">
      {tenders.map((tender, index) => (
        <TenderRow
          // biome-ignore lint/suspicious/noArrayIndexKey: two tenders may be alike, and their order is fixed.
          key={index}
          name={methodName(t, tender.method)}
          amount={way === 'in' ? tender.givenMinor : tender.amountMinor}
          pieces={tender.pieces ?? null}
          {...{ currency, way }}
          cash={tender.method === 'cash'}
        />
      ))}
      {change !== undefined && change.amount > 0 && (
        <TenderRow
          name={t('sale.change')}
          amount={change.amount}
          pieces={change.pieces}
          currency={currency}
          way="out"
          cash
        />
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
}: {
  readonly name: string
  readonly amount: Minor
  readonly pieces: Pieces | null
  readonly currency: Currency
  readonly way: 'in' | 'out'
  readonly cash: boolean
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
        <MoneyText amount={amount} currency={currency} unit="hide" />
      </span>
    </li>
  )
}
