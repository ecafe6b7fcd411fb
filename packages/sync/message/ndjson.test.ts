import { factBytesMax } from '@tillkeeper/facts/seal/seal.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { batchFactsMax, isPushHeader } from './messages.ts'
import { batchWireBytesMax, decodeBatch, encodeBatch } from './ndjson.ts'

const header = {
  stream: 't-1:1.0/business',
  from: 1,
  prevHash: '0'.repeat(64),
  lastHash: '1'.repeat(64),
}
const line = fc
  .uint8Array({ minLength: 1, maxLength: 60 })
  .map((bytes) => bytes.map((byte) => (byte === 10 ? 11 : byte)))
const code = (bytes: Uint8Array) => {
  const batch = decodeBatch(bytes, isPushHeader)
  return batch.ok ? 'taken' : batch.refusal.code
}

test('the bytes of each fact come out as they went in', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (facts) => {
      const batch = decodeBatch(encodeBatch(header, facts), isPushHeader)
      expect(batch).toEqual({ ok: true, value: { header, facts } })
    }),
  )
})

test('a batch that was cut anywhere is refused, or holds the first facts whole', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), fc.nat(), (facts, at) => {
      const whole = encodeBatch(header, facts)
      const batch = decodeBatch(whole.slice(0, at % whole.length), isPushHeader)
      if (batch.ok) expect(batch.value.facts).toEqual(facts.slice(0, batch.value.facts.length))
    }),
  )
})

test('any bytes at all are refused or taken, never thrown at', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void code(bytes)))
})

test('a fact that holds a line end cannot be sent', () => {
  expect(() => encodeBatch(header, [Uint8Array.of(1, 10, 2)])).toThrow('no line end')
})

test.for([
  { what: 'too many facts', facts: Array(batchFactsMax + 1).fill(Uint8Array.of(49)) },
  { what: 'a fact too large', facts: [new Uint8Array(factBytesMax + 1).fill(49)] },
  { what: 'too many bytes', facts: Array(3).fill(new Uint8Array(factBytesMax - 9).fill(49)) },
])('$what: refused by its size', ({ facts }) => {
  expect(code(encodeBatch(header, facts))).toBe('batch_too_large')
})

test('the largest batch of the bounds is taken', () => {
  const facts = [new Uint8Array(factBytesMax).fill(49), new Uint8Array(factBytesMax).fill(49)]
  const bytes = encodeBatch(header, facts)
  expect(bytes.length).toBeLessThanOrEqual(batchWireBytesMax)
  expect(code(bytes)).toBe('taken')
})

test.for(['', '\n', '{}\n', 'x\n', '{"stream":1}\n', '[]\n\n'])('no batch: %j', (text) => {
  expect(code(new TextEncoder().encode(text))).toBe('bad_batch')
})
