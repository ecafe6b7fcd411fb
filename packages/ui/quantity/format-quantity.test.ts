import { expect, test } from 'vitest'
import { formatCount, formatQuantity } from './format-quantity.ts'

test.for([
  [1_000, '1'],
  [2_500, '2.5'],
  [125, '0.125'],
  [1_250_000, '1,250'],
  [-500, '\u22120.5'],
  [0, '0'],
] as const)('%i thousandths are %s', ([thousandths, text]) => {
  expect(formatQuantity(thousandths, 'en')).toBe(text)
})

test('counts are grouped as the language does', () => {
  expect(formatCount(1_284, 'en')).toBe('1,284')
  expect(formatCount(1_284, 'id')).toBe('1.284')
})
