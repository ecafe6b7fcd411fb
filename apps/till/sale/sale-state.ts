import type { CashAmount } from '@tillkeeper/core/money/cash-amount.ts'
import type { CashMovementKind } from '@tillkeeper/core/till/move-cash.ts'
import type { MachineRecord } from '../machine/machine-record.ts'
import type { SaleDocument, TillDocument } from '../receipt/document.ts'
import { openRefund, type Refund } from '../refund/refund-state.ts'
import type { SuggestedFaces } from '../till/cycle-panel.tsx'
import type { MadeSale } from './complete-sale.ts'
import { type Entry, emptyEntry } from './entry.ts'
import type { Pay } from './pay-state.ts'

/** What stands beside the cart. The cart itself is never covered. */
export type Panel =
  | { readonly at: 'products' }
  | { readonly at: 'pay'; readonly pay: Pay }
  | { readonly at: 'paid'; readonly paid: Paid }
  | { readonly at: 'held' }
  | { readonly at: 'refund'; readonly refund: Refund }
  | { readonly at: 'history' }
  | {
      readonly at: 'receipt'
      readonly document: TillDocument
      /** It was written just now: its first print is no copy. */
      readonly fresh?: true
    }
  | { readonly at: 'void'; readonly sale: SaleDocument }
  | { readonly at: 'cash'; readonly kind: CashMovementKind }
  | { readonly at: 'swap' }
  | { readonly at: 'hand_over' }
  | { readonly at: 'fund' }
  | { readonly at: 'no_sale' }
  | { readonly at: 'expense'; readonly expenseId?: string | undefined }
  | { readonly at: 'session' }
  /** A few faces are counted, those that are worth it now picked already. */
  | { readonly at: 'cycle'; readonly suggested?: SuggestedFaces | undefined }
  | { readonly at: 'report' }
  | { readonly at: 'unsent' }
  | { readonly at: 'menu' }
  /** A cash machine is at it; `from` is where it was asked. */
  | { readonly at: 'machine'; readonly attemptId: string; readonly from?: Panel | undefined }
  | { readonly at: 'machine_done'; readonly record: MachineRecord }

/** A sale that was just made, and whether the store server had it when its receipt was written. */
export type Paid = MadeSale & {
  readonly ack: 'acknowledged' | 'not_yet'
  /** What a machine gave back of what was put in, where one was paid at. */
  readonly machine?: CashAmount | undefined
}

/** A line of words that answers what was just done; the next act takes it away. */
export type Notice =
  | { readonly code: 'unknown_code'; readonly text: string }
  | {
      readonly code:
        | 'held'
        | 'hold_full'
        | 'nothing_to_pay'
        | 'line_not_sold'
        | 'cart_first'
        /** A cash machine is asked for something: that comes first. */
        | 'machine_first'
        /** The browser keeps nothing more: no sale may begin to be paid. */
        | 'no_room'
    }
  | { readonly code: 'refused'; readonly why: string }

export type SaleScreen = {
  readonly panel: Panel
  readonly entry: Entry
  /** A category's name, or one of the two lists that are none. */
  readonly category: string | typeof allProducts | typeof oftenSold
  /** Scans that came while something else was open: they are taken when it closes. */
  readonly waiting: readonly string[]
  /** The last sale, kept in a corner while the next one begins. */
  readonly last?: Paid | undefined
  readonly notice?: Notice | undefined
}

// No category can have these names: a category has a letter in it.
export const allProducts = '*'
export const oftenSold = '+'

/** Scans that wait at once; more is a cat on the scanner. */
export const waitingMax = 20

export const openSale: SaleScreen = {
  panel: { at: 'products' },
  entry: emptyEntry,
  category: allProducts,
  waiting: [],
}

/** Opens something beside the cart. A sale that is being written is never left. */
export function openPanel(screen: SaleScreen, panel: Panel): SaleScreen {
  if (isBusy(screen.panel)) return screen
  return { ...rest(screen), panel, entry: emptyEntry }
}

/** Another state of the panel that is open; what was closed meanwhile stays closed. */
export function changePanel(screen: SaleScreen, panel: Panel): SaleScreen {
  return screen.panel.at === panel.at ? { ...rest(screen), panel } : screen
}

