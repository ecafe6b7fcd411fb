import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import type { Rate } from '@tillkeeper/core/money/rate.ts'
import { settleTenders } from '@tillkeeper/core/sale/settle-tenders.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  chooseChange,
  chooseCurrency,
  chooseMethod,
  confirmCash,
  confirmEntry,
  confirmMachine,
  nextCurrency,
  openPay,
  type Pay,
  pressNote,
  pressPayKey,
  previewPay,
  remainingInEntry,
  remainingMinor,
  removeTender,
  startSaving,
} from './pay-state.ts'

const pay = openPay({ id: 'x', dueMinor: minor(135_00), digits: 2 })
const typed = (keys: string, from: Pay = pay) =>
  [...keys].reduce((held, key) => pressPayKey(held, key as '0'), from)

// One row for each way that a confirmation can end.
test.for([
  { what: 'nothing typed', pay, is: 'nothing' },
  { what: 'zero typed', pay: typed('0'), is: 'nothing' },
  { what: 'less than is due', pay: typed('100'), is: 'part' },
  { what: 'exactly what is due', pay: typed('135'), is: 'complete' },
  { what: 'more than is due', pay: typed('500'), is: 'complete' },
  { what: 'notes', pay: pressNote(pressNote(pay, minor(100_00)), minor(100_00)), is: 'complete' },
  { what: 'a card with nothing typed', pay: chooseMethod(pay, 'card'), is: 'complete' },
  { what: 'a card of too much', pay: chooseMethod(typed('500'), 'card'), is: 'too_much' },
  { what: 'a card of a part', pay: chooseMethod(typed('35'), 'card'), is: 'part' },
  { what: 'while it is being saved', pay: startSaving(typed('500')), is: 'nothing' },
  {
    what: 'a sale of nothing',
    pay: openPay({ id: 'x', dueMinor: minor(0), digits: 2 }),
    is: 'complete',
  },
] as const)('$what: $is', ({ pay: held, is }) => {
  expect(confirmEntry(held).is).toBe(is)
})

test('a machine is asked for what is left, rounded as cash is, whatever was typed', () => {
  const rounding = { stepMinor: minor(25), way: 'down' } as const
  const odd = openPay({ id: 'x', dueMinor: minor(135_10), digits: 2, terms: { rounding } })
  expect(confirmMachine(typed('999', odd))).toEqual({ is: 'machine', dueMinor: 135_00 })
  const part = confirmEntry(chooseMethod(typed('35', odd), 'card'))
  if (part.is !== 'part') throw new Error('35 is a part of it')
  const asked = confirmMachine(part.pay)
  expect(asked).toEqual({ is: 'machine', dueMinor: 100_00 })
  // What it keeps settles the sale.
  const kept = { method: 'machine', givenMinor: minor(100_00), attemptId: 'a' } as const
  expect(settleTenders(minor(135_10), [...part.pay.tenders, kept], { rounding }).ok).toBe(true)
  expect(confirmMachine(startSaving(odd))).toEqual({ is: 'nothing' })
  const nothing = openPay({ id: 'x', dueMinor: minor(10), digits: 2, terms: { rounding } })
  expect(confirmMachine(nothing)).toEqual({ is: 'nothing' })
})

test('a part by card leaves the rest to cash', () => {
  const part = confirmEntry(chooseMethod(typed('35'), 'card'))
  expect(part.is).toBe('part')
  if (part.is !== 'part') return
  expect(previewPay(part.pay)).toEqual({ givenMinor: 35_00, changeMinor: 0, missingMinor: 100_00 })
  const done = confirmCash(part.pay, minor(100_00))
  expect(done).toEqual({
    is: 'complete',
    tenders: [
      { method: 'card', givenMinor: 35_00 },
      { method: 'cash', givenMinor: 100_00 },
    ],
  })
  expect(removeTender(part.pay, 0).tenders).toEqual([])
})

test('notes that were pressed are what was handed over', () => {
  const held = pressNote(pressNote(pressNote(pay, minor(100_00)), minor(20_00)), minor(20_00))
  expect(previewPay(held)).toEqual({ givenMinor: 140_00, changeMinor: 5_00, missingMinor: 0 })
  expect(confirmEntry(held)).toEqual({
    is: 'complete',
    tenders: [
      {
        method: 'cash',
        givenMinor: 140_00,
        pieces: [
          { faceMinor: 100_00, pieces: 1 },
          { faceMinor: 20_00, pieces: 2 },
        ],
      },
    ],
  })
  expect(typed('5', held)).toMatchObject({ entry: '5', notes: [] })
})

const presses = fc.array(
  fc.oneof(
    fc
      .constantFrom('0', '1', '5', '9', '00', 'point', 'backspace', 'clear')
      .map((key) => (held: Pay) => pressPayKey(held, key as '0')),
    fc
      .constantFrom(20_00, 100_00, 1000_00)
      .map((face) => (held: Pay) => pressNote(held, minor(face))),
    fc
      .constantFrom('cash', 'card', 'promptpay')
      .map((method) => (held: Pay) => chooseMethod(held, method as 'cash')),
    fc.constant((held: Pay) => {
      const confirmed = confirmEntry(held)
      return confirmed.is === 'part' ? confirmed.pay : held
    }),
  ),
  { maxLength: 30 },
)

