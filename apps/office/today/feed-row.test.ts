import type { LiveEvent } from '@tillkeeper/client/api/shapes.ts'
import { expect, test } from 'vitest'
import { readFeedRow } from './feed-row.ts'

const event = (type: string, summary: LiveEvent['summary']): LiveEvent => ({
  liveSeq: 1,
  type,
  factId: '01990000-0000-7000-8000-000000000001',
  shopId: '01990000-0000-7000-8000-000000000002',
  recordedAt: '2026-11-20T07:00:00.000Z',
  summary: { currency: 'THB', staffName: 'Nok', ...summary },
})

test('a sale shows what it came to, a refund what went out', () => {
  const sale = readFeedRow(event('sale.completed', { receiptNumber: 'RCP-1', totalMinor: 4_500 }))
  expect(sale).toMatchObject({ text: 'feed.sale', receipt: 'RCP-1', money: { minor: 4_500 } })
  const refund = readFeedRow(event('sale.refunded', { receiptNumber: 'RCP-2', totalMinor: 4_500 }))
  expect(refund).toMatchObject({ text: 'feed.refund', money: { minor: -4_500 } })
})

test.for([
  [-2_000, 'danger', 'ui.variance.short', 'feed.closed'],
  [2_000, 'warn', 'ui.variance.over', 'feed.closed'],
  [0, 'plain', undefined, 'feed.closed.exact'],
] as const)('a close with %i satang of variance says so', ([varianceMinor, tone, word, text]) => {
  const row = readFeedRow(event('till.closed', { varianceMinor }))
  expect(row).toMatchObject({ tone, text, sign: 'always' })
  expect(row?.word).toBe(word)
  expect(row?.money?.minor).toBe(varianceMinor === 0 ? undefined : varianceMinor)
})

test('cash that leaves the drawer is below zero', () => {
  const out = readFeedRow(event('cash.moved', { kind: 'drop', amountMinor: 100 }))
  const back = readFeedRow(event('cash.moved', { kind: 'top_up', amountMinor: 100 }))
  expect([out?.money?.minor, back?.money?.minor]).toEqual([-100, 100])
})

test('what is no news, or not understood, has no line', () => {
  expect(readFeedRow(event('product.edited', {}))).toBeUndefined()
  expect(readFeedRow(event('cash.moved', { kind: 'of_tomorrow' }))).toBeUndefined()
})

test('a summary that lacks its amount still has a line', () => {
  expect(readFeedRow(event('sale.completed', { totalMinor: 1.5 }))?.money).toBeUndefined()
})
