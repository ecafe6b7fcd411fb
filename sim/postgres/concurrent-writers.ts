import { setTimeout as wait } from 'node:timers/promises'
import { type OrgId, uuidv7 } from '@tillkeeper/core/base/id.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import {
  type Author,
  feedAuthor,
  recordFacts,
} from '@tillkeeper/projections/journal/record-facts.ts'
import { readStream } from '@tillkeeper/projections/journal/stream-sql.ts'
import { currency, editOf, productIds } from '../actors/chain-setup.ts'
import { idOf } from '../actors/names.ts'
import { type Random, random } from '../world/random.ts'

// Writers of one feed in real transactions of any length, and a reader that follows by its own cursor:
// what commits late must not be passed over.

export type Followed = {
  /** Ids whose transactions were committed, in no order. */
  readonly committed: readonly string[]
  /** What the reader got, in its order. */
  readonly read: readonly { readonly seq: number; readonly id: string }[]
  /** How long the reader saw nothing new while a writer held its transaction open. */
  readonly stillMs: number
}

const org = idOf<OrgId>('org')
const readEveryMs = 3
const bytesMax = 1_000_000

/** Lets writers write at once, each transaction open for a while, and follows the feed meanwhile. */
export async function followFeed(
  db: Db,
  plan: {
    readonly seed: number
    readonly writers: number
    readonly each: number
    readonly openMsMax: number
  },
): Promise<Followed> {
  const author = feedAuthor(org, 'org')
  const chance = random(plan.seed)
  const committed: string[] = []
  const read: { seq: number; id: string }[] = []
  let over = false
  let stillMs = 0
  const follow = async () => {
    let newsMs = performance.now()
    for (let rounds = 0; ; ) {
      const after = read.at(-1)?.seq ?? 0
      const part = await readStream(db, org, {
        stream: author.stream,
        after,
        factsMax: 7,
        bytesMax,
      })
      const facts = part?.facts ?? []
      for (const [index, bytes] of facts.entries()) {
        const { id } = JSON.parse(Buffer.from(bytes).toString()) as { id: string }
        read.push({ seq: after + index + 1, id })
      }
      stillMs = Math.max(stillMs, performance.now() - newsMs)
      if (facts.length > 0) newsMs = performance.now()
      // Once all have ended, a look that finds nothing is the end.
      if (over && facts.length === 0) rounds += 1
      if (rounds > 1) return
      await wait(readEveryMs)
    }
  }
  const write = async (own: Random) => {
    for (let count = 0; count < plan.each; count += 1) {
      const drafts = Array.from({ length: own.between(1, 4) }, () => edit(own))
      await writeSlowly(db, { author, drafts, openMs: own.below(plan.openMsMax + 1) })
      committed.push(...drafts.map(({ id }) => id))
    }
  }
  const following = follow()
  await Promise.all(
    Array.from({ length: plan.writers }, (_, index) => write(chance.fork(`writer ${index}`))),
  )
  over = true
  await following
  return { committed, read, stillMs }
}

/** Records facts and commits only after so long. */
async function writeSlowly(
  db: Db,
  {
    author,
    drafts,
    openMs,
  }: {
    readonly author: Author
    readonly drafts: readonly FactDraft[]
    readonly openMs: number
  },
): Promise<void> {
  await db.begin(async (tx) => {
    const nowMs = Date.now()
    await recordFacts(tx, author, drafts, { nowMs, recordedAt: new Date(nowMs).toISOString() })
    await wait(openMs)
  })
}

function edit(chance: Random): FactDraft {
  return editOf('product.changed', {
    id: uuidv7(Date.now(), chance.bytes(10)),
    entityId: chance.pick(productIds),
    fields: { price: { currency, minor: chance.below(10_000) } },
    nowIso: new Date().toISOString(),
  })
}
