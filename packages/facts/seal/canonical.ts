import { assert } from '@tillkeeper/core/base/assert.ts'

/**
 * Writes a value as canonical JSON (RFC 8785): keys sorted by UTF-16 code unit, no white space,
 * numbers and strings as ECMAScript writes them. Only what JSON can hold exactly is taken: `undefined`
 * fields are left out; what JSON would lose or bend (a number that is not finite, a lone surrogate, a
 * hole in a list, an object with a class) is a bug of the caller.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'number':
      assert(Number.isFinite(value), 'a number in a fact is finite')
      return `${value}`
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object': {
      if (value === null) return 'null'
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value)
    }
    default:
      assert(false, `a fact holds no ${typeof value}`)
  }
}

function canonicalArray(items: readonly unknown[]): string {
  let text = ''
  // By index, since a hole would be skipped by what walks over items: here it is a bug.
  for (let index = 0; index < items.length; index += 1) {
    text += index === 0 ? canonicalJson(items[index]) : `,${canonicalJson(items[index])}`
  }
  return `[${text}]`
}

function canonicalObject(value: object): string {
  const prototype = Object.getPrototypeOf(value)
  assert(
    prototype === Object.prototype || prototype === null,
    'an object in a fact is a plain object',
  )
  let text = ''
  for (const key of Object.keys(value).sort()) {
    const field = (value as Readonly<Record<string, unknown>>)[key]
    if (field === undefined) continue
    text += `${text === '' ? '' : ','}${quote(key)}:${canonicalJson(field)}`
  }
  return `{${text}}`
}

// Nearly all texts and every key of ours need no escape, and this finds that out much faster than
// JSON.stringify writes them. It also stops at a lone surrogate (Cs), which has no UTF-8.
const special = /["\\\p{Cc}\p{Cs}]/u

function quote(text: string): string {
  if (!special.test(text)) return `"${text}"`
  assert(text.isWellFormed(), 'a text in a fact has no lone surrogate')
  return JSON.stringify(text)
}
