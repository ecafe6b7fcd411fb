import fc from 'fast-check'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { catalogue, type FactTypeEntry } from './catalogue/catalogue.ts'
import { factTypes, someDraft, someDraftOf, someInstant, someUuid } from './catalogue/facts.gen.ts'
import { Strict, Text } from './catalogue/parts.ts'
import { createFactReader, readFact } from './read-fact.ts'
import { canonicalJson } from './seal/canonical.ts'
import { hlcZero } from './seal/hlc.ts'
import { factBytesMax } from './seal/seal.ts'

const encode = (text: string) => new TextEncoder().encode(text)
const id = '01940000-0000-7000-8000-000000000001'
const opened = {
  id,
  org: id,
  author: 's-1',
  epoch: '1.0',
  seq: 1,
  hlc: hlcZero,
  type: 'till.opened',
  v: 2,
  scope: `shop:${id}`,
  actor: `staff:${id}`,
  occurredAt: '2026-11-20T07:00:00.000Z',
  businessDate: '2026-11-20',
  keys: [`session:${id}`],
  refs: [],
  body: {
    ...{ shopId: id, tillId: id, staffId: id, currency: 'THB', floatMinor: 100_000 },
    ...{ leftMinor: 60_000, loanMinor: 39_900, varianceMinor: 100 },
  },
}
const read = (value: unknown) => readFact(encode(JSON.stringify(value)))
const result = (found: ReturnType<typeof readFact>) =>
  found.kind === 'refused' || found.kind === 'malformed' ? found.reason : found.kind

test('a float of version 1 is one that came from the safe', () => {
  const { leftMinor: _, loanMinor: __, varianceMinor: ___, ...body } = opened.body
  const from = { leftMinor: 0, loanMinor: 100_000, varianceMinor: 0 }
  expect(read({ ...opened, v: 1, body })).toEqual({
    kind: 'known',
    fact: { ...opened, body: { ...body, ...from } },
  })
})

test('a fact is read whole', () => {
  expect(read(opened)).toEqual({ kind: 'known', fact: opened })
})

// One row for each way that bytes can be no fact, then for each way that one can be kept and not known.
const bytes = (...each: readonly number[]) => Uint8Array.from(each)
const text = JSON.stringify(opened)
test.for<[string, Uint8Array, string]>([
  ['nothing', bytes(), 'not_json'],
  ['too many bytes', new Uint8Array(factBytesMax + 1).fill(0x20), 'too_large'],
  ['as many bytes as are taken', encode(text.padEnd(factBytesMax, ' ')), 'known'],
  ['half a sign', bytes(0x22, 0xe0, 0xb8), 'not_utf8'],
  ['an overlong NUL', bytes(0x22, 0xc0, 0x80, 0x22), 'not_utf8'],
  ['a surrogate as UTF-8', bytes(0x22, 0xed, 0xa0, 0x80, 0x22), 'not_utf8'],
  ['a byte order mark', encode(`\ufeff${text}`), 'not_json'],
  ['a raw NUL in a text', encode('"\u0000"'), 'not_json'],
  ['two values', encode(`${text}${text}`), 'not_json'],
  ['a very deep list', encode('['.repeat(500_000)), 'not_json'],
  ['a very deep list that ends', encode('['.repeat(500_000) + ']'.repeat(500_000)), 'bad_envelope'],
  ['null', encode('null'), 'bad_envelope'],
  ['a list', encode(`[${text}]`), 'bad_envelope'],
])('%s: %s', ([, given, end]) => {
  expect(result(readFact(given))).toBe(end)
})

