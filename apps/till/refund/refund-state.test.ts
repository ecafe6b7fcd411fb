import { accepted, refused } from '@tillkeeper/core/base/outcome.ts'
import { expect, test } from 'vitest'
import type { FoundSale } from './find-sale.ts'
import type { MadeRefund } from './refund-sale.ts'
import {
  type Choosing,
  chooseAll,
  chosenLines,
  isComplete,
  onFound,
  onRefunded,
  startRefunding,
  stepLine,
} from './refund-state.ts'

const sale = {
  id: 's',
  currency: 'THB',
  lines: [
    { lineNo: 1, quantity: 3_000, totalMinor: 300_00, vatBasisPoints: 700 },
    { lineNo: 2, quantity: 250, totalMinor: 25_00, vatBasisPoints: 700 },
  ],
  refunds: [{ id: 'r', lines: [{ lineNo: 1, quantity: 1_000, totalMinor: 100_00 }], taxes: [] }],
} as unknown as FoundSale

function choosing(): Choosing {
  const found = onFound('x', { is: 'found', sale }, 'id')
  if (found.stage !== 'choosing') throw new Error('a found sale is chosen from')
  return found
}

test('no more comes back than is left', () => {
  let refund = choosing()
  for (let press = 0; press < 5; press += 1) refund = stepLine(refund, 1, 1)
  refund = stepLine(refund, 2, 1)
  expect(chosenLines(refund)).toEqual([
    { lineNo: 1, quantity: 2_000 },
    { lineNo: 2, quantity: 250 },
  ])
  expect(chooseAll(choosing()).chosen).toEqual(refund.chosen)
})

test('a line goes back to nothing', () => {
  let refund = stepLine(stepLine(choosing(), 1, 1), 2, 1)
  refund = stepLine(stepLine(stepLine(refund, 1, -1), 1, -1), 2, -1)
  expect(refund.chosen.size).toBe(0)
})

test('a refund needs a line and a reason', () => {
  const refund = stepLine(choosing(), 1, 1)
  expect(isComplete(refund)).toBe(false)
  expect(isComplete({ ...refund, reason: '  ' })).toBe(false)
  expect(isComplete({ ...refund, reason: 'stale' })).toBe(true)
  expect(isComplete({ ...choosing(), reason: 'stale' })).toBe(false)
})

test('a refused refund keeps what was chosen', () => {
  const saving = startRefunding({ ...stepLine(choosing(), 1, 1), reason: 'stale' })
  if (saving.stage !== 'saving') throw new Error('it is being saved')
  const back = onRefunded(saving, refused({ code: 'not_saved' }), 'not_yet')
  expect(back).toMatchObject({ stage: 'choosing', refusal: 'not_saved', reason: 'stale', id: 'id' })
  const made = { document: {}, place: {} } as unknown as MadeRefund
  expect(onRefunded(saving, accepted(made), 'acknowledged').stage).toBe('done')
})

test('a number that is not found is asked for again', () => {
  expect(onFound('x', { is: 'store_away' }, 'id')).toEqual({
    stage: 'asking',
    typed: 'x',
    answer: 'store_away',
  })
})
