import { roundCash } from '@tillkeeper/core/money/cash-rounding.ts'
import { exponentOf } from '@tillkeeper/core/money/currency.ts'
import type { Pieces } from '@tillkeeper/core/money/denominations.ts'
import { type Currency, type Minor, minor, sum } from '@tillkeeper/core/money/money.ts'
import { amountFor, type Rate, worthOf } from '@tillkeeper/core/money/rate.ts'
import { planForeignChange } from '@tillkeeper/core/sale/plan-change.ts'
import {
  type AskedChange,
  type AskedTender,
  type SettleTerms,
  settleTenders,
} from '@tillkeeper/core/sale/settle-tenders.ts'
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
  /** Decimals of the shop's currency. */
  readonly digits: number
  /** What cash is settled by, as it was when the panel opened: the customer pays by what was shown. */
  readonly terms: SettleTerms
  /** Paid so far, in its order. */
  readonly tenders: readonly AskedTender[]
  /** What the entry pays with. */
  readonly method: TenderMethod
  /** The rate of the currency that the entry's cash is in; left out: it is the shop's own. */
  readonly rate?: Rate | undefined
  /** Whether change goes back in that currency, as far as its notes go. */
  readonly abroad: boolean
  readonly entry: AmountEntry
  /** Notes that were pressed one by one; they and the entry exclude each other. */
  readonly notes: Pieces
}

/** The pay panel as it opens: cash in the shop's currency, nothing typed. */
export function openPay({
  terms = {},
  ...sale
}: {
  readonly id: string
  readonly dueMinor: Minor
  readonly digits: number
  readonly terms?: SettleTerms
}): Pay {
  const nothing = { tenders: [], method: 'cash', abroad: false, entry: '', notes: [] } as const
  return { stage: 'tendering', ...sale, terms, ...nothing }
}

/** What the tenders so far leave to pay, in the shop's currency: in cash, rounded as cash is. Zero or more. */
export function remainingMinor(pay: Tendering): Minor {
  const left = pay.dueMinor - sum(pay.tenders.map((tender) => worthOfTender(pay, tender)))
  return minor(Math.max(0, settled(pay, left)))
}

/** What is left to pay in the currency of the entry; `undefined` where that is more than can be paid in it. */
export function remainingInEntry(pay: Tendering): Minor | undefined {
  const left = remainingMinor(pay)
  return pay.rate === undefined ? left : amountFor(left, pay.rate)
}

/** What is in the entry, by digits or by notes, in its currency; `undefined` while nothing is. */
export function enteredMinor(pay: Tendering): Minor | undefined {
  if (pay.notes.length > 0) {
    return sum(pay.notes.map(({ faceMinor, pieces }) => minor(faceMinor * pieces)))
  }
  return readEntry(pay.entry, digitsOf(pay))
}

/** Decimals of the currency of the entry. */
export function digitsOf({ digits, rate }: Tendering): number {
  return rate === undefined ? digits : exponentOf(rate.currency)
}

/** What a tender is worth in the shop's currency. */
export function worthOfTender({ terms }: Tendering, tender: AskedTender): Minor {
  const { currency, givenMinor } = tender
  const rate = currency === undefined ? undefined : terms.rates?.get(currency)
  return rate === undefined ? givenMinor : minor(worthOf(givenMinor, rate))
}

/** Given, change and what is missing if the entry were confirmed now, by what it is worth. */
export function previewPay(pay: Tendering): {
  readonly givenMinor: Minor
  readonly changeMinor: Minor
  readonly missingMinor: Minor
  /** The part of the change that goes back in another currency. */
  readonly change?: AskedChange
  /** What cash is rounded by, once all is paid; left out where nothing. */
  readonly roundingMinor?: Minor
} {
  const entered = enteredMinor(pay) ?? minor(0)
  const worth = pay.rate === undefined ? entered : minor(worthOf(entered, pay.rate))
  const given = sum(pay.tenders.map((tender) => worthOfTender(pay, tender))) + worth
  const left = settled(pay, pay.dueMinor - given)
  // As the sale will be settled: no rounding gives back more cash than came.
  const paid = settleTenders(pay.dueMinor, [...pay.tenders, entryTender(pay, entered)], pay.terms)
  const changeMinor = paid.ok ? paid.value.changeMinor : minor(Math.max(0, -left))
  const change = planChange(pay, changeMinor)
  return {
    givenMinor: minor(given),
    changeMinor,
    missingMinor: minor(Math.max(0, left)),
    ...(change !== undefined && { change }),
    ...(paid.ok &&
      paid.value.roundingMinor !== undefined && { roundingMinor: paid.value.roundingMinor }),
  }
}

