import { expect, test } from 'vitest'
import { addressRule, personRule, waitAfter } from './lockout.ts'

const minutes = 60_000

test.for([
  [0, 0],
  [4, 0],
  [5, 30_000],
  [6, 60_000],
  [7, 120_000],
  [8, 240_000],
  [9, 480_000],
  [10, 30 * minutes],
  [11, 30 * minutes],
  [1_000_000, 30 * minutes],
] as const)('after %i wrong PINs a person waits %i ms', ([failures, waitMs]) => {
  expect(waitAfter(personRule, failures)).toBe(waitMs)
})

test('an address waits later than a person, and never longer', () => {
  expect(waitAfter(addressRule, 24)).toBe(0)
  expect(waitAfter(addressRule, 25)).toBe(30_000)
  for (let failures = 0; failures < 100; failures += 1) {
    const waitMs = waitAfter(addressRule, failures)
    expect(waitMs).toBeLessThanOrEqual(30 * minutes)
    expect(waitMs).toBeGreaterThanOrEqual(waitAfter(addressRule, Math.max(0, failures - 1)))
  }
})
