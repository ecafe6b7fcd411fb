import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { compareStamps, type Stamp } from '@tillkeeper/core/merge/stamp.ts'
import { isHeldByScope, type RegisterEdit } from '@tillkeeper/facts/catalogue/register-edit.ts'
import type { RegisterKind } from '@tillkeeper/facts/catalogue/registers.ts'
import { jsonParameter, type Tx } from '../db.ts'
import { endTombstones } from './ended-tombstone-sql.ts'
import { makeEntityRows } from './entity-rows-sql.ts'
import { changeSets } from './register-set-sql.ts'

export type { RegisterEdit, RegisterKind }

/**
 * Takes edits into the registers: of each field the latest by (rep, clock reading, fact id) stays, sets are
 * changed value by value, and what is older than an ended tombstone says nothing. Then the rows of the
 * entities that an edit touched are made again from their registers. The order of edits does not matter.
 */
export async function applyRegisterEdits(
  tx: Tx,
  org: OrgId,
  edits: readonly RegisterEdit[],
): Promise<void> {
  if (edits.length === 0) return
  const touched = new Map<RegisterKind, Set<string>>()
  for (const { kind, entityId } of edits) {
    const ids = touched.get(kind) ?? new Set()
    touched.set(kind, ids.add(entityId))
  }
  const ending = new Set(edits.flatMap(({ kind, ended }) => (ended === undefined ? [] : [kind])))
  // `execute` sends at once: the rows are made after the registers, without waiting in between.
  await Promise.all([
    ...(edits.length < manyEdits ? [] : [planAnew(tx)]),
    setFields(tx, org, latestOfEach(edits)),
    ...changeSets(tx, org, edits),
    ...endTombstones(tx, org, edits),
    ...[...touched].flatMap(([kind, ids]) => [
      ...(isHeldByScope(kind) ? [dropTakenBack(tx, org, { kind, ids: [...ids] })] : []),
      ...makeEntityRows(tx, org, {
        kind,
        ids: [...ids],
        someWent: isHeldByScope(kind) || ending.has(kind),
      }),
    ]),
  ])
}

/** From so many edits on, making a plan costs less than a wrong one. */
const manyEdits = 20

/**
 * A catalogue that is loaded for the first time fills tables that were empty when their statements were
 * planned: a plan that was kept from then walks through all of them for each product. So here, until the
 * transaction ends, each statement is planned for the tables as they are, and looks its rows up by key.
 */
function planAnew(tx: Tx) {
  return tx`
    SELECT set_config('plan_cache_mode', 'force_custom_plan', true),
      set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
      set_config('enable_mergejoin', 'off', true)
  `.execute()
}

type FieldRow = {
  readonly kind: RegisterKind
  readonly entity_id: string
  readonly scope: string
  readonly field: string
  readonly value: unknown
  readonly rep: number
  readonly hlc: string
  readonly fact_id: string
}

function setFields(tx: Tx, org: OrgId, rows: readonly FieldRow[]) {
  return tx`
    INSERT INTO register (org_id, kind, entity_id, field, scope, value, rep, hlc, fact_id)
    SELECT ${org}::uuid, kind, entity_id, field, scope, value, rep, hlc, fact_id
    FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (kind text, entity_id uuid, field text, scope text, value jsonb, rep integer, hlc text,
       fact_id uuid)
    WHERE NOT EXISTS (
      SELECT FROM ended_tombstone AS ended
      WHERE ended.org_id = ${org} AND ended.kind = asked.kind AND ended.entity_id = asked.entity_id
        AND (ended.rep, ended.hlc, ended.fact_id) >= (asked.rep, asked.hlc COLLATE "C", asked.fact_id)
    )
    ON CONFLICT (org_id, kind, entity_id, field, scope) DO UPDATE
    SET value = excluded.value, rep = excluded.rep, hlc = excluded.hlc, fact_id = excluded.fact_id
    WHERE (register.rep, register.hlc, register.fact_id)
      < (excluded.rep, excluded.hlc, excluded.fact_id)
  `.execute()
}

/**
 * What a feed took back is dropped, and not only hidden: a shop that a person left holds no hash of theirs.
 * What the same feed said later stays, and so does what other feeds said.
 */
function dropTakenBack(
  tx: Tx,
  org: OrgId,
  { kind, ids }: { readonly kind: RegisterKind; readonly ids: readonly string[] },
) {
  return tx`
    DELETE FROM register AS said
    USING register AS gone
    WHERE gone.org_id = ${org} AND gone.kind = ${kind} AND gone.entity_id = ANY(${ids}::uuid[])
      AND gone.field = 'deleted'
      AND said.org_id = gone.org_id AND said.kind = gone.kind AND said.entity_id = gone.entity_id
      AND said.scope = gone.scope AND said.field <> 'deleted'
      AND (said.rep, said.hlc, said.fact_id) < (gone.rep, gone.hlc, gone.fact_id)
  `.execute()
}

// One statement may write a row once only, so a batch brings the latest edit of each field.
function latestOfEach(edits: readonly RegisterEdit[]): readonly FieldRow[] {
  const latest = new Map<string, FieldRow & Stamp>()
  for (const { kind, entityId, scope, rep, hlc, factId, fields } of edits) {
    for (const [field, value] of Object.entries(fields)) {
      const where = { kind, entity_id: entityId, scope, field, value }
      const row = { ...where, rep, hlc, factId, fact_id: factId }
      const name = `${kind}/${entityId}/${scope}/${field}`
      const before = latest.get(name)
      if (before === undefined || compareStamps(before, row) < 0) latest.set(name, row)
    }
  }
  return [...latest.values()]
}
