import { expect, test } from 'vitest'
import { spellReceiptNumber } from './find-sale.ts'

test.for([
  ['10007', 'RCP-261120-010007'],
  ['010007', 'RCP-261120-010007'],
  ['120007', 'RCP-261120-120007'],
  [' rcp-261119-010003 ', 'RCP-261119-010003'],
  ['0007', '0007'],
] as const)('%s is %s', ([typed, number]) => {
  expect(spellReceiptNumber(typed, '2026-11-20')).toBe(number)
})
