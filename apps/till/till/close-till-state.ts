import { blankCount, type CashCount } from '@tillkeeper/ui/denomination/count-state.ts'

/** What the close screen shows. The count goes with each stage, so that nothing has to be typed twice. */
export type CloseScreen = { readonly count: CashCount; readonly note: string } & (
  | { readonly stage: 'counting'; readonly refusal?: string | undefined }
  /** The last look before it cannot be changed: at the count alone, for it is blind. */
  | { readonly stage: 'sure' }
  | { readonly stage: 'saving' }
)

export const startClose: CloseScreen = { stage: 'counting', count: blankCount, note: '' }
/** What a fact takes. */
export const noteLengthMax = 200

export function changeCount(screen: CloseScreen, count: CashCount): CloseScreen {
  return screen.stage === 'counting' ? { stage: 'counting', count, note: screen.note } : screen
}

export function changeNote(screen: CloseScreen, note: string): CloseScreen {
  return { ...screen, note: note.slice(0, noteLengthMax) }
}

export function askSure({ count, note }: CloseScreen): CloseScreen {
  return { stage: 'sure', count, note }
}

/** Back to the count, with all that was typed. */
export function countAgain({ count, note }: CloseScreen, refusal?: string): CloseScreen {
  return { stage: 'counting', count, note, refusal }
}

/** Only who was asked whether they are sure may seal the count. */
export function startClosing(screen: CloseScreen): CloseScreen {
  return screen.stage === 'sure' ? { ...screen, stage: 'saving' } : screen
}
