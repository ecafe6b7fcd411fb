import { type Currency, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatFace, formatFigures, formatMoney, plainMoney } from './format-money.ts'

const thb = 'THB' as Currency
const jpy = 'JPY' as Currency
const english = { currency: thb, language: 'en' } as const

test.for([
  [123_450, 'en', '฿1,234.50'],
  [123_450, 'th', '฿1,234.50'],
  [123_450, 'id', '฿1.234,50'],
  [5, 'en', '฿0.05'],
  [0, 'en', '฿0.00'],
  [-4_500, 'en', '\u2212฿45.00'],
  [9_007_199_254_740_991, 'en', '฿90,071,992,547,409.91'],
] as const)('%i satang in %s are written %s', ([amount, language, text]) => {
  const written = formatMoney(minor(amount), { currency: thb, language })
  expect(written.replace(/\s/g, '')).toBe(text)
})

test('a variance carries its sign on both sides of zero, and none at zero', () => {
  const write = (amount: number) => formatFigures(minor(amount), { ...english, sign: 'always' })
  expect([write(500), write(-500), write(0)]).toEqual(['+5.00', '\u22125.00', '0.00'])
})

test('a currency without decimals is written without', () => {
  expect(formatFigures(minor(1_234), { currency: jpy, language: 'en' })).toBe('1,234')
  expect(plainMoney(minor(1_234), jpy)).toBe('1234')
})

test('a face is said without decimals where it is whole', () => {
  const faces = [100_000, 2_000, 50, 25].map((face) => formatFace(minor(face), english))
  expect(faces).toEqual(['1,000', '20', '0.50', '0.25'])
})

test('a file gets amounts with a zero before the point and no groups', () => {
  const plain = [5, -5, 123_456_789, 0].map((amount) => plainMoney(minor(amount), thb))
  expect(plain).toEqual(['0.05', '-0.05', '1234567.89', '0.00'])
})

test('no digit of an amount is lost or made up', () => {
  const amounts = fc.maxSafeInteger().map(minor)
  fc.assert(
    fc.property(amounts, fc.constantFrom<Currency>(thb, jpy), (amount: Minor, currency) => {
      const digits = plainMoney(amount, currency).replace(/[-.]/g, '')
      expect(BigInt(digits)).toBe(BigInt(Math.abs(amount)))
      const shown = formatFigures(amount, { currency, language: 'id' }).replace(/[^0-9]/g, '')
      expect(BigInt(shown)).toBe(BigInt(Math.abs(amount)))
    }),
  )
})
