import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { someDraft } from '../catalogue/facts.gen.ts'
import { readFact } from '../read-fact.ts'
import { canonicalJson } from './canonical.ts'
import { type Hlc, hlcZero } from './hlc.ts'
import { type FactDraft, factBytesMax, type SealedFact, seal } from './seal.ts'
import { authorStreamId, chainHash, feedStreamId, genesisHash, type StreamId } from './stream.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const sealer = {
  org: '01940000-0000-7000-8000-00000000000f',
  author: 's-1',
  epoch: '1.0',
  sha256,
}
const stream = authorStreamId('s-1', '1.0', 'business')
const genesis = { stream, seq: 0, hash: genesisHash(sha256, stream) }
const start = { head: genesis, hlc: hlcZero, nowMs: 1_000 }
const draft = (id: string): FactDraft => ({
  id,
  type: 'note.made',
  v: 1,
  scope: 'org',
  actor: 'node:s-1',
  occurredAt: '2026-11-20T07:00:00.000Z',
  businessDate: '2026-11-20',
  keys: [],
  refs: [],
  body: { text: 'ก' },
})
const ids = [
  '01940000-0000-7000-8000-000000000001',
  '01940000-0000-7000-8000-000000000002',
] as const

/** Follows a chain over bytes alone, as a receiver does: the hash after the last. */
function follow(of: StreamId, links: readonly Uint8Array[]): Uint8Array {
  return links.reduce((hash, bytes) => chainHash(sha256, hash, bytes), genesisHash(sha256, of))
}

test('facts get their places, readings, bytes and hashes', () => {
  const { sealed, head, hlc } = seal(sealer, start, ids.map(draft))
  expect(sealed.map(({ fact }) => [fact.seq, fact.hlc])).toEqual([
    [1, '0000000003e80000'],
    [2, '0000000003e80001'],
  ])
  expect(Buffer.from(sealed[0]?.bytes ?? []).toString()).toBe(
    `{"actor":"node:s-1","author":"s-1","body":{"text":"ก"},"businessDate":"2026-11-20","epoch":"1.0","hlc":"0000000003e80000","id":"${ids[0]}","keys":[],"occurredAt":"2026-11-20T07:00:00.000Z","org":"${sealer.org}","refs":[],"scope":"org","seq":1,"type":"note.made","v":1}`,
  )
  expect(head).toEqual({ stream, seq: 2, hash: sealed[1]?.hash })
  expect(hlc).toBe('0000000003e80001')
})

test('nothing to seal leaves everything where it was', () => {
  expect(seal(sealer, start, [])).toEqual({ sealed: [], head: genesis, hlc: hlcZero })
})

test('a feed is sealed by whoever orders it, an author’s stream by that author alone', () => {
  const sealIn = (id: StreamId) => () =>
    seal(sealer, { ...start, head: { ...genesis, stream: id } }, [draft(ids[0])])
  expect(sealIn(feedStreamId('org', 1))).not.toThrow()
  expect(sealIn(authorStreamId('s-1', '1.0', 'telemetry'))).not.toThrow()
  expect(sealIn(authorStreamId('s-2', '1.0', 'business'))).toThrow('its own stream')
  expect(sealIn(authorStreamId('s-1', '1.1', 'business'))).toThrow('its own stream')
  expect(sealIn('somewhere' as StreamId)).toThrow('a named stream')
})

test('what no peer would take is not sealed', () => {
  const large = { ...draft(ids[0]), body: 'a'.repeat(factBytesMax) }
  expect(() => seal(sealer, start, [large])).toThrow('every peer takes')
})

test('what is sealed is read again as it was, in one batch or in several', () => {
  const clock = fc.integer({ min: 0, max: 2 ** 40 })
  const batches = fc.array(
    fc.record({ drafts: fc.array(someDraft, { maxLength: 4 }), nowMs: clock }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  fc.assert(
    fc.property(batches, (all) => {
      let from: { head: typeof genesis; hlc: Hlc } = start
      const sealed: SealedFact[] = []
      for (const { drafts, nowMs } of all) {
        const done = seal(sealer, { ...from, nowMs }, drafts)
        sealed.push(...done.sealed)
        from = { head: done.head as typeof genesis, hlc: done.hlc }
      }
      const drafts = all.flatMap((batch) => batch.drafts)
      for (const [index, { fact, bytes }] of sealed.entries()) {
        const read = readFact(bytes)
        expect(read).toEqual({ kind: 'known', fact: JSON.parse(canonicalJson(fact)) })
        expect(fact).toMatchObject({ ...drafts[index], seq: index + 1 })
        const before = sealed[index - 1]?.fact.hlc ?? hlcZero
        expect(fact.hlc > before).toBe(true)
      }
      expect(
        follow(
          stream,
          sealed.map(({ bytes }) => bytes),
        ),
      ).toEqual(from.head.hash)
    }),
  )
})

test('a change of one bit, a deletion, an insertion, a swap: the chain ends elsewhere', () => {
  const three = fc.array(someDraft, { minLength: 3, maxLength: 6 })
  fc.assert(
    fc.property(three, fc.nat(), fc.nat(), fc.nat({ max: 7 }), (drafts, at, where, bit) => {
      const { sealed, head } = seal(sealer, start, drafts)
      const links = sealed.map(({ bytes }) => bytes)
      const place = at % links.length
      const chosen = links[place] ?? new Uint8Array()

      const bent = Uint8Array.from(chosen)
      const offset = where % bent.length
      bent[offset] = (bent[offset] ?? 0) ^ (1 << bit)
      const next = (place + 1) % links.length
      const swapped = links.with(place, links[next] ?? chosen).with(next, chosen)
      // Where the end of one fact is moved to the beginning of the next, no byte of the whole differs.
      const moved = links
        .with(place, chosen.subarray(0, chosen.length - 1))
        .with(next, Buffer.concat([chosen.subarray(-1), links[next] ?? chosen]))
      for (const forged of [
        links.with(place, bent),
        links.toSpliced(place, 1),
        links.toSpliced(place, 0, chosen),
        swapped,
        moved,
      ]) {
        expect(Buffer.from(follow(stream, forged)).equals(head.hash)).toBe(false)
      }
      // The same facts under another name are another chain.
      const other = authorStreamId('s-1', '1.1', 'business')
      expect(Buffer.from(follow(other, links)).equals(head.hash)).toBe(false)
    }),
    { numRuns: 50 },
  )
})
