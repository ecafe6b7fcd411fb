import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Reader } from '../db.ts'

// What somebody should look at. Nothing waits for them: a shop sells on, and what could be mended was.

export type IncidentKind =
  /** Two go on from the same memory of a node. */
  | 'clone_suspected'
  /** Two histories of one stream were found. */
  | 'fork'
  /** A node, or its parent, held less than it had said. */
  | 'rollback'
  /** A head was signed by a key that is not its author's. */
  | 'bad_signature'
  /** The machine or the database under a node is not the one that it stopped on. */
  | 'body_changed'
  /** Data at rest was not what the peer holds. */
  | 'digest_mismatch'
  /** Money does not add up, and building the tables again did not help. */
  | 'money_differs'
  /** A clock is far from its parent's. */
  | 'clock'
  /** Facts are not acknowledged though the line is up. */
  | 'link_stuck'

export type Incident = {
  readonly id: string
  readonly kind: IncidentKind
  /** The author that it is about. */
  readonly node: string
  readonly stream: string | null
  readonly detail: Readonly<Record<string, unknown>>
  /** When it was first seen. */
  readonly at: string
  readonly resolvedAt: string | null
  readonly resolvedBy: string | null
}

/** As many are listed at once. */
export const incidentsMax = 200

/**
 * Notes an incident, unless one of the same kind, node and stream stands open. Returns whether it is a
 * new one: who raises alarms raises them then.
 */
export async function noteIncident(
  sql: Reader,
  org: OrgId,
  {
    kind,
    node,
    stream = null,
    detail = {},
    at,
  }: {
    readonly kind: IncidentKind
    readonly node: string
    readonly stream?: string | null
    readonly detail?: Readonly<Record<string, string | number | boolean | null>>
    readonly at: string
  },
): Promise<boolean> {
  const rows = await sql`
    INSERT INTO incident (org_id, kind, node, stream, detail, at)
    VALUES (${org}, ${kind}, ${node}, ${stream}, ${sql.json(detail)}, ${at})
    ON CONFLICT (org_id, kind, node, coalesce(stream, '')) WHERE resolved_at IS NULL DO NOTHING
    RETURNING id
  `
  return rows.length === 1
}

/** The newest incidents, those that stand open first. */
export async function listIncidents(
  sql: Reader,
  org: OrgId,
  { openOnly = false }: { readonly openOnly?: boolean } = {},
): Promise<readonly Incident[]> {
  return sql<Incident[]>`
    SELECT id, kind, node, stream, detail, at, resolved_at AS "resolvedAt", resolved_by AS "resolvedBy"
    FROM incident
    WHERE org_id = ${org} AND (NOT ${openOnly} OR resolved_at IS NULL)
    ORDER BY resolved_at IS NOT NULL, at DESC, id DESC
    LIMIT ${incidentsMax}
  `
}

/** Closes an incident that somebody looked at; false where none of that id stands open. */
export async function resolveIncident(
  sql: Reader,
  org: OrgId,
  { id, by, at }: { readonly id: string; readonly by: string; readonly at: string },
): Promise<boolean> {
  const rows = await sql`
    UPDATE incident SET resolved_at = ${at}, resolved_by = ${by}
    WHERE org_id = ${org} AND id = ${id} AND resolved_at IS NULL
    RETURNING id
  `
  return rows.length === 1
}

export type OpenIncident = Pick<Incident, 'id' | 'kind' | 'node' | 'stream' | 'at'>

/** What stands open in a database, of all organisations: for who looks at a server, not at a chain. */
export async function listOpenIncidents(sql: Reader): Promise<readonly OpenIncident[]> {
  return sql<OpenIncident[]>`
    SELECT id, kind, node, stream, at
    FROM incident
    WHERE resolved_at IS NULL
    ORDER BY at DESC, id DESC
    LIMIT ${incidentsMax}
  `
}
