import { expect, test } from 'vitest'
import { type KeypadKey, keyOfKeyboard, pressKey, readEntry } from './amount-entry.ts'

const type = (keys: string, digits = 2): string =>
  keys.split(' ').reduce<string>((entry, key) => pressKey(entry, key as KeypadKey, digits), '')

test.for([
  ['1 0 0', 10_000],
  ['1 00', 10_000],
  ['4 5 point 5', 4_550],
  ['4 5 point 5 0', 4_550],
  ['4 5 point 5 0 9', 4_550],
  ['point 2 5', 25],
  ['0 0 7', 700],
  ['1 2 backspace', 100],
  ['1 point point 5', 150],
  ['5 point', 500],
] as const)('the keys %s are %i satang', ([keys, amount]) => {
  expect(readEntry(type(keys), 2)).toBe(amount)
})

test('nothing typed is no amount, and zero is one', () => {
  expect(readEntry(type('9 clear'), 2)).toBeUndefined()
  expect(readEntry(type('0'), 2)).toBe(0)
})

test('a currency without decimals has no point', () => {
  expect(readEntry(type('1 point 5', 0), 0)).toBe(15)
})

test('an entry never grows past what one act may carry', () => {
  const entry = type(Array(30).fill('9').join(' '))
  expect(readEntry(entry, 2)).toBeLessThanOrEqual(1_000_000_000_000)
  expect(entry).toHaveLength(10)
})

test('the keyboard has the same keys', () => {
  expect(['7', ',', '.', 'Backspace', 'Delete', 'x', 'Enter'].map(keyOfKeyboard)).toEqual([
    '7',
    'point',
    'point',
    'backspace',
    'clear',
    undefined,
    undefined,
  ])
})
