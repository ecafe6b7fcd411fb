import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import type { Pack } from '@tillkeeper/core/money/packs.ts'
import { type KeyboardEvent, useRef } from 'react'
import { useLanguage, useTranslate } from '../language/i18n.tsx'
import { formatFace, formatMoney } from '../money/format-money.ts'
import { MoneyText } from '../money/money-text.tsx'
import { joinClasses } from '../theme/join-classes.ts'
import { addPieces, type CashCount, readPieces, setPieces, totalOf } from './count-state.ts'
import { DenominationChip } from './denomination-chip.tsx'
import { findLook } from './denomination-look.ts'

type Props = {
  readonly currency: Currency
  /** The faces to count, high to low. */
  readonly faces: readonly Minor[]
  readonly count: CashCount
  readonly onCount: (count: CashCount) => void
  /** Enter in the last row. */
  readonly onDone?: () => void
  readonly disabled?: boolean
  readonly autoFocus?: boolean
  /** How a face comes packed, where whole packs are counted. */
  readonly packOf?: ((face: Minor) => Pack | undefined) | undefined
  /** A row got the focus: a keypad beside the table types into it. */
  readonly onFace?: ((face: Minor) => void) | undefined
  /** What the sum is called, where it is no count. */
  readonly totalName?: string | undefined
  /** A word on a face, such as how many a machine holds of it. Never in a blind count. */
  readonly noteOf?: ((face: Minor) => string | undefined) | undefined
  /** A keypad stands beside the table: the device shows none of its own over it. */
  readonly hasKeypad?: boolean | undefined
}

/**
 * Counts cash, one row a face. It starts blank and never shows what should be there: who counts
 * may not know. Enter and the arrows go from row to row; +1, +10 and whole packs are for fingers.
 */
export function DenominationTable(props: Props) {
  const { currency, faces, count } = props
  const t = useTranslate()
  const rows = useRef<HTMLTableSectionElement>(null)
  const total = totalOf(count)
  const focusRow = (index: number) => {
    const inputs = rows.current?.querySelectorAll('input') ?? []
    const input = inputs[Math.max(0, index)]
    if (input === undefined) props.onDone?.()
    else {
      input.focus()
      input.select()
    }
  }
  return (
    <table className="w-full border-collapse text-small">
      <thead>
        <tr className="text-left text-ink-soft">
          <th scope="col" className="w-36 py-1 pr-3 font-medium max-[600px]:w-0">
            <span className="max-[600px]:sr-only">{t('ui.denomination')}</span>
          </th>
          <th scope="col" className="w-0 py-1 pr-3 font-medium">
            {t('ui.denomination.pieces')}
          </th>
          <th scope="col" className="py-1 text-right font-medium max-[600px]:hidden">
            {t('ui.denomination.amount')}
          </th>
        </tr>
      </thead>
      <tbody ref={rows}>
        {faces.map((face, index) => (
          <FaceRow key={face} {...props} face={face} index={index} focusRow={focusRow} />
        ))}
      </tbody>
      <tfoot>
        <tr className="border-t-2 border-ink">
          <th scope="row" colSpan={3} className="py-3 text-left text-body font-semibold">
            <span className="flex items-baseline justify-between gap-3">
              {props.totalName ?? t('ui.denomination.total')}
              <output aria-live="polite" className="text-title">
                <MoneyText amount={total} currency={currency} />
              </output>
            </span>
          </th>
        </tr>
      </tfoot>
    </table>
  )
}

