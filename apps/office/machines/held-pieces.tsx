import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import type { CashCount } from '@tillkeeper/ui/denomination/count-state.ts'
import { DenominationTable } from '@tillkeeper/ui/denomination/denomination-table.tsx'
import { useText } from '../messages/use-text.ts'
import { facesBeyond, givable, type Stock } from './stock-picture.ts'
import { FaceChips } from './stock-slots.tsx'

/** Chooses pieces of what a machine can give, with how many it has of each, and says where that is too many. */
export function HeldPieces({
  stock,
  currency,
  count,
  onCount,
}: {
  readonly stock: Stock
  readonly currency: Currency
  readonly count: CashCount
  readonly onCount: (count: CashCount) => void
}) {
  const t = useText()
  const lines = givable(stock, currency)
  const held = new Map<Minor, number>(
    lines.map(({ faceMinor, pieces }) => [minor(faceMinor), pieces]),
  )
  const beyond = facesBeyond(count, stock, currency)
  return (
    <div className="flex flex-col gap-2">
      <DenominationTable
        key={currency}
        currency={currency}
        faces={lines.map(({ faceMinor }) => minor(faceMinor))}
        count={count}
        onCount={onCount}
        totalName={t('machine.total')}
        noteOf={(face) => t('machine.ofHeld', { count: held.get(face) ?? 0 })}
      />
      {beyond.length > 0 && (
        <p
          role="status"
          className="m-0 flex flex-wrap items-center gap-2 border-l-4 border-warn py-1 pl-3 text-small"
        >
          {t('machine.beyond')}
          <FaceChips faces={beyond.map((faceMinor) => ({ currency, faceMinor }))} />
        </p>
      )}
    </div>
  )
}
