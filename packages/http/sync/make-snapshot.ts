import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import { type Head, listHeads, readStream } from '@tillkeeper/projections/journal/stream-sql.ts'
import {
  forgetShortChunks,
  listChunks,
  listReceipts,
  type StoredChunk,
  saveChunk,
} from '@tillkeeper/projections/snapshot/chunk-sql.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import { streamsMax } from '@tillkeeper/sync/message/messages.ts'
import { joinFacts } from '@tillkeeper/sync/snapshot/check-chunk.ts'
import {
  type Chunk,
  chunkFactsBytesMax,
  chunkPositions,
  chunksMax,
  type Manifest,
  rangesOf,
} from '@tillkeeper/sync/snapshot/manifest.ts'

const pack = promisify(gzip)

/** A question is answered in about this time; what is packed until then is kept for the next one. */
const workMsMax = 5_000
/** A packed chunk that is no crumb, even if it does not end its range. */
const largeBytes = 1_048_576
/** Short chunks are kept so long: a child that takes longer for its load asks for a new manifest. */
const shortKeptMs = 6 * 3_600_000

export type SnapshotRefusal =
  /** Chunks are being packed: ask again. */
  | { readonly code: 'snapshot_preparing'; readonly retryAfterSeconds: number }
  | { readonly code: 'snapshot_too_large' }

type Deps = { readonly db: Db; readonly now: () => Date }

/**
 * Describes what is held here of the streams that `wanted` says yes to, as it stands now, and sees to it
 * that each chunk can be fetched. Ranges that were packed before are not packed again.
 */
export async function makeSnapshot(
  { db, now }: Deps,
  org: OrgId,
  wanted: (stream: StreamId) => boolean,
): Promise<Outcome<Manifest, SnapshotRefusal>> {
  const heads = (await listHeads(db, org))
    .filter(({ stream, seq, trust }) => seq > 0 && trust !== 'quarantined' && wanted(stream))
    .sort(loadOrder)
  const ranges = heads.reduce((sum, { seq }) => sum + Math.ceil(seq / chunkPositions), 0)
  if (heads.length > streamsMax || ranges > chunksMax)
    return refused({ code: 'snapshot_too_large' })

  const startedAt = performance.now()
  const before = new Date(now().getTime() - shortKeptMs).toISOString()
  await forgetShortChunks(db, org, { positions: chunkPositions, before })
  const kept = new Map(
    (
      await listChunks(
        db,
        org,
        heads.map(({ stream }) => stream),
      )
    ).map((chunk) => [placeOf(chunk), chunk]),
  )
  const chunks: Chunk[] = []
  for (const head of heads) {
    for (const { from, to } of rangesOf(head)) {
      for (let next = from; next <= to; ) {
        if (performance.now() - startedAt > workMsMax) {
          return refused({ code: 'snapshot_preparing', retryAfterSeconds: 1 })
        }
        const chunk =
          findKept(kept, { stream: head.stream, from: next, to }) ??
          (await packChunk({ db, now }, org, { stream: head.stream, from: next, to }))
        chunks.push(toChunk(chunk))
        next = chunk.from + chunk.facts
      }
    }
  }
  if (chunks.length > chunksMax) return refused({ code: 'snapshot_too_large' })
  const streams = heads.map(({ stream, seq, hash }) => ({ stream, seq, hash: toHex(hash) }))
  const receipts = await listReceipts(db, org, streams)
  return accepted({ streams, chunks, ...(receipts.length === 0 ? {} : { receipts }) })
}

// The feeds first: acts name people and products, and whoever loads can show them at once.
function loadOrder(a: Head, b: Head): number {
  return a.kind === b.kind ? (a.stream < b.stream ? -1 : 1) : a.kind === 'feed' ? -1 : 1
}

const placeOf = ({ stream, from }: { readonly stream: StreamId; readonly from: number }) =>
  `${stream}#${from}`

type Part = { readonly stream: StreamId; readonly from: number; readonly to: number }

// A short chunk of a range that has grown is packed anew, or a stream would become a heap of crumbs. One
// that is large is as good as a full one: ranges of large facts are several chunks.
function findKept(kept: ReadonlyMap<string, StoredChunk>, { stream, from, to }: Part) {
  const chunk = kept.get(placeOf({ stream, from }))
  if (chunk === undefined) return undefined
  const end = chunk.from + chunk.facts - 1
  const isKept = end <= to && (end === to || end % chunkPositions === 0 || chunk.size >= largeBytes)
  return isKept ? chunk : undefined
}

async function packChunk(
  { db, now }: Deps,
  org: OrgId,
  { stream, from, to }: Part,
): Promise<StoredChunk> {
  const bounds = { factsMax: to - from + 1, bytesMax: chunkFactsBytesMax }
  const part = await readStream(db, org, { stream, after: from - 1, ...bounds })
  assert(part !== undefined && part.facts.length > 0, 'what a head names is in the journal')
  const bytes = await pack(joinFacts(part.facts))
  const chunk = { stream, from, facts: part.facts.length, sha256: sha256(bytes) }
  await saveChunk(db, org, { ...chunk, bytes, madeAt: now().toISOString() })
  return { ...chunk, size: bytes.length }
}

function toChunk({ stream, from, facts, sha256: name, size }: StoredChunk): Chunk {
  return { sha256: toHex(name), bytes: size, stream, from, facts }
}
