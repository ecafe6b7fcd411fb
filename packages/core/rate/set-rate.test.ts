import { expect, test } from 'vitest'
import type { ShopId, StaffId } from '../base/id.ts'
import type { Currency } from '../money/money.ts'
import { decideSetRate, type SetRate } from './set-rate.ts'

const [thb, usd] = ['THB', 'USD'] as [Currency, Currency]
const now = '2026-11-21T02:00:00.000Z'
const shopId = 'a shop' as ShopId
const command: SetRate = { currency: usd, rate: 3425, scale: 2, source: 'the board' }
const set = { currency: usd, base: thb, rate: 3425, scale: 2, source: 'the board', from: now }

// One row for each way that setting a rate can end, refusals in order of precedence.
test.for<[string, SetRate, object]>([
  ['another base', { ...command, base: usd }, { code: 'currency_differs', currency: thb }],
  ['of the base itself', { ...command, currency: thb }, { code: 'rate_of_base' }],
  [
    'from the past',
    { ...command, from: '2026-11-21T01:54:59.999Z' },
    { code: 'rate_from_past', now },
  ],
  ['from now on', command, { ...set, shopId }],
  [
    'from tomorrow on',
    { ...command, from: '2026-11-22T00:00:00.000Z' },
    { ...set, shopId, from: '2026-11-22T00:00:00.000Z' },
  ],
  [
    'a clock that is a little behind',
    { ...command, from: '2026-11-21T01:55:00.000Z', staffId: 'Nok' as StaffId },
    { ...set, shopId, from: '2026-11-21T01:55:00.000Z', staffId: 'Nok' },
  ],
  ['not taken any more', { ...command, rate: 0 }, { ...set, shopId, rate: 0 }],
])('%s', ([, asked, end]) => {
  const outcome = decideSetRate({ base: thb, now, shopId }, asked)
  expect(outcome.ok ? outcome.value : outcome.refusal).toEqual(end)
})

test('a rate of all shops names none', () => {
  const outcome = decideSetRate({ base: thb, now }, command)
  expect(outcome.ok && outcome.value).toEqual(set)
})
