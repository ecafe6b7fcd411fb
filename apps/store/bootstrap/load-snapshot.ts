import { verify } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { chainHash, type StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { type Db, transact } from '@tillkeeper/projections/db.ts'
import { receiveFacts } from '@tillkeeper/projections/journal/receive-facts.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import { findHash, listHeads } from '@tillkeeper/projections/journal/stream-sql.ts'
import { findChunk } from '@tillkeeper/projections/snapshot/chunk-sql.ts'
import { receiptStatement } from '@tillkeeper/sync/identity/head-statement.ts'
import { fromHex, toHex } from '@tillkeeper/sync/message/hex.ts'
import {
  beforeFirst,
  chunkUnpackedBytesMax,
  followChunk,
  isHead,
  splitFacts,
} from '@tillkeeper/sync/snapshot/check-chunk.ts'
import type { Chunk, Manifest } from '@tillkeeper/sync/snapshot/manifest.ts'

const unpack = promisify(gunzip)

export type Loading = {
  readonly db: Db
  readonly org: OrgId
  readonly now: () => Date
  /** What the cloud signs with (base64 of SPKI); empty where none was told. */
  readonly cloudPublicKey: string
}

export type LoadRefusal =
  /** Fetched facts do not lead to the heads that were promised. None of them was loaded. */
  | { readonly code: 'snapshot_damaged'; readonly stream: StreamId }
  /** What this server holds of a stream is another history: it is left to the link, which judges it. */
  | { readonly code: 'history_differs'; readonly stream: StreamId }
  /** A fetched chunk is not here any more. */
  | { readonly code: 'chunk_missing'; readonly stream: StreamId }

/**
 * Follows every chain over the fetched chunks to the head that the manifest names, and compares the heads
 * that the cloud signed on the way. Nothing is loaded before all of it holds.
 */
export async function verifySnapshot(
  loading: Loading,
  manifest: Manifest,
): Promise<Outcome<undefined, LoadRefusal>> {
  const receipts = new Map(manifest.receipts?.map((receipt) => [receipt.stream, receipt]))
  for (const head of manifest.streams) {
    const { stream } = head
    const receipt = receipts.get(stream)
    let signedHash: string | undefined
    let at = beforeFirst(sha256, stream)
    for (const chunk of manifest.chunks.filter((one) => one.stream === stream)) {
      const facts = await readChunk(loading, chunk)
      if (!facts.ok) return facts
      if (
        receipt !== undefined &&
        receipt.seq > at.seq &&
        receipt.seq < at.seq + facts.value.length + 1
      ) {
        signedHash = toHex(hashAfter(at.hash, facts.value.slice(0, receipt.seq - at.seq)))
      }
      const next = followChunk(sha256, at, { chunk, facts: facts.value })
      if (!next.ok) return refused({ code: 'snapshot_damaged', stream })
      at = next.value
    }
    const isSigned = receipt === undefined || isReceipt(loading, receipt, signedHash)
    if (!isHead(at, head) || !isSigned) return refused({ code: 'snapshot_damaged', stream })
  }
  return accepted(undefined)
}

function hashAfter(before: Uint8Array, facts: readonly Uint8Array[]): Uint8Array {
  return facts.reduce((hash, bytes) => chainHash(sha256, hash, bytes), before)
}

type Receipt = NonNullable<Manifest['receipts']>[number]

function isReceipt(
  { org, cloudPublicKey }: Loading,
  receipt: Receipt,
  hash: string | undefined,
): boolean {
  // A server that was enrolled before the cloud signed has no key to check with; the chain still holds.
  if (cloudPublicKey === '') return true
  if (hash !== receipt.hash) return false
  const key = { key: Buffer.from(cloudPublicKey, 'base64'), format: 'der', type: 'spki' } as const
  const signature = Buffer.from(receipt.signature, 'base64')
  return verify(null, receiptStatement(org, receipt), key, signature)
}

/**
 * Takes the next chunk of a stream into the journal, whole or not at all. What the server has of it
 * already, because a till brought it meanwhile, falls away if it is the same.
 */
export async function loadChunk(
  loading: Loading,
  chunk: Chunk,
): Promise<Outcome<{ readonly seq: number }, LoadRefusal>> {
  const { db, org, now } = loading
  const { stream, from } = chunk
  const facts = await readChunk(loading, chunk)
  if (!facts.ok) return facts
  const recordedAt = now().toISOString()
  return transact(db, async (tx) => {
    const prevHash = await findHash(tx, org, { stream, seq: from - 1 })
    if (prevHash === undefined) return refused({ code: 'history_differs', stream })
    const part = { org, stream, from, prevHash, facts: facts.value, recordedAt }
    const received = await receiveFacts(tx, part)
    return received.kind === 'ok'
      ? accepted({ seq: received.seq })
      : refused({ code: 'history_differs', stream })
  })
}

/** Where each stream stands here. */
export async function heldHeads({ db, org }: Loading): Promise<Map<StreamId, number>> {
  return new Map((await listHeads(db, org)).map(({ stream, seq }) => [stream, seq]))
}

async function readChunk(
  { db, org }: Loading,
  chunk: Chunk,
): Promise<Outcome<readonly Uint8Array[], LoadRefusal>> {
  const { stream } = chunk
  const kept = await findChunk(db, org, fromHex(chunk.sha256))
  if (kept === undefined) return refused({ code: 'chunk_missing', stream })
  try {
    const lines = await unpack(kept.bytes, { maxOutputLength: chunkUnpackedBytesMax })
    const facts = splitFacts(chunk, lines)
    return facts.ok ? facts : refused({ code: 'snapshot_damaged', stream })
  } catch {
    // What was promised to be gzip is none, or unpacks to more than a chunk may have.
    return refused({ code: 'snapshot_damaged', stream })
  }
}
