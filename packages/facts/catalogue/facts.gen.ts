import { uuidPattern } from '@tillkeeper/core/base/id.ts'
import { dayPattern, instantPattern } from '@tillkeeper/core/base/instant.ts'
import fc from 'fast-check'
import type { TSchema } from 'typebox'
import { hlcPattern } from '../seal/hlc.ts'
import type { FactDraft } from '../seal/seal.ts'
import { catalogue, type FactType } from './catalogue.ts'
import { Text } from './parts.ts'
import { cashPlacePattern, wordPattern } from './verification.ts'

// Facts of every type, out of their own schemas: what a schema takes is made, to its bounds, so a new type
// is covered on the day it is added. See till-day.gen.ts for facts that belong together.

export const someUuid = fc.uuid({ version: [4, 7] })
export const someInstant = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString())
export const someDay = someInstant.map((instant) => instant.slice(0, 10))

const notPrintable = /[\p{Cc}\p{Cs}\u2028\u2029]/gu

/** One line of text of some code points, in the scripts of our shops and all others. */
export function someText(minLength: number, maxLength: number): fc.Arbitrary<string> {
  const unit = fc.oneof(
    fc.constantFrom('a', 'B', '7', ' ', '"', '\\', '/', 'é', 'ก', '้', 'ำ', 'ๆ', '฿', '🍞'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).map((sign) => {
      const kept = sign.replace(notPrintable, '')
      return kept === '' ? '-' : kept
    }),
  )
  return fc
    .array(unit, { minLength, maxLength: Math.min(maxLength, minLength + 60) })
    .map((signs) => signs.join(''))
}

/** Values that a schema takes, at its bounds more often than chance alone would. */
export function someOf(schema: TSchema): fc.Arbitrary<unknown> {
  const one = schema as TSchema & Schema
  if (one.const !== undefined) return fc.constant(one.const)
  if (one.anyOf !== undefined) return fc.oneof(...one.anyOf.map(someOf))
  switch (one.type) {
    case 'object': {
      const fields = Object.entries(one.properties ?? {})
      return fc.record(Object.fromEntries(fields.map(([name, field]) => [name, someOf(field)])), {
        requiredKeys: one.required ?? [],
      })
    }
    case 'array':
      return fc.array(someOf(one.items ?? {}), {
        minLength: one.minItems ?? 0,
        maxLength: Math.min(one.maxItems ?? 4, (one.minItems ?? 0) + 4),
      })
    case 'integer': {
      const { minimum: min = 0, maximum: max = 0 } = one
      return fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max }))
    }
    case 'boolean':
      return fc.boolean()
    case 'string':
      return someString(one)
    default:
      throw new Error(`no generator for ${JSON.stringify(schema)}`)
  }
}

type Schema = {
  readonly const?: unknown
  readonly anyOf?: readonly TSchema[]
  readonly type?: string
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly required?: string[]
  readonly items?: TSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
}

const printable = (Text(1) as Schema).pattern

function someString({ pattern, minLength = 0, maxLength = 60 }: Schema): fc.Arbitrary<string> {
  switch (pattern) {
    case uuidPattern:
      return someUuid
    case instantPattern:
      return someInstant
    case dayPattern:
      return someDay
    case hlcPattern:
      return fc
        .bigInt({ min: 0n, max: 2n ** 64n - 1n })
        .map((n) => n.toString(16).padStart(16, '0'))
    case printable:
      return someText(minLength, maxLength)
    case cashPlacePattern:
      return fc
        .tuple(fc.constantFrom('safe', 'customer', 'bank', 'over_short'), someUuid)
        .map(([kind, id]) => `${kind}:${id}`)
    case wordPattern:
      return fc.constantFrom('missing_drop', 'unknown', 'a')
    case '^[A-Z]{3}$':
      return fc.constantFrom('THB', 'GBP', 'JPY', 'IDR', 'XXX')
    case '^[A-Za-z0-9+/]{59}=$':
      return fc
        .uint8Array({ minLength: 44, maxLength: 44 })
        .map((bytes) => btoa(String.fromCharCode(...bytes)))
    case '^[A-Za-z0-9+/]*={0,2}$':
      return fc
        .uint8Array({ minLength: 3, maxLength: 300 })
        .map((bytes) => btoa(String.fromCharCode(...bytes)))
    case '^[0-9a-f]{64}$':
      return fc
        .uint8Array({ minLength: 32, maxLength: 32 })
        .map((bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''))
    default:
      throw new Error(`no generator for the pattern ${pattern}`)
  }
}

export const factTypes = Object.keys(catalogue) as readonly FactType[]

/** Drafts of one type, whose envelope and body are anything that the schemas take. */
export function someDraftOf(type: FactType): fc.Arbitrary<FactDraft> {
  const { v, body } = catalogue[type]
  return fc.record({
    id: someUuid,
    type: fc.constant(type),
    v: fc.constant(v),
    scope: fc.oneof(
      fc.constant('org'),
      someUuid.map((id) => `shop:${id}`),
      someUuid.map((id) => `credentials:${id}`),
    ),
    actor: someText(1, 80),
    occurredAt: someInstant,
    businessDate: someDay,
    keys: fc.array(someText(1, 80), { maxLength: 3 }),
    refs: fc.array(someUuid, { maxLength: 3 }),
    body: someOf(body),
  })
}

/** Drafts of any type. */
export const someDraft: fc.Arbitrary<FactDraft> = fc.oneof(...factTypes.map(someDraftOf))
