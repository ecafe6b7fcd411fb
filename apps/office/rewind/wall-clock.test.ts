import type { Instant } from '@tillkeeper/core/base/instant.ts'
import { expect, test } from 'vitest'
import { instantOf, wallClockOf } from './wall-clock.ts'

test.for([
  ['2026-11-20', '14:32:05', 'Asia/Bangkok', '2026-11-20T07:32:05.000Z'],
  ['2026-11-20', '00:10', 'Asia/Bangkok', '2026-11-19T17:10:00.000Z'],
  ['2026-07-01', '12:00:00', 'Europe/London', '2026-07-01T11:00:00.000Z'],
  ['2026-03-29', '03:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
])('%s %s in %s', ([day = '', time = '', zone = '', instant = '']) => {
  expect(instantOf(day, time, zone)).toBe(instant)
  expect(wallClockOf(instant as Instant, zone)).toEqual({
    day,
    time: time.length === 5 ? `${time}:00` : time,
  })
})
