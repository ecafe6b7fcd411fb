import type { CashAmount } from '@tillkeeper/core/money/cash-amount.ts'
import { denominationsOf } from '@tillkeeper/core/money/denominations.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import {
  blankCount,
  type CashCount,
  listPieces,
  totalOf,
} from '@tillkeeper/ui/denomination/count-state.ts'
import { DenominationTable } from '@tillkeeper/ui/denomination/denomination-table.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { useState } from 'react'
import { useText } from '../messages/use-text.ts'
import { useShops } from '../shell/use-scope.ts'

/** What was typed, by currency. A currency is in it once something of it was counted, if only a zero. */
export type CashDraft = ReadonlyMap<Currency, CashCount>

export const blankCash: CashDraft = new Map()

/** The cash of a draft as an act takes it. */
export function cashOf(draft: CashDraft): readonly CashAmount[] {
  return [...draft]
    .filter(([, count]) => count.size > 0)
    .map(([currency, count]) => ({ currency, minor: totalOf(count), pieces: listPieces(count) }))
}

/** Whether something above zero was counted. */
export function hasCash(draft: CashDraft): boolean {
  return cashOf(draft).some(({ minor }) => minor > 0)
}

const known = ['THB', 'USD', 'EUR', 'GBP', 'JPY', 'CNY', 'IDR', 'AUD', 'RUB'] as Currency[]

/** Counts cash by notes and coins, in as many currencies as there are. It shows nothing that should be there. */
export function CashEntry({
  shopId,
  draft,
  onDraft,
}: {
  readonly shopId: string
  readonly draft: CashDraft
  readonly onDraft: (draft: CashDraft) => void
}) {
  const t = useText()
  const shops = useShops()
  const own = shops.find(({ id }) => id === shopId)?.currency ?? ('THB' as Currency)
  const currencies = [...new Set([own, ...known])]
  const [currency, setCurrency] = useState(own)
  const set = (count: CashCount) => onDraft(new Map(draft).set(currency, count))
  return (
    <div className="flex flex-col gap-3">
      <fieldset className="m-0 flex flex-wrap gap-1 border-0 p-0">
        <legend className="sr-only">{t('safe.currency')}</legend>
        {currencies.map((code) => {
          const count = draft.get(code)
          return (
            <button
              key={code}
              type="button"
              aria-pressed={code === currency}
              onClick={() => setCurrency(code)}
              className={joinClasses(
                'min-h-9 rounded-md border px-2.5 text-small',
                code === currency
                  ? 'border-accent bg-accent-soft font-semibold text-ink'
                  : 'border-line bg-surface text-ink-soft hover:bg-hover',
              )}
            >
              {code}
              {count !== undefined && count.size > 0 && (
                <>
                  {' '}
                  <MoneyText amount={totalOf(count)} currency={code} unit="hide" />
                </>
              )}
            </button>
          )
        })}
      </fieldset>
      <DenominationTable
        key={currency}
        currency={currency}
        faces={denominationsOf(currency).map(({ faceMinor }) => faceMinor)}
        count={draft.get(currency) ?? blankCount}
        onCount={set}
        autoFocus
      />
    </div>
  )
}
