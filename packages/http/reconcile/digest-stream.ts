import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { readDigests } from '@tillkeeper/projections/reconcile/journal-digest-sql.ts'
import {
  type BucketDigest,
  bucketOf,
  bucketRange,
  createHashSum,
} from '@tillkeeper/sync/digest/bucket.ts'

/** Buckets that are read from the disk at once: some milliseconds, and then others have their turn. */
export const bucketsAtOnce = 8

/** Waits until nobody else needs the server. */
export type Pause = () => Promise<void>

export type StreamDigest = {
  readonly digests: readonly BucketDigest[]
  /** Buckets in which a fact is missing, or does not follow from the one before it. */
  readonly broken: readonly number[]
}

/** Sums up buckets of our copy of a stream, up to a cut, over the bytes as they are stored now. */
export async function digestStream(
  db: Db,
  org: OrgId,
  {
    stream,
    cut,
    buckets,
  }: { readonly stream: StreamId; readonly cut: number; readonly buckets: readonly number[] },
  pause: Pause,
): Promise<StreamDigest> {
  const digests: BucketDigest[] = []
  const broken: number[] = []
  for (const part of inRuns(buckets)) {
    await pause()
    const [first, last] = [part[0] ?? 0, part.at(-1) ?? 0]
    const { from } = bucketRange(first, cut)
    const rows = await readDigests(db, org, { stream, from, to: bucketRange(last, cut).to })
    const byBucket = Map.groupBy(rows, ({ seq }) => bucketOf(seq))
    for (const bucket of part) {
      const held = byBucket.get(bucket) ?? []
      const sum = createHashSum()
      for (const { digest } of held) sum.add(digest)
      digests.push({ bucket, facts: held.length, sum: sum.hex() })
      const range = bucketRange(bucket, cut)
      const isWhole = held.length === range.to - range.from + 1
      if (!isWhole || !held.every(({ chained }) => chained)) broken.push(bucket)
    }
  }
  return { digests, broken }
}

/** Cuts a list of buckets into runs of neighbours, `bucketsAtOnce` long at most. */
function inRuns(buckets: readonly number[]): readonly (readonly number[])[] {
  const runs: number[][] = []
  for (const bucket of [...buckets].sort((a, b) => a - b)) {
    const run = runs.at(-1)
    const follows = run !== undefined && run.at(-1) === bucket - 1 && run.length < bucketsAtOnce
    if (follows) run.push(bucket)
    else runs.push([bucket])
  }
  return runs
}
