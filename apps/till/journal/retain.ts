import { assert } from '@tillkeeper/core/base/assert.ts'
import type { AckRow, TillDb } from './database.ts'

/** A till keeps what the cloud has for two weeks more: long enough to mend a restored store or cloud. */
export const keepMs = 14 * 24 * 3_600_000
/** Rows looked at in one go, so that a clean-up never holds the database for long. */
export const pruneMax = 500

/** Whether a fact may go: the cloud has it for good, and two weeks have passed. */
export function mayForget(
  fact: { readonly seq: number; readonly sealedMs: number },
  cloudSeq: number,
  nowMs: number,
): boolean {
  assert(fact.seq >= 1, 'facts are counted from 1')
  return fact.seq <= cloudSeq && nowMs - fact.sealedMs >= keepMs
}

/**
 * Deletes facts that may go, and documents of the same age, oldest first and at most `pruneMax` at a
 * time. The last fact of a stream stays: its hash is what the next hello compares.
 */
export async function pruneFacts(
  db: TillDb,
  { acks, nowMs }: { readonly acks: ReadonlyMap<string, AckRow>; readonly nowMs: number },
): Promise<number> {
  const old = IDBKeyRange.upperBound(nowMs - keepMs)
  const tx = db.transaction(['fact', 'stream', 'document'], 'readwrite')
  const heads = new Map(
    (await tx.objectStore('stream').getAll()).map(({ stream, seq }) => [stream, seq]),
  )
  const rows = await tx.objectStore('fact').index('sealedMs').getAll(old, pruneMax)
  const gone = rows.filter(
    (row) =>
      row.seq !== heads.get(row.stream) &&
      mayForget(row, acks.get(row.stream)?.cloudSeq ?? 0, nowMs),
  )
  await Promise.all([
    ...gone.map(({ stream, seq }) => tx.objectStore('fact').delete([stream, seq])),
    // A document bears the id of its fact, so it goes with it and never before.
    ...gone.map(({ id }) => tx.objectStore('document').delete(id)),
    tx.done,
  ])
  return gone.length
}
