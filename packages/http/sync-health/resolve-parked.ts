import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import {
  decideResolveFact,
  type ResolveFact,
  type ResolveFactRefusal,
  type ResolveFactState,
  reachOf,
} from '@tillkeeper/core/parking/resolve-fact.ts'
import { catalogue } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import type { StreamHead } from '@tillkeeper/facts/seal/seal.ts'
import { type Db, type Tx, transact } from '@tillkeeper/projections/db.ts'
import { appendLiveEvents } from '@tillkeeper/projections/journal/live-sql.ts'
import { type Author, isAct, recordFacts } from '@tillkeeper/projections/journal/record-facts.ts'
import { lockOrg } from '@tillkeeper/projections/journal/stream-sql.ts'
import type { ShopScope } from '@tillkeeper/projections/page/shop-scope.ts'
import { isProjected, listParkedPage } from '@tillkeeper/projections/parking/list-parked-sql.ts'
import { settleParked } from '@tillkeeper/projections/parking/settle-parked.ts'
import { findShop } from '@tillkeeper/projections/registers/shop-sql.ts'
import { type Identified, type RepeatRefusal, refuseRepeat } from '../idempotency/identify.ts'

/** Where this server seals what a person settles. */
export type Settling = {
  readonly authorOf: (org: OrgId) => Author
  /** A resolution is committed: carry it on, tell who listens. */
  readonly onSettled: (org: OrgId, head: StreamHead) => void
}

export type ResolveDeps = Settling & { readonly db: Db; readonly now: () => Date }

export type Resolving = {
  readonly org: OrgId
  /** As facts name who acts. */
  readonly actor: string
  readonly shops: ShopScope
  readonly identified: Identified
}

export type Resolved = {
  readonly id: string
  /** Facts that went on which had waited behind it. */
  readonly released: number
}

/**
 * Settles a parked fact by a fact of this server: from then on it counts nothing on any node, and what
 * waited behind it goes on in order. Nothing is edited, and nothing is deleted from the journal.
 */
export async function resolveParked(
  deps: ResolveDeps,
  resolving: Resolving,
  command: ResolveFact,
): Promise<Outcome<Resolved, ResolveFactRefusal | RepeatRefusal>> {
  const { org, identified } = resolving
  const author = deps.authorOf(org)
  let head: StreamHead | undefined
  const outcome = await transact(
    deps.db,
    async (tx): Promise<Outcome<Resolved, ResolveFactRefusal | RepeatRefusal>> => {
      await lockOrg(tx, org)
      const prior = await findPrior(tx, org, identified.id)
      if (prior !== undefined) return answerRepeat(identified, prior)
      const decided = decideResolveFact(await readState(tx, resolving, command, author), command)
      if (!decided.ok) return decided
      const at = deps.now()
      const recordedAt = at.toISOString()
      const draft = await draftResolution(tx, resolving, {
        author,
        body: decided.value,
        recordedAt,
      })
      const recorded = await recordFacts(tx, author, [draft], {
        nowMs: at.getTime(),
        recordedAt,
        fingerprints: new Map([[identified.id, identified.fingerprint]]),
      })
      head = recorded.head
      const released = await settleParked(tx, org, [identified.id])
      await appendLiveEvents(tx, org, released.filter(isAct))
      return accepted({ id: identified.id, released: released.length })
    },
  )
  if (outcome.ok && head !== undefined) deps.onSettled(org, head)
  return outcome
}

async function readState(
  tx: Tx,
  { org, shops }: Resolving,
  { factId, replacementId }: ResolveFact,
  { author }: Author,
): Promise<ResolveFactState> {
  const { items } = await listParkedPage(tx, org, { shops, factId, limit: 1 })
  const [item] = items
  const read = item === undefined ? undefined : readFact(item.bytes)
  const parked =
    item === undefined || read === undefined || read.kind === 'refused'
      ? undefined
      : { reason: item.reason, scope: read.fact.scope }
  if (replacementId === undefined) return { parked, replacement: 'none', author }
  const replacement = (await isProjected(tx, org, replacementId)) ? 'projected' : 'missing'
  return { parked, replacement, author }
}

async function draftResolution(
  tx: Tx,
  { org, actor, identified }: Resolving,
  {
    author,
    body,
    recordedAt,
  }: {
    readonly author: Author
    readonly body: ResolveFact
    readonly recordedAt: string
  },
) {
  const reach = reachOf(author.author)
  const scope = reach === 'all' || reach === undefined ? 'org' : reach
  const shop = reach?.startsWith('shop:') ? reach.slice('shop:'.length) : undefined
  const zone = shop === undefined ? undefined : await findShop(tx, org, shop as never)
  return {
    id: identified.id,
    type: 'fact.resolved',
    v: catalogue['fact.resolved'].v,
    scope,
    actor,
    occurredAt: recordedAt,
    businessDate: businessDateOf(recordedAt, zone?.timeZone ?? 'UTC'),
    // Not the keys of what it settles: it would wait behind that.
    keys: [`fact:${body.factId}`],
    refs: [body.factId],
    body,
  }
}

async function findPrior(tx: Tx, org: OrgId, id: string) {
  const [row] = await tx<{ fingerprint: Uint8Array | null }[]>`
    SELECT fingerprint FROM fact_id WHERE org_id = ${org} AND id = ${id}
  `
  return row
}

function answerRepeat(
  identified: Identified,
  { fingerprint }: { readonly fingerprint: Uint8Array | null },
): Outcome<Resolved, RepeatRefusal> {
  const same = fingerprint !== null && Buffer.compare(fingerprint, identified.fingerprint) === 0
  return same ? accepted({ id: identified.id, released: 0 }) : refused(refuseRepeat(identified))
}
