import type { Finding } from '@tillkeeper/client/api/reconciliation-shapes.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { listCursors } from '@tillkeeper/projections/journal/cursor-sql.ts'
import { listHeads } from '@tillkeeper/projections/journal/stream-sql.ts'
import {
  countBytes,
  countRepairs,
  listCuts,
  noteCut,
  noteRepair,
  readRows,
} from '@tillkeeper/projections/reconcile/journal-digest-sql.ts'
import { closeFound, noteFound } from '@tillkeeper/projections/reconcile/report-sql.ts'
import { bucketCount, bucketOf, bucketRange, planRepairs } from '@tillkeeper/sync/digest/bucket.ts'
import { bucketsAskedMax } from '@tillkeeper/sync/digest/digest-messages.ts'
import { digestStream } from './digest-stream.ts'
import { bucketBytesMax, mendCopy } from './mend-copy.ts'
import type { ReconcileDeps, Run } from './run.ts'

const dayMs = 86_400_000

type Shared = { readonly stream: StreamId; readonly cut: number; readonly from: number }

/**
 * Level 1: compares what is stored of each stream with the chain's own word and with the parent, at a cut
 * that both hold, and mends what differs. `full`: from the first fact; else from where the last run ended.
 */
export async function compareFacts(
  deps: ReconcileDeps,
  run: Run,
  { full }: { readonly full: boolean },
): Promise<void> {
  for (const { stream, cut, from } of await listShared(deps, full)) {
    if (cut === 0) continue
    run.streams.add(stream)
    const buckets = Array.from(
      { length: bucketCount(cut) - bucketOf(Math.max(1, from)) },
      (_, index) => bucketOf(Math.max(1, from)) + index,
    )
    let whole = true
    for (let at = 0; at < buckets.length; at += bucketsAskedMax) {
      const part = buckets.slice(at, at + bucketsAskedMax)
      whole = (await comparePart(deps, run, { stream, cut, buckets: part })) && whole
    }
    if (!whole) continue
    await noteCut(deps.db, deps.org, { stream, seq: cut })
    // What was open of this stream is over only if all of it was looked at.
    if (full) await closeFound(deps.db, deps.org, aboutOf(deps, stream))
  }
}

const aboutOf = ({ node, now }: ReconcileDeps, stream: StreamId) => ({
  kind: 'digest_mismatch' as const,
  node,
  stream,
  at: now().toISOString(),
})

/** Every stream here, up to where both sides hold it; the top compares its copies with themselves. */
async function listShared(
  { db, org, parent, peer }: ReconcileDeps,
  full: boolean,
): Promise<readonly Shared[]> {
  const heads = await listHeads(db, org)
  const cuts = full ? new Map<StreamId, number>() : await listCuts(db, org)
  const acked = new Map(
    parent === undefined || peer === undefined
      ? []
      : (await listCursors(db, org, parent)).map(({ stream, ackedSeq }) => [stream, ackedSeq]),
  )
  return heads.map(({ stream, kind, seq }) => {
    const isTop = peer === undefined || kind === 'feed'
    const cut = isTop ? seq : Math.min(seq, acked.get(stream) ?? 0)
    // The bucket in which the last run ended has grown: it is compared again.
    return { stream, cut, from: Math.min(cut, cuts.get(stream) ?? 0) }
  })
}

type Part = { readonly stream: StreamId; readonly cut: number; readonly buckets: readonly number[] }

/** Compares some buckets and mends them; says whether all of them are the same now. */
async function comparePart(deps: ReconcileDeps, run: Run, part: Part): Promise<boolean> {
  const { db, org, now } = deps
  const { stream } = part
  const found = await look(deps, part)
  run.buckets += part.buckets.length
  const differing = [...new Set([...found.ours, ...found.theirs, ...found.differing])].sort(
    (a, b) => a - b,
  )
  if (differing.length === 0) return found.heard
  const since = new Date(now().getTime() - dayMs).toISOString()
  const plan = planRepairs(differing, await countRepairs(db, org, { stream, since }))
  let whole = found.heard
  for (const bucket of differing) {
    let outcome: Finding['outcome'] = plan.later.includes(bucket) ? 'later' : 'unresolved'
    if (plan.repair.includes(bucket)) outcome = await mend(deps, part, { bucket, ...found })
    if (outcome !== 'repaired') whole = false
    const { from, to } = bucketRange(bucket, part.cut)
    const place = `${stream} ${from}–${to}`
    const detail = detailOf(found, bucket)
    run.findings.push({ level: 'L1', what: 'bytes_differ', place, outcome, detail })
    const about = { ...aboutOf(deps, stream), mended: outcome === 'repaired' }
    await noteFound(db, org, { ...about, detail: { place, outcome, found: detail } })
  }
  return whole
}

