import type { Finding } from '@tillkeeper/client/api/reconciliation-shapes.ts'
import { countUnacknowledged } from '@tillkeeper/projections/journal/cursor-sql.ts'
import { closeFound, noteFound } from '@tillkeeper/projections/reconcile/report-sql.ts'
import {
  type RegisterBucket,
  registerBuckets,
  registerBucketsFine,
} from '@tillkeeper/sync/digest/digest-messages.ts'
import type { Position } from '@tillkeeper/sync/message/messages.ts'
import {
  digestRegisters,
  findRegisterCut,
  readSchema,
  remadeBucketsMax,
  remakeBuckets,
} from './digest-registers.ts'
import type { ReconcileDeps, Run } from './run.ts'

/**
 * Level 2: compares registers and the rows that are made from them with the parent, where both have applied
 * the feed of the chain up to one position, and makes those that differ again from the journal. Where one
 * side stands elsewhere nothing is said: the next run asks again.
 */
export async function compareRegisters(deps: ReconcileDeps, run: Run): Promise<void> {
  const { db, org, node, now, parent } = deps
  const feeds = await findRegisterCut(db, org, { all: true })
  if (feeds === undefined || feeds.length === 0 || parent === undefined) return
  // An edit of this shop that the parent has not heard of is no difference.
  if ((await countUnacknowledged(db, org, parent)).facts > 0) return
  const about = { kind: 'digest_mismatch', node, stream: null, at: now().toISOString() } as const
  const odd = await findDiffering(deps, feeds)
  if (odd === undefined) return
  if (odd.length === 0) return closeFound(db, org, about)
  // Ours first; where that does not help, the parent makes its own again before it answers.
  await remakeBuckets(db, org, { buckets: odd, feedsOnly: false })
  const left = await askFine(deps, feeds, { only: odd, remade: true })
  const outcome = outcomeOf(left, odd.length)
  const place = `${odd.length} of ${registerBucketsFine} buckets of entities`
  const detail = `buckets ${odd.slice(0, 20).join(', ')}`
  run.findings.push({ level: 'L2', what: 'registers_differ', place, outcome, detail })
  const found = { place, outcome, found: detail }
  if (outcome === 'later') return
  await noteFound(db, org, { ...about, mended: outcome === 'repaired', detail: found })
}

function outcomeOf(left: Answer | undefined, odd: number): Finding['outcome'] {
  // The feed moved while we looked, the parent was asked a moment ago, or there was too much at once.
  if (left === undefined || left.later || odd > remadeBucketsMax) return 'later'
  return left.differing.length === 0 ? 'repaired' : 'unresolved'
}

/** The fine buckets that differ; `undefined` where nothing can be compared now. */
async function findDiffering(
  deps: ReconcileDeps,
  feeds: readonly Position[],
): Promise<readonly number[] | undefined> {
  const coarse = await digestRegisters(deps.db, deps.org, { of: registerBuckets })
  const first = await ask(deps, feeds, { of: registerBuckets, buckets: coarse, remade: false })
  if (first === undefined || first.differing.length === 0) return first?.differing
  const width = registerBucketsFine / registerBuckets
  const only = first.differing.flatMap((bucket) =>
    Array.from({ length: width }, (_, index) => bucket * width + index),
  )
  await deps.pause()
  return (await askFine(deps, feeds, { only, remade: false }))?.differing
}

async function askFine(
  deps: ReconcileDeps,
  feeds: readonly Position[],
  { only, remade }: { readonly only: readonly number[]; readonly remade: boolean },
): Promise<Answer | undefined> {
  const ours = await digestRegisters(deps.db, deps.org, { of: registerBucketsFine, only })
  const held = new Map(ours.map((bucket) => [bucket.bucket, bucket]))
  // A bucket that is empty here is asked for too: the parent may hold something in it.
  const empty = '0'.repeat(64)
  const buckets = only.map((bucket) => held.get(bucket) ?? { bucket, fields: 0, sum: empty })
  return ask(deps, feeds, { of: registerBucketsFine, buckets, remade })
}

type Answer = { readonly differing: readonly number[]; readonly later: boolean }

async function ask(
  { db, peer }: ReconcileDeps,
  feeds: readonly Position[],
  {
    of,
    buckets,
    remade,
  }: {
    readonly of: typeof registerBuckets | typeof registerBucketsFine
    readonly buckets: readonly RegisterBucket[]
    readonly remade: boolean
  },
): Promise<Answer | undefined> {
  const answer = await peer?.compareRegisters({
    ...{ level: 'registers', feeds: [...feeds], schema: await readSchema(db), of },
    ...{ buckets: [...buckets], remade },
  })
  if (answer === undefined || !answer.ok || !answer.value.comparable) return undefined
  const { differing, later } = answer.value
  return { differing: differing.map(({ bucket }) => bucket), later }
}
