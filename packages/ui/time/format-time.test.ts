import { expect, test } from 'vitest'
import { formatDay, formatInstant, formatWeekday } from './format-time.ts'

const bangkok = { timeZone: 'Asia/Bangkok' } as const
const instant = '2026-11-20T17:05:09.000Z'

test('Thai dates count Buddhist years, the others do not', () => {
  expect(formatDay('2026-11-20', 'day', 'th')).toBe('20 พ.ย. 2569')
  expect(formatDay('2026-11-20', 'day', 'en')).toBe('20 Nov 2026')
  expect(formatDay('2026-11-20', 'day', 'id')).toBe('20 Nov 2026')
})

test('an instant is read from the wall clock of the shop', () => {
  expect(formatInstant(instant, 'time', { language: 'en', ...bangkok })).toBe('00:05')
  expect(formatInstant(instant, 'date', { language: 'en', ...bangkok })).toBe('21 Nov 2026')
  expect(formatInstant(instant, 'seconds', { language: 'th', ...bangkok })).toBe('00:05:09')
  expect(formatInstant(instant, 'date', { language: 'en', timeZone: 'UTC' })).toBe('20 Nov 2026')
})

test('a business day is a date: no time zone moves it', () => {
  expect(formatWeekday('2026-11-20', 'long', 'en')).toBe('Friday')
  expect(formatDay('2026-01-01', 'short', 'en')).toBe('1 Jan')
})
