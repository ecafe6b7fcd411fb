import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minor, sum } from '../money/money.ts'
import { taxInside, taxTotals } from './tax.ts'

test.for([
  { total: 10_700, rate: 700, tax: 700 },
  { total: 13_500, rate: 700, tax: 883 }, // 883.18
  { total: 15, rate: 700, tax: 1 }, // 0.98
  { total: 7, rate: 700, tax: 0 }, // 0.46
  { total: 3, rate: 2_000, tax: 1 }, // A half goes up: 0.5.
  { total: 12_000, rate: 2_000, tax: 2_000 },
  { total: 12_000, rate: 0, tax: 0 },
  { total: 0, rate: 700, tax: 0 },
  { total: 5, rate: 10_000, tax: 3 }, // 100 %: 2.5.
  { total: 1_000_000_000_000, rate: 700, tax: 65_420_560_748 },
])('of $total at $rate the tax is $tax', ({ total, rate, tax }) => {
  expect(taxInside(minor(total), rate)).toBe(tax)
})

test('tax is taken out once a rate, not once a line', () => {
  const line = { totalMinor: minor(7), vatBasisPoints: 700 }
  expect(taxTotals([line, line])).toEqual([{ vatBasisPoints: 700, netMinor: 13, taxMinor: 1 }])
})

test('each rate has a row, ascending, 0 % too', () => {
  const lines = [
    { totalMinor: minor(12_000), vatBasisPoints: 2_000 },
    { totalMinor: minor(500), vatBasisPoints: 0 },
    { totalMinor: minor(10_700), vatBasisPoints: 700 },
  ]
  expect(taxTotals(lines)).toEqual([
    { vatBasisPoints: 0, netMinor: 500, taxMinor: 0 },
    { vatBasisPoints: 700, netMinor: 10_000, taxMinor: 700 },
    { vatBasisPoints: 2_000, netMinor: 10_000, taxMinor: 2_000 },
  ])
  expect(taxTotals([])).toEqual([])
})

test('net and tax are the lines again, and tax is within half a unit of exact', () => {
  const line = fc.record({
    totalMinor: fc.integer({ min: 0, max: 1_000_000_000 }).map(minor),
    vatBasisPoints: fc.constantFrom(0, 500, 700, 1_100, 2_000, 10_000),
  })
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const taxes = taxTotals(lines)
      const parts = taxes.flatMap(({ netMinor, taxMinor }) => [netMinor, taxMinor])
      expect(sum(parts)).toBe(sum(lines.map(({ totalMinor }) => totalMinor)))
      for (const { vatBasisPoints, netMinor, taxMinor } of taxes) {
        const exact = ((netMinor + taxMinor) * vatBasisPoints) / (10_000 + vatBasisPoints)
        expect(Math.abs(taxMinor - exact)).toBeLessThanOrEqual(0.5)
        expect(netMinor).toBeGreaterThanOrEqual(0)
      }
    }),
  )
})
