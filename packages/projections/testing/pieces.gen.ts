import {
  type DenominationCount,
  denominationsOf,
  makeChange,
} from '@tillkeeper/core/money/denominations.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import type { Chance } from './trade.gen.ts'

const faces = denominationsOf('THB' as Currency)

/** The pieces of an amount, for those who say them: every other time. */
export function someTimes(chance: Chance, amountMinor: number): { pieces?: DenominationCount[] } {
  if (chance.pick(2) === 0) return {}
  const pieces = makeChange(minor(amountMinor), faces)
  return pieces === undefined || pieces.length === 0 ? {} : { pieces }
}
