import { expect, test } from 'vitest'
import { instantAt } from './instant-at.ts'

test.for([
  ['2026-11-21', '15:00', 'Asia/Bangkok', '2026-11-21T08:00:00.000Z'],
  ['2026-11-21', '00:30', 'Asia/Bangkok', '2026-11-20T17:30:00.000Z'],
  ['2026-11-21', '23:59', 'America/New_York', '2026-11-22T04:59:00.000Z'],
  ['2026-03-29', '15:00', 'Europe/London', '2026-03-29T14:00:00.000Z'],
  ['2026-11-21', '15:00', 'Asia/Kathmandu', '2026-11-21T09:15:00.000Z'],
] as const)('%s %s in %s', ([day, time, zone, instant]) => {
  expect(instantAt(day, time, zone)).toBe(instant)
})
