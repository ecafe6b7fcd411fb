import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHex } from '../message/hex.ts'
import { random } from '../testing/chance.gen.ts'
import { makeJournal, ownStream, sha256 } from '../testing/journal.gen.ts'
import {
  beforeFirst,
  followChunk,
  isChunkBytes,
  isHead,
  joinFacts,
  splitFacts,
} from './check-chunk.ts'
import {
  type Chunk,
  chunkPositions,
  isFull,
  isManifest,
  isWholeManifest,
  Manifest,
  missingChunks,
  rangesOf,
} from './manifest.ts'

const stream = ownStream('t-1')
const other = 'feed/org@1' as StreamId

function sealedFacts(count: number) {
  const journal = makeJournal()
  const chance = random(5)
  for (let at = 0; at < count; at += 1) journal.author(stream, at, chance.bytes(10))
  return journal
}

/** A snapshot of a stream in chunks of some sizes. */
function snapshotOf(count: number, sizes: readonly number[]) {
  const journal = sealedFacts(count)
  const facts = journal.bytes(stream)
  const packed = new Map<string, Buffer>()
  const chunks: Chunk[] = []
  for (let from = 1, nth = 0; from <= count; nth += 1) {
    const part = facts.slice(from - 1, from - 1 + (sizes[nth % sizes.length] ?? 1))
    const bytes = gzipSync(joinFacts(part))
    const name = toHex(sha256(bytes))
    packed.set(name, bytes)
    chunks.push({ sha256: name, bytes: bytes.length, stream, from, facts: part.length })
    from += part.length
  }
  const head = journal.head(stream)
  const manifest: Manifest = {
    streams: [{ stream, seq: head.seq, hash: toHex(head.hash) }],
    chunks,
  }
  return { journal, manifest, packed }
}

test('a stream is cut into ranges without gap or overlap; all but the last are full', () => {
  fc.assert(
    fc.property(fc.nat(5 * chunkPositions), (seq) => {
      const ranges = rangesOf({ stream, seq })
      let next = 1
      for (const [index, { from, to }] of ranges.entries()) {
        expect(from).toBe(next)
        const full = isFull({ from, facts: to - from + 1 })
        expect(full).toBe(index < ranges.length - 1 || seq % chunkPositions === 0)
        next = to + 1
      }
      expect(next).toBe(seq + 1)
    }),
  )
})

test('whatever is loaded already, exactly the chunks with a fact that is not held are missing', () => {
  const { manifest } = snapshotOf(30, [4, 7, 1])
  fc.assert(
    fc.property(fc.nat(31), (held) => {
      const missing = missingChunks(manifest, new Map([[stream, held]]))
      for (const chunk of manifest.chunks) {
        const holdsNew = chunk.from + chunk.facts - 1 > held
        expect(missing.includes(chunk)).toBe(holdsNew)
      }
    }),
  )
  expect(missingChunks(manifest, new Map())).toEqual(manifest.chunks)
})

test('a whole snapshot leads to the author’s head, chunk by chunk', () => {
  const { journal, manifest, packed } = snapshotOf(40, [9, 3])
  expect(isManifest(manifest) && isWholeManifest(manifest)).toBe(true)
  let at = beforeFirst(sha256, stream)
  for (const chunk of manifest.chunks) {
    const bytes = packed.get(chunk.sha256) ?? Buffer.of()
    expect(isChunkBytes(sha256, chunk, bytes)).toBe(true)
    const facts = splitFacts(chunk, gunzipSync(bytes))
    const next = facts.ok ? followChunk(sha256, at, { chunk, facts: facts.value }) : facts
    if (!next.ok) throw new Error(next.refusal.code)
    at = next.value
    expect(toHex(at.hash)).toBe(toHex(journal.hashAt(stream, at.seq) ?? at.hash))
  }
  const [head] = manifest.streams
  expect(head !== undefined && isHead(at, head)).toBe(true)
})

test('a byte that changed in a packed chunk is seen, wherever it is', () => {
  const { manifest, packed } = snapshotOf(10, [10])
  const [chunk] = manifest.chunks
  if (chunk === undefined) throw new Error('there is a chunk')
  const whole = packed.get(chunk.sha256) ?? Buffer.of()
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bent = Uint8Array.from(whole, (byte, index) => (index === at ? byte ^ flip : byte))
      expect(isChunkBytes(sha256, chunk, bent)).toBe(false)
      expect(isChunkBytes(sha256, chunk, whole.subarray(0, at))).toBe(false)
    }),
  )
})

test('facts that were changed, left out, doubled or moved do not lead to the head', () => {
  const { journal, manifest } = snapshotOf(8, [8])
  const facts = journal.bytes(stream)
  const [head] = manifest.streams
  const [chunk] = manifest.chunks
  const [first, second, ...rest] = facts
  if (!head || !chunk || !first || !second) throw new Error('there are facts')
  const twisted = [
    [Uint8Array.of(...first, 32), second, ...rest],
    [second, ...rest],
    [first, first, second, ...rest],
    [second, first, ...rest],
  ]
  for (const theirs of twisted) {
    const led = followChunk(sha256, beforeFirst(sha256, stream), { chunk, facts: theirs })
    expect(led.ok && isHead(led.value, head)).toBe(false)
  }
})

test('a chunk has the facts that the manifest says, each a line', () => {
  const lines = joinFacts([Uint8Array.of(1, 2), Uint8Array.of(3)])
  expect(splitFacts({ facts: 2 }, lines)).toMatchObject({ ok: true })
  const bad = { ok: false, refusal: { code: 'bad_chunk' } }
  for (const facts of [1, 3]) expect(splitFacts({ facts }, lines)).toEqual(bad)
  expect(splitFacts({ facts: 2 }, lines.subarray(0, 4)), 'cut off').toEqual(bad)
  expect(splitFacts({ facts: 2 }, Uint8Array.of(10, 1, 10)), 'an empty line').toEqual(bad)
})

test('chunks that are not their streams are not a snapshot', () => {
  const { manifest } = snapshotOf(12, [4])
  const { streams, chunks } = manifest
  const [a, b, c] = chunks
  if (!a || !b || !c) throw new Error('there are three chunks')
  for (const twisted of [
    [a, c],
    [a, b],
    [a, a, b, c],
    [b, a, c],
    [...chunks, { ...a, stream: other }],
  ]) {
    expect(isWholeManifest({ streams, chunks: twisted })).toBe(false)
  }
  expect(isWholeManifest({ streams: [...streams, ...streams], chunks })).toBe(false)
  expect(isWholeManifest({ streams: [], chunks: [] })).toBe(true)
})

test('the messages are those of this protocol version', () => {
  const shapes = createHash('sha256').update(JSON.stringify(Manifest)).digest('hex')
  expect(shapes.slice(0, 12)).toMatchInlineSnapshot(`"b7700ffcb425"`)
})
