import { expect, test } from 'vitest'
import { moveRow } from './move-row.ts'

const place = { active: 5, count: 20, page: 10 }

test.for([
  ['ArrowDown', 6],
  ['ArrowUp', 4],
  ['PageDown', 15],
  ['PageUp', 0],
  ['Home', 0],
  ['End', 19],
  ['Tab', undefined],
] as const)('%s leads to row %s', ([key, row]) => {
  expect(moveRow(key, place)).toBe(row)
})

test('no key leads out of the list, not even of an empty one', () => {
  expect(moveRow('PageDown', { ...place, active: 18 })).toBe(19)
  expect(moveRow('ArrowDown', { active: 0, count: 0, page: 10 })).toBe(0)
})
