import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import { type Minor, minor, sum } from '@tillkeeper/core/money/money.ts'
import type { AskedTender } from '@tillkeeper/core/sale/settle-tenders.ts'
import type { TenderMethod } from '@tillkeeper/core/sale/tender.ts'
import {
  type AmountEntry,
  type KeypadKey,
  pressKey,
  readEntry,
} from '@tillkeeper/ui/keypad/amount-entry.ts'

/** What the pay panel shows. `id` is the sale's: trying again never sells twice. */
export type Pay =
  | (Tendering & { readonly stage: 'tendering' })
  /** The sale is being written. Nothing can be pressed. */
  | (Tendering & { readonly stage: 'saving' })
  /** It was not written: what was typed is kept, and it can be tried again. */
  | (Tendering & { readonly stage: 'refused'; readonly code: string })

export type Tendering = {
  readonly id: string
  readonly dueMinor: Minor
  /** Decimals of the currency. */
  readonly digits: number
  /** Paid so far, in its order. */
  readonly tenders: readonly AskedTender[]
  /** What the entry pays with. */
  readonly method: TenderMethod
  readonly entry: AmountEntry
  /** Notes that were pressed one by one; they and the entry exclude each other. */
  readonly notes: Pieces
}

/** The pay panel as it opens: cash, nothing typed. */
export function openPay(sale: {
  readonly id: string
  readonly dueMinor: Minor
  readonly digits: number
}): Pay {
  return { stage: 'tendering', ...sale, tenders: [], method: 'cash', entry: '', notes: [] }
}

/** What the tenders so far leave to pay; zero or more. */
export function remainingMinor(pay: Tendering): Minor {
  return minor(Math.max(0, pay.dueMinor - sum(pay.tenders.map(({ givenMinor }) => givenMinor))))
}

/** What is in the entry, by digits or by notes; `undefined` while nothing is. */
export function enteredMinor(pay: Tendering): Minor | undefined {
  if (pay.notes.length > 0) {
    return sum(pay.notes.map(({ faceMinor, pieces }) => minor(faceMinor * pieces)))
  }
  return readEntry(pay.entry, pay.digits)
}

/** Given, change and what is missing if the entry were confirmed now. */
export function previewPay(pay: Tendering): {
  readonly givenMinor: Minor
  readonly changeMinor: Minor
  readonly missingMinor: Minor
} {
  const entered = enteredMinor(pay) ?? 0
  const given = sum(pay.tenders.map(({ givenMinor }) => givenMinor)) + entered
  return {
    givenMinor: minor(given),
    changeMinor: minor(Math.max(0, given - pay.dueMinor)),
    missingMinor: minor(Math.max(0, pay.dueMinor - given)),
  }
}

/** A key of the pad. It begins again after notes were pressed. */
export function pressPayKey(pay: Pay, key: KeypadKey): Pay {
  if (pay.stage === 'saving') return pay
  return { ...asTendering(pay), entry: pressKey(pay.entry, key, pay.digits), notes: [] }
}

/** A note that was handed over. It begins again after digits were typed. */
export function pressNote(pay: Pay, faceMinor: Minor): Pay {
  if (pay.stage === 'saving') return pay
  const held = pay.notes.find((note) => note.faceMinor === faceMinor)?.pieces ?? 0
  const others = pay.notes.filter((note) => note.faceMinor !== faceMinor)
  return {
    ...asTendering(pay),
    method: 'cash',
    entry: '',
    notes: [...others, { faceMinor, pieces: held + 1 }],
  }
}

/** Pays the entry with another method. What was typed is kept. */
export function chooseMethod(pay: Pay, method: TenderMethod): Pay {
  if (pay.stage === 'saving') return pay
  return { ...asTendering(pay), method, ...(method === 'cash' ? {} : { notes: [] }) }
}

/** Takes a tender back. */
export function removeTender(pay: Pay, at: number): Pay {
  if (pay.stage === 'saving') return pay
  return { ...asTendering(pay), tenders: pay.tenders.toSpliced(at, 1) }
}

/** What a confirmation leads to. */
export type Confirmed =
  /** Everything is paid: these tenders make the sale. */
  | { readonly is: 'complete'; readonly tenders: readonly AskedTender[] }
  /** A part is paid, the rest is still due. */
  | { readonly is: 'part'; readonly pay: Pay }
  /** Nothing was typed that could be confirmed. */
  | { readonly is: 'nothing' }
  /** A card or a transfer of more than is due: nobody gives change for it. */
  | { readonly is: 'too_much' }

/**
 * Confirms the entry. Cash needs an amount; a card or a transfer with nothing typed pays all that is
 * left. A sale of nothing is complete without any tender.
 */
export function confirmEntry(pay: Pay): Confirmed {
  if (pay.stage === 'saving') return { is: 'nothing' }
  const left = remainingMinor(pay)
  if (pay.dueMinor === 0) return { is: 'complete', tenders: [] }
  const givenMinor = enteredMinor(pay) ?? (pay.method === 'cash' ? undefined : left)
  if (givenMinor === undefined || givenMinor === 0) return { is: 'nothing' }
  if (pay.method !== 'cash' && givenMinor > left) return { is: 'too_much' }
  const tender: AskedTender = {
    method: pay.method,
    givenMinor,
    ...(pay.notes.length > 0 && { pieces: pay.notes }),
  }
  const tenders = [...pay.tenders, tender]
  if (givenMinor >= left) return { is: 'complete', tenders }
  return { is: 'part', pay: { ...asTendering(pay), tenders, entry: '', notes: [] } }
}

/** Pays what is left with exactly so much cash, whatever was typed. */
export function confirmCash(pay: Pay, givenMinor: Minor): Confirmed {
  return confirmEntry({
    ...asTendering(pay),
    method: 'cash',
    notes: [],
    entry: entryOf(pay, givenMinor),
  })
}

export function startSaving(pay: Pay): Pay {
  return { ...pay, stage: 'saving' }
}

export function failSaving(pay: Pay, code: string): Pay {
  return { ...pay, stage: 'refused', code }
}

function entryOf({ digits }: Tendering, amount: Minor): AmountEntry {
  const text = String(amount).padStart(digits + 1, '0')
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
}

function asTendering(pay: Pay): Tendering & { readonly stage: 'tendering' } {
  const { id, dueMinor, digits, tenders, method, entry, notes } = pay
  return { stage: 'tendering', id, dueMinor, digits, tenders, method, entry, notes }
}
