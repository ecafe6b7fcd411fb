import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { RegisterEditBody } from '@tillkeeper/facts/catalogue/registers.ts'
import type { Hlc } from '@tillkeeper/facts/seal/hlc.ts'
import { jsonParameter, type Tx } from '../db.ts'
import { makeEntityRows } from './entity-rows-sql.ts'

/** What has registers: the part of a fact's type before `.changed`. */
export type RegisterKind =
  | 'org'
  | 'shop'
  | 'till'
  | 'product'
  | 'role'
  | 'employee'
  | 'credential'
  | 'apikey'

/** One fact's new values for some fields of one entity. */
export type RegisterEdit = {
  readonly factId: string
  readonly hlc: Hlc
  readonly kind: RegisterKind
  readonly body: RegisterEditBody
}

type FieldRow = {
  readonly kind: RegisterKind
  readonly entity_id: string
  readonly field: string
  readonly value: unknown
  readonly hlc: Hlc
  readonly fact_id: string
}

/**
 * Takes edits into the registers: of each field the latest by (clock reading, fact id) stays. Then the
 * rows of the entities that an edit touched are made again from their registers.
 */
export async function applyRegisterEdits(
  tx: Tx,
  org: OrgId,
  edits: readonly RegisterEdit[],
): Promise<void> {
  if (edits.length === 0) return
  const rows = latestOfEach(edits)
  const touched = new Map<RegisterKind, Set<string>>()
  for (const { kind, body } of edits) {
    const ids = touched.get(kind) ?? new Set()
    touched.set(kind, ids.add(body.entityId))
  }
  // `execute` sends at once: the rows are made after the registers, without waiting in between.
  await Promise.all([
    tx`
      INSERT INTO register (org_id, kind, entity_id, field, value, hlc, fact_id)
      SELECT ${org}::uuid, kind, entity_id, field, value, hlc, fact_id
      FROM jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
        (kind text, entity_id uuid, field text, value jsonb, hlc text, fact_id uuid)
      ON CONFLICT (org_id, kind, entity_id, field, scope) DO UPDATE
      SET value = excluded.value, hlc = excluded.hlc, fact_id = excluded.fact_id
      WHERE (register.hlc, register.fact_id) < (excluded.hlc, excluded.fact_id)
    `.execute(),
    ...[...touched].map(([kind, ids]) => makeEntityRows(tx, org, { kind, ids: [...ids] })),
  ])
}

// One statement may write a row once only, so a batch brings the latest edit of each field.
function latestOfEach(edits: readonly RegisterEdit[]): readonly FieldRow[] {
  const latest = new Map<string, FieldRow>()
  for (const { factId, hlc, kind, body } of edits) {
    for (const [field, value] of Object.entries(body.fields)) {
      const row = { kind, entity_id: body.entityId, field, value, hlc, fact_id: factId }
      const name = `${kind}/${body.entityId}/${field}`
      const before = latest.get(name)
      if (before === undefined || isBefore(before, row)) latest.set(name, row)
    }
  }
  return [...latest.values()]
}

function isBefore(a: FieldRow, b: FieldRow): boolean {
  return a.hlc === b.hlc ? a.fact_id < b.fact_id : a.hlc < b.hlc
}
