import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { type Entity, type EntityEdit, readEntity } from '@tillkeeper/core/merge/entity.ts'
import { isHeldByScope } from '@tillkeeper/facts/catalogue/register-edit.ts'
import { canonicalJson } from '@tillkeeper/facts/seal/canonical.ts'
import type { Tx } from '@tillkeeper/projections/db.ts'
import type { Edit } from './change-chain.ts'

/**
 * Leaves out the fields that say what is so already, and the edits of which nothing is left. Of an entity that
 * was deleted everything is news: whoever says it wants it back. What is left is said with the `rep` that its
 * fields have, so that it counts after a reseal.
 */
export async function findNews(
  tx: Tx,
  org: OrgId,
  { scope, edits }: { readonly scope: string; readonly edits: readonly Edit[] },
): Promise<readonly Edit[]> {
  const merged = new Map<string, Edit>()
  for (const edit of edits) {
    const name = `${edit.kind}/${edit.entityId}`
    merged.set(name, { ...edit, fields: { ...merged.get(name)?.fields, ...edit.fields } })
  }
  const held = await readEntities(tx, org, { scope, edits: [...merged.values()] })
  return [...merged].flatMap(([name, edit]) => {
    const entity = held.get(name) ?? []
    const { fields: known, deleted } = readEntity(entity)
    const fields = Object.fromEntries(
      Object.entries(edit.fields).filter(([field, value]) => {
        if (value === undefined) return false
        if (field === 'deleted') return !deleted
        return deleted || !same(known[field], value)
      }),
    )
    if (Object.keys(fields).length === 0) return []
    const rep = Math.max(
      0,
      ...entity.filter(({ fields: of }) => shares(of, fields)).map((e) => e.rep),
    )
    return [{ ...edit, fields, ...(rep === 0 ? {} : { rep }) }]
  })
}

function same(a: unknown, b: unknown): boolean {
  return a !== undefined && canonicalJson(a) === canonicalJson(b)
}

function shares(a: object, b: object): boolean {
  return Object.keys(a).some((field) => field in b)
}

/** Entities as the edits that still say something of them, by `kind/id`. */
async function readEntities(
  tx: Tx,
  org: OrgId,
  { scope, edits }: { readonly scope: string; readonly edits: readonly Edit[] },
): Promise<ReadonlyMap<string, Entity>> {
  const ids = edits.map(({ entityId }) => entityId)
  const scopes = [...new Set(edits.map(({ kind }) => (isHeldByScope(kind) ? scope : '')))]
  const rows = await tx<(EntityEdit & { name: string; field: string; value: unknown })[]>`
    SELECT kind || '/' || entity_id AS name, field, value, rep, hlc, fact_id AS "factId"
    FROM register
    WHERE org_id = ${org} AND entity_id = ANY(${ids}::uuid[]) AND scope = ANY(${scopes}::text[])
  `
  const changes = await tx<
    (EntityEdit & { name: string; field: string; value: string; removed: boolean })[]
  >`
    SELECT kind || '/' || entity_id AS name, field, value, rep, hlc, tag AS "factId", removed
    FROM register_set
    WHERE org_id = ${org} AND entity_id = ANY(${ids}::uuid[])
  `
  const entities = new Map<string, Entity>()
  // Each row is a part of an edit: as an edit of its own it says the same.
  const take = (name: string, edit: EntityEdit) =>
    entities.set(name, [...(entities.get(name) ?? []), edit])
  for (const { name, field, value, rep, hlc, factId } of rows) {
    take(name, { rep, hlc, factId, fields: { [field]: value } })
  }
  for (const { name, field, value, rep, hlc, factId, removed } of changes) {
    const change = removed ? { remove: [{ value, tags: [factId] }] } : { add: [value] }
    take(name, { rep, hlc, factId, fields: {}, sets: { [field]: change } })
  }
  return entities
}
