import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ShopId } from '../base/id.ts'
import { type CashRounding, roundCash } from './cash-rounding.ts'
import { exponentOf } from './currency.ts'
import { type Currency, minor } from './money.ts'
import {
  amountFor,
  amountWithin,
  type Rate,
  rateMax,
  rateScaleMax,
  ratesAt,
  worthOf,
} from './rate.ts'

const code = (text: string) => text as Currency
const terms = (currency: string, rate: number, scale: number, base = 'THB') => ({
  currency: code(currency),
  base: code(base),
  rate,
  scale,
})

test.for([
  { amount: 2_000, of: terms('USD', 3425, 2), worth: 68_500 }, // 20 dollars at 34.25.
  { amount: 1, of: terms('USD', 3425, 2), worth: 34 }, // 34.25 satang, to the nearest.
  { amount: 2, of: terms('USD', 3425, 2), worth: 69 }, // 68.50: halves go up.
  { amount: 1_000, of: terms('JPY', 2315, 4), worth: 23_150 }, // Yen have no decimals.
  { amount: 5_000_000, of: terms('IDR', 21, 4), worth: 10_500 }, // 50,000 rupiah.
  { amount: 1_000, of: terms('KWD', 11_125, 2), worth: 11_125 }, // Dinar have three.
  { amount: 100, of: terms('THB', 4, 0, 'JPY'), worth: 4 },
  { amount: 0, of: terms('USD', 3425, 2), worth: 0 },
  { amount: 5, of: terms('USD', 0, 0), worth: 0 },
])('$amount is worth $worth', ({ amount, of, worth }) => {
  expect(worthOf(minor(amount), of)).toBe(worth)
})

test.for([
  { due: 13_500, of: terms('USD', 3425, 2), amount: 395 }, // 3.9415…: 3.94 is worth 134.945, and 134.95 is less.
  { due: 68_500, of: terms('USD', 3425, 2), amount: 2_000 },
  { due: 1, of: terms('JPY', 2315, 4), amount: 1 },
  { due: 0, of: terms('USD', 3425, 2), amount: 0 },
  { due: 1, of: terms('USD', 0, 0), amount: undefined },
  { due: 1_000_000_000_000, of: terms('VND', 1, 10), amount: undefined },
])('$due is paid by $amount', ({ due, of, amount }) => {
  expect(amountFor(minor(due), of)).toBe(amount)
})

test('of change, whole notes are given as far as they go', () => {
  const dollar = terms('USD', 3425, 2)
  expect(amountWithin(minor(55_000), dollar, minor(100))).toBe(1_600)
  expect(amountWithin(minor(3_424), dollar, minor(100))).toBe(0)
  expect(amountWithin(minor(3_425), dollar, minor(100))).toBe(100)
  expect(amountWithin(minor(500), terms('USD', 0, 0), minor(1))).toBe(0)
})

const someTerms = fc
  .record({
    currency: fc.constantFrom('USD', 'JPY', 'KWD', 'IDR'),
    base: fc.constantFrom('THB', 'VND', 'BHD'),
    rate: fc.integer({ min: 1, max: rateMax }),
    scale: fc.integer({ min: 0, max: rateScaleMax }),
  })
  .map((each) => ({ ...each, currency: code(each.currency), base: code(each.base) }))
const someAmount = fc.integer({ min: 0, max: 1_000_000_000 }).map(minor)

test('what is worth is exact to half a unit, never less for more, and its two inverses hold', () => {
  fc.assert(
    fc.property(someTerms, someAmount, fc.integer({ min: 1, max: 10_000 }), (of, amount, step) => {
      const number = worthOf(amount, of)
      fc.pre(Number.isSafeInteger(number))
      const worth = BigInt(number)
      const up = BigInt(of.rate) * 10n ** BigInt(exponentOf(of.base))
      const down = 10n ** BigInt(of.scale + exponentOf(of.currency))
      const off = 2n * (worth * down - BigInt(amount) * up)
      expect(off > -down && off <= down).toBe(true)

      const least = amountFor(amount, of)
      if (least !== undefined) {
        expect(worthOf(least, of)).toBeGreaterThanOrEqual(amount)
        if (least > 0) expect(worthOf(minor(least - 1), of)).toBeLessThan(amount)
      }
      const most = amountWithin(amount, of, minor(step))
      expect(most % step).toBe(0)
      expect(worthOf(most, of)).toBeLessThanOrEqual(amount)
      // Of nothing nothing is given, though a currency that is worth little could be, unseen.
      if (amount > 0 && most + step <= 1_000_000_000_000) {
        expect(worthOf(minor(most + step), of)).toBeGreaterThan(amount)
      }
    }),
  )
})

