import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from './canonical.ts'

const hex = (text: string) => Buffer.from(text, 'utf8').toString('hex')

test('the example of RFC 8785, section 3.2.2', () => {
  const value = JSON.parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`)
  // Section 3.2.4 gives its bytes.
  expect(hex(canonicalJson(value))).toBe(
    [
      '7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e',
      '756d62657273223a5b3333333333333333332e333333333333332c31652b3330',
      '2c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac24',
      '5c75303030665c6e4127425c225c5c5c5c5c222f227d',
    ].join(''),
  )
})

test('keys are in the order of their UTF-16 units: the example of section 3.2.3', () => {
  const value = JSON.parse(String.raw`{
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis"
  }`)
  expect(Object.values(JSON.parse(canonicalJson(value)))).toHaveLength(7)
  const order = [...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map(([, name]) => name)
  expect(order).toEqual([
    'Carriage Return',
    'One',
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji: Grinning Face',
    'Hebrew Letter Dalet With Dagesh',
  ])
})

// RFC 8785, appendix B: the bits of a double, and how it is written.
test.for([
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
] as const)('the double %s is written %s', ([bits, text]) => {
  expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text)
})

test('texts are escaped as ECMAScript does, and no further', () => {
  expect(canonicalJson('\b\t\n\f\r"\\/\u0000\u001f\u007f\u2028é🍞')).toBe(
    `${String.raw`"\b\t\n\f\r\"\\/\u0000\u001f`}\u007f\u2028é🍞"`,
  )
  expect(canonicalJson('')).toBe('""')
})

test('an undefined field is left out, anything else that JSON cannot hold is a bug', () => {
  expect(canonicalJson({ b: undefined, a: 1, c: null })).toBe('{"a":1,"c":null}')
  expect(canonicalJson({})).toBe('{}')
  expect(canonicalJson(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}')
  const hole = [1, 2, 3]
  delete hole[1]
  for (const wrong of [
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    undefined,
    1n,
    () => 1,
    Symbol('a'),
    hole,
    [undefined],
    new Date(0),
    new Map(),
    new Uint8Array(2),
    '\ud800',
    { '\udc00': 1 },
    { nested: ['\udfff'] },
  ]) {
    expect(() => canonicalJson(wrong)).toThrow()
  }
})

test('it is JSON, keeps every value, and does not care in which order keys were written', () => {
  const unit = fc.oneof(
    fc.constantFrom('"', '\\', '\n', 'น้ำ', '🍞', '\u2028'),
    fc.string({ unit: 'binary' }),
  )
  const values = fc.jsonValue({ stringUnit: 'binary' })
  fc.assert(
    fc.property(values, unit, (value, key) => {
      // JSON has no negative zero.
      const plain = JSON.parse(JSON.stringify({ [key]: value, a: value }))
      const text = canonicalJson(plain)
      expect(JSON.parse(text)).toEqual(plain)
      expect(canonicalJson(JSON.parse(text))).toBe(text)
      const reversed = Object.fromEntries(Object.entries(plain).reverse())
      expect(canonicalJson(reversed)).toBe(text)
      expect(text).toBe(reference(plain))
    }),
    { numRuns: 300 },
  )
})

test('a key that means something to JavaScript is a key', () => {
  const value = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}')
  expect(canonicalJson(value)).toBe('{"__proto__":{"a":1},"constructor":2}')
})

test('a wide object is sorted too', () => {
  const wide = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [`k${499 - index}`, index]),
  )
  const hash = createHash('sha256').update(canonicalJson(wide)).digest('hex')
  expect(hash).toBe(createHash('sha256').update(reference(wide)).digest('hex'))
})

/** The same by the shortest way: JSON.stringify of what was sorted. Integer-like keys take ours. */
function reference(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(reference).join(',')}]`
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${reference(each)}`).join(',')}}`
}
