import type { CashAmount } from '@tillkeeper/core/money/cash-amount.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { type BuiltFloat, buildFloat } from '@tillkeeper/core/till/build-float.ts'
import type { CountAmount } from '@tillkeeper/core/till/compare-count.ts'
import {
  blankCount,
  type CashCount,
  listPieces,
  totalOf,
} from '@tillkeeper/ui/denomination/count-state.ts'

type Counted = {
  /** By currency; one that is missing was not counted. */
  readonly counts: ReadonlyMap<Currency, CashCount>
  readonly note: string
  /** What should stay in the drawer as the next float, in its own currency. */
  readonly leaveMinor: Minor
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

export function startClose(leaveMinor: Minor): CloseScreen {
  return { stage: 'counting', counts: new Map(), note: '', leaveMinor }
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
  return { ...screen, counts: new Map(screen.counts).set(currency, count), refusal: undefined }
}

export function changeNote(screen: CloseScreen, note: string): CloseScreen {
  return { ...screen, note: note.slice(0, noteLengthMax) }
}

export function changeLeave(screen: CloseScreen, leaveMinor: Minor): CloseScreen {
  return screen.stage === 'counting' ? { ...screen, leaveMinor } : screen
}

export function askSure({ counts, note, leaveMinor }: CloseScreen): CloseScreen {
  return { stage: 'sure', counts, note, leaveMinor }
}

/** Back to the count, with all that was typed. */
export function backToCount(
  { counts, note, leaveMinor }: CloseScreen,
  refusal?: string,
): CloseScreen {
  return { stage: 'counting', counts, note, leaveMinor, refusal }
}

/** A count that differs is made once more, from blank. */
export function countOnceMore({ note, leaveMinor }: CloseScreen): CloseScreen {
  return { stage: 'counting', counts: new Map(), note, leaveMinor, again: true }
}

/** Only who was asked whether they are sure may seal the count. */
export function startClosing(screen: CloseScreen): CloseScreen {
  return screen.stage === 'sure' ? { ...screen, stage: 'saving' } : screen
}

/** What was counted, as the decision takes it: the drawer's own currency first. */
export function listCounts(screen: CloseScreen, own: Currency): readonly CountAmount[] {
  const named = [own, ...[...screen.counts.keys()].filter((currency) => currency !== own)]
  return named.map((currency) => {
    const count = countOf(screen, currency)
    return { currency, countedMinor: totalOf(count), pieces: listPieces(count) }
  })
}

/** The pieces that stay as the next float; none where nothing should. */
export function planFloat(screen: CloseScreen, own: Currency): BuiltFloat | undefined {
  if (screen.leaveMinor === 0) return undefined
  return buildFloat(listPieces(countOf(screen, own)), screen.leaveMinor)
}

/** What stays in the drawer, as the decision takes it. */
export function listLeft(screen: CloseScreen, own: Currency): readonly CashAmount[] {
  const built = planFloat(screen, own)
  if (built === undefined || built.leftMinor === 0) return []
  return [{ currency: own, minor: built.leftMinor, pieces: built.left }]
}
