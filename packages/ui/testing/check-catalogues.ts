import { type CompiledMessage, compileMessageOrThrow } from '@lingui/message-utils/compileMessage'
import type { Language } from '@tillkeeper/core/money/currency.ts'

type Catalogues = Readonly<Record<Language, Readonly<Record<string, string>>>>

/**
 * What is wrong with messages, one line for each: not well-formed ICU, empty, or holding another value
 * than the English one (a plural may be left out where a language has none). Empty when all is well.
 */
export function checkCatalogues({ en, ...others }: Catalogues): readonly string[] {
  const faults: string[] = []
  for (const [key, english] of Object.entries(en)) {
    const wanted = valuesOf(english)
    if (wanted === undefined) faults.push(`en ${key}: not well formed`)
    for (const [language, catalogue] of Object.entries(others)) {
      const text = catalogue[key]
      const values = text === undefined ? undefined : valuesOf(text)
      if (text === undefined || text.trim() === '') faults.push(`${language} ${key}: missing`)
      else if (values === undefined) faults.push(`${language} ${key}: not well formed`)
      else if (values !== wanted)
        faults.push(`${language} ${key}: has {${values}}, not {${wanted}}`)
    }
  }
  return faults
}

function valuesOf(message: string): string | undefined {
  try {
    const names = new Set<string>()
    collectNames(compileMessageOrThrow(message), names)
    return [...names].sort().join(' ')
  } catch {
    // The parser has no other way to say that a message is not well formed.
    return undefined
  }
}

// A compiled message is a list of texts and of values; the choices of a plural are messages again.
function collectNames(message: CompiledMessage, names: Set<string>): void {
  for (const token of message) {
    if (typeof token === 'string') continue
    const [name, , choices] = token
    names.add(name)
    if (typeof choices !== 'object' || choices === null) continue
    for (const choice of Object.values(choices)) {
      if (Array.isArray(choice)) collectNames(choice, names)
    }
  }
}
