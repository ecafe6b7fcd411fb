import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Receipt } from '@tillkeeper/sync/message/messages.ts'
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb'

// What a till keeps in the browser. Facts are bytes, everything else here is derived from them or can
// be fetched again, but for `device` (what makes this profile this till) and `unlock`.

/** Where a stream of ours stands. The current one grows; older ones only wait to be sent. */
export type StreamRow = {
  readonly stream: StreamId
  readonly seq: number
  readonly hash: Uint8Array
}

/** What the store server and the cloud hold of a stream, as far as we heard. */
export type AckRow = {
  readonly stream: StreamId
  readonly ackedSeq: number
  readonly cloudSeq: number
}

export type FactRow = {
  readonly stream: StreamId
  readonly seq: number
  readonly id: string
  readonly type: string
  readonly bytes: Uint8Array
  /** The hash of the chain up to it. */
  readonly hash: Uint8Array
  /** When it was sealed, in milliseconds: how long it is kept. */
  readonly sealedMs: number
}

/**
 * A fact of ours that lies on another branch of its stream than the store server's. It was sealed again
 * in a later stream, under its own id; the first bytes are kept as evidence.
 */
export type ForkedFactRow = FactRow & { readonly movedMs: number }

/** The cloud's word that it holds a stream up to a position, as it was signed. */
export type ReceiptRow = Receipt

/** A received piece of a feed that the snapshot does not hold yet. */
export type FeedBatchRow = {
  readonly stream: StreamId
  readonly from: number
  readonly facts: readonly Uint8Array[]
}

/** Where our copy of a feed stands. */
export type FeedRow = {
  readonly stream: StreamId
  readonly seq: number
  readonly hash: Uint8Array
}

/** What a feed came to at a position, so that a start need not read it from the beginning. */
export type SnapshotRow = {
  readonly stream: StreamId
  readonly seq: number
  readonly registers: string
}

export type TillSchema = DBSchema & {
  /** Single values, each under its name: see Kept. */
  kept: { key: string; value: unknown }
  stream: { key: string; value: StreamRow }
  ack: { key: string; value: AckRow }
  fact: {
    key: [string, number]
    value: FactRow
    indexes: { sealedMs: number; id: string }
  }
  forked_fact: { key: [string, number, string]; value: ForkedFactRow }
  receipt: { key: string; value: ReceiptRow }
  /** Sales and refunds of this till as documents, for the history, reprints and refunds. */
  document: {
    key: string
    value: unknown
    indexes: { receiptNumber: string; sessionId: string; saleId: string }
  }
  feed: { key: string; value: FeedRow }
  feed_batch: { key: [string, number]; value: FeedBatchRow }
  snapshot: { key: string; value: SnapshotRow }
  unlock: { key: string; value: unknown }
}

export type TillDb = IDBPDatabase<TillSchema>
export const storeNames = [
  'kept',
  'stream',
  'ack',
  'fact',
  'forked_fact',
  'receipt',
  'document',
  'feed',
  'feed_batch',
  'snapshot',
  'unlock',
] as const
export type StoreName = (typeof storeNames)[number]
export type WriteTx = IDBPTransaction<TillSchema, StoreName[], 'readwrite'>

const schemaVersion = 2

/** Opens the till's database, made when it is missing. `onLost` hears when the browser closes it. */
export function openTillDb(name: string, onLost: () => void): Promise<TillDb> {
  return openDB<TillSchema>(name, schemaVersion, {
    upgrade(db, versionBefore, _, tx) {
      if (versionBefore < 1) createFirst(db)
      if (versionBefore < 2) {
        tx.objectStore('fact').createIndex('id', 'id')
        db.createObjectStore('forked_fact', { keyPath: ['stream', 'seq', 'id'] })
        db.createObjectStore('receipt', { keyPath: 'stream' })
      }
    },
    terminated: onLost,
  })
}

function createFirst(db: TillDb): void {
  db.createObjectStore('kept')
  db.createObjectStore('stream', { keyPath: 'stream' })
  db.createObjectStore('ack', { keyPath: 'stream' })
  const fact = db.createObjectStore('fact', { keyPath: ['stream', 'seq'] })
  fact.createIndex('sealedMs', 'sealedMs')
  const document = db.createObjectStore('document', { keyPath: 'id' })
  document.createIndex('receiptNumber', 'receiptNumber')
  document.createIndex('sessionId', 'sessionId')
  // Of refunds: the sale that they are of.
  document.createIndex('saleId', 'saleId')
  db.createObjectStore('feed', { keyPath: 'stream' })
  db.createObjectStore('feed_batch', { keyPath: ['stream', 'from'] })
  db.createObjectStore('snapshot', { keyPath: 'stream' })
  db.createObjectStore('unlock', { keyPath: 'staffId' })
}

/**
 * Writes to some stores in one transaction, and comes back when the disk has it. `strict` asks the
 * browser to flush: without it Chromium answers before a power cut is survived.
 */
export async function writeStrictly(
  db: TillDb,
  stores: readonly StoreName[],
  write: (tx: WriteTx) => readonly Promise<unknown>[],
): Promise<void> {
  const tx = db.transaction([...stores], 'readwrite', { durability: 'strict' })
  // A failed request aborts the transaction: `done` tells, and the requests' own errors repeat it.
  const requests = write(tx)
  await Promise.all([...requests, tx.done])
}
