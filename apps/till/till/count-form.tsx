import { denominationsOf } from '@tillkeeper/core/money/denominations.ts'
import type { Currency } from '@tillkeeper/core/money/money.ts'
import type { CashCount } from '@tillkeeper/ui/denomination/count-state.ts'
import { DenominationTable } from '@tillkeeper/ui/denomination/denomination-table.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { getCurrency } from '../app/node.ts'
import { useNode } from '../app/use-till.ts'
import { useText } from '../words/use-text.ts'

/** Counts a drawer by denomination: blank at first, and blind. */
export function CountForm({
  count,
  onCount,
  onDone,
  disabled,
  currency,
}: {
  readonly count: CashCount
  readonly onCount: (count: CashCount) => void
  readonly onDone: () => void
  readonly disabled: boolean
  /** Left out: the shop's. */
  readonly currency?: Currency
}) {
  const own = getCurrency(useNode())
  const counted = currency ?? own
  return (
    <DenominationTable
      key={counted}
      currency={counted}
      faces={denominationsOf(counted).map(({ faceMinor }) => faceMinor)}
      count={count}
      onCount={onCount}
      onDone={onDone}
      disabled={disabled}
      autoFocus
    />
  )
}

/** The currencies of a drawer, one table each; nothing where there is only one. */
export function CurrencyTabs({
  currencies,
  chosen,
  onChoose,
}: {
  readonly currencies: readonly Currency[]
  readonly chosen: Currency
  readonly onChoose: (currency: Currency) => void
}) {
  const t = useText()
  if (currencies.length < 2) return null
  return (
    <div role="tablist" aria-label={t('count.currencies')} className="mb-4 flex gap-2">
      {currencies.map((currency) => (
        <button
          key={currency}
          type="button"
          role="tab"
          aria-selected={currency === chosen}
          onClick={() => onChoose(currency)}
          className={joinClasses(
            'h-12 min-w-20 rounded-md border px-4 text-body font-semibold',
            currency === chosen
              ? 'border-accent bg-accent-soft text-ink'
              : 'border-line bg-surface text-ink-soft hover:bg-hover',
          )}
        >
          {currency}
        </button>
      ))}
    </div>
  )
}
