import { assert } from '../base/assert.ts'
import { type Minor, minor, mulDivFloor } from './money.ts'

/**
 * How a shop rounds what is settled in cash, since there are no coins below the step. `nearest`: to the
 * nearest step, a half in the shop's favour. `down`: in the customer's favour.
 */
export type CashRounding = { readonly stepMinor: Minor; readonly way: 'nearest' | 'down' }

/**
 * What a customer pays in cash for `dueMinor`, which is below zero where the shop pays: a multiple of the
 * step, less than one step away. Without a rounding it is the amount itself.
 */
export function roundCash(dueMinor: Minor, rounding: CashRounding | undefined): Minor {
  if (rounding === undefined) return dueMinor
  const { stepMinor, way } = rounding
  assert(stepMinor > 0, 'a step goes on')
  // Twice the amount, so that half a step is a whole number too. Floors go down below zero as well, so what a
  // shop pays is rounded by the same rule as what it is paid.
  const steps =
    way === 'down'
      ? mulDivFloor(dueMinor, 1, stepMinor)
      : mulDivFloor(2 * dueMinor + stepMinor, 1, 2 * stepMinor)
  return minor(steps * stepMinor)
}
