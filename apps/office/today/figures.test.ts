import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addHours,
  changePermille,
  type Hours,
  hoursInSight,
  hoursOf,
  type ShopToday,
  sumFigures,
  sumUntil,
  usualHours,
  weeksBefore,
} from './figures.ts'

const hours = (of: Readonly<Record<number, number>>): Hours =>
  Array.from({ length: 24 }, (_, hour) => minor(of[hour] ?? 0))

const shop = (currency: string, sold: number, refunded = 0): ShopToday => ({
  shop: {
    id: '01990000-0000-7000-8000-000000000001',
    code: 'S1',
    name: 'Ari',
    address: '',
    taxNumber: '',
    timeZone: 'Asia/Bangkok',
    currency: currency as Currency,
    receiptFooter: '',
    drawerLimitMinor: minor(0),
    expenseDayMinor: minor(0),
    toleranceMinor: minor(0),
    investigateMinor: minor(0),
    blindClose: true,
    floatMinor: minor(0),
    cashRounding: null,
    active: true,
  },
  day: {
    shopId: '01990000-0000-7000-8000-000000000001',
    businessDate: '2026-11-20',
    currency: currency as Currency,
    sales: 2,
    salesMinor: minor(sold),
    refunds: 1,
    refundsMinor: minor(refunded),
    taxMinor: minor(0),
    cashMinor: minor(0),
    payInMinor: minor(0),
    payOutMinor: minor(0),
    closes: 0,
    varianceMinor: minor(0),
    staff: [],
    hours: [],
  },
  lastWeek: { sales: 0, salesMinor: minor(0), refundsMinor: minor(0) },
  cashInShopMinor: minor(1_000),
  openTills: 1,
  exceptions: 0,
  lastSeenAt: null,
})

test('amounts of two currencies are never added', () => {
  const figures = sumFigures([shop('GBP', 500), shop('THB', 10_000, 400), shop('THB', 2_000)])
  expect(figures.map(({ currency, netMinor, shops }) => [currency, netMinor, shops])).toEqual([
    ['THB', 11_600, 2],
    ['GBP', 500, 1],
  ])
})

test('an hour is that of the wall clock of the shop', () => {
  const sold = [
    {
      hourAt: '2026-11-19T23:00:00.000Z',
      sales: 1,
      salesMinor: minor(700),
      refundsMinor: minor(0),
    },
    {
      hourAt: '2026-11-20T01:00:00.000Z',
      sales: 2,
      salesMinor: minor(900),
      refundsMinor: minor(50),
    },
  ]
  const local = hoursOf(sold, 'Asia/Bangkok')
  expect([local[6], local[8], local[1]]).toEqual([700, 850, 0])
})

test('the usual leaves out days on which nothing was sold', () => {
  const usual = usualHours([hours({ 9: 100 }), hours({}), hours({ 9: 201, 10: 50 })])
  expect([usual?.[9], usual?.[10]]).toEqual([151, 25])
  expect(usualHours([hours({})])).toBeUndefined()
  expect(usualHours([])).toBeUndefined()
})

test('a day that runs is held against the same part of another', () => {
  const before = hours({ 8: 600, 9: 600, 10: 600 })
  expect(sumUntil(before, { hour: 9, minute: 30 })).toBe(900)
  expect(sumUntil(before, { hour: 8, minute: 0 })).toBe(0)
  expect(sumUntil(before, undefined)).toBe(1_800)
})

test('no part of a day is more than the whole of it', () => {
  const amounts = fc.array(fc.integer({ min: 0, max: 10_000_000 }), {
    minLength: 24,
    maxLength: 24,
  })
  const clock = fc.record({
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
  })
  fc.assert(
    fc.property(amounts, clock, (day, until) => {
      const part = sumUntil(day.map(minor), until)
      expect(part).toBeLessThanOrEqual(sumUntil(day.map(minor), undefined))
      expect(part).toBeGreaterThanOrEqual(0)
    }),
  )
})

test('the order in which shops are added does not matter', () => {
  const a = hours({ 7: 5, 23: 9 })
  const b = hours({ 7: 1 })
  expect(addHours([a, b])).toEqual(addHours([b, a]))
})

test('a change needs something before it', () => {
  expect(changePermille(minor(1_124), minor(1_000))).toBe(124)
  expect(changePermille(minor(500), minor(1_000))).toBe(-500)
  expect(changePermille(minor(500), minor(0))).toBeUndefined()
})

test('weeks are counted in days, over months and years', () => {
  expect(weeksBefore('2027-01-05', 1)).toBe('2026-12-29')
  expect(weeksBefore('2026-11-20', 4)).toBe('2026-10-23')
})

test('only hours with something in them are drawn, and a quiet day has a frame', () => {
  expect(hoursInSight([hours({ 7: 1, 20: 1 })])).toEqual([6, 21])
  expect(hoursInSight([hours({ 0: 1, 23: 1 })])).toEqual([0, 23])
  const [first, last] = hoursInSight([hours({}), undefined])
  expect(last).toBeGreaterThan(first)
})
