import type { CashAmount } from '@tillkeeper/core/money/cash-amount.ts'
import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import { type BuiltFloat, buildFloat } from '@tillkeeper/core/till/build-float.ts'
import type { CountAmount } from '@tillkeeper/core/till/compare-count.ts'
import { blankCount, type CashCount, listPieces } from '@tillkeeper/ui/denomination/count-state.ts'
import { type Counts, listCountAmounts } from './count-state.ts'

type Counted = {
  /** By currency; one that is missing was not counted. */
  readonly counts: Counts
  /** Who counted it too, without seeing the first count: it is not asked for once more then. */
  readonly secondBy?: string | undefined
  readonly note: string
  /** What should stay in the drawer as the next float, by currency. Of one that is missing nothing does. */
  readonly leaves: ReadonlyMap<Currency, Minor>
}
/** What the close screen shows. The count goes with each stage, so that nothing has to be typed twice. */
export type CloseScreen = Counted &
  (
    | {
        readonly stage: 'counting'
        readonly refusal?: string | undefined
        /** Something differs: all is counted once more, from blank. Nobody says what it was. */
        readonly again?: boolean | undefined
      }
    /** The last look before it cannot be changed: at the count alone, for it is blind. */
    | { readonly stage: 'sure' }
    | { readonly stage: 'saving' }
  )

/** `leaveMinor`: what a shop's drawers begin with, in its own currency. */
export function startClose(own: Currency, leaveMinor: Minor): CloseScreen {
  const leaves = new Map([[own, leaveMinor]])
  return { stage: 'counting', counts: new Map(), note: '', leaves }
}
/** What a fact takes. */
export const noteLengthMax = 200

export function countOf({ counts }: Counted, currency: Currency): CashCount {
  return counts.get(currency) ?? blankCount
}

export function changeCount(
  screen: CloseScreen,
  currency: Currency,
  count: CashCount,
): CloseScreen {
  if (screen.stage !== 'counting') return screen
  const counts = new Map(screen.counts).set(currency, count)
  return { ...screen, counts, refusal: undefined, secondBy: undefined }
}

/** Two people counted: it is what both found. */
export function takeBothCounts(screen: CloseScreen, counts: Counts, secondBy: string): CloseScreen {
  return screen.stage === 'counting' ? { ...screen, counts, secondBy, refusal: undefined } : screen
}

export function changeNote(screen: CloseScreen, note: string): CloseScreen {
  return { ...screen, note: note.slice(0, noteLengthMax) }
}

export function changeLeave(
  screen: CloseScreen,
  currency: Currency,
  leaveMinor: Minor,
): CloseScreen {
  if (screen.stage !== 'counting') return screen
  return { ...screen, leaves: new Map(screen.leaves).set(currency, leaveMinor) }
}

export function askSure({ counts, note, leaves, secondBy }: CloseScreen): CloseScreen {
  return { stage: 'sure', counts, note, leaves, secondBy }
}

/** Back to the count, with all that was typed. */
export function backToCount(
  { counts, note, leaves, secondBy }: CloseScreen,
  refusal?: string,
): CloseScreen {
  return { stage: 'counting', counts, note, leaves, secondBy, refusal }
}

/** A count that differs is made once more, from blank. */
export function countOnceMore({ note, leaves }: CloseScreen): CloseScreen {
  return { stage: 'counting', counts: new Map(), note, leaves, again: true }
}

/** Only who was asked whether they are sure may seal the count. */
export function startClosing(screen: CloseScreen): CloseScreen {
  return screen.stage === 'sure' ? { ...screen, stage: 'saving' } : screen
}

/** What was counted, as the decision takes it: the drawer's own currency first. */
export function listCounts(screen: CloseScreen, own: Currency): readonly CountAmount[] {
  return listCountAmounts(screen.counts, own)
}

/** The pieces that stay as the next float; none where nothing should. */
export function planFloat(screen: CloseScreen, currency: Currency): BuiltFloat | undefined {
  const leaveMinor = screen.leaves.get(currency) ?? 0
  if (leaveMinor === 0) return undefined
  return buildFloat(listPieces(countOf(screen, currency)), minor(leaveMinor))
}

/** What stays in the drawer, as the decision takes it. */
export function listLeft(screen: CloseScreen): readonly CashAmount[] {
  return [...screen.leaves.keys()].flatMap((currency) => {
    const built = planFloat(screen, currency)
    if (built === undefined || built.leftMinor === 0) return []
    return [{ currency, minor: built.leftMinor, pieces: built.left }]
  })
}
