import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { blankCount, setPieces } from '@tillkeeper/ui/denomination/count-state.ts'
import { expect, test } from 'vitest'
import type { Person } from '../catalogue/directory.ts'
import {
  agreeOn,
  compareSecond,
  countSecond,
  settleSecond,
  startSecond,
} from './second-count-state.ts'

const thb = 'THB' as Currency
const usd = 'USD' as Currency
const [hundred, twenty] = [minor(100_00), minor(20_00)]
const mai = { name: 'Mai' } as Person
const count = (hundreds: number, twenties: number) =>
  setPieces(setPieces(blankCount, hundred, hundreds), twenty, twenties)
const first = new Map([[thb, count(3, 5)]])

test('a second count begins blank and says nothing of the first', () => {
  expect(startSecond(mai)).toEqual({ stage: 'counting', by: mai, counts: new Map() })
})

test('two counts that are the same are the count', () => {
  const compared = compareSecond(countSecond(startSecond(mai), thb, count(3, 5)), first)
  expect(compared).toMatchObject({ stage: 'comparing', differing: [] })
  expect(settleSecond(compared, first)).toEqual(first)
})

test('only what differs is shown, and it is the count once it was counted together', () => {
  const dollars = setPieces(blankCount, minor(5_00), 2)
  const counted = countSecond(countSecond(startSecond(mai), thb, count(3, 4)), usd, dollars)
  const compared = compareSecond(counted, first)
  const inBaht = { currency: thb, faceMinor: twenty, first: 5, second: 4 }
  const inDollars = { currency: usd, faceMinor: minor(5_00), first: 0, second: 2 }
  expect(compared).toMatchObject({ differing: [inBaht, inDollars], agreed: new Map() })
  // Neither is right by itself: somebody has to say what is there.
  expect(settleSecond(compared, first)).toBeUndefined()
  const half = agreeOn(compared, inBaht, 4)
  expect(settleSecond(half, first)).toBeUndefined()
  expect(settleSecond(agreeOn(half, inDollars, 0), first)).toEqual(
    new Map([
      [thb, count(3, 4)],
      [usd, setPieces(blankCount, minor(5_00), 0)],
    ]),
  )
})