/** A key of the pad. It begins again after notes were pressed. */
export function pressPayKey(pay: Pay, key: KeypadKey): Pay {
  if (pay.stage === 'saving') return pay
  return { ...asTendering(pay), entry: pressKey(pay.entry, key, digitsOf(pay)), notes: [] }
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

/** Pays the entry with another method. What was typed is kept, but for notes and other currencies: they are cash. */
export function chooseMethod(pay: Pay, method: TenderMethod): Pay {
  if (pay.stage === 'saving') return pay
  const held = asTendering(pay)
  if (method === 'cash') return { ...held, method }
  const { rate, ...rest } = held
  return { ...rest, method, notes: [], entry: rate === undefined ? held.entry : '' }
}

/** Takes cash in another currency, or in the shop's own again. What was typed was of the one before. */
export function chooseCurrency(pay: Pay, currency: Currency | undefined): Pay {
  if (pay.stage === 'saving') return pay
  const { rate: _, ...held } = asTendering(pay)
  const rate = currency === undefined ? undefined : pay.terms.rates?.get(currency)
  return { ...held, ...(rate !== undefined && { rate }), method: 'cash', entry: '', notes: [] }
}

/** The next currency of those that are taken, and after the last one the shop's own. */
export function nextCurrency(pay: Pay): Pay {
  const codes = currenciesOf(pay)
  const at = pay.rate === undefined ? -1 : codes.indexOf(pay.rate.currency)
  return chooseCurrency(pay, codes[at + 1])
}

/** The other currencies that are taken, by name. */
export function currenciesOf({ terms }: Tendering): readonly Currency[] {
  return [...(terms.rates?.keys() ?? [])].sort()
}

/** Gives change in the currency that is paid with, or in the shop's own. */
export function chooseChange(pay: Pay, abroad: boolean): Pay {
  return pay.stage === 'saving' ? pay : { ...asTendering(pay), abroad }
}

/** Takes a tender back. */
export function removeTender(pay: Pay, at: number): Pay {
  if (pay.stage === 'saving') return pay
  return { ...asTendering(pay), tenders: pay.tenders.toSpliced(at, 1) }
}

/** What a confirmation leads to. */
export type Confirmed =
  /** Everything is paid: these tenders make the sale, with change in another currency where it was chosen. */
  | {
      readonly is: 'complete'
      readonly tenders: readonly AskedTender[]
      readonly change?: readonly AskedChange[]
    }
  /** A part is paid, the rest is still due. */
  | { readonly is: 'part'; readonly pay: Pay }
  /** A cash machine takes what is left, as it rounds. */
  | { readonly is: 'machine'; readonly dueMinor: Minor }
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
  if (pay.dueMinor === 0) return { is: 'complete', tenders: [] }
  const left = remainingMinor(pay)
  const givenMinor = enteredMinor(pay) ?? (pay.method === 'cash' ? undefined : left)
  if (givenMinor === undefined || givenMinor === 0) return { is: 'nothing' }
  if (pay.method !== 'cash' && givenMinor > left) return { is: 'too_much' }
  const tenders = [...pay.tenders, entryTender(pay, givenMinor)]
  const paid = settleTenders(pay.dueMinor, tenders, pay.terms)
  if (paid.ok) {
    const change = planChange(pay, paid.value.changeMinor)
    return { is: 'complete', tenders, ...(change !== undefined && { change: [change] }) }
  }
  return { is: 'part', pay: { ...asTendering(pay), tenders, entry: '', notes: [] } }
}

/** Pays what is left with exactly so much cash, in the currency of the entry, whatever was typed. */
export function confirmCash(pay: Pay, givenMinor: Minor): Confirmed {
  return confirmEntry({
    ...asTendering(pay),
    method: 'cash',
    notes: [],
    entry: entryOf(digitsOf(pay), givenMinor),
  })
}

/** Lets a machine take what is left, rounded as cash is, whatever was typed. */
export function confirmMachine(pay: Pay): Confirmed {
  if (pay.stage === 'saving') return { is: 'nothing' }
  const dueMinor = remainingMinor({ ...asTendering(pay), method: 'machine' })
  return dueMinor === 0 ? { is: 'nothing' } : { is: 'machine', dueMinor }
}

export function startSaving(pay: Pay): Pay {
  return { ...pay, stage: 'saving' }
}

export function failSaving(pay: Pay, code: string): Pay {
  return { ...pay, stage: 'refused', code }
}

function entryTender({ method, rate, notes }: Tendering, givenMinor: Minor): AskedTender {
  return {
    method,
    givenMinor,
    ...(rate !== undefined && { currency: rate.currency, rateId: rate.id }),
    ...(notes.length > 0 && { pieces: notes }),
  }
}

// Cash is rounded, if any of it is: the entry's, or what was given before.
function settled({ terms, method, tenders }: Tendering, owed: number): Minor {
  const rounds = (by: TenderMethod) => by === 'cash' || by === 'machine'
  const cash = rounds(method) || tenders.some((tender) => rounds(tender.method))
  return cash ? roundCash(minor(owed), terms.rounding) : minor(owed)
}

function planChange({ abroad, rate }: Tendering, changeMinor: Minor): AskedChange | undefined {
  if (!abroad || rate === undefined || changeMinor === 0) return undefined
  return planForeignChange(changeMinor, rate)
}

function entryOf(digits: number, amount: Minor): AmountEntry {
  const text = String(amount).padStart(digits + 1, '0')
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
}

function asTendering(pay: Pay): Tendering & { readonly stage: 'tendering' } {
  const { id, dueMinor, digits, terms, tenders, method, rate, abroad, entry, notes } = pay
  const held = { id, dueMinor, digits, terms, tenders, method, abroad, entry, notes }
  return { stage: 'tendering', ...held, ...(rate !== undefined && { rate }) }
}
