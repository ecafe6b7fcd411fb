import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { Minor } from '@tillkeeper/core/money/money.ts'
import type { CashMovementKind } from '@tillkeeper/core/till/move-cash.ts'
import {
  type AmountEntry,
  type KeypadKey,
  pressKey,
  readEntry,
} from '@tillkeeper/ui/keypad/amount-entry.ts'

type Typed = {
  /** The movement's id: trying again never moves cash twice. */
  readonly id: string
  readonly kind: CashMovementKind
  readonly entry: AmountEntry
  readonly recipient: string
  readonly note: string
  /** Of the photo of a receipt. */
  readonly photoId?: string | undefined
}

/** What the panel for cash that is no sale shows. */
export type CashScreen =
  | (Typed & { readonly stage: 'typing'; readonly refusal?: string | undefined })
  | (Typed & { readonly stage: 'saving' })
  | (Typed & { readonly stage: 'done'; readonly amountMinor: Minor })

export function startCash(id: string, kind: CashMovementKind): CashScreen {
  return { stage: 'typing', id, kind, entry: '', recipient: '', note: '' }
}

export function pressCashKey(screen: CashScreen, key: KeypadKey, digits: number): CashScreen {
  if (screen.stage !== 'typing') return screen
  return { ...screen, entry: pressKey(screen.entry, key, digits), refusal: undefined }
}

export function readAmount(screen: CashScreen, digits: number): Minor | undefined {
  return readEntry(screen.entry, digits)
}

/** Whether it can be recorded: something moves, and cash that leaves the shop says what for. */
export function isComplete(screen: CashScreen, digits: number): boolean {
  const amount = readAmount(screen, digits) ?? 0
  const outside = screen.kind === 'pay_in' || screen.kind === 'pay_out'
  return amount > 0 && (!outside || screen.note.trim() !== '')
}

export function startMoving(screen: CashScreen, digits: number): CashScreen {
  if (screen.stage !== 'typing' || !isComplete(screen, digits)) return screen
  const { refusal: _, ...typed } = screen
  return { ...typed, stage: 'saving' }
}

/** The answer of the act: refused, everything that was typed is still there. */
export function onMoved(
  screen: CashScreen,
  outcome: Outcome<{ readonly amountMinor: Minor }, { readonly code: string }>,
): CashScreen {
  if (screen.stage !== 'saving') return screen
  return outcome.ok
    ? { ...screen, stage: 'done', amountMinor: outcome.value.amountMinor }
    : { ...screen, stage: 'typing', refusal: outcome.refusal.code }
}
