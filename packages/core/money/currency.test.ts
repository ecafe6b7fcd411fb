import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exponentOf, formatDigits, formatMinor, formatMoney, isCurrency } from './currency.ts'
import { type Currency, minor } from './money.ts'

const code = (text: string) => text as Currency
// Intl parts sign and number by U+00A0 in some languages.
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test.for([
  ['THB', 2],
  ['GBP', 2],
  ['USD', 2],
  ['EUR', 2],
  ['CNY', 2],
  ['AUD', 2],
  ['RUB', 2],
  ['IDR', 2], // Intl says 0.
  ['JPY', 0],
  ['KRW', 0],
  ['VND', 0],
  ['KWD', 3],
  ['CLF', 4],
] as const)('%s has %i decimals', ([currency, decimals]) => {
  expect(exponentOf(code(currency))).toBe(decimals)
})

test('a currency is spelled with three capitals', () => {
  expect(isCurrency('THB')).toBe(true)
  for (const wrong of ['thb', 'TH', 'THBB', 'TH1', '', 'THB\n'])
    expect(isCurrency(wrong)).toBe(false)
})

test.for([
  { amount: 123_450, currency: 'THB', language: 'en', text: '1,234.50', money: '฿1,234.50' },
  { amount: 123_450, currency: 'THB', language: 'th', text: '1,234.50', money: '฿1,234.50' },
  { amount: 123_450, currency: 'THB', language: 'id', text: '1.234,50', money: '฿ 1.234,50' },
  { amount: 123_456, currency: 'IDR', language: 'id', text: '1.234,56', money: 'Rp 1.234,56' },
  { amount: 1_234, currency: 'JPY', language: 'en', text: '1,234', money: '¥1,234' },
  { amount: 1_234, currency: 'KWD', language: 'en', text: '1.234', money: 'KWD 1.234' },
  { amount: -5, currency: 'GBP', language: 'en', text: '-0.05', money: '-£0.05' },
  { amount: 0, currency: 'GBP', language: 'en', text: '0.00', money: '£0.00' },
  // The ends of the exact range, where a division by 100 would already be off.
  {
    amount: Number.MAX_SAFE_INTEGER,
    currency: 'THB',
    language: 'en',
    text: '90,071,992,547,409.91',
    money: '฿90,071,992,547,409.91',
  },
] as const)('$amount of $currency in $language', ({ amount, currency, language, text, money }) => {
  expect(formatMinor(minor(amount), code(currency), language)).toBe(text)
  const sign = plain(formatMoney(minor(amount), code(currency), language))
  expect(sign.replace(' ', '')).toBe(money.replace(' ', ''))
})

test('an amount is written by its own digits', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (amount) => {
      const digits = formatMinor(minor(amount), code('THB'), 'en').replace(/[,.]/g, '')
      expect(BigInt(digits)).toBe(BigInt(amount))
    }),
  )
})

test('whole numbers of a power of ten lose zeros that say nothing', () => {
  expect(formatDigits(250, 3, 'en')).toBe('0.25')
  expect(formatDigits(3_000, 3, 'en')).toBe('3')
  expect(formatDigits(1_500, 3, 'id')).toBe('1,5')
  expect(formatDigits(750, 2, 'th')).toBe('7.5')
  expect(() => formatDigits(0.5, 3, 'en')).toThrow('whole numbers')
})

test('codes without end do not fill the memory', () => {
  for (let index = 0; index < 1_100; index += 1) {
    const letters = [index / 676, index / 26, index].map((part) => 65 + (Math.floor(part) % 26))
    const odd = code(String.fromCharCode(...letters))
    expect(formatMoney(minor(5_000_000), odd, 'en')).toContain('5')
  }
})
