import { assert } from '@tillkeeper/core/base/assert.ts'

/**
 * Writes a value as canonical JSON (RFC 8785): keys sorted by UTF-16 code unit, no white space,
 * numbers and strings as ECMAScript writes them. Only what JSON can hold exactly is taken: `undefined`
 * fields are left out; a number that is not finite, or a lone surrogate, is a bug of the caller.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      assert(value.isWellFormed(), 'a text in a fact has no lone surrogate')
      return JSON.stringify(value)
    case 'number':
      assert(Number.isFinite(value), 'a number in a fact is finite')
      return JSON.stringify(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object': {
      if (value === null) return 'null'
      if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
      return canonicalObject(value as Readonly<Record<string, unknown>>)
    }
    default:
      assert(false, `a fact holds no ${typeof value}`)
  }
}

function canonicalObject(value: Readonly<Record<string, unknown>>): string {
  let text = ''
  for (const key of Object.keys(value).sort()) {
    const field = value[key]
    if (field === undefined) continue
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(field)}`
  }
  return `{${text}}`
}
