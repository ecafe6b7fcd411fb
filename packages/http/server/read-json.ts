import { RefusedRequest } from '../problem/problem.ts'

/** Deeper than any body of ours; beyond it, a body was made to hurt. */
export const depthMax = 32

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a JSON body. Beyond what `JSON.parse` refuses, it refuses what two readers may understand
 * differently or a database cannot hold: a key named twice, `__proto__`, nesting beyond `depthMax`,
 * bytes that are not UTF-8, and texts with U+0000 or a lone surrogate. Throws RefusedRequest.
 */
export function readJson(bytes: Uint8Array): unknown {
  let text: string
  let value: unknown
  try {
    text = utf8.decode(bytes)
    value = JSON.parse(text)
  } catch {
    throw new RefusedRequest({ code: 'bad_json' })
  }
  const fault = findStructureFault(text)
  if (fault !== undefined) throw new RefusedRequest({ code: 'bad_json', reason: fault })
  // Only an escape can bring either: raw control characters are no JSON, raw surrogates no UTF-8.
  if (text.includes('\\u')) refuseBadText(value, '')
  return value
}

type StructureFault = 'duplicate_key' | 'forbidden_key' | 'too_deep'

const quote = 0x22
const backslash = 0x5c

// One pass over text that is known to be JSON, so it needs to see strings and brackets only.
function findStructureFault(text: string): StructureFault | undefined {
  // The keys of each open object; undefined for an array.
  const open: (Set<string> | undefined)[] = []
  let keyNext = false
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case quote: {
        const end = findStringEnd(text, at + 1)
        const keys = open.at(-1)
        if (keyNext && keys !== undefined) {
          const raw = text.slice(at, end + 1)
          const key = raw.includes('\\') ? String(JSON.parse(raw)) : raw.slice(1, -1)
          if (key === '__proto__') return 'forbidden_key'
          if (keys.has(key)) return 'duplicate_key'
          keys.add(key)
          keyNext = false
        }
        at = end
        break
      }
      case 0x7b: // {
        open.push(new Set())
        keyNext = true
        break
      case 0x5b: // [
        open.push(undefined)
        keyNext = false
        break
      case 0x7d: // }
      case 0x5d: // ]
        open.pop()
        keyNext = false
        break
      case 0x2c: // ,
        keyNext = open.at(-1) !== undefined
        break
    }
    if (open.length > depthMax) return 'too_deep'
  }
  return undefined
}

function findStringEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === backslash) at += 1
    else if (code === quote) return at
  }
  return text.length
}

function refuseBadText(value: unknown, pointer: string): void {
  if (typeof value === 'string') {
    if (value.isWellFormed() && !value.includes('\u0000')) return
    const detail = 'must be well-formed text without U+0000'
    throw new RefusedRequest({ code: 'body_invalid', errors: [{ pointer, detail }] })
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, field] of Object.entries(value)) {
    refuseBadText(key, pointer)
    refuseBadText(field, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
  }
}
