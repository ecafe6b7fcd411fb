import { expect, test } from 'vitest'
import { quantile, rounded, spreadOf } from './figures.ts'

test('a spread is the least, the middle and the most', () => {
  expect(spreadOf([5, 1, 9])).toEqual({ min: 1, median: 5, max: 9 })
  expect(spreadOf([2])).toEqual({ min: 2, median: 2, max: 2 })
  expect(() => spreadOf([])).toThrow('a figure')
})

test('a quantile is a figure that was measured', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1)
  expect(quantile(hundred, 0.5)).toBe(50)
  expect(quantile(hundred, 0.99)).toBe(99)
  expect(quantile(hundred, 1)).toBe(100)
  expect(quantile([7], 0.01)).toBe(7)
})

test('figures are rounded to the digits that are shown', () => {
  expect([rounded(2.345, 2), rounded(2.344, 2), rounded(117.6, 0)]).toEqual([2.35, 2.34, 118])
})
