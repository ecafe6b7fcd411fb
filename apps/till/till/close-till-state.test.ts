import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { blankCount, setPieces } from '@tillkeeper/ui/denomination/count-state.ts'
import { expect, test } from 'vitest'
import {
  askSure,
  backToCount,
  changeCount,
  changeLeave,
  changeNote,
  countOf,
  countOnceMore,
  listCounts,
  listLeft,
  planFloat,
  startClose,
  startClosing,
  takeBothCounts,
} from './close-till-state.ts'

const thb = 'THB' as Currency
const usd = 'USD' as Currency
const count = setPieces(blankCount, minor(100_00), 3)
const start = startClose(thb, minor(0))
const counted = changeNote(changeCount(start, thb, count), 'short of coins')

test('a count is sealed only after a last look', () => {
  expect(startClosing(counted)).toBe(counted)
  expect(startClosing(askSure(counted)).stage).toBe('saving')
})

test('what was refused has not to be counted again', () => {
  const back = backToCount(startClosing(askSure(counted)), 'not_saved')
  expect(back).toMatchObject({ stage: 'counting', note: 'short of coins', refusal: 'not_saved' })
  expect(countOf(back, thb)).toBe(count)
})

test('a count that is asked for once more begins blank, and says no more than that', () => {
  const again = countOnceMore(startClosing(askSure(counted)))
  expect(again).toMatchObject({ stage: 'counting', again: true, note: 'short of coins' })
  expect(countOf(again, thb)).toBe(blankCount)
})

test('a count that is being sealed does not change', () => {
  const saving = startClosing(askSure(counted))
  expect(changeCount(saving, thb, blankCount)).toBe(saving)
  expect(changeLeave(saving, thb, minor(5))).toBe(saving)
})

test('currencies are counted each by itself, the drawer’s own first', () => {
  const both = changeCount(
    changeCount(start, usd, setPieces(blankCount, minor(500), 2)),
    thb,
    count,
  )
  expect(listCounts(both, thb)).toEqual([
    { currency: 'THB', countedMinor: 300_00, pieces: [{ faceMinor: 100_00, pieces: 3 }] },
    { currency: 'USD', countedMinor: 10_00, pieces: [{ faceMinor: 500, pieces: 2 }] },
  ])
  expect(listCounts(start, thb)).toEqual([{ currency: 'THB', countedMinor: 0, pieces: [] }])
})

test('what stays is of pieces that were counted', () => {
  expect(planFloat(counted, thb)).toBeUndefined()
  const leaving = changeLeave(counted, thb, minor(200_00))
  expect(listLeft(leaving)).toEqual([
    { currency: 'THB', minor: 200_00, pieces: [{ faceMinor: 100_00, pieces: 2 }] },
  ])
  expect(planFloat(changeLeave(counted, thb, minor(500_00)), thb)).toMatchObject({
    kind: 'not_enough',
    missingMinor: 200_00,
  })
  expect(listLeft(changeLeave(start, thb, minor(5)))).toEqual([])
})

test('what stays is said of each currency by itself', () => {
  const dollars = setPieces(blankCount, minor(500), 4)
  const both = changeLeave(
    changeLeave(changeCount(counted, usd, dollars), usd, minor(10_00)),
    thb,
    minor(100_00),
  )
  expect(listLeft(both)).toEqual([
    { currency: 'THB', minor: 100_00, pieces: [{ faceMinor: 100_00, pieces: 1 }] },
    { currency: 'USD', minor: 10_00, pieces: [{ faceMinor: 500, pieces: 2 }] },
  ])
})

test('what two people found is the count, and a change of it is of one person again', () => {
  const found = new Map([[thb, setPieces(blankCount, minor(100_00), 2)]])
  const both = takeBothCounts(counted, found, 'Mai')
  expect(askSure(both)).toMatchObject({ stage: 'sure', secondBy: 'Mai', counts: found })
  expect(changeCount(both, thb, count).secondBy).toBeUndefined()
  expect(countOnceMore(startClosing(askSure(both))).secondBy).toBeUndefined()
  expect(takeBothCounts(askSure(counted), found, 'Mai')).toEqual(askSure(counted))
})