function FaceRow({
  face,
  index,
  currency,
  count,
  onCount,
  disabled = false,
  autoFocus = false,
  packOf,
  onFace,
  noteOf,
  hasKeypad = false,
  focusRow,
}: Props & {
  readonly face: Minor
  readonly index: number
  readonly focusRow: (index: number) => void
}) {
  const t = useTranslate()
  const [language] = useLanguage()
  const pieces = count.get(face)
  const pack = packOf?.(face)
  const symbol = { currency, language }
  const said =
    findLook(currency, face).kind === 'note'
      ? t('ui.denomination.note', { face: formatMoney(face, symbol) })
      : t('ui.denomination.coin', { face: formatMoney(face, symbol) })
  const short = formatFace(face, symbol)
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'Enter' || event.key === 'ArrowDown' ? 1 : -1
    if (event.key !== 'Enter' && event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    if (event.key === 'ArrowDown' && event.currentTarget.closest('tr')?.nextSibling === null) return
    focusRow(index + step)
  }
  return (
    <tr className="border-t border-line">
      <th scope="row" className="py-1.5 pr-3 text-left font-normal">
        <DenominationChip face={face} currency={currency} size="touch" />
        <span className="sr-only">{said}</span>
        {noteOf !== undefined && (
          <span className="ml-2 whitespace-nowrap text-ink-soft">{noteOf(face)}</span>
        )}
      </th>
      <td className="py-1.5 pr-3">
        <span className="flex items-center gap-2">
          <input
            inputMode={hasKeypad ? 'none' : 'numeric'}
            data-face={face}
            autoComplete="off"
            // biome-ignore lint/a11y/noAutofocus: who opens a count is about to type into its first row.
            autoFocus={autoFocus && index === 0}
            aria-label={t('ui.denomination.piecesOf', { face: said })}
            disabled={disabled}
            value={pieces ?? ''}
            onChange={(event) => onCount(setPieces(count, face, readPieces(event.target.value)))}
            onKeyDown={onKeyDown}
            onFocus={(event) => {
              event.currentTarget.select()
              onFace?.(face)
            }}
            className="h-12 w-20 rounded-md border border-line-strong bg-surface px-2 text-right text-body"
          />
          <MoreButton
            text="+1"
            label={t('ui.denomination.addOne', { face: short })}
            disabled={disabled}
            onPress={() => onCount(addPieces(count, face, 1))}
          />
          <MoreButton
            text="+10"
            label={t('ui.denomination.addTen', { face: short })}
            disabled={disabled}
            onPress={() => onCount(addPieces(count, face, 10))}
          />
          {pack !== undefined && (
            <MoreButton
              text={`+${pack.pieces}`}
              note={t(`ui.denomination.${pack.kind}`)}
              label={t(`ui.denomination.${pack.kind}Of`, { face: short, pieces: pack.pieces })}
              disabled={disabled}
              onPress={() => onCount(addPieces(count, face, pack.pieces))}
            />
          )}
        </span>
      </td>
      <td className="py-1.5 text-right text-body max-[600px]:hidden">
        {pieces === undefined ? (
          <span className="text-ink-faint">–</span>
        ) : (
          <MoneyText amount={minor(face * pieces)} currency={currency} unit="hide" />
        )}
      </td>
    </tr>
  )
}

function MoreButton({
  text,
  note,
  label,
  disabled,
  onPress,
}: {
  readonly text: string
  /** A word below it. */
  readonly note?: string
  readonly label: string
  readonly disabled: boolean
  readonly onPress: () => void
}) {
  return (
    <button
      type="button"
      // Tab goes through the fields; fingers and mice find the buttons, keys have the field itself.
      tabIndex={-1}
      // What is heard holds what is seen, so that who speaks to the screen can say it.
      aria-label={note === undefined ? `${text}: ${label}` : `${text} ${note}: ${label}`}
      disabled={disabled}
      onClick={onPress}
      className={joinClasses(
        'h-12 touch-manipulation rounded-md border border-line bg-surface px-2 font-medium leading-tight hover:bg-hover active:bg-accent-soft',
        note === undefined ? 'min-w-12' : 'w-18',
      )}
    >
      {text}
      {note !== undefined && ' '}
      {note !== undefined && (
        <span className="block text-[0.75rem] leading-[1.5] font-normal text-ink-soft">{note}</span>
      )}
    </button>
  )
}
