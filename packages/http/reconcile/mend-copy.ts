import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { type Db, transact } from '@tillkeeper/projections/db.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import { findHash, lockHead } from '@tillkeeper/projections/journal/stream-sql.ts'
import {
  noteRepair,
  readDigests,
  readRows,
  writeMended,
} from '@tillkeeper/projections/reconcile/journal-digest-sql.ts'
import { bucketOf } from '@tillkeeper/sync/digest/bucket.ts'
import { mendBucket } from '@tillkeeper/sync/digest/mend-bucket.ts'

/** A bucket with more stored bytes than this is left to a person: it is held in memory while it is mended. */
export const bucketBytesMax = 33_554_432

/** Positions of one bucket, and what a peer holds there; left out where no peer was asked. */
export type Mending = {
  readonly stream: StreamId
  readonly from: number
  readonly to: number
  readonly theirs?: readonly Uint8Array[]
}

type Deps = { readonly db: Db; readonly now: () => Date }

/**
 * Mends our copy of a bucket. What we hold ourselves is tried first (where a hash was damaged, and not a
 * fact), then the peer's facts, then ours where they follow from each other and the peer's elsewhere.
 * Whatever is written has been proven by our own chain around it. Answers with how many rows were
 * written: none where the copy is whole.
 */
export async function mendCopy(
  { db, now }: Deps,
  org: OrgId,
  { stream, from, to, theirs }: Mending,
): Promise<Outcome<{ readonly mended: number }, { readonly code: 'other_history' }>> {
  return transact(db, async (tx) => {
    const head = await lockHead(tx, org, stream)
    const before = await findHash(tx, org, { stream, seq: from - 1 })
    if (head === undefined || before === undefined || to > head.seq) {
      return refused({ code: 'other_history' })
    }
    const ours = await readRows(tx, org, { stream, from, to })
    const [next] = await readRows(tx, org, { stream, from: to + 1, to: to + 1 })
    const last = ours.find(({ seq }) => seq === to)
    const after = [
      ...(last === undefined ? [] : [last.hash]),
      ...(to === head.seq ? [head.hash] : []),
    ]
    const anchors = { before, after, next }
    const digests = await readDigests(tx, org, { stream, from, to })
    const sound = new Map(digests.map(({ seq, chained }) => [seq, chained]))
    const own = new Map(ours.map(({ seq, bytes }) => [seq, bytes]))
    const length = to - from + 1
    const mixed = theirs?.map((bytes, index) => {
      const seq = from + index
      return sound.get(seq) === true ? (own.get(seq) ?? bytes) : bytes
    })
    for (const facts of [ours.map(({ bytes }) => bytes), theirs, mixed]) {
      if (facts?.length !== length) continue
      const found = mendBucket(sha256, { from, facts, anchors, ours })
      if (!found.ok) continue
      const rows = found.value
      const at = now().toISOString()
      if (rows.length > 0) {
        await writeMended(tx, org, { stream, rows, at })
        await noteRepair(tx, org, { stream, bucket: bucketOf(from), at })
      }
      return accepted({ mended: rows.length })
    }
    return refused({ code: 'other_history' })
  })
}
