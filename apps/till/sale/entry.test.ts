import { expect, test } from 'vitest'
import { emptyEntry, readQuantity, typeEntry } from './entry.ts'

test.for([
  ['3*', 3_000],
  ['12x', 12_000],
  ['0.25*', 250],
  ['1,5*', 1_500],
  ['99999*', 99_999_000],
] as const)('%s is a quantity', ([text, quantity]) => {
  expect(typeEntry(emptyEntry, text)).toEqual({ text: '', quantity })
})

test.for(['0*', '100000*', '*', 'a*', '1.2345*', '8850999220017*', '3* coffee'])(
  '%s is a search',
  (text) => {
    expect(typeEntry(emptyEntry, text)).toEqual({ text, quantity: 1_000 })
  },
)

test('a quantity stays while its product is searched', () => {
  expect(typeEntry(typeEntry(emptyEntry, '3*'), 'cof')).toEqual({ text: 'cof', quantity: 3_000 })
})

test('thousandths are read from digits', () => {
  expect(readQuantity('0.001')).toBe(1)
  expect(readQuantity('1.')).toBeUndefined()
  expect(readQuantity(undefined)).toBeUndefined()
})
