import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { accepted } from '@tillkeeper/core/base/outcome.ts'
import type { Hlc } from '@tillkeeper/facts/seal/hlc.ts'
import { storeAuthor } from '@tillkeeper/http/sync/child.ts'
import { type ChainDeps, type Change, changeChain } from './change-chain.ts'

/** A deletion is kept for so long at least. */
export const tombstoneDaysMin = 180
/** As many end in one run. */
const endedMax = 1_000
const dayMs = 86_400_000

/**
 * Ends the tombstones of products that were deleted long ago and of which every shop that is not retired has
 * heard. From then on only a stamp is kept of each. People stay, as a name for old receipts. Returns how many.
 */
export async function endTombstones(deps: ChainDeps, org: OrgId): Promise<number> {
  let ended = 0
  await changeChain(deps, { org, actor: 'node:cloud' }, async (change) => {
    const old = await findOld(change, deps.now())
    await change.record(
      'org',
      old.map(({ entityId, rep, hlc, factId }) => ({
        ...{ kind: 'product', entityId, fields: {}, ended: { rep, hlc, factId } },
      })),
    )
    ended = old.length
    return accepted(undefined)
  })
  return ended
}

type Old = {
  readonly entityId: string
  readonly rep: number
  readonly hlc: Hlc
  readonly factId: string
}

function findOld({ tx, org }: Change, now: Date): Promise<readonly Old[]> {
  const before = Math.max(0, now.getTime() - tombstoneDaysMin * dayMs)
  return tx<Old[]>`
    SELECT gone.entity_id AS "entityId", gone.rep, gone.hlc, gone.fact_id AS "factId"
    FROM register AS gone
    JOIN product ON product.org_id = gone.org_id AND product.id = gone.entity_id AND product.deleted
    -- Only the cloud deletes, so a deletion stands in a feed.
    JOIN fact_id AS said ON said.org_id = gone.org_id AND said.id = gone.fact_id
    WHERE gone.org_id = ${org} AND gone.kind = 'product' AND gone.field = 'deleted'
      AND gone.hlc < ${before.toString(16).padStart(12, '0')} COLLATE "C"
      AND NOT EXISTS (
        SELECT FROM node
        LEFT JOIN child_contact AS contact
          ON contact.org_id = node.org_id AND contact.author = ${storeAuthor('')} || node.shop_id
        WHERE node.org_id = gone.org_id AND node.revoked_at IS NULL
          AND coalesce((contact.feeds ->> said.stream)::bigint, 0) < said.seq
      )
    ORDER BY gone.hlc, gone.entity_id
    LIMIT ${endedMax}
  `
}

/** Every organisation of the cloud, for what is done to each once a day. */
export async function listOrgs(deps: Pick<ChainDeps, 'db'>): Promise<readonly OrgId[]> {
  const rows = await deps.db<{ org: OrgId }[]>`SELECT org_id AS org FROM org ORDER BY org_id`
  return rows.map(({ org }) => org)
}
