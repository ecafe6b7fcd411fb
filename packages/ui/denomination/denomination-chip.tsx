import { orderPieces, type Pieces } from '@tillkeeper/core/money/denominations.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { useLanguage } from '../language/i18n.tsx'
import { formatFace } from '../money/format-money.ts'
import { joinClasses } from '../theme/join-classes.ts'
import { findLook } from './denomination-look.ts'

/** One note or coin in its own colour. Notes are oblong, coins round at the ends. */
export function DenominationChip({
  face,
  currency,
  size = 'office',
}: {
  readonly face: Minor
  readonly currency: Currency
  readonly size?: 'office' | 'touch'
}) {
  const [language] = useLanguage()
  const look = findLook(currency, face)
  return (
    <span
      className={joinClasses(
        'inline-flex shrink-0 items-center justify-center font-semibold leading-none text-white',
        look.kind === 'note' ? 'rounded-[3px]' : 'rounded-full',
        size === 'touch' ? 'h-8 min-w-16 px-2 text-[1rem]' : 'h-5 min-w-8 px-1.5 text-[0.75rem]',
      )}
      style={{
        backgroundColor: look.colour,
        boxShadow: look.rim === 'gold' ? 'inset 0 0 0 2px var(--coin-rim)' : undefined,
      }}
    >
      {formatFace(face, { currency, language })}
    </span>
  )
}

/** Notes and coins to read, high to low: `2 × 100  1 × 20`. Nothing is drawn for an empty list. */
export function DenominationChips({
  pieces,
  currency,
  look = 'full',
  className,
}: {
  readonly pieces: Pieces
  readonly currency: Currency
  /** `short` leaves out the 1 of a single piece, in rows that have little room. */
  readonly look?: 'full' | 'short'
  readonly className?: string
}) {
  return (
    <span className={joinClasses('inline-flex flex-wrap items-center gap-x-2 gap-y-1', className)}>
      {orderPieces(pieces).map((row) => (
        <span key={row.faceMinor} className="inline-flex items-center gap-1 whitespace-nowrap">
          {(look === 'full' || row.pieces > 1) && (
            <span className="text-ink-soft">{row.pieces} ×</span>
          )}
          <DenominationChip face={row.faceMinor} currency={currency} />
        </span>
      ))}
    </span>
  )
}
