import { assert } from '../base/assert.ts'

/** An ISO 4217 code in upper case, such as THB. */
export type Currency = string & { readonly __unit: 'currency' }

/** A whole count of a currency's smallest unit: satang for THB, yen for JPY. See `minor`. */
export type Minor = number & { readonly __unit: 'minor' }

/** An exact amount. */
export type Money = { readonly currency: Currency; readonly minor: Minor }

/**
 * The largest amount that one act may carry: ten billion in a currency with two decimals. Far above
 * any sale, and far enough below 2^53 that no sum over a shop's life leaves the exact range.
 */
export const amountMax = 1_000_000_000_000

/** Brands a number as an amount. What is not a safe integer is a bug of the caller. */
export function minor(value: number): Minor {
  assert(Number.isSafeInteger(value), 'an amount is a whole number that is exact')
  return (value + 0) as Minor // Adding 0 turns -0, which tests and keys tell apart, into 0.
}

/** Adds amounts of one currency; the sum is checked like any other amount. */
export function sum(amounts: Iterable<Minor>): Minor {
  let total = 0
  for (const amount of amounts) total += amount
  return minor(total)
}

/** `a × b ÷ divisor`, rounded down. The product is made as a bigint, so it may pass 2^53. */
export function mulDivFloor(a: number, b: number, divisor: number): number {
  assert(divisor > 0, 'the divisor is above zero')
  const product = BigInt(a) * BigInt(b)
  const whole = product / BigInt(divisor)
  // BigInt division cuts towards zero; below zero that is up, not down.
  const exact = whole * BigInt(divisor) === product
  return Number(product < 0n && !exact ? whole - 1n : whole)
}

/** `a × b ÷ divisor`, rounded to the nearest whole, halves away from zero. */
export function mulDivRound(a: number, b: number, divisor: number): number {
  assert(divisor > 0, 'the divisor is above zero')
  const product = BigInt(a) * BigInt(b)
  const half = BigInt(divisor) / 2n
  const size = product < 0n ? -product : product
  const rounded = (size + half) / BigInt(divisor)
  return Number(product < 0n ? -rounded : rounded)
}

/**
 * Splits `whole`, which is not negative, by `weights` without losing a unit. Units left by rounding
 * down go to the first parts with a weight, one each, so the parts always sum to `whole`.
 */
export function allocate(whole: Minor, weights: readonly number[]): Minor[] {
  const total = weights.reduce((all, weight) => all + weight, 0)
  assert(whole >= 0, 'the amount to split is not negative')
  assert(
    weights.every((weight) => Number.isSafeInteger(weight) && weight >= 0),
    'every weight is a whole number and none is negative',
  )
  assert(Number.isSafeInteger(total) && total > 0, 'the weights have a sum')

  const parts = weights.map((weight) => mulDivFloor(whole, weight, total))
  let left = whole - parts.reduce((all, part) => all + part, 0)
  assert(left < parts.length, 'rounding leaves less than one unit a part')
  return parts.map((part, index) => {
    const extra = left > 0 && weights[index] !== 0 ? 1 : 0
    left -= extra
    return minor(part + extra)
  })
}
