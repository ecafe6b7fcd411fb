import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { RegisterEdit } from '@tillkeeper/facts/catalogue/register-edit.ts'
import type { PendingQuery, Row } from 'postgres'
import { jsonParameter, type Tx } from '../db.ts'

/**
 * Ends tombstones: what was said of the entity up to the stamp of its deletion goes, and only the stamp stays.
 * An edit that comes later and is older than it makes nothing again, in whatever order they came. Tags that
 * were taken from a set stay taken.
 */
export function endTombstones(
  tx: Tx,
  org: OrgId,
  edits: readonly RegisterEdit[],
): readonly PendingQuery<Row[]>[] {
  const rows = edits.flatMap(({ kind, entityId, ended }) =>
    ended === undefined
      ? []
      : [{ kind, entity_id: entityId, rep: ended.rep, hlc: ended.hlc, fact_id: ended.factId }],
  )
  if (rows.length === 0) return []
  const asked = tx`
    jsonb_to_recordset(${jsonParameter(tx, rows)}) AS asked
      (kind text, entity_id uuid, rep integer, hlc text, fact_id uuid)
  `
  return [
    tx`
      INSERT INTO ended_tombstone (org_id, kind, entity_id, rep, hlc, fact_id)
      SELECT DISTINCT ON (kind, entity_id) ${org}::uuid, kind, entity_id, rep, hlc, fact_id
      FROM ${asked}
      ORDER BY kind, entity_id, rep DESC, hlc COLLATE "C" DESC, fact_id DESC
      ON CONFLICT (org_id, kind, entity_id) DO UPDATE
      SET rep = excluded.rep, hlc = excluded.hlc, fact_id = excluded.fact_id
      WHERE (ended_tombstone.rep, ended_tombstone.hlc, ended_tombstone.fact_id)
        < (excluded.rep, excluded.hlc, excluded.fact_id)
    `.execute(),
    tx`
      DELETE FROM register AS said
      USING ${asked}
      WHERE said.org_id = ${org} AND said.kind = asked.kind AND said.entity_id = asked.entity_id
        AND (said.rep, said.hlc, said.fact_id) <= (asked.rep, asked.hlc COLLATE "C", asked.fact_id)
    `.execute(),
    tx`
      DELETE FROM register_set AS said
      USING ${asked}
      WHERE said.org_id = ${org} AND said.kind = asked.kind AND said.entity_id = asked.entity_id
        AND NOT said.removed
        AND (said.rep, said.hlc, said.tag) <= (asked.rep, asked.hlc COLLATE "C", asked.fact_id)
    `.execute(),
  ]
}
