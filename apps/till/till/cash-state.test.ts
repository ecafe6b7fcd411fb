import { accepted, refused } from '@tillkeeper/core/base/outcome.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import { expect, test } from 'vitest'
import { isComplete, onMoved, pressCashKey, startCash, startMoving } from './cash-state.ts'

const drop = pressCashKey(pressCashKey(startCash('x', 'drop'), '5', 2), '00', 2)
const payOut = { ...pressCashKey(startCash('x', 'pay_out'), '9', 2) }

test.for([
  { what: 'nothing typed', screen: startCash('x', 'drop'), complete: false },
  { what: 'a drop of 500', screen: drop, complete: true },
  { what: 'a drop of 0', screen: pressCashKey(startCash('x', 'drop'), '0', 2), complete: false },
  { what: 'a pay-out for nothing', screen: payOut, complete: false },
  { what: 'a pay-out for ice', screen: { ...payOut, note: 'ice' }, complete: true },
])('$what: $complete', ({ screen, complete }) => {
  expect(isComplete(screen, 2)).toBe(complete)
  expect(startMoving(screen, 2).stage).toBe(complete ? 'saving' : 'typing')
})

test('a refused movement keeps what was typed', () => {
  const back = onMoved(startMoving(drop, 2), refused({ code: 'not_saved' }))
  expect(back).toMatchObject({ stage: 'typing', entry: '500', refusal: 'not_saved', id: 'x' })
})

test('a movement that was recorded says how much', () => {
  const done = onMoved(startMoving(drop, 2), accepted({ amountMinor: minor(500_00) }))
  expect(done).toMatchObject({ stage: 'done', amountMinor: 500_00 })
})
