import { expect, test } from 'vitest'
import { emptyEntry, readQuantity, scanPaceMs, settleEntry, typeEntry } from './entry.ts'

const slowly = 500

test.for([
  ['3*', 3_000],
  ['12x', 12_000],
  ['0.25*', 250],
  ['1,5*', 1_500],
  ['99999*', 99_999_000],
] as const)('%s is a quantity', ([text, quantity]) => {
  expect(typeEntry(emptyEntry, text, slowly)).toEqual({ text: '', searched: '', quantity })
})

test.for(['0*', '100000*', '*', 'a*', '1.2345*', '8850999220017*', '3* coffee'])(
  '%s is a search',
  (text) => {
    expect(typeEntry(emptyEntry, text, slowly)).toEqual({ text, searched: text, quantity: 1_000 })
  },
)

test('a quantity stays while its product is searched', () => {
  const three = typeEntry(emptyEntry, '3*', slowly)
  expect(typeEntry(three, 'cof', slowly)).toMatchObject({ text: 'cof', quantity: 3_000 })
})

test('thousandths are read from digits', () => {
  expect(readQuantity('0.001')).toBe(1)
  expect(readQuantity('1.')).toBeUndefined()
  expect(readQuantity(undefined)).toBeUndefined()
})

test('what a scanner types is searched for only if it was no scan', () => {
  const first = typeEntry(emptyEntry, '8', slowly)
  const second = typeEntry(first, '88', scanPaceMs - 1)
  expect(second).toMatchObject({ text: '88', searched: '8' })
  expect(settleEntry(second)).toMatchObject({ text: '88', searched: '88' })
  expect(typeEntry(second, '885', scanPaceMs)).toMatchObject({ searched: '885' })
})