type Found = {
  /** False where the parent did not answer, or stands elsewhere: then less was compared than was meant. */
  readonly heard: boolean
  /** Buckets in which our own chain, or the parent's, does not hold. */
  readonly ours: readonly number[]
  readonly theirs: readonly number[]
  readonly differing: readonly number[]
}

function detailOf({ ours, theirs, differing }: Found, bucket: number): string {
  const said = [
    ...(ours.includes(bucket) ? ['our chain does not hold'] : []),
    ...(theirs.includes(bucket) ? ['the parent’s chain does not hold'] : []),
    ...(differing.includes(bucket) ? ['both store other bytes'] : []),
  ]
  return said.join('; ')
}

async function look(
  { db, org, pause, peer }: ReconcileDeps,
  { stream, cut, buckets }: Part,
): Promise<Found> {
  const own = await digestStream(db, org, { stream, cut, buckets }, pause)
  const asked = [{ stream, cut, buckets: [...own.digests] }]
  const answer = await peer?.compareFacts({ level: 'facts', streams: asked })
  const theirs = answer?.ok ? answer.value.streams.find((one) => one.stream === stream) : undefined
  if (theirs === undefined || !theirs.comparable) {
    return { heard: peer === undefined, ours: own.broken, theirs: [], differing: [] }
  }
  const differing = theirs.differing.map(({ bucket }) => bucket)
  return { heard: true, ours: own.broken, theirs: theirs.broken, differing }
}

/** Mends one bucket here, or there, by the facts of whoever holds what was sealed. */
async function mend(
  deps: ReconcileDeps,
  { stream, cut }: Part,
  { bucket, ours, theirs, differing }: Found & { readonly bucket: number },
): Promise<Finding['outcome']> {
  const { db, org, peer } = deps
  const { from, to } = bucketRange(bucket, cut)
  if ((await countBytes(db, org, { stream, from, to })) > bucketBytesMax) return 'unresolved'
  if (ours.includes(bucket)) {
    const pulled = await pullBucket(deps, { stream, from, to })
    const mended = await mendCopy(deps, org, {
      ...{ stream, from, to },
      ...(pulled === undefined ? {} : { theirs: pulled }),
    })
    if (mended.ok && mended.value.mended > 0) deps.onMended()
  }
  if (peer !== undefined && (theirs.includes(bucket) || differing.includes(bucket))) {
    const rows = await readRows(db, org, { stream, from, to })
    const facts = rows.map(({ bytes }) => bytes)
    const offered =
      facts.length === to - from + 1 ? await peer.mend({ stream, from, to }, facts) : undefined
    // A parent's bucket that keeps breaking is counted as one of ours is.
    if (offered?.ok && offered.value.mended > 0) {
      await noteRepair(db, org, { stream, bucket, at: deps.now().toISOString() })
    }
  }
  const now = await look(deps, { stream, cut, buckets: [bucket] })
  const isWhole = now.heard && now.ours.length + now.theirs.length + now.differing.length === 0
  if (isWhole) return 'repaired'
  // The top has nobody to ask: a shop that holds the bucket mends it when it compares.
  return peer === undefined ? 'later' : 'unresolved'
}

async function pullBucket(
  { peer }: ReconcileDeps,
  { stream, from, to }: { readonly stream: StreamId; readonly from: number; readonly to: number },
): Promise<readonly Uint8Array[] | undefined> {
  const facts: Uint8Array[] = []
  const length = to - from + 1
  let bytes = 0
  while (peer !== undefined && facts.length < length) {
    const limit = Math.min(1_000, length - facts.length)
    const part = await peer.pull({ stream, after: from - 1 + facts.length, limit })
    if (!part.ok || part.value.length === 0) return undefined
    for (const fact of part.value) bytes += fact.length
    if (bytes > bucketBytesMax) return undefined
    facts.push(...part.value)
  }
  return facts.length === length ? facts : undefined
}
