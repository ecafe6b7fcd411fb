import { minor } from '@tillkeeper/core/money/money.ts'
import { blankCount, setPieces } from '@tillkeeper/ui/denomination/count-state.ts'
import { expect, test } from 'vitest'
import {
  askSure,
  changeCount,
  changeNote,
  countAgain,
  startClose,
  startClosing,
} from './close-till-state.ts'

const count = setPieces(blankCount, minor(100_00), 3)
const counted = changeNote(changeCount(startClose, count), 'short of coins')

test('a count is sealed only after a last look', () => {
  expect(startClosing(counted)).toBe(counted)
  expect(startClosing(askSure(counted)).stage).toBe('saving')
})

test('nothing has to be counted twice', () => {
  const back = countAgain(startClosing(askSure(counted)), 'not_saved')
  expect(back).toEqual({ stage: 'counting', count, note: 'short of coins', refusal: 'not_saved' })
})

test('a count that is being sealed does not change', () => {
  const saving = startClosing(askSure(counted))
  expect(changeCount(saving, blankCount)).toBe(saving)
})
