import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import { businessDateOf } from '@tillkeeper/core/base/instant.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { catalogue, type FactType } from '@tillkeeper/facts/catalogue/catalogue.ts'
import type { StreamHead } from '@tillkeeper/facts/seal/seal.ts'
import { type Db, type Tx, transact } from '@tillkeeper/projections/db.ts'
import { type Author, recordFacts } from '@tillkeeper/projections/journal/record-facts.ts'
import { lockOrg } from '@tillkeeper/projections/journal/stream-sql.ts'
import { findShop } from '@tillkeeper/projections/registers/shop-sql.ts'
import { type Identified, type RepeatRefusal, refuseRepeat } from '../idempotency/identify.ts'

// What a person does about a shop in an office, in the shop or in the cloud. A store server seals it in its
// own stream; the cloud in the feed of the shop, which the shop's server pulls like any other.

export type ShopActDeps = {
  readonly db: Db
  readonly now: () => Date
  readonly actAuthorOf: (org: OrgId, shopId: ShopId) => Author
  /** An act is committed: carry it on, tell who listens. */
  readonly onActed: (org: OrgId, head: StreamHead) => void
}

export type ShopActing = {
  readonly org: OrgId
  /** As facts name who acts. */
  readonly actor: string
  readonly identified: Identified
}

/** What was decided: where it belongs, and what its fact says. */
export type ShopAct = {
  readonly type: FactType
  readonly shopId: ShopId
  readonly keys: readonly string[]
  readonly refs?: readonly string[]
  readonly body: unknown
}

export type ShopActDone = { readonly id: string; readonly repeated: boolean }

/** Decides and records one act, in one transaction that holds the organisation. Asked again, nothing. */
export async function recordShopAct<Refusal extends { readonly code: string }>(
  { db, now, actAuthorOf, onActed }: ShopActDeps,
  { org, actor, identified }: ShopActing,
  decide: (tx: Tx) => Promise<Outcome<ShopAct, Refusal>>,
): Promise<Outcome<ShopActDone, Refusal | RepeatRefusal>> {
  const { id, fingerprint } = identified
  let head: StreamHead | undefined
  const outcome = await transact(
    db,
    async (tx): Promise<Outcome<ShopActDone, Refusal | RepeatRefusal>> => {
      await lockOrg(tx, org)
      const [prior] = await tx<{ fingerprint: Uint8Array | null }[]>`
        SELECT fingerprint FROM fact_id WHERE org_id = ${org} AND id = ${id}
      `
      if (prior !== undefined) {
        const same =
          prior.fingerprint !== null && Buffer.compare(prior.fingerprint, fingerprint) === 0
        return same ? accepted({ id, repeated: true }) : refused(refuseRepeat(identified))
      }
      const decided = await decide(tx)
      if (!decided.ok) return decided
      const { shopId, type, keys, refs = [], body } = decided.value
      const at = now()
      const recordedAt = at.toISOString()
      const { timeZone = 'UTC' } = (await findShop(tx, org, shopId)) ?? {}
      const draft = {
        ...{ id, type, v: catalogue[type].v, scope: `shop:${shopId}`, actor, keys, refs, body },
        ...{ occurredAt: recordedAt, businessDate: businessDateOf(recordedAt, timeZone) },
      }
      const recorded = await recordFacts(tx, actAuthorOf(org, shopId), [draft], {
        ...{ nowMs: at.getTime(), recordedAt },
        fingerprints: new Map([[id, fingerprint]]),
      })
      head = recorded.head
      return accepted({ id, repeated: false })
    },
  )
  if (outcome.ok && head !== undefined) onActed(org, head)
  return outcome
}
