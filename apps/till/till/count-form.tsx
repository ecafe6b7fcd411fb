import { denominationsOf } from '@tillkeeper/core/money/denominations.ts'
import type { CashCount } from '@tillkeeper/ui/denomination/count-state.ts'
import { DenominationTable } from '@tillkeeper/ui/denomination/denomination-table.tsx'
import { getCurrency } from '../app/node.ts'
import { useNode } from '../app/use-till.ts'

/** Counts a drawer by denomination: blank at first, and blind. */
export function CountForm({
  count,
  onCount,
  onDone,
  disabled,
}: {
  readonly count: CashCount
  readonly onCount: (count: CashCount) => void
  readonly onDone: () => void
  readonly disabled: boolean
}) {
  const currency = getCurrency(useNode())
  return (
    <DenominationTable
      currency={currency}
      faces={denominationsOf(currency).map(({ faceMinor }) => faceMinor)}
      count={count}
      onCount={onCount}
      onDone={onDone}
      disabled={disabled}
      autoFocus
    />
  )
}
