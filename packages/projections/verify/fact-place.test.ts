import { canonicalJson } from '@tillkeeper/facts/seal/canonical.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkEnvelope, isCanonicallyAt, placeOf, toUuid } from './fact-place.ts'

const org = '019cac0f-2680-7000-8000-000000000001'
const id = '019cac0f-2680-7000-8000-000000000002'
const fact = {
  ...{ id, org, author: 't-1', epoch: '1.0', seq: 7, hlc: '019cac0f26800001', type: 'cash.moved' },
  ...{ v: 1, scope: 'org', actor: 'staff:x', occurredAt: '2026-03-02T01:00:00.000Z' },
  ...{ businessDate: '2026-03-02', keys: ['session:1'], refs: [], body: { note: 'a' } as unknown },
}
const row = { id, seq: 7, type: 'cash.moved' }
const author = placeOf(org, 't-1:1.0/business' as StreamId)
const feed = placeOf(org, 'feed/org@1' as StreamId)
const write = (value: unknown) => Buffer.from(canonicalJson(value))

test('a fact as it is sealed is recognised without parsing it', () => {
  for (const place of [author, feed]) {
    expect(isCanonicallyAt(write(fact), place, row)).toBe(true)
    expect(checkEnvelope(write(fact), place, row)).toBeUndefined()
  }
  expect(toUuid(Buffer.from(id.replaceAll('-', ''), 'hex'))).toBe(id)
})

test.for(['id', 'org', 'seq', 'type', 'author', 'epoch'] as const)(
  'another %s is seen',
  (field) => {
    const other = { ...fact, [field]: field === 'seq' ? 8 : `${fact[field].slice(0, -1)}9` }
    expect(isCanonicallyAt(write(other), author, row)).toBe(false)
    expect(checkEnvelope(write(other), author, row)).toBe('misplaced')
  },
)

test('another scope in a feed is seen, and what is no fact', () => {
  const other = write({ ...fact, scope: 'org2' })
  expect(isCanonicallyAt(other, feed, row)).toBe(false)
  expect(checkEnvelope(other, feed, row)).toBe('misplaced')
  for (const bytes of ['', '{', 'null', '7', '{"id":7}']) {
    expect(isCanonicallyAt(Buffer.from(bytes), author, row)).toBe(false)
    expect(checkEnvelope(Buffer.from(bytes), author, row)).toBe('not_a_fact')
  }
})

// Bodies that try to look like the envelope, as objects and as texts.
const mimicry = fc.constantFrom(
  { businessDate: '2026-03-02', epoch: '1.0', hlc: '019cac0f26800001', id, keys: [] },
  { org, refs: [], scope: 'org', seq: 7, type: 'cash.moved', v: 1 },
  { note: `","id":"${id}","keys":[` },
  { note: `,"seq":7,"type":"cash.moved","v":1}` },
)

test('what is recognised is right, whatever a fact says', () => {
  const text = fc.oneof(fc.constantFrom('t-1', '1.0', 'org', id, org, '"', '\\'), fc.string())
  const fields = fc.record(
    {
      id: fc.constantFrom(id, org),
      org: fc.constantFrom(id, org),
      seq: fc.constantFrom(6, 7, 77),
      type: fc.constantFrom('cash.moved', 'cash.move'),
      author: text,
      epoch: text,
      scope: text,
      actor: text,
      body: fc.oneof(mimicry, fc.array(mimicry, { maxLength: 2 })),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fields, fc.constantFrom(author, feed), (changes, place) => {
      const bytes = write({ ...fact, ...changes })
      if (!isCanonicallyAt(bytes, place, row)) return
      expect(checkEnvelope(bytes, place, row)).toBeUndefined()
    }),
    { numRuns: 2_000 },
  )
})
