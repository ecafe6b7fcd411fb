import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { DenominationChip } from '@tillkeeper/ui/denomination/denomination-chip.tsx'
import { findLook } from '@tillkeeper/ui/denomination/denomination-look.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatMoney } from '@tillkeeper/ui/money/format-money.ts'
import { MoneyText } from '@tillkeeper/ui/money/money-text.tsx'
import { CountText } from '@tillkeeper/ui/quantity/quantity-text.tsx'
import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { useText } from '../messages/use-text.ts'
import { isLow, type Level, type Part, type Slot } from './stock-picture.ts'

// A machine drawn as what it is: slots that fill from below.

/** Levels that ask for a person, by their colour; the word stands with each. What is not missed asks for nobody. */
const tones: Readonly<Partial<Record<Level, string>>> = {
  empty: 'text-danger',
  near_empty: 'text-warn',
  near_full: 'text-warn',
  full: 'text-danger',
  absent: 'text-warn',
}

const toneOf = (slot: Pick<Slot, 'missed' | 'level'>) =>
  isLow(slot) && !slot.missed ? undefined : tones[slot.level]

/** Of a cash box only what lies in it: its places for faces that it has none of say nothing. */
const shownOf = ({ unit, slots }: Part) =>
  unit === 'cash_box'
    ? slots.filter((slot) => slot.pieces > 0 || slot.booked !== undefined || toneOf(slot))
    : slots

/** The parts of a machine, slot by slot: pieces, worth, level, and what the books say where they differ. */
export function StockSlots({ parts }: { readonly parts: readonly Part[] }) {
  return (
    <div className="flex flex-col gap-6 px-5 pt-1 pb-5">
      {parts.map((part) => (
        <PartPicture key={`${part.unit} ${part.currency}`} part={part} />
      ))}
    </div>
  )
}

function PartPicture({ part }: { readonly part: Part }) {
  const t = useText()
  const [language] = useLanguage()
  const { unit, currency, totalMinor, bookedMinor } = part
  const slots = shownOf(part)
  const name = t(`machine.unit.${unit}`)
  return (
    <section aria-label={`${name} ${currency}`} data-unit={unit} data-currency={currency}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line pb-1">
        <h3 className="m-0 text-small font-semibold">
          {name} <span className="font-normal text-ink-soft">· {currency}</span>
        </h3>
        <span className="flex items-baseline gap-3 text-small">
          {bookedMinor !== undefined && bookedMinor !== totalMinor && (
            <span className="font-medium text-warn">
              {t('machine.books', {
                amount: formatMoney(bookedMinor, { currency, language }),
              })}
            </span>
          )}
          <span data-total={totalMinor} className="text-body font-semibold">
            <MoneyText amount={totalMinor} currency={currency} />
          </span>
        </span>
      </div>
      {slots.length === 0 ? (
        <p className="m-0 pt-2 text-small text-ink-soft">{t('machine.box.empty')}</p>
      ) : (
        <ul
          className={joinClasses(
            'm-0 grid list-none gap-x-1.5 gap-y-4 p-0 pt-3',
            // A machine's slots stand side by side over the whole width; the few of a cash box beside each other.
            unit === 'recycling'
              ? 'grid-cols-[repeat(auto-fit,minmax(3.75rem,1fr))]'
              : 'grid-cols-[repeat(auto-fill,minmax(4.75rem,1fr))]',
          )}
        >
          {slots.map((slot) => (
            <SlotPicture key={slot.faceMinor} slot={slot} />
          ))}
        </ul>
      )}
    </section>
  )
}

