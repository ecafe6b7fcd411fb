import { expect, test } from 'vitest'
import { type Currency, minor } from '../money/money.ts'
import { findNotThere, type HeldCash } from './held-cash.ts'

const faces = (...each: readonly (readonly [face: number, count: number])[]) =>
  each.map(([face, count]) => ({ faceMinor: minor(face), pieces: count }))
const held = (unknown: number, ...each: readonly (readonly [number, number])[]): HeldCash => ({
  currency: 'THB' as Currency,
  pieces: faces(...each),
  unknownMinor: minor(unknown),
  balanceMinor: minor(each.reduce((sum, [face, count]) => sum + face * count, unknown)),
})
const wanted = (...each: readonly (readonly [number, number])[]) => ({
  amountMinor: minor(each.reduce((sum, [face, count]) => sum + face * count, 0)),
  pieces: faces(...each),
})
const missing = (faceMinor?: number) => ({
  ...{ code: 'cash_not_there', currency: 'THB' },
  ...(faceMinor === undefined ? {} : { faceMinor }),
})

test.each([
  ['all of it', held(0, [1_000, 3], [500, 2]), wanted([1_000, 3], [500, 2]), undefined],
  ['a piece too many', held(0, [1_000, 3], [500, 4]), wanted([1_000, 4]), missing(1_000)],
  ['more than lies there', held(0, [1_000, 3]), wanted([1_000, 4]), missing()],
  ['from what is unknown', held(2_000, [1_000, 1]), wanted([1_000, 3]), undefined],
  ['more than is unknown', held(1_999, [1_000, 1], [500, 9]), wanted([1_000, 3]), missing(1_000)],
  ['the unknown serves once', held(1_000, [100, 50]), wanted([1_000, 1], [500, 1]), missing(500)],
  ['an unknown below zero gives nothing', held(-500, [1_000, 3]), wanted([500, 1]), missing(500)],
  ['an amount', held(5_000), { amountMinor: minor(5_000) }, undefined],
  ['an amount too large', held(5_000), { amountMinor: minor(5_001) }, missing()],
])('%s', (_, place, out, why) => {
  expect(findNotThere(place, out)).toEqual(why)
})
