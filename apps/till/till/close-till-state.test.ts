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
} from './close-till-state.ts'

const thb = 'THB' as Currency
const usd = 'USD' as Currency
const count = setPieces(blankCount, minor(100_00), 3)
const start = startClose(minor(0))
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
  expect(changeLeave(saving, minor(5))).toBe(saving)
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
  const leaving = changeLeave(counted, minor(200_00))
  expect(listLeft(leaving, thb)).toEqual([
    { currency: 'THB', minor: 200_00, pieces: [{ faceMinor: 100_00, pieces: 2 }] },
  ])
  expect(planFloat(changeLeave(counted, minor(500_00)), thb)).toMatchObject({
    kind: 'not_enough',
    missingMinor: 200_00,
  })
  expect(listLeft(changeLeave(start, minor(5)), thb)).toEqual([])
})
