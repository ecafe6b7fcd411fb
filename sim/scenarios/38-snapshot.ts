import type { StreamHead } from '@tillkeeper/facts/seal/seal.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import {
  beforeFirst,
  followChunk,
  isChunkBytes,
  isHead,
  joinFacts,
  splitFacts,
} from '@tillkeeper/sync/snapshot/check-chunk.ts'
import {
  type Chunk,
  isWholeManifest,
  type Manifest,
  missingChunks,
  rangesOf,
} from '@tillkeeper/sync/snapshot/manifest.ts'
import type { Cloud } from '../actors/cloud.ts'
import type { Fleet, Shop } from '../actors/fleet.ts'
import { sha256 } from '../actors/hash.ts'
import { type Journal, openJournal } from '../actors/journal.ts'
import { changePrice, tradeDay } from '../actors/trade.ts'
import type { Random } from '../world/random.ts'
import type { Scenario } from './scenario.ts'

const interruptions = 5

export const snapshot: Scenario = {
  number: 38,
  name: 'a snapshot is interrupted five times while the feed goes on',
  recipe:
    'a wiped shop loads chunks over a line that cuts and bends them; the machine falls five times, prices change meanwhile',
  mustHold:
    'what was loaded stays and is not loaded again, no damaged chunk is taken, the shop opens only when it is whole, and its tail is exact',
  play: async ({ open, rest, hold }) => {
    const fleet = await open({ shops: 2, tills: 2 })
    const { world, shops, cloud } = fleet
    await tradeDay(fleet)
    for (let edit = 0; edit < 20; edit += 1) {
      void changePrice(fleet)
      await world.time.run(world.time.nowMs() + 500)
    }
    await rest(fleet)
    const [shop] = shops
    if (shop === undefined) return hold(false, 'there is a shop')
    const { store } = shop
    store.crash('power', 'all')
    store.disk.wipe()
    fleet.truth.rewound.add(store.name)
    world.counters.count('disk.wiped')
    const manifest = takeManifest(cloud, shop)
    hold(manifest.chunks.length > 10, 'the snapshot has chunks')
    hold(isWholeManifest(manifest), 'and they are its streams')

    const chance = world.chance.fork('snapshot')
    let fetched = 0
    let refusedChunks = 0
    for (let nth = 0; nth <= interruptions; nth += 1) {
      // A head that moved since the manifest was made is the link's business.
      void changePrice(fleet)
      await world.time.run(world.time.nowMs() + 500)
      const budget = nth === interruptions ? manifest.chunks.length : 3
      const loaded = await load({ fleet, shop, manifest, chance, budget })
      fetched += loaded.fetched
      refusedChunks += loaded.refused
      hold(loaded.believed === 0, 'no damaged chunk was taken')
      hold(store.running() === undefined, 'it does not open before it is whole')
      store.crash('kill')
    }
    hold(fetched === manifest.chunks.length, 'each chunk was taken once')
    hold(refusedChunks > 0, 'damaged chunks came')
    store.enrol(2)
    store.boot()
    await rest(fleet)
  },
}

/** What the cloud has for a shop now: the feed, and every stream of its authors. */
function takeManifest({ journal }: Cloud, { store, tills }: Shop): Manifest {
  const held = journal()
  if (held === undefined) throw new Error('the cloud runs')
  const authors = [store.author, ...tills.map(({ author }) => author)]
  const streams = [...held.heads('feed'), ...held.heads('author')].filter(
    ({ stream, seq }) =>
      seq > 0 &&
      (stream.startsWith('feed/org@') || authors.some((name) => stream.startsWith(`${name}:`))),
  )
  return {
    streams: streams.map(({ stream, seq, hash }) => ({ stream, seq, hash: toHex(hash) })),
    // Ranges of a day are short; cut smaller, so that there is something to interrupt.
    chunks: streams.flatMap((head) =>
      rangesOf(head).flatMap(({ stream, from, to }) => cutRange(held, { stream, from, to })),
    ),
  }
}

const chunkSize = 6

function cutRange(
  held: Journal,
  range: { readonly stream: StreamId; readonly from: number; readonly to: number },
): readonly Chunk[] {
  const { stream } = range
  const chunks: Chunk[] = []
  for (let from = range.from; from <= range.to; from += chunkSize) {
    const bytes = packedOf(held, stream, from, Math.min(range.to, from + chunkSize - 1))
    const facts = Math.min(range.to, from + chunkSize - 1) - from + 1
    chunks.push({ sha256: toHex(sha256(bytes)), bytes: bytes.length, stream, from, facts })
  }
  return chunks
}

const packedOf = (held: Journal, stream: StreamId, from: number, to: number) =>
  joinFacts(held.rows(stream, from, to).map(({ bytes }) => bytes))

type Load = {
  readonly fleet: Fleet
  readonly shop: Shop
  readonly manifest: Manifest
  readonly chance: Random
  /** Chunks until the machine falls. */
  readonly budget: number
}

/** Loads what is missing until the machine falls; a run that goes on finds what lies on the disk. */
async function load({ fleet, shop, manifest, chance, budget }: Load) {
  const { cloud, world, org } = fleet
  const held = cloud.journal()
  if (held === undefined) throw new Error('the cloud runs')
  const volume = shop.store.disk.mount()
  const journal = openJournal({ volume, org, nowMs: shop.store.clock.nowMs })
  const heads = new Map(
    [...journal.heads('feed'), ...journal.heads('author')].map(({ stream, seq }) => [stream, seq]),
  )
  let [fetched, refused, believed] = [0, 0, 0]
  for (const chunk of missingChunks(manifest, heads)) {
    if (fetched === budget) break
    const { stream, from, facts: count } = chunk
    const whole = packedOf(held, stream, from, from + count - 1)
    // The line bends or cuts every third one; it is asked for again.
    for (let tries = 0; chance.chance(0.33) && tries < 3; tries += 1) {
      const bad = chance.chance(0.5) ? whole.slice(0, chance.below(whole.length)) : bendFirst(whole)
      if (isChunkBytes(sha256, chunk, bad)) believed += 1
      else refused += 1
    }
    if (!isChunkBytes(sha256, chunk, whole)) throw new Error('a whole chunk is whole')
    const facts = splitFacts(chunk, whole)
    if (!facts.ok) throw new Error('a whole chunk is made of facts')
    const before: StreamHead = from === 1 ? beforeFirst(sha256, stream) : journal.head(stream)
    const after = followChunk(sha256, before, { chunk, facts: facts.value })
    if (!after.ok) throw new Error('chunks come in order')
    const head = manifest.streams.find((each) => each.stream === stream)
    if (head?.seq === after.value.seq && !isHead(after.value, head)) throw new Error('another head')
    const batch = { stream, from, prevHash: before.hash, lastHash: after.value.hash }
    let over = false
    void journal
      .receive({ ...batch, facts: facts.value }, () => true)
      .then((taken) => {
        if (!taken.ok) throw new Error(`a chunk is not taken: ${taken.refusal.code}`)
        over = true
      })
    world.time.after(1, () => {})
    await world.time.run(world.time.nowMs() + 1_000, () => over)
    fetched += 1
  }
  return { fetched, refused, believed }
}

function bendFirst(bytes: Uint8Array): Uint8Array {
  const bent = bytes.slice()
  bent[0] = (bent[0] ?? 0) ^ 1
  return bent
}
