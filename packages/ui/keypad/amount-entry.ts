import { assert } from '@tillkeeper/core/base/assert.ts'
import { type Minor, minor } from '@tillkeeper/core/money/money.ts'

/** What a keypad can send. */
export type KeypadKey =
  | '0'
  | '1'
  | '2'
  | '3'
  | '4'
  | '5'
  | '6'
  | '7'
  | '8'
  | '9'
  | '00'
  | 'point'
  | 'backspace'
  | 'clear'

/** What was typed so far: digits, and a point with no more decimals than the currency has. */
export type AmountEntry = string

/** Twelve digits: ten billion with two decimals, the largest amount that one act may carry. */
export const entryDigitsMax = 12

/** What the entry is after a key. A key that makes no sense there changes nothing. */
export function pressKey(entry: AmountEntry, key: KeypadKey, digits: number): AmountEntry {
  if (key === 'clear') return ''
  if (key === 'backspace') return entry.slice(0, -1)
  if (key === 'point') {
    if (digits === 0 || entry.includes('.')) return entry
    return entry === '' ? '0.' : `${entry}.`
  }
  if (key === '00') return pressKey(pressKey(entry, '0', digits), '0', digits)
  return addDigit(entry, key, digits)
}

function addDigit(entry: AmountEntry, digit: string, digits: number): AmountEntry {
  const point = entry.indexOf('.')
  if (point !== -1) return entry.length - point - 1 < digits ? entry + digit : entry
  if (entry.length + digits >= entryDigitsMax) return entry
  return entry === '0' ? digit : entry + digit
}

/** The amount that was typed; `undefined` while nothing is. Made from digits, never from a float. */
export function readEntry(entry: AmountEntry, digits: number): Minor | undefined {
  if (entry === '') return undefined
  const [whole = '', part = ''] = entry.split('.')
  assert(/^[0-9]+$/.test(whole) && /^[0-9]*$/.test(part), 'an entry holds digits and one point')
  assert(part.length <= digits, 'an entry has no more decimals than its currency')
  return minor(Number(whole + part.padEnd(digits, '0')))
}

/** The key of a keypad for a key of the keyboard, if there is one. `.` and `,` are both the point. */
export function keyOfKeyboard(key: string): KeypadKey | undefined {
  if (/^[0-9]$/.test(key)) return key as KeypadKey
  if (key === '.' || key === ',') return 'point'
  if (key === 'Backspace') return 'backspace'
  if (key === 'Delete') return 'clear'
  return undefined
}
