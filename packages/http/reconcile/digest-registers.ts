import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import {
  entityBuckets,
  findSettledFeeds,
  readRegisterDigests,
  readRegisterSchema,
  remakeEntities,
} from '@tillkeeper/projections/reconcile/register-digest-sql.ts'
import { createHashSum } from '@tillkeeper/sync/digest/bucket.ts'
import type {
  RegisterBucket,
  RegistersAnswer,
  RegistersQuestion,
} from '@tillkeeper/sync/digest/digest-messages.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import type { Position } from '@tillkeeper/sync/message/messages.ts'

/** The scope whose entities every server of a chain holds. */
const scope = 'org'

/** Where registers can be compared now; `undefined` where something waits to be applied. */
export async function findRegisterCut(
  db: Db,
  org: OrgId,
  { all }: { readonly all: boolean },
): Promise<readonly Position[] | undefined> {
  const feeds = await findSettledFeeds(db, org, { scope, all })
  return feeds?.map(({ stream, seq, hash }) => ({ stream, seq, hash: toHex(hash) }))
}

/** What a question says beside its buckets. */
export async function readSchema(db: Db): Promise<string> {
  return readRegisterSchema(db)
}

/** Sums up the entities in `of` buckets, or in the fine ones that are named. Empty buckets are left out. */
export async function digestRegisters(
  db: Db,
  org: OrgId,
  { of, only }: { readonly of: number; readonly only?: readonly number[] },
): Promise<readonly RegisterBucket[]> {
  const rows = await readRegisterDigests(db, org, only)
  const width = entityBuckets / of
  const buckets = Map.groupBy(rows, ({ bucket }) => Math.floor(bucket / width))
  return [...buckets]
    .map(([bucket, held]): RegisterBucket => {
      const sum = createHashSum()
      for (const { digest } of held) sum.add(digest)
      return { bucket, fields: held.length, sum: sum.hex() }
    })
    .sort((a, b) => a.bucket - b.bucket)
}

/** The buckets of `ours` and `theirs` that are not the same. */
export function differingRegisters(
  ours: readonly RegisterBucket[],
  theirs: readonly RegisterBucket[],
): readonly number[] {
  const name = ({ bucket, fields, sum }: RegisterBucket) => `${bucket}/${fields}/${sum}`
  const [held, asked] = [new Set(ours.map(name)), new Set(theirs.map(name))]
  const odd = [
    ...ours.filter((bucket) => !asked.has(name(bucket))),
    ...theirs.filter((bucket) => !held.has(name(bucket))),
  ]
  return [...new Set(odd.map(({ bucket }) => bucket))].sort((a, b) => a - b)
}

/** Fine buckets whose entities are made again at once. */
export const remadeBucketsMax = 64

/** Makes the entities of some fine buckets again from the journal. */
export async function remakeBuckets(
  db: Db,
  org: OrgId,
  { buckets, feedsOnly }: { readonly buckets: readonly number[]; readonly feedsOnly: boolean },
): Promise<void> {
  const some = buckets.slice(0, remadeBucketsMax)
  const rows = await readRegisterDigests(db, org, some)
  const ids = [...new Set(rows.map(({ entityId }) => entityId))]
  await remakeEntities(db, org, { ids, feedsOnly })
}

/**
 * Answers a child that asks whether our registers are what its are. Where they differ after it has made its
 * own again, ours are made again from our feeds, at most once in a while (`mayRemake`).
 */
export async function answerRegisters(
  db: Db,
  org: OrgId,
  question: RegistersQuestion,
  mayRemake: () => boolean,
): Promise<RegistersAnswer> {
  const cut = await findRegisterCut(db, org, { all: false })
  const elsewhere: RegistersAnswer = {
    level: 'registers',
    comparable: false,
    differing: [],
    later: false,
  }
  if (cut === undefined || JSON.stringify(cut) !== JSON.stringify(question.feeds)) return elsewhere
  if (question.schema !== (await readSchema(db))) return elsewhere
  const asked = question.buckets.map(({ bucket }) => bucket)
  const isFine = question.of === entityBuckets
  const digest = () =>
    digestRegisters(db, org, { of: question.of, ...(isFine ? { only: asked } : {}) })
  let ours = await digest()
  let odd = differingRegisters(
    ours,
    question.buckets.filter(({ fields }) => fields > 0),
  )
  const isOurTurn = isFine && question.remade && odd.length > 0
  const later = isOurTurn && !mayRemake()
  if (isOurTurn && !later) {
    await remakeBuckets(db, org, { buckets: odd, feedsOnly: true })
    ours = await digest()
    odd = differingRegisters(
      ours,
      question.buckets.filter(({ fields }) => fields > 0),
    )
  }
  const empty = '0'.repeat(64)
  const held = new Map(ours.map((bucket) => [bucket.bucket, bucket]))
  const differing = odd.map((bucket) => held.get(bucket) ?? { bucket, fields: 0, sum: empty })
  return { level: 'registers', comparable: true, differing, later }
}
