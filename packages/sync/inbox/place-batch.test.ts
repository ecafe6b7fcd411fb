import fc from 'fast-check'
import { expect, test } from 'vitest'
import { random } from '../testing/chance.gen.ts'
import { makeJournal, org, ownStream, sha256 } from '../testing/journal.gen.ts'
import { type Batch, placeBatch } from './place-batch.ts'

const stream = ownStream('t-1')
const chance = random(7)

/** A journal whose author sealed `count` facts. */
function sealed(count: number, seed = 7) {
  const journal = makeJournal()
  const made = random(seed)
  for (let at = 0; at < count; at += 1) journal.author(stream, at, made.bytes(10))
  return journal
}

const place = (held: ReturnType<typeof sealed>, batch: Batch) =>
  placeBatch(
    { sha256, org, hashAt: async (seq) => held.hashAt(stream, seq) },
    held.head(stream),
    batch,
  )

test('batches of one history, in any pieces, order and number, lead to that history', async () => {
  const author = sealed(40)
  const piece = fc.record({ after: fc.nat(39), count: fc.integer({ min: 1, max: 12 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      const receiver = makeJournal()
      for (const { after, count } of pieces) {
        const before = receiver.head(stream).seq
        const taken = await receiver.receive(author.read(stream, after, count))
        expect(taken.ok || taken.refusal.code).toBe(after > before ? 'gap' : true)
      }
      const copy = receiver.bytes(stream)
      expect(copy).toEqual(author.bytes(stream).slice(0, copy.length))
    }),
  )
})

test('one bit that flips on the way is found, wherever it is', async () => {
  const author = sealed(8)
  const held = makeJournal()
  await held.receive(author.read(stream, 0, 4))
  await fc.assert(
    fc.asyncProperty(fc.nat(7), fc.nat(), fc.nat(7), async (at, byte, bit) => {
      const batch = author.read(stream, 0, 8)
      const facts = batch.facts.map((fact) => fact.slice())
      const bent = facts[at] ?? new Uint8Array()
      bent[byte % bent.length] = (bent[byte % bent.length] ?? 0) ^ (1 << bit)
      const placed = await place(held, { ...batch, facts })
      expect(placed.ok || placed.refusal.code).toBe('damaged')
    }),
  )
})

// One row for each way in which an honest sum over a batch can still not belong here.
test.for([
  { what: 'another history that meets ours at the head', from: 0, count: 6, code: 'fork' },
  { what: 'another history after our head', from: 4, count: 2, code: 'fork' },
  { what: 'another history below our head', from: 1, count: 2, code: 'fork' },
  { what: 'a batch that begins later', from: 5, count: 1, code: 'gap' },
])('$what: $code', async ({ from, count, code }) => {
  const held = sealed(4)
  const placed = await place(held, sealed(8, 8).read(stream, from, count))
  expect(placed.ok || placed.refusal.code).toBe(code)
})

test('a fact that was cut out, moved, or belongs to another author or chain is refused', async () => {
  const author = sealed(4)
  const whole = author.read(stream, 0, 4)
  const other = makeJournal()
  other.author(ownStream('t-2'), 0, chance.bytes(10))
  const foreign = other.read(ownStream('t-2'), 0, 1).facts
  const rows = [
    { facts: [whole.facts[0], whole.facts[2]], seq: 2 },
    { facts: [whole.facts[1], whole.facts[0]], seq: 1 },
    { facts: foreign, seq: 1 },
    { facts: [new TextEncoder().encode('{"no":"fact"}')], seq: 1 },
  ]
  for (const { facts, seq } of rows) {
    // The sender's hashes fit: it is the sender who lies.
    const lying = facts.map((fact) => fact ?? new Uint8Array())
    let lastHash = whole.prevHash
    for (const fact of lying) lastHash = sha256(Buffer.concat([lastHash, fact]))
    const placed = await place(makeJournal(), { ...whole, facts: lying, lastHash })
    expect(placed).toEqual({ ok: false, refusal: { code: 'fact_refused', seq } })
  }
  const placed = await placeBatch(
    { sha256, org: '0190a000-0000-7000-8000-000000000002', hashAt: async () => undefined },
    makeJournal().head(stream),
    whole,
  )
  expect(placed).toEqual({ ok: false, refusal: { code: 'fact_refused', seq: 1 } })
})