const { actor: _, ...noActor } = opened
test.for<[string, unknown, string]>([
  ['a field left out', noActor, 'bad_envelope'],
  ['a field too many', { ...opened, extra: 1 }, 'bad_envelope'],
  [
    'a field that JavaScript has everywhere',
    JSON.parse(text.replace('{', '{"__proto__":{},')),
    'bad_envelope',
  ],
  ['an id in upper case', { ...opened, id: id.replace('0', 'A') }, 'bad_envelope'],
  ['a sequence from 0', { ...opened, seq: 0 }, 'bad_envelope'],
  ['a sequence that is not exact', { ...opened, seq: 2 ** 53 }, 'bad_envelope'],
  ['a sequence as text', { ...opened, seq: '1' }, 'bad_envelope'],
  [
    'an instant of no calendar',
    { ...opened, occurredAt: '2026-02-30T07:00:00.000Z' },
    'bad_envelope',
  ],
  ['a day of no calendar', { ...opened, businessDate: '2026-02-30' }, 'bad_envelope'],
  ['U+0000 in the actor', { ...opened, actor: 'staff:\u0000' }, 'bad_envelope'],
  ['U+0000 in the scope', { ...opened, scope: '\u0000' }, 'bad_envelope'],
  ['U+0000 in a key', { ...opened, keys: ['session:\u0000'] }, 'bad_envelope'],
  ['half a surrogate pair in a key', { ...opened, keys: ['\ud800'] }, 'bad_envelope'],
  ['too many keys', { ...opened, keys: Array(51).fill('a') }, 'bad_envelope'],
  ['a reading of another length', { ...opened, hlc: '0' }, 'bad_envelope'],
  ['an odd type', { ...opened, type: '__proto__' }, 'bad_envelope'],
  ['a version 0', { ...opened, v: 0 }, 'bad_envelope'],
  ['an unknown type', { ...opened, type: 'parcel.sent', body: null }, 'unknown'],
  ['a type named as what objects have', { ...opened, type: 'constructor.name' }, 'unknown'],
  ['a later version', { ...opened, v: 3, body: 'anything \u0000' }, 'unknown'],
  ['no body', { ...opened, body: null }, 'bad_body'],
  ['a body with a field too many', { ...opened, body: { ...opened.body, extra: 1 } }, 'bad_body'],
  ['a negative float', { ...opened, body: { ...opened.body, floatMinor: -1 } }, 'bad_body'],
  ['a fraction', { ...opened, body: { ...opened.body, floatMinor: 0.5 } }, 'bad_body'],
  ['a huge float', { ...opened, body: { ...opened.body, floatMinor: 1e300 } }, 'bad_body'],
  [
    'an edit of a field that nobody has',
    { ...opened, type: 'org.changed', body: { entityId: id, fields: { name: 'A', secret: 1 } } },
    'bad_body',
  ],
  [
    'an edit of no field',
    { ...opened, type: 'org.changed', body: { entityId: id, fields: {} } },
    'known',
  ],
  ['a number as text', { ...opened, body: { ...opened.body, floatMinor: '1' } }, 'bad_body'],
])('%s: %s', ([, given, end]) => {
  expect(result(read(given))).toBe(end)
})

// Every text field of every type, found by walking what the schemas take.
const someFact = fc
  .tuple(someDraft, someUuid, someInstant)
  .map(([draft, org]) => ({ ...draft, org, author: 's-1', epoch: '1.0', seq: 1, hlc: hlcZero }))

test.for(['\u0000', '\u001b', '\u0085', '\u2028', '\ud800', '\udfff'])(
  'no text field takes %j',
  (sign) => {
    fc.assert(
      fc.property(someFact, fc.nat(), (fact, chance) => {
        const paths = textPaths(fact.body)
        if (paths.length === 0) return
        const path = paths[chance % paths.length] ?? []
        const bad = replaceAt(fact.body, path, (held) =>
          [...String(held)].toSpliced(1, 1, sign).join(''),
        )
        // Escaped as any JSON may be: "\u0000" is well-formed, and so is half a surrogate pair.
        expect(result(read({ ...fact, body: bad }))).toBe('bad_body')
      }),
    )
  },
)

test('bytes of any kind are read without a throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (given) => {
      expect(readFact(given).kind).toBe('refused')
    }),
    { numRuns: 2_000 },
  )
  fc.assert(
    fc.property(fc.json(), (given) => {
      expect(readFact(encode(given)).kind).toBe('refused')
    }),
  )
})

