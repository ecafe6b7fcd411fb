import type { Language } from '@tillkeeper/core/money/currency.ts'
import { exponentOf } from '@tillkeeper/core/money/currency.ts'
import type { Currency, Minor } from '@tillkeeper/core/money/money.ts'
import { localeTag } from '../language/language.ts'

/** `auto` writes − below zero; `always` also + above it, as for a variance; `never` the size alone. */
export type SignDisplay = 'auto' | 'always' | 'never'

export type MoneyFormat = {
  readonly currency: Currency
  readonly language: Language
  readonly sign?: SignDisplay
}

/** A piece of a written amount: the currency's sign is drawn smaller than the figures. */
export type MoneyPart = { readonly kind: 'unit' | 'figures'; readonly text: string }

/**
 * Writes an amount from its digits; no float is made on the way. Always all decimals of the
 * currency, so that columns stand on one line. Below zero with U+2212, never with a hyphen.
 */
export function splitMoney(amount: Minor, format: MoneyFormat): readonly MoneyPart[] {
  const formatter = moneyFormatter(format.currency, format.language)
  const parts: MoneyPart[] = []
  const sign = signOf(amount, format.sign ?? 'auto')
  if (sign !== '') parts.push({ kind: 'figures', text: sign })
  for (const part of formatter.formatToParts(decimalText(amount, format.currency))) {
    if (part.type === 'currency') parts.push({ kind: 'unit', text: part.value })
    else if (part.type !== 'literal') parts.push({ kind: 'figures', text: part.value })
  }
  return joinFigures(parts)
}

/** The amount as plain text, currency and all: for labels, titles and sentences. */
export function formatMoney(amount: Minor, format: MoneyFormat): string {
  return splitMoney(amount, format)
    .map(({ text }) => text)
    .join('')
}

/** Figures only, without the currency: `1,234.50`. */
export function formatFigures(amount: Minor, format: MoneyFormat): string {
  return splitMoney(amount, format)
    .filter(({ kind }) => kind === 'figures')
    .map(({ text }) => text)
    .join('')
}

/** A face value as it is said: `20`, `0.25`; no decimals where it is whole. */
export function formatFace(face: Minor, format: Omit<MoneyFormat, 'sign'>): string {
  const figures = formatFigures(face, { ...format, sign: 'never' })
  const digits = exponentOf(format.currency)
  if (digits === 0 || face % 10 ** digits !== 0) return figures
  return figures.slice(0, -(digits + 1))
}

/** The amount as CSV takes it: `-1234.50`, with a point and no groups in every language. */
export function plainMoney(amount: Minor, currency: Currency): string {
  return `${amount < 0 ? '-' : ''}${digitsText(amount, currency)}`
}

function signOf(amount: Minor, display: SignDisplay): string {
  if (display === 'never' || amount === 0) return ''
  if (amount < 0) return '\u2212'
  return display === 'always' ? '+' : ''
}

// Text, so that `Intl` reads every digit of it: a number would pass through a float.
function decimalText(amount: Minor, currency: Currency): Intl.StringNumericLiteral {
  return digitsText(amount, currency) as Intl.StringNumericLiteral
}

function digitsText(amount: Minor, currency: Currency): string {
  const digits = exponentOf(currency)
  const text = String(Math.abs(amount)).padStart(digits + 1, '0')
  if (digits === 0) return text
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`
}

const formatters = new Map<string, Intl.NumberFormat>()

// Making a formatter costs more than a thousand uses of it.
function moneyFormatter(currency: Currency, language: Language): Intl.NumberFormat {
  const key = `${currency} ${language}`
  const known = formatters.get(key)
  if (known !== undefined) return known
  const digits = exponentOf(currency)
  const made = new Intl.NumberFormat(localeTag(language), {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  formatters.set(key, made)
  return made
}

function joinFigures(parts: readonly MoneyPart[]): readonly MoneyPart[] {
  const joined: MoneyPart[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (last?.kind === 'figures' && part.kind === 'figures') {
      joined[joined.length - 1] = { kind: 'figures', text: last.text + part.text }
    } else joined.push(part)
  }
  return joined
}
