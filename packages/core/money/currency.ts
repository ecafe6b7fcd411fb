import { assert } from '../base/assert.ts'
import type { Currency, Minor } from './money.ts'

/** The languages of our screens and receipts. */
export type Language = 'en' | 'th' | 'id'

// ISO 4217, list one: a currency has two decimals but for these. `Intl` is not asked, since it says 0 for
// IDR, whose smallest unit is the sen.
const noDecimals = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ')
const threeDecimals = 'BHD IQD JOD KWD LYD OMR TND'.split(' ')
const fourDecimals = 'CLF UYW'.split(' ')
const exponents: ReadonlyMap<string, number> = new Map([
  ...noDecimals.map((code) => [code, 0] as const),
  ...threeDecimals.map((code) => [code, 3] as const),
  ...fourDecimals.map((code) => [code, 4] as const),
])

/** How many decimals a currency has by ISO 4217: 2 for THB, 0 for JPY. */
export function exponentOf(currency: Currency): number {
  return exponents.get(currency) ?? 2
}

/** Whether `code` is spelled like a currency, and so may be taken for one. */
export function isCurrency(code: string): code is Currency {
  return /^[A-Z]{3}$/.test(code)
}

/** An amount in a language's digits, with the currency's decimals and without its sign: `1,234.50`. */
export function formatMinor(amount: Minor, currency: Currency, language: Language): string {
  const decimals = exponentOf(currency)
  const format = formatOf(`plain/${decimals}/${language}`, language, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
  return format.format(shift(amount, decimals))
}

/** An amount with its currency's sign: `฿1,234.50`. */
export function formatMoney(amount: Minor, currency: Currency, language: Language): string {
  const decimals = exponentOf(currency)
  const format = formatOf(`${currency}/${language}`, language, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
  return format.format(shift(amount, decimals))
}

/** A whole number of `10^-decimals` without the zeros that say nothing: 250 thousandths are `0.25`. */
export function formatDigits(value: number, decimals: number, language: Language): string {
  const format = formatOf(`digits/${decimals}/${language}`, language, {
    maximumFractionDigits: decimals,
  })
  return format.format(shift(value, decimals))
}

// Intl reads the digits of a text exactly; a number divided by 100 would already be off.
function shift(value: number, decimals: number) {
  assert(Number.isSafeInteger(value), 'only whole numbers are written by their digits')
  return `${value}e-${decimals}` as `${number}`
}

// Three languages by some 180 currencies; a code that only looks like a currency may end up uncached.
const formatsMax = 1_000
const formats = new Map<string, Intl.NumberFormat>()

function formatOf(
  key: string,
  language: Language,
  options: Intl.NumberFormatOptions,
): Intl.NumberFormat {
  const known = formats.get(key)
  if (known !== undefined) return known
  const format = new Intl.NumberFormat(language, { numberingSystem: 'latn', ...options })
  if (formats.size < formatsMax) formats.set(key, format)
  return format
}
