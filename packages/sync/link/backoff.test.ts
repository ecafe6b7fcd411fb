import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffFirstMs, backoffFloorMs, backoffMaxMs, backoffMs } from './backoff.ts'

test('a wait is spread from the floor to a ceiling that doubles up to its bound', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (tries, random) => {
        const ms = backoffMs(tries, random)
        expect(ms).toBeGreaterThanOrEqual(backoffFloorMs)
        expect(ms).toBeLessThanOrEqual(Math.min(backoffMaxMs, backoffFirstMs * 2 ** tries))
      },
    ),
  )
})

test('a parent that asks for a pause gets it, however long the row of failures', () => {
  expect(backoffMs(1, 0, 7_000)).toBe(7_000 + backoffFloorMs)
  expect(backoffMs(30, 0.999, 10 * backoffMaxMs)).toBeLessThanOrEqual(2 * backoffMaxMs)
})
