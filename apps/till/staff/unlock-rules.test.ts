import { expect, test } from 'vitest'
import { judgeUnlock, offlineMaxMs, waitAfter, waitMaxMs } from './unlock-rules.ts'

const now = Date.UTC(2026, 10, 20)

test.for([
  { what: 'the first try', failures: 0, triedAgo: 0, seenAgo: 1_000, may: 'try' },
  { what: 'the fourth wrong try', failures: 4, triedAgo: 0, seenAgo: 1_000, may: 'try' },
  { what: 'at once after the fifth', failures: 5, triedAgo: 1_000, seenAgo: 1_000, may: 'wait' },
  { what: 'later after the fifth', failures: 5, triedAgo: 30_000, seenAgo: 60_000, may: 'try' },
  { what: 'after two weeks', failures: 0, triedAgo: 0, seenAgo: offlineMaxMs + 1, may: 'not_here' },
  { what: 'on the last day', failures: 0, triedAgo: 0, seenAgo: offlineMaxMs, may: 'try' },
  // Setting the clock back neither shortens a wait nor brings two weeks back.
  { what: 'with the clock set back', failures: 5, triedAgo: -60_000, seenAgo: 1_000, may: 'wait' },
])('$what: $may', ({ failures, triedAgo, seenAgo, may }) => {
  const attempts = { failures, lastMs: now - triedAgo, seenMs: now - seenAgo }
  expect(judgeUnlock(attempts, now).may).toBe(may)
})

test('each wrong try doubles the wait, up to half an hour', () => {
  expect([4, 5, 6, 7].map(waitAfter)).toEqual([0, 30_000, 60_000, 120_000])
  expect(waitAfter(1_000)).toBe(waitMaxMs)
})
