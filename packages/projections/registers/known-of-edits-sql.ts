import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { readRegisterEdit } from '@tillkeeper/facts/catalogue/register-edit.ts'
import type { Fact } from '@tillkeeper/facts/seal/seal.ts'
import type { Tx } from '../db.ts'

/** What judging edits of other nodes needs to know. */
export type KnownOfEdits = {
  /** How often an entity's registers were resealed, by `kind/id`. Left out: never. */
  readonly reps: ReadonlyMap<string, number>
  /** Until when an author was silent for too long, by its name. */
  readonly expired: ReadonlyMap<string, string>
}

const nothing: KnownOfEdits = { reps: new Map(), expired: new Map() }

/** Looks up what judging these facts needs. */
export async function readKnownOfEdits(
  tx: Tx,
  org: OrgId,
  facts: readonly Fact[],
): Promise<KnownOfEdits> {
  if (facts.length === 0) return nothing
  const resealed = facts.flatMap((fact) => {
    const edit = readRegisterEdit(fact)
    return edit === undefined || edit.rep === 0 ? [] : [edit.entityId]
  })
  const reps = await tx<{ name: string; rep: number }[]>`
    SELECT kind || '/' || entity_id AS name, max(rep) AS rep
    FROM register
    WHERE org_id = ${org} AND entity_id = ANY(${resealed}::uuid[])
    GROUP BY kind, entity_id
  `
  // A till was silent for as long as the server of its shop was.
  const expired = await tx<{ author: string; until: string }[]>`
    SELECT author, expired_at AS until
    FROM child_contact
    WHERE org_id = ${org} AND expired_at IS NOT NULL
    UNION ALL
    SELECT 't-' || till.id, contact.expired_at
    FROM child_contact AS contact
    JOIN till ON till.org_id = contact.org_id AND contact.author = 's-' || till.shop_id
    WHERE contact.org_id = ${org} AND contact.expired_at IS NOT NULL
  `
  return {
    reps: new Map(reps.map(({ name, rep }) => [name, rep])),
    expired: new Map(expired.map(({ author, until }) => [author, until])),
  }
}
