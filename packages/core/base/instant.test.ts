import fc from 'fast-check'
import { expect, test } from 'vitest'
import { businessDateOf, isDay, isInstant, isTimeZone, localTimeOf } from './instant.ts'

test.for([
  ['2026-11-20T14:32:00.000Z', true],
  ['2024-02-29T23:59:59.999Z', true],
  ['0001-01-01T00:00:00.000Z', true],
  ['2026-02-29T00:00:00.000Z', false], // No leap year.
  ['1900-02-29T00:00:00.000Z', false],
  ['2000-02-29T00:00:00.000Z', true],
  ['2026-04-31T00:00:00.000Z', false],
  ['2026-13-01T00:00:00.000Z', false],
  ['2026-00-01T00:00:00.000Z', false],
  ['2026-11-00T00:00:00.000Z', false],
  ['2026-11-20T24:00:00.000Z', false],
  ['2026-11-20T14:60:00.000Z', false],
  ['2026-11-20T14:32:60.000Z', false], // UTC's leap seconds are not ours.
  ['0000-01-01T00:00:00.000Z', false],
  ['2026-11-20T14:32:00Z', false],
  ['2026-11-20T14:32:00.000+07:00', false],
  ['2026-11-20 14:32:00.000Z', false],
  ['2026-11-20T14:32:00.000Z\n', false],
  ['', false],
] as const)('%j is an instant: %s', ([text, is]) => {
  expect(isInstant(text)).toBe(is)
})

test('the instants and days are those of the calendar', () => {
  const years = fc.integer({ min: 0, max: 9_999 })
  const twoDigits = fc.integer({ min: 0, max: 40 })
  fc.assert(
    fc.property(years, twoDigits, twoDigits, (year, month, day) => {
      const text = `${String(year).padStart(4, '0')}-${[month, day].map((part) => String(part).padStart(2, '0')).join('-')}`
      const ms = Date.parse(`${text}T00:00:00.000Z`)
      const real = year > 0 && !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)
      expect(isDay(text)).toBe(real)
      expect(isInstant(`${text}T00:00:00.000Z`)).toBe(real)
    }),
    { numRuns: 2_000 },
  )
})

test.for([
  { at: '2026-11-20T16:59:59.999Z', zone: 'Asia/Bangkok', day: '2026-11-20' },
  { at: '2026-11-20T17:00:00.000Z', zone: 'Asia/Bangkok', day: '2026-11-21' },
  { at: '2026-11-20T23:30:00.000Z', zone: 'Europe/London', day: '2026-11-20' },
  { at: '2026-07-20T23:30:00.000Z', zone: 'Europe/London', day: '2026-07-21' }, // Summer time.
  { at: '2026-01-01T03:00:00.000Z', zone: 'America/New_York', day: '2025-12-31' },
  { at: '2026-11-20T10:00:00.000Z', zone: 'Pacific/Kiritimati', day: '2026-11-21' },
  { at: '0999-06-01T12:00:00.000Z', zone: 'UTC', day: '0999-06-01' },
])('in $zone, $at is $day', ({ at, zone, day }) => {
  expect(businessDateOf(at, zone)).toBe(day)
})

test('a day in UTC is the day of the instant', () => {
  const instants = fc.date({
    min: new Date('1600-01-01'),
    max: new Date('9999-12-31'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(instants, (date) => {
      const at = date.toISOString()
      expect(isInstant(at)).toBe(true)
      expect(businessDateOf(at, 'UTC')).toBe(at.slice(0, 10))
    }),
  )
})

test('a clock in a shop shows hours from 0 to 23', () => {
  expect(localTimeOf('2026-11-20T17:05:00.000Z', 'Asia/Bangkok')).toEqual({
    year: 2026,
    month: 11,
    day: 21,
    hour: 0,
    minute: 5,
  })
})

test('a time zone is one that Intl knows', () => {
  expect(isTimeZone('Asia/Bangkok')).toBe(true)
  expect(isTimeZone('Mars/Base')).toBe(false)
  expect(isTimeZone('')).toBe(false)
})