function SlotPicture({ slot }: { readonly slot: Slot }) {
  const t = useText()
  const { currency, faceMinor, pieces, level, maxPieces, booked } = slot
  const tone = toneOf(slot)
  return (
    <li
      data-unit={slot.unit}
      data-face={faceMinor}
      data-pieces={pieces}
      data-level={level}
      className="flex min-w-0 flex-col items-center gap-1 text-center text-small"
    >
      <Shaft slot={slot} />
      <DenominationChip face={faceMinor} currency={currency} />
      <span className="leading-tight">
        <span className="text-body font-semibold">
          <CountText count={pieces} />
        </span>
        {maxPieces !== undefined && (
          <span className="text-ink-soft">
            {' '}
            / <CountText count={maxPieces} />
          </span>
        )}
      </span>
      <span className="max-w-full truncate text-[0.75rem] leading-tight text-ink-soft">
        <MoneyText amount={minor(faceMinor * pieces)} currency={currency} unit="hide" />
      </span>
      {tone !== undefined && (
        <span className={joinClasses('text-[0.75rem] leading-[1.5] font-medium', tone)}>
          {t(`machine.level.${level}`)}
        </span>
      )}
      {booked !== undefined && (
        <span className="text-[0.75rem] leading-[1.5] font-medium text-warn">
          {t('machine.booked', { count: booked })}
        </span>
      )}
    </li>
  )
}

/** How full a slot is, in the colour of what lies in it; striped where the machine gives no number. */
function Shaft({ slot }: { readonly slot: Slot }) {
  const { colour } = findLook(slot.currency, slot.faceMinor)
  const isAbsent = slot.level === 'absent'
  return (
    <span
      aria-hidden="true"
      className={joinClasses(
        'relative block h-24 w-11 overflow-hidden rounded-sm border bg-sunken',
        isAbsent ? 'border-dashed border-line-strong' : 'border-line',
      )}
    >
      <span
        className="absolute inset-x-0 bottom-0 block transition-[height] duration-150"
        style={{
          height: `${heightOf(slot)}%`,
          background: slot.measured
            ? colour
            : `repeating-linear-gradient(135deg, ${colour} 0 5px, color-mix(in srgb, ${colour} 55%, transparent) 5px 10px)`,
        }}
      />
      <Marks />
    </span>
  )
}

/** A quarter at a time, so that two slots are compared at a look. */
function Marks() {
  return [25, 50, 75].map((at) => (
    <span
      key={at}
      className="absolute right-0 block h-px w-1.5 bg-ink/25"
      style={{ bottom: `${at}%` }}
    />
  ))
}

// A single note in a slot for hundreds is still seen to be there.
const visiblePercent = 3
const heightOf = ({ share, pieces }: Slot) =>
  pieces === 0 ? 0 : Math.max(visiblePercent, Math.round(share * 100))

/** The same, a finger wide, for a row of a list; its figures stand beside it. */
export function MiniSlots({ parts }: { readonly parts: readonly Part[] }) {
  return (
    <span aria-hidden="true" className="flex flex-wrap items-end gap-x-4 gap-y-2">
      {parts.map((part) => (
        <span key={`${part.unit} ${part.currency}`} className="flex items-end gap-0.5">
          {shownOf(part).map((slot) => (
            <MiniSlot key={slot.faceMinor} slot={slot} />
          ))}
        </span>
      ))}
    </span>
  )
}

function MiniSlot({ slot }: { readonly slot: Slot }) {
  const needs = toneOf(slot) !== undefined
  return (
    <span className="flex flex-col items-center gap-0.5">
      <span className="relative block h-8 w-2.5 overflow-hidden rounded-[2px] bg-sunken outline outline-line">
        <span
          className="absolute inset-x-0 bottom-0 block"
          style={{
            height: `${heightOf(slot)}%`,
            backgroundColor: findLook(slot.currency, slot.faceMinor).colour,
          }}
        />
      </span>
      <span className={joinClasses('block size-1.5 rounded-full', needs && 'bg-warn')} />
    </span>
  )
}

/** Faces by their chips, for a sentence about them. */
export function FaceChips({
  faces,
}: {
  readonly faces: readonly { readonly currency: Currency; readonly faceMinor: Minor }[]
}) {
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      {faces.map(({ currency, faceMinor }) => (
        <DenominationChip key={`${currency} ${faceMinor}`} face={faceMinor} currency={currency} />
      ))}
    </span>
  )
}
