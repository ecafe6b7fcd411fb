import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { findHead } from '@tillkeeper/projections/journal/stream-sql.ts'
import { compareDigests } from '@tillkeeper/sync/digest/bucket.ts'
import type { FactsAnswer, FactsQuestion } from '@tillkeeper/sync/digest/digest-messages.ts'
import { digestStream, type Pause } from './digest-stream.ts'

/**
 * Answers a child that asks whether we store what it stores. Everything is read from the disk now; where
 * we do not hold a stream up to the child's cut, nothing is compared, for it would look like a difference.
 */
export async function answerFacts(
  db: Db,
  org: OrgId,
  question: FactsQuestion,
  { mayHold, pause }: { readonly mayHold: (stream: StreamId) => boolean; readonly pause: Pause },
): Promise<FactsAnswer> {
  const streams: FactsAnswer['streams'] = []
  for (const { stream, cut, buckets } of question.streams) {
    const head = mayHold(stream) ? await findHead(db, org, stream) : undefined
    if (head === undefined || head.seq < cut) {
      streams.push({ stream, comparable: false, differing: [], broken: [] })
      continue
    }
    const asked = buckets.map(({ bucket }) => bucket)
    const ours = await digestStream(db, org, { stream, cut, buckets: asked }, pause)
    const differing = new Set(compareDigests(ours.digests, buckets))
    streams.push({
      stream,
      comparable: true,
      differing: ours.digests.filter(({ bucket }) => differing.has(bucket)),
      broken: [...ours.broken],
    })
  }
  return { level: 'facts', streams }
}
