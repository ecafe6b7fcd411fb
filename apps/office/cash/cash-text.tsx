import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { DenominationChips } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'

export type ShownCash = readonly {
  readonly currency: Currency
  readonly minor: number
  readonly pieces?: readonly { readonly faceMinor: number; readonly pieces: number }[] | undefined
}[]

/** Pieces as the program counts them. */
export function toPieces(
  pieces: readonly { readonly faceMinor: number; readonly pieces: number }[],
): Pieces {
  return pieces.map((piece) => ({ faceMinor: minor(piece.faceMinor), pieces: piece.pieces }))
}

/** Cash of several currencies, one a line, with its notes and coins where they are known. */
export function CashText({
  cash,
  pieces = 'show',
  sign,
}: {
  readonly cash: ShownCash
  readonly pieces?: 'show' | 'hide' | 'only'
  readonly sign?: 'always'
}) {
  return (
    <span className="flex flex-col gap-1">
      {cash.map((amount) => (
        <span key={amount.currency} className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          {pieces !== 'only' && (
            <>
              <MoneyText
                amount={minor(amount.minor)}
                currency={amount.currency}
                unit="hide"
                {...(sign !== undefined && { sign })}
              />
              <span className="-ml-2 text-[0.8em] text-ink-soft">{amount.currency}</span>
            </>
          )}
          {pieces !== 'hide' && amount.pieces !== undefined && amount.pieces.length > 0 && (
            <DenominationChips pieces={toPieces(amount.pieces)} currency={amount.currency} />
          )}
        </span>
      ))}
    </span>
  )
}
