import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { RegisterEdit } from '@tillkeeper/facts/catalogue/register-edit.ts'
import type { PendingQuery, Row } from 'postgres'
import { jsonParameter, type Tx } from '../db.ts'

// Sets, value by value (core/merge/or-set.ts). A whole list is a register like any other; what was added or
// removed beside it stands here.

type Change = {
  readonly kind: string
  readonly entity_id: string
  readonly field: string
  readonly value: string
  readonly tag: string
  readonly rep: number
  readonly hlc: string
}

/** Adds values to sets and takes tags from them. A tag that is taken stays taken. */
export function changeSets(
  tx: Tx,
  org: OrgId,
  edits: readonly RegisterEdit[],
): readonly PendingQuery<Row[]>[] {
  const adds: Change[] = []
  const removes: Change[] = []
  for (const { kind, entityId, rep, hlc, factId, sets = {} } of edits) {
    for (const [field, { add = [], remove = [] }] of Object.entries(sets)) {
      const where = { kind, entity_id: entityId, field }
      for (const value of add) adds.push({ ...where, value, tag: factId, rep, hlc })
      for (const { value, tags } of remove) {
        for (const tag of tags) removes.push({ ...where, value, tag, rep: 0, hlc: '' })
      }
    }
  }
  return [
    ...(adds.length === 0 ? [] : [insertAdds(tx, org, adds)]),
    ...(removes.length === 0 ? [] : [insertRemoves(tx, org, removes)]),
  ]
}

const asked = (tx: Tx, changes: readonly Change[]) => tx`
  jsonb_to_recordset(${jsonParameter(tx, changes)}) AS asked
    (kind text, entity_id uuid, field text, value text, tag uuid, rep integer, hlc text)
`

function insertAdds(tx: Tx, org: OrgId, adds: readonly Change[]) {
  return tx`
    INSERT INTO register_set (org_id, kind, entity_id, field, value, tag, rep, hlc, removed)
    SELECT ${org}::uuid, kind, entity_id, field, value, tag, rep, hlc, false
    FROM ${asked(tx, adds)}
    WHERE NOT EXISTS (
      SELECT FROM ended_tombstone AS ended
      WHERE ended.org_id = ${org} AND ended.kind = asked.kind AND ended.entity_id = asked.entity_id
        AND (ended.rep, ended.hlc, ended.fact_id) >= (asked.rep, asked.hlc COLLATE "C", asked.tag)
    )
    ON CONFLICT (org_id, kind, entity_id, field, value, tag) DO NOTHING
  `.execute()
}

function insertRemoves(tx: Tx, org: OrgId, removes: readonly Change[]) {
  return tx`
    INSERT INTO register_set (org_id, kind, entity_id, field, value, tag, rep, hlc, removed)
    SELECT DISTINCT ${org}::uuid, kind, entity_id, field, value, tag, rep, hlc, true
    FROM ${asked(tx, removes)}
    ON CONFLICT (org_id, kind, entity_id, field, value, tag) DO UPDATE
    SET rep = 0, hlc = '', removed = true
  `.execute()
}

/**
 * The values of a set of `entity` (a row of `makeEntityRows`, with `field` as its fields): those of the
 * latest whole list in its order, then those added since, sorted.
 */
export const setValues = (tx: Tx, { kind, field }: { kind: string; field: string }) => tx`
  ARRAY(
    SELECT value
    FROM (
      SELECT assigned.value, assigned.nth
      FROM jsonb_array_elements_text(entity.field -> ${field}::text)
        WITH ORDINALITY AS assigned (value, nth)
      WHERE NOT EXISTS (
        SELECT FROM register_set AS gone
        JOIN register AS list
          ON list.org_id = gone.org_id AND list.kind = gone.kind AND list.entity_id = gone.entity_id
          AND list.field = gone.field AND list.scope = '' AND list.fact_id = gone.tag
        WHERE gone.org_id = entity.org_id AND gone.kind = ${kind} AND gone.entity_id = entity.id
          AND gone.field = ${field} AND gone.value = assigned.value AND gone.removed
      )
      UNION ALL
      SELECT added.value, 1000000
      FROM register_set AS added
      WHERE added.org_id = entity.org_id AND added.kind = ${kind} AND added.entity_id = entity.id
        AND added.field = ${field} AND NOT added.removed
        AND NOT EXISTS (
          SELECT FROM register AS list
          WHERE list.org_id = added.org_id AND list.kind = added.kind
            AND list.entity_id = added.entity_id AND list.field = added.field AND list.scope = ''
            AND (list.rep, list.hlc, list.fact_id) > (added.rep, added.hlc, added.tag)
        )
    ) AS element
    GROUP BY value
    ORDER BY min(nth), value COLLATE "C"
  )
`

/** The tags of a value of a set, as a remove has to name them: what is seen of it here. */
export async function findTags(
  tx: Tx,
  org: OrgId,
  asked: { readonly kind: string; readonly entityId: string; readonly field: string },
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { kind, entityId, field } = asked
  const rows = await tx<{ value: string; tags: string[] }[]>`
    SELECT value, array_agg(DISTINCT tag ORDER BY tag) AS tags
    FROM (
      SELECT assigned.value, list.fact_id AS tag
      FROM register AS list
      CROSS JOIN LATERAL jsonb_array_elements_text(list.value) AS assigned (value)
      WHERE list.org_id = ${org} AND list.kind = ${kind} AND list.entity_id = ${entityId}
        AND list.field = ${field} AND list.scope = ''
      UNION ALL
      SELECT value, tag
      FROM register_set
      WHERE org_id = ${org} AND kind = ${kind} AND entity_id = ${entityId} AND field = ${field}
        AND NOT removed
    ) AS seen
    GROUP BY value
  `
  return new Map(rows.map(({ value, tags }) => [value, tags]))
}