test('a fact that was bent anywhere is read without a throw', () => {
  const kinds = ['known', 'unknown', 'malformed', 'refused']
  fc.assert(
    fc.property(
      someFact,
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }))),
      (fact, bends) => {
        const given = encode(canonicalJson(fact))
        for (const [at, value] of bends) given[at % given.length] = value
        expect(kinds).toContain(readFact(given).kind)
      },
    ),
  )
  fc.assert(
    fc.property(someFact, fc.nat(), fc.jsonValue(), (fact, at, value) => {
      const paths = allPaths(fact)
      const bent = replaceAt(fact, paths[at % paths.length] ?? [], () => value)
      expect(kinds).toContain(read(bent).kind)
    }),
  )
})

test('facts of every type are known', () => {
  for (const type of factTypes) {
    fc.assert(
      fc.property(someDraftOf(type), (draft) => {
        const fact = { ...draft, org: id, author: 't-1', epoch: '1.2', seq: 9, hlc: hlcZero }
        expect(readFact(encode(canonicalJson(fact)))).toEqual({ kind: 'known', fact })
      }),
      { numRuns: 30 },
    )
  }
})

test('a text holds what people write, and its length is counted in code points', () => {
  const text12 = Compile(Text(12, 1))
  for (const fine of ['น้ำ', 'é', '" \\', '1', 'ก'.repeat(12), '🍞'.repeat(12)]) {
    expect(text12.Check(fine)).toBe(true)
  }
  for (const wrong of ['', 'two\nlines', 'a\u0000', 'a'.repeat(13), '🍞'.repeat(13)]) {
    expect(text12.Check(wrong)).toBe(false)
  }
})

// ---- upcasting: a type in its third version, planted

const types: Readonly<Record<string, FactTypeEntry>> = {
  ...catalogue,
  'parcel.sent': {
    v: 3,
    body: Strict({ reason: Text(20, 1), staff: Type.Array(Text(20)) }),
    upcasts: [
      // 1: {why}. 2: {reason}. 3: {reason, staff}.
      (body) => ({ reason: (body as { why: string }).why.trim() }),
      (body) => ({ ...(body as { reason: string }), staff: [] }),
    ],
  },
}
const reader = createFactReader(types)
test.for([
  { v: 1, body: { why: ' change ' }, end: { reason: 'change', staff: [] } },
  { v: 2, body: { reason: 'change' }, end: { reason: 'change', staff: [] } },
  { v: 3, body: { reason: 'change', staff: ['Nok'] }, end: { reason: 'change', staff: ['Nok'] } },
  { v: 1, body: { why: '   ' }, end: 'bad_body' }, // Fits version 1, and not the newest.
  { v: 1, body: { why: 5 }, end: 'bad_body' }, // The upcast throws.
  { v: 1, body: null, end: 'bad_body' },
  { v: 2, body: { why: 'change' }, end: 'bad_body' },
  { v: 4, body: { reason: 'change' }, end: 'unknown' },
])('version $v of $body is $end', ({ v, body, end }) => {
  const fact = { ...opened, type: 'parcel.sent', v, body }
  const found = reader.readFact(encode(JSON.stringify(fact)))
  if (typeof end === 'string') {
    expect(result(found)).toBe(end)
    // What is kept is what came, so that a newer program can read it.
    expect('fact' in found && found.fact).toEqual(fact)
    return
  }
  expect(found).toEqual({ kind: 'known', fact: { ...fact, v: 3, body: end } })
})

test('each type has a way up from each version that it ever had', () => {
  for (const { v, upcasts } of Object.values(catalogue)) expect(upcasts).toHaveLength(v - 1)
})

type Path = readonly (string | number)[]

function allPaths(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return [path]
  return [path, ...Object.entries(value).flatMap(([key, each]) => allPaths(each, [...path, key]))]
}

// Texts that a person wrote: what is an id, a code of a currency or a word of a list has its own pattern.
function textPaths(body: unknown): Path[] {
  return allPaths(body).filter((path) => typeof valueAt(body, path) === 'string')
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((held, key) => (held as Record<string | number, unknown>)[key], value)
}

function replaceAt(value: unknown, path: Path, by: (held: unknown) => unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return by(value)
  const changed = replaceAt((value as Record<string | number, unknown>)[key], rest, by)
  if (Array.isArray(value)) return value.with(Number(key), changed)
  return { ...(value as object), [key]: changed }
}
