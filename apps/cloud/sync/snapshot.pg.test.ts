import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import {
  beforeFirst,
  followChunk,
  isChunkBytes,
  isHead,
  splitFacts,
} from '@tillkeeper/sync/snapshot/check-chunk.ts'
import {
  type Chunk,
  chunkPositions,
  isManifest,
  isWholeManifest,
  type Manifest,
} from '@tillkeeper/sync/snapshot/manifest.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  newId,
  type OpenedCloud,
  openCloud,
  type SeededChain,
  seedChain,
} from '../testing/open-cloud.gen.ts'
import { draftSale, enrolChild, makeAuthor, push } from '../testing/raw-child.gen.ts'

let cloud: OpenedCloud
let chain: SeededChain
let token = ''
let neighbour = ''
let stranger = ''
let own: ReturnType<typeof makeAuthor>
beforeAll(async () => {
  cloud = await openCloud()
  chain = await seedChain(cloud)
  const other = await seedChain(cloud)
  token = await enrolChild(cloud, chain, chain.shops[0])
  neighbour = await enrolChild(cloud, chain, chain.shops[1])
  stranger = await enrolChild(cloud, other, other.shops[0])
  own = makeAuthor(chain.org, `s-${chain.shops[0]}`, '1.0')
  sell(chunkPositions + 10)
  await bring(1)
})
afterAll(() => cloud.close())

const sell = (count: number) => {
  const at = { shopId: chain.shops[0], tillId: chain.tills[0], sessionId: newId() }
  own.seal(Array.from({ length: count }, () => draftSale(chain, at)))
}
const bring = async (from: number) => {
  for (let next = from; next <= own.seq(); next += 1_000) {
    const batch = own.batch(next, Math.min(own.seq(), next + 999))
    const { status } = await push(cloud, token, { batch, gzip: true })
    expect(status).toBe(200)
  }
}
async function askManifest(bearer = token): Promise<Manifest> {
  const { status, body } = await cloud.ask('/sync/v1/snapshot', {}, bearer)
  expect(status).toBe(200)
  if (!isManifest(body)) throw new Error('no manifest')
  return body
}
const getChunk = (
  name: string,
  { bearer = token, range }: { bearer?: string; range?: string } = {},
) =>
  fetch(`${cloud.url}/sync/v1/snapshot/${name}`, {
    headers: { authorization: `Bearer ${bearer}`, ...(range === undefined ? {} : { range }) },
  })
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())

test('a shop’s snapshot is every fact it may hold, each chain whole to its head', async () => {
  const manifest = await askManifest()
  expect(isWholeManifest(manifest)).toBe(true)
  expect(manifest.streams.map(({ stream }) => stream)).toEqual([
    `feed/credentials:${chain.shops[0]}@1`,
    'feed/org@1',
    own.stream,
  ])
  for (const head of manifest.streams) {
    let at = beforeFirst(sha256, head.stream)
    for (const chunk of manifest.chunks.filter(({ stream }) => stream === head.stream)) {
      const bytes = await bytesOf(await getChunk(chunk.sha256))
      expect(isChunkBytes(sha256, chunk, bytes)).toBe(true)
      const facts = splitFacts(chunk, gunzipSync(bytes))
      const next = facts.ok ? followChunk(sha256, at, { chunk, facts: facts.value }) : facts
      if (!next.ok) throw new Error(next.refusal.code)
      at = next.value
    }
    expect(isHead(at, head)).toBe(true)
    if (head.stream === own.stream) expect(head.hash).toBe(own.hashAt(own.seq()))
  }
})

const ofOwn = (chunks: readonly Chunk[]) => chunks.filter(({ stream }) => stream === own.stream)

test('a full chunk stays the same while its stream grows, and is packed once', async () => {
  const before = ofOwn((await askManifest()).chunks)
  const made = async () => {
    const [row] = await cloud.db<{ chunks: number }[]>`
      SELECT count(*) AS chunks FROM snapshot_chunk WHERE org_id = ${chain.org}
    `
    return row?.chunks
  }
  const madeBefore = await made()
  expect((await askManifest()).chunks).toEqual(expect.arrayContaining(before))
  expect(await made()).toBe(madeBefore)
  const had = own.seq()
  sell(5)
  await bring(had + 1)
  const after = ofOwn((await askManifest()).chunks)
  expect(after[0]).toEqual(before[0])
  expect(after[0]?.facts).toBe(chunkPositions)
  expect(after[1]).not.toEqual(before[1])
  expect(after[1]).toMatchObject({ from: chunkPositions + 1, facts: 15 })
})

test('a chunk is sent whole or from any byte on, and may be kept for ever', async () => {
  const [chunk] = ofOwn((await askManifest()).chunks)
  if (chunk === undefined) throw new Error('there is a chunk')
  const whole = await getChunk(chunk.sha256)
  expect(whole.status).toBe(200)
  expect(whole.headers.get('cache-control')).toContain('immutable')
  expect(whole.headers.get('content-encoding')).toBe(null)
  const bytes = await bytesOf(whole)
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(chunk.sha256)
  const rest = await getChunk(chunk.sha256, { range: 'bytes=1000-' })
  expect(rest.status).toBe(206)
  expect(rest.headers.get('content-range')).toBe(`bytes 1000-${chunk.bytes - 1}/${chunk.bytes}`)
  expect(await bytesOf(rest)).toEqual(bytes.subarray(1_000))
  const some = await getChunk(chunk.sha256, { range: 'bytes=5-9' })
  expect(await bytesOf(some)).toEqual(bytes.subarray(5, 10))
  const beyond = await getChunk(chunk.sha256, { range: `bytes=${chunk.bytes}-` })
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([
    416,
    `bytes */${chunk.bytes}`,
  ])
})

test('a chunk is given only to whom its stream is for', async () => {
  const { chunks } = await askManifest()
  for (const { sha256: name, stream } of chunks) {
    const theirs = await getChunk(name, { bearer: neighbour })
    expect(theirs.status).toBe(stream === 'feed/org@1' ? 200 : 404)
    expect((await getChunk(name, { bearer: stranger })).status).toBe(404)
  }
  const { streams } = await askManifest(neighbour)
  expect(streams.map(({ stream }) => stream)).toEqual([
    `feed/credentials:${chain.shops[1]}@1`,
    'feed/org@1',
  ])
  expect((await getChunk('0'.repeat(64))).status).toBe(404)
})

test('old chunks of a range that grew are forgotten, full ones are kept', async () => {
  await askManifest()
  cloud.clock.aheadMs = 7 * 3_600_000
  try {
    const later = await enrolChild(cloud, chain, chain.shops[0])
    const { chunks } = await askManifest(later)
    const kept = await cloud.db<{ from: number; facts: number }[]>`
      SELECT from_seq AS "from", facts FROM snapshot_chunk
      WHERE org_id = ${chain.org} AND stream = ${own.stream} ORDER BY from_seq, facts
    `
    expect(kept).toEqual(ofOwn(chunks).map(({ from, facts }) => ({ from, facts })))
  } finally {
    cloud.clock.aheadMs = 0
  }
})
