import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chartValuesMin, controlLimits, isOutside } from './control-chart.ts'

test('limits are the mean and three deviations of the moving range', () => {
  // Montgomery's rule by hand: ranges 200, 100, 300, 200; their mean 200, so 532 around the mean 60.
  expect(controlLimits([0, 200, 100, -200, 0].map((value) => value + 40))).toEqual({
    ...{ centre: 60, upper: 592, lower: -472 },
  })
  expect(controlLimits([1, 2, 3, 4])).toBeUndefined()
})

test('one large shortage among small ones stands outside', () => {
  const usual = [0, -100, 100, 0, 50, -50, 0, 100, -100, 0, 0, 50]
  const limits = controlLimits([...usual, -5_000])
  expect(isOutside(-5_000, limits)).toBe(true)
  expect(usual.some((value) => isOutside(value, limits))).toBe(false)
})

test('the same values moved move the limits, and values that never change are never outside', () => {
  const value = fc.integer({ min: -1_000_000, max: 1_000_000 })
  fc.assert(
    fc.property(
      fc.array(value, { minLength: chartValuesMin, maxLength: 60 }),
      value,
      (values, by) => {
        const limits = controlLimits(values)
        const moved = controlLimits(values.map((each) => each + by))
        expect((moved?.upper ?? 0) - (moved?.lower ?? 0)).toBe(
          (limits?.upper ?? 0) - (limits?.lower ?? 0),
        )
        expect(isOutside(by, controlLimits(values.map(() => by)))).toBe(false)
      },
    ),
  )
})
