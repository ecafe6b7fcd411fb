import { expect, test } from 'vitest'
import { instantAt, readRate } from './read-rate.ts'

test.for([
  ['34.25', { rate: 3425, scale: 2 }],
  ['34,25', { rate: 3425, scale: 2 }],
  [' 0.00210 ', { rate: 21, scale: 4 }],
  ['35', { rate: 35, scale: 0 }],
  ['0', { rate: 0, scale: 0 }],
  ['34.', undefined],
  ['-1', undefined],
  ['1.12345678901', undefined],
  ['123456789.12', undefined], // More figures than a rate has.
  ['', undefined],
] as const)('%j is read', ([text, rate]) => {
  expect(readRate(text)).toEqual(rate)
})

test.for([
  ['2026-11-21T09:30', 'Asia/Bangkok', '2026-11-21T02:30:00.000Z'],
  ['2026-11-21T00:00', 'UTC', '2026-11-21T00:00:00.000Z'],
  ['2026-03-29T03:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'], // The night the clocks change.
] as const)('%s in %s', ([reading, zone, at]) => {
  expect(instantAt(reading, zone)).toBe(at)
})
