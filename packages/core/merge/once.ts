import { assert } from '../base/assert.ts'

/**
 * Acts by the id of their fact: each counts once, however often and on whatever way it came. An id is made by
 * whoever acted, so what is held under it is the same act.
 */
export type Acts<Act> = ReadonlyMap<string, Act>

/** Takes an act once. */
export function takeOnce<Act>(held: Acts<Act>, factId: string, act: Act): Acts<Act> {
  return held.has(factId) ? held : new Map(held).set(factId, act)
}

/** The sum of what acts moved: a balance, a total, a stock. It may be below zero, and is exact. */
export function sumMoved(moved: Iterable<number>): number {
  let sum = 0
  for (const each of moved) sum += each
  assert(Number.isSafeInteger(sum), 'a sum of movements is exact')
  return sum
}