const [shopA, shopB] = ['a' as ShopId, 'b' as ShopId]
const rate = (id: string, from: string, more: Partial<Rate> = {}): Rate => ({
  id,
  ...terms('USD', 3400, 2),
  source: 'the board',
  from,
  ...more,
})
const held = (rates: readonly Rate[], at: string, shopId = shopA) =>
  Array.from(ratesAt(rates, { base: code('THB'), shopId, at }).values(), ({ id }) => id)

test('of each currency the rate holds that began last', () => {
  const rates = [
    rate('3', '2026-11-21T02:00:00.000Z'),
    rate('1', '2026-11-20T02:00:00.000Z'),
    rate('2', '2026-11-20T12:00:00.000Z', { shopId: shopA }),
    rate('4', '2026-11-20T02:00:00.000Z', { ...terms('EUR', 3700, 2) }),
    rate('5', '2026-11-20T02:00:00.000Z', { ...terms('USD', 140, 0, 'JPY') }),
  ]
  expect(held(rates, '2026-11-20T01:59:59.999Z')).toEqual([])
  expect(held(rates, '2026-11-20T02:00:00.000Z')).toEqual(['1', '4'])
  expect(held(rates, '2026-11-20T13:00:00.000Z')).toEqual(['2', '4'])
  expect(held(rates, '2026-11-20T13:00:00.000Z', shopB)).toEqual(['1', '4'])
  expect(held(rates, '2026-11-22T00:00:00.000Z')).toEqual(['3', '4'])
})

test('of two rates of one instant the later made holds, and a rate of nothing ends a currency', () => {
  const from = '2026-11-20T02:00:00.000Z'
  expect(held([rate('2', from), rate('1', from)], from)).toEqual(['2'])
  expect(held([rate('1', from), rate('2', from, { rate: 0 })], from)).toEqual([])
})

test('the order in which rates are known does not matter', () => {
  const some = fc.array(
    fc.record({
      id: fc.uuid(),
      currency: fc.constantFrom('USD', 'EUR', 'THB'),
      from: fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'),
      rate: fc.integer({ min: 0, max: 2 }),
      shopId: fc.constantFrom(undefined, shopA, shopB),
    }),
  )
  fc.assert(
    fc.property(some, (each) => {
      const rates = each.map((one) => ({
        ...rate(one.id, one.from),
        ...one,
        currency: code(one.currency),
      }))
      const at = '2026-01-03T00:00:00.000Z'
      expect(held(rates.toReversed(), at).sort()).toEqual(held(rates, at).sort())
    }),
  )
})

const quarter: CashRounding = { stepMinor: minor(25), way: 'nearest' }
test.for([
  { due: 13_510, rounding: quarter, paid: 13_500 },
  { due: 13_513, rounding: quarter, paid: 13_525 },
  { due: -490, rounding: quarter, paid: -500 },
  { due: 1_050, rounding: { stepMinor: minor(100), way: 'nearest' }, paid: 1_100 }, // A half is the shop's.
  { due: -1_050, rounding: { stepMinor: minor(100), way: 'nearest' }, paid: -1_000 }, // And so is this.
  { due: 1_999, rounding: { stepMinor: minor(100), way: 'down' }, paid: 1_900 },
  { due: -1_901, rounding: { stepMinor: minor(100), way: 'down' }, paid: -2_000 },
  { due: 1_999, rounding: undefined, paid: 1_999 },
] as const)('$due is $paid in cash', ({ due, rounding, paid }) => {
  expect(roundCash(minor(due), rounding)).toBe(paid)
})

test('cash is rounded by less than a step, and whole steps change nothing of it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1_000_000, max: 1_000_000 }),
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: -50, max: 50 }),
      fc.constantFrom('nearest' as const, 'down' as const),
      (due, step, steps, way) => {
        const rounding = { stepMinor: minor(step), way }
        const paid = roundCash(minor(due), rounding)
        expect(Math.abs(paid % step)).toBe(0)
        if (way === 'down') expect(due - paid >= 0 && due - paid < step).toBe(true)
        else expect(2 * (paid - due) <= step && 2 * (paid - due) > -step).toBe(true)
        expect(roundCash(minor(due + steps * step), rounding)).toBe(paid + steps * step)
      },
    ),
  )
})
