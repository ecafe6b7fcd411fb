import { assert } from '@tillkeeper/core/base/assert.ts'
import type { Language } from '@tillkeeper/core/money/currency.ts'
import { localeTag } from '../language/language.ts'

/**
 * Writes thousandths of a unit: `2`, `0.5`, `1,250.125`. Made from digits, without zeros at the
 * end. Below zero with U+2212.
 */
export function formatQuantity(thousandths: number, language: Language): string {
  assert(Number.isSafeInteger(thousandths), 'a quantity is a whole number of thousandths')
  const size = String(Math.abs(thousandths)).padStart(4, '0')
  const text = `${size.slice(0, -3)}.${size.slice(-3)}` as Intl.StringNumericLiteral
  return `${thousandths < 0 ? '\u2212' : ''}${formatter(language).format(text)}`
}

/** Writes a whole number with the language's groups: `1,284`. */
export function formatCount(count: number, language: Language): string {
  assert(Number.isSafeInteger(count), 'a count is a whole number')
  return `${count < 0 ? '\u2212' : ''}${formatter(language).format(Math.abs(count))}`
}

const formatters = new Map<Language, Intl.NumberFormat>()

function formatter(language: Language): Intl.NumberFormat {
  const known = formatters.get(language)
  if (known !== undefined) return known
  const made = new Intl.NumberFormat(localeTag(language), {
    numberingSystem: 'latn',
    maximumFractionDigits: 3,
  })
  formatters.set(language, made)
  return made
}
