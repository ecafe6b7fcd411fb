import type { LiveEvent } from '@tillkeeper/client/api/shapes.ts'
import { expect, test } from 'vitest'
import {
  backlog,
  changeLink,
  feedMax,
  hear,
  listsChangedBy,
  quiet,
  retryMs,
  startAfter,
} from './live-state.ts'

const event = (liveSeq: number): LiveEvent => ({
  liveSeq,
  type: 'sale.completed',
  factId: '01990000-0000-7000-8000-000000000001',
  shopId: null,
  recordedAt: '2026-11-20T07:00:00.000Z',
  summary: {},
})

test('events stand newest first, each once, however often it is told', () => {
  const heard = [1, 2, 2, 1, 3].map(event).reduce(hear, quiet)
  expect(heard.events.map(({ liveSeq }) => liveSeq)).toEqual([3, 2, 1])
  expect(heard.heardSeq).toBe(3)
})

test('the feed is bounded, and still knows how far it heard', () => {
  let heard = quiet
  for (let seq = 1; seq <= feedMax + 25; seq += 1) heard = hear(heard, event(seq))
  expect(heard.events).toHaveLength(feedMax)
  expect(heard.heardSeq).toBe(feedMax + 25)
})

test('a feed begins a little before now, and never before its first event', () => {
  expect(startAfter(1_000).heardSeq).toBe(1_000 - backlog)
  expect(startAfter(3).heardSeq).toBe(0)
})

test('a change of the link keeps what was heard', () => {
  const heard = hear(quiet, event(7))
  expect(changeLink(heard, 'down')).toEqual({ ...heard, link: 'down' })
  expect(changeLink(heard, heard.link)).toBe(heard)
})

test('tries come further apart, with chance between them and a bound', () => {
  expect(retryMs(0, 0)).toBe(250)
  expect(retryMs(0, 0.999)).toBeLessThanOrEqual(500)
  for (const attempt of [1, 5, 20, 1_000]) {
    expect(retryMs(attempt, 0)).toBeGreaterThanOrEqual(retryMs(attempt - 1, 0))
    expect(retryMs(attempt, 0.999)).toBeLessThanOrEqual(30_000)
  }
})

test('a sale makes the figures, the lists and the drawers stale; an unknown event nothing', () => {
  expect(listsChangedBy('sale.completed')).toEqual(
    expect.arrayContaining(['today', 'sales', 'cash']),
  )
  expect(listsChangedBy('till.closed')).toEqual(expect.arrayContaining(['today', 'sessions']))
  expect(listsChangedBy('product.edited')).toEqual(['products'])
  expect(listsChangedBy('of.tomorrow')).toEqual([])
})
