import { genesisHash, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import {
  chunkUnpackedBytesMax,
  followChunk,
  isChunkBytes,
  isHead,
  splitFacts,
} from '@tillkeeper/sync/snapshot/check-chunk.ts'
import {
  type Chunk,
  isManifest,
  isWholeManifest,
  type Manifest,
  manifestBytesMax,
  missingChunks,
} from '@tillkeeper/sync/snapshot/manifest.ts'
import { readBounded } from '@tillkeeper/sync/wire/read-bounded.ts'
import { hashBytes } from '../app/node.ts'
import type { FeedInbox } from './feed-inbox.ts'

// A new till takes the catalogue in chunks that its store server has packed once for all tills, instead of
// many small pulls. Each chunk is checked by its name, its facts by their chain, and the whole by the head
// that the manifest names. What is whole is shown; a load that was cut goes on where it stopped.

/** A chunk over a slow line; a till that waits longer takes the feed as it comes. */
const exchangeMaxMs = 60_000
/** How often a store server is asked that is still packing. */
const triesMax = 10
const pauseMaxMs = 5_000

type Deps = {
  readonly inbox: FeedInbox
  readonly token: string
  readonly pause: (ms: number) => Promise<void>
  /** Hears how many facts there are to come in all. */
  readonly onTotal: (facts: number) => void
}

/**
 * Loads what is missing of the feeds; whether it is all here now. If not, the link pulls the rest as it
 * always does: an older store server has no snapshots, and a line may fall. It never throws.
 */
export async function loadSnapshot(deps: Deps): Promise<boolean> {
  try {
    const manifest = await askManifest(deps)
    if (manifest === undefined || !isWholeManifest(manifest)) return false
    deps.onTotal(manifest.streams.reduce((all, { seq }) => all + seq, 0))
    const heads = new Map((await deps.inbox.feeds()).map((feed) => [feed.stream, feed]))
    const held = new Map([...heads].map(([stream, { seq }]) => [stream, seq]))
    for (const chunk of missingChunks(manifest, held)) {
      if (!(await loadChunk(deps, chunk))) return false
    }
    return await isAll(deps.inbox, manifest)
  } catch {
    return false // The line fell, or the disk is full: the link tries on, and says why it cannot.
  }
}

async function askManifest({ token, pause }: Deps): Promise<Manifest | undefined> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const answer = await ask('/sync/v1/snapshot', { method: 'POST', token })
    if (answer.ok) {
      const text = new TextDecoder().decode(await readBounded(answer, manifestBytesMax))
      const value: unknown = JSON.parse(text)
      return isManifest(value) ? value : undefined
    }
    if (answer.status !== 503) return undefined
    const seconds = Number(answer.headers.get('retry-after') ?? 1)
    await pause(Math.min(pauseMaxMs, Math.max(1, seconds) * 1_000))
  }
  return undefined
}

async function loadChunk({ inbox, token }: Deps, chunk: Chunk): Promise<boolean> {
  const head = (await inbox.feeds()).find(({ stream }) => stream === chunk.stream) ?? {
    stream: chunk.stream,
    seq: 0,
    hash: genesisHash(hashBytes, chunk.stream),
  }
  const answer = await ask(`/sync/v1/snapshot/${chunk.sha256}`, { method: 'GET', token })
  if (!answer.ok) return false
  const packed = await readBounded(answer, chunk.bytes)
  if (!isChunkBytes(hashBytes, chunk, packed)) return false
  const unpacked = new Response(
    new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')),
  )
  const facts = splitFacts(chunk, await readBounded(unpacked, chunkUnpackedBytesMax))
  if (!facts.ok) return false
  const next = followChunk(hashBytes, head, { chunk, facts: facts.value })
  if (!next.ok) return false
  const received = await inbox.receive({
    stream: chunk.stream,
    from: chunk.from,
    prevHash: head.hash,
    lastHash: next.value.hash,
    facts: facts.value,
  })
  return received.ok
}

// A history that the manifest does not name was put together wrong: it is dropped, and pulled as it comes.
async function isAll(inbox: FeedInbox, { streams }: Manifest): Promise<boolean> {
  const feeds = await inbox.feeds()
  for (const head of streams) {
    const ours = feeds.find(({ stream }) => stream === head.stream)
    if (ours !== undefined && ours.seq > head.seq) continue
    if (ours !== undefined && isHead(ours, head)) continue
    await inbox.forget(head.stream as StreamId)
    return false
  }
  return true
}

function ask(
  path: string,
  { method, token }: { readonly method: 'GET' | 'POST'; readonly token: string },
): Promise<Response> {
  return fetch(path, {
    method,
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(exchangeMaxMs),
  })
}
