import type { KeypadKey } from '@tillkeeper/ui/keypad/amount-entry.ts'

/** A number and a PIN while they are typed. */
export type PinEntry = {
  readonly field: 'number' | 'pin'
  readonly number: string
  readonly pin: string
}

/** What the API takes. */
export const numberLengthMax = 12
export const pinLengthMin = 4
export const pinLengthMax = 12

export function startPin(number?: string): PinEntry {
  return { field: number === undefined ? 'number' : 'pin', number: number ?? '', pin: '' }
}

/**
 * Takes a key. Enter goes on to the PIN, and with both there it is done: the PIN is then gone from the
 * entry, whatever comes of it.
 */
export function pressPinKey(
  entry: PinEntry,
  key: KeypadKey | 'enter',
): {
  readonly entry: PinEntry
  readonly done?: { readonly number: string; readonly pin: string }
} {
  if (key === 'enter') {
    if (entry.number === '') return { entry: { ...entry, field: 'number' } }
    if (entry.field === 'number' || entry.pin.length < pinLengthMin) {
      return { entry: { ...entry, field: 'pin' } }
    }
    const { number, pin } = entry
    return { entry: { ...entry, pin: '' }, done: { number, pin } }
  }
  const { field } = entry
  const max = field === 'number' ? numberLengthMax : pinLengthMax
  return { entry: { ...entry, [field]: press(entry[field], key).slice(0, max) } }
}

function press(text: string, key: KeypadKey): string {
  if (key === 'clear') return ''
  if (key === 'backspace') return text.slice(0, -1)
  return key === 'point' ? text : text + key
}