test('whatever is pressed, tenders that are complete settle the sale, and the change is as shown', () => {
  fc.assert(
    fc.property(presses, fc.integer({ min: 1, max: 500_000 }), (pressed, due) => {
      const opened = openPay({ id: 'x', dueMinor: minor(due), digits: 2 })
      const held = pressed.reduce((state, press) => press(state), opened)
      const confirmed = confirmEntry(held)
      if (confirmed.is !== 'complete') return
      const settled = settleTenders(minor(due), confirmed.tenders)
      expect(settled.ok).toBe(true)
      if (settled.ok && previewPay(held).missingMinor === 0) {
        expect(settled.value.changeMinor).toBe(previewPay(held).changeMinor)
      }
    }),
  )
})

const [thb, usd, jpy] = ['THB', 'USD', 'JPY'] as [Currency, Currency, Currency]
const rate = (currency: Currency, value: number, scale: number): Rate => ({
  ...{ id: `rate of ${currency}`, currency, base: thb, rate: value, scale, source: 'the board' },
  from: '2026-11-20T00:00:00.000Z',
})
const rates = new Map([rate(usd, 3425, 2), rate(jpy, 2315, 4)].map((each) => [each.currency, each]))
const rounding = { stepMinor: minor(25), way: 'nearest' } as const
const abroad = openPay({
  ...{ id: 'x', dueMinor: minor(135_10), digits: 2 },
  terms: { currency: thb, rates, rounding },
})

test('cash is asked for as it is rounded, a card for what is due', () => {
  expect(remainingMinor(abroad)).toBe(135_00)
  expect(remainingMinor(chooseMethod(abroad, 'card'))).toBe(135_10)
  expect(confirmCash(abroad, minor(135_00)).is).toBe('complete')
})

test('what is due is shown in dollars, and paid by notes of them with change in either', () => {
  const dollars = chooseCurrency(abroad, usd)
  expect(remainingInEntry(dollars)).toBe(3_95)
  const noted = pressNote(dollars, minor(20_00))
  const given = { givenMinor: 685_00, changeMinor: 550_00, missingMinor: 0, roundingMinor: -10 }
  expect(previewPay(noted)).toEqual(given)
  expect(confirmEntry(noted)).toEqual({
    is: 'complete',
    tenders: [
      {
        ...{ method: 'cash', givenMinor: 20_00, currency: usd, rateId: 'rate of USD' },
        pieces: [{ faceMinor: 20_00, pieces: 1 }],
      },
    ],
  })
  const back = confirmEntry(chooseChange(noted, true))
  expect(back.is === 'complete' && back.change).toMatchObject([{ currency: usd, minor: 16_00 }])
})

test('a part in dollars leaves the rest to baht; yen have no decimals', () => {
  const part = confirmEntry(typed('2', chooseCurrency(abroad, usd)))
  expect(part.is).toBe('part')
  if (part.is !== 'part') return
  expect(remainingMinor(chooseCurrency(part.pay, undefined))).toBe(66_50)
  expect(remainingInEntry(chooseCurrency(abroad, jpy))).toBe(584)
  expect(pressPayKey(typed('1', chooseCurrency(abroad, jpy)), 'point').entry).toBe('1')
})

test('the currency key goes round, and a card has none', () => {
  const seen = [nextCurrency(abroad), nextCurrency(nextCurrency(abroad))]
  expect(seen.map((held) => held.rate?.currency)).toEqual([jpy, usd])
  expect(nextCurrency(seen[1] ?? abroad).rate).toBeUndefined()
  expect(chooseMethod(typed('5', seen[0]), 'card')).toMatchObject({ entry: '', method: 'card' })
})

test('what the panel confirms, core takes, in any currency', () => {
  const some = fc.record({
    due: fc.integer({ min: 1, max: 500_000 }),
    currency: fc.constantFrom(undefined, usd, jpy),
    digits: fc.integer({ min: 1, max: 9_999 }),
    abroad: fc.boolean(),
  })
  fc.assert(
    fc.property(some, ({ due, currency, digits, abroad: back }) => {
      const open = openPay({
        ...{ id: 'x', dueMinor: minor(due), digits: 2 },
        terms: { currency: thb, rates, rounding },
      })
      const held = chooseChange(typed(String(digits), chooseCurrency(open, currency)), back)
      const confirmed = confirmEntry(held)
      const preview = previewPay(held)
      expect(confirmed.is === 'complete').toBe(preview.missingMinor === 0)
      if (confirmed.is !== 'complete') return
      const { tenders, change } = confirmed
      const settled = settleTenders(minor(due), tenders, { ...open.terms, change })
      expect(settled.ok && settled.value.changeMinor).toBe(preview.changeMinor)
    }),
  )
})
