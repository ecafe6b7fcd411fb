import { expect, test } from 'vitest'
import { officeSeries, receiptCounterMax, receiptNumber, seriesOf } from './receipt-number.ts'

test.for([
  [2, '2026-11-20', 1, 'RCP-261120-020001'],
  [99, '2026-01-05', 9_999, 'RCP-260105-999999'],
  [12, '2026-11-20', 10_000, 'RCP-261120-1210000'],
  [1, '2026-11-20', receiptCounterMax, 'RCP-261120-019999999'],
  [officeSeries, '2026-11-20', 7, 'RCP-261120-000007'],
] as const)('till %i on %s, receipt %i: %s', ([till, day, counter, number]) => {
  expect(receiptNumber(till, day, counter)).toBe(number)
  expect(number.length).toBeLessThanOrEqual(24)
})

test('a number says whose counter it was taken from', () => {
  const at = { shopId: 'shop', tillId: 'till' }
  expect(seriesOf(receiptNumber(2, '2026-11-20', 1), at)).toBe('till')
  expect(seriesOf(receiptNumber(10, '2026-11-20', 10_000), at)).toBe('till')
  expect(seriesOf(receiptNumber(officeSeries, '2026-11-20', 1), at)).toBe('shop')
  expect(seriesOf(receiptNumber(2, '2026-11-20', 1), { shopId: 'shop' })).toBe('shop')
})

test('tills are numbered 1 to 99 and receipts from 1', () => {
  expect(() => receiptNumber(-1, '2026-11-20', 1)).toThrow('two digits')
  expect(() => receiptNumber(100, '2026-11-20', 1)).toThrow('two digits')
  expect(() => receiptNumber(1, '2026-11-20', 0)).toThrow('counted from 1')
  expect(() => receiptNumber(1, '2026-11-20', 1.5)).toThrow('counted from 1')
  expect(() => receiptNumber(1, '2026-11-20', receiptCounterMax + 1)).toThrow('counted from 1')
})
