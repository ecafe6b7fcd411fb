import { unitQuantity } from '@tillkeeper/core/sale/price-line.ts'
import { cartQuantityMax } from './cart.ts'

/** What was typed on the sale screen: a search, and how many of what is found. */
export type Entry = {
  readonly text: string
  /** What of the text is searched for. It stays behind while a scanner types, see `settleEntry`. */
  readonly searched: string
  /** In thousandths; one piece unless `3*` was typed before. */
  readonly quantity: number
}

export const emptyEntry: Entry = { text: '', searched: '', quantity: unitQuantity }
/** Longer searches find nothing more. */
export const entryLengthMax = 80

/** Keys that come faster than this are a scanner's. */
export const scanPaceMs = 40

/**
 * The entry with another text, that came so long after the one before. A number with `*` behind it becomes the quantity (`3*`, `0.25*`) and the
 * text is empty again, so that a scan or a touch takes so many. What a scanner types is not searched for:
 * the products would flicker through thirteen searches before the scan takes its text back.
 */
export function typeEntry(entry: Entry, text: string, sinceMs: number): Entry {
  const quantity = readQuantity(/^\s*([0-9.,]+)\s*[*×x]$/i.exec(text)?.[1])
  if (quantity !== undefined) return { text: '', searched: '', quantity }
  const kept = text.slice(0, entryLengthMax)
  return { ...entry, text: kept, searched: sinceMs < scanPaceMs ? entry.searched : kept }
}

/** The entry once nothing more was typed for a moment: it was a person after all. */
export function settleEntry(entry: Entry): Entry {
  return entry.searched === entry.text ? entry : { ...entry, searched: entry.text }
}

/** Thousandths of a quantity as people type it; `undefined` where it is none, or too much. */
export function readQuantity(text: string | undefined): number | undefined {
  const parts = /^([0-9]{1,5})(?:[.,]([0-9]{1,3}))?$/.exec(text ?? '')
  if (parts === null) return undefined
  const [, whole = '', part = ''] = parts
  const quantity = Number(whole) * unitQuantity + Number(part.padEnd(3, '0'))
  return quantity > 0 && quantity <= cartQuantityMax ? quantity : undefined
}
