import { unitQuantity } from '@tillkeeper/core/sale/price-line.ts'
import { cartQuantityMax } from './cart.ts'

/** What was typed on the sale screen: a search, and how many of what is found. */
export type Entry = {
  readonly text: string
  /** In thousandths; one piece unless `3*` was typed before. */
  readonly quantity: number
}

export const emptyEntry: Entry = { text: '', quantity: unitQuantity }
/** Longer searches find nothing more. */
export const entryLengthMax = 80

/**
 * The entry with another text. A number with `*` behind it becomes the quantity (`3*`, `0.25*`) and the
 * text is empty again, so that a scan or a touch takes so many.
 */
export function typeEntry(entry: Entry, text: string): Entry {
  const quantity = readQuantity(/^\s*([0-9.,]+)\s*[*×x]$/i.exec(text)?.[1])
  if (quantity !== undefined) return { text: '', quantity }
  return { ...entry, text: text.slice(0, entryLengthMax) }
}

/** Thousandths of a quantity as people type it; `undefined` where it is none, or too much. */
export function readQuantity(text: string | undefined): number | undefined {
  const parts = /^([0-9]{1,5})(?:[.,]([0-9]{1,3}))?$/.exec(text ?? '')
  if (parts === null) return undefined
  const [, whole = '', part = ''] = parts
  const quantity = Number(whole) * unitQuantity + Number(part.padEnd(3, '0'))
  return quantity > 0 && quantity <= cartQuantityMax ? quantity : undefined
}