/** One level back. It never discards a cart, and never leaves an act that is under way. */
export function goBack(screen: SaleScreen): SaleScreen {
  const { panel, entry } = screen
  if (isBusy(panel)) return screen
  if (panel.at === 'products') {
    const plain = entry.text === '' && entry.quantity === emptyEntry.quantity
    return plain ? rest(screen) : { ...rest(screen), entry: emptyEntry }
  }
  if (panel.at === 'receipt') return { ...rest(screen), panel: { at: 'history' } }
  if (
    panel.at === 'refund' &&
    (panel.refund.stage === 'choosing' || panel.refund.stage === 'returning')
  ) {
    return { ...rest(screen), panel: { at: 'refund', refund: openRefund } }
  }
  return { ...rest(screen), panel: { at: 'products' } }
}

/** A machine was asked, here or before the page was loaded: it stands before everything else. */
export function openMachine(screen: SaleScreen, attemptId: string): SaleScreen {
  const { panel } = screen
  if (panel.at === 'machine' && panel.attemptId === attemptId) return screen
  const from = panel.at === 'machine' ? panel.from : panel
  // A payment is opened anew from what the attempt knows of it.
  const back = from?.at === 'pay' ? undefined : from
  return { ...rest(screen), panel: { at: 'machine', attemptId, from: back } }
}

/** The machine is done with, or left: on with what comes of it, or with where it was asked. */
export function closeMachine(screen: SaleScreen, next?: Panel): SaleScreen {
  const { panel } = screen
  if (next === undefined && panel.at !== 'machine') return screen
  const from = panel.at === 'machine' ? panel.from : undefined
  return { ...rest(screen), panel: next ?? from ?? { at: 'products' } }
}

/** This device cannot keep another sale: the payment that was opened is closed, with the cart as it was. */
export function refusePay(screen: SaleScreen): SaleScreen {
  if (screen.panel.at !== 'pay' || isBusy(screen.panel)) return screen
  return notify(openPanel(screen, { at: 'products' }), { code: 'no_room' })
}

/** A sale was made: it is shown, and kept in the corner from then on. */
export function onPaid(screen: SaleScreen, paid: Paid): SaleScreen {
  return { ...rest(screen), panel: { at: 'paid', paid }, last: paid, category: screen.category }
}

/**
 * A scan. It adds to the cart at once where products or a finished sale stand, for then the next
 * customer is here; anywhere else it waits.
 */
export function hearScan(
  screen: SaleScreen,
  text: string,
): { readonly screen: SaleScreen; readonly take: readonly string[] } {
  const { panel } = screen
  if (panel.at !== 'products' && panel.at !== 'paid') {
    if (screen.waiting.length >= waitingMax) return { screen, take: [] }
    return { screen: { ...screen, waiting: [...screen.waiting, text] }, take: [] }
  }
  return {
    screen: {
      ...rest(screen),
      panel: { at: 'products' },
      // The digits that the scanner typed go; a quantity that was typed before stays.
      entry: { ...screen.entry, text: '', searched: '' },
    },
    take: [text],
  }
}

/** The scans that waited, once products stand beside the cart again. */
export function takeWaiting(screen: SaleScreen): {
  readonly screen: SaleScreen
  readonly take: readonly string[]
} {
  if (screen.panel.at !== 'products' || screen.waiting.length === 0) return { screen, take: [] }
  return { screen: { ...screen, waiting: [] }, take: screen.waiting }
}

export function notify(screen: SaleScreen, notice: Notice | undefined): SaleScreen {
  return notice === undefined ? rest(screen) : { ...screen, notice }
}

/** Whether something is being written, and must be waited for. */
export function isBusy(panel: Panel): boolean {
  return (
    panel.at === 'machine' ||
    (panel.at === 'pay' && panel.pay.stage === 'saving') ||
    (panel.at === 'refund' && (panel.refund.stage === 'saving' || panel.refund.stage === 'paying'))
  )
}

/** Whether the app may be replaced by a newer version now: nobody is in the middle of anything. */
export function isQuiet(screen: SaleScreen, cartLines: number): boolean {
  const calm = screen.panel.at === 'products' || screen.panel.at === 'menu'
  return calm && cartLines === 0 && screen.waiting.length === 0 && screen.entry.text === ''
}

function rest({ notice: _, ...screen }: SaleScreen): SaleScreen {
  return screen
}
