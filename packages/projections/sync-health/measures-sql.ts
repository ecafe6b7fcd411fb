import type { Reader } from '../db.ts'
import type { IncidentKind } from '../journal/incident-sql.ts'

// Figures for /metrics, over all organisations of a server. Nodes are labels, so there is a most of them:
// the worst are told by name, and the rest together.

/** As many nodes are told by name in one figure. */
export const nodesMax = 100
/** How the rest are called. */
export const otherNodes = 'other'

export type NodeFigure = { readonly node: string; readonly value: number }

/** Facts that nodes below this one hold and this one does not, as they said at their last hello. */
export async function measureLagBelow(sql: Reader): Promise<readonly NodeFigure[]> {
  const rows = await sql<NodeFigure[]>`
    SELECT child.author AS node,
      sum(greatest(told.seq - coalesce(stream.head_seq, 0), 0))::bigint AS value
    FROM child_health AS child
    CROSS JOIN LATERAL jsonb_to_recordset(child.behind) AS told (stream text, seq bigint)
    LEFT JOIN stream ON stream.org_id = child.org_id AND stream.stream = told.stream
    GROUP BY child.org_id, child.author
    ORDER BY value DESC, node
  `
  return nameWorst(rows)
}

/** The clocks of the nodes below less this server's, in milliseconds: the largest first. */
export async function measureClockOffsets(sql: Reader): Promise<readonly NodeFigure[]> {
  return sql<NodeFigure[]>`
    SELECT author AS node, clock_offset_ms AS value
    FROM child_health
    WHERE clock_offset_ms IS NOT NULL
    ORDER BY abs(clock_offset_ms) DESC, author
    LIMIT ${nodesMax}
  `
}

/** When the oldest fact was recorded that a node has not got rid of, of those heard since an instant. */
export async function readOldestBelow(sql: Reader, heardSince: string): Promise<string | null> {
  const [row] = await sql<{ at: string | null }[]>`
    SELECT min(oldest_unacked_at) AS at FROM child_health WHERE hello_at >= ${heardSince}
  `
  return row?.at ?? null
}

/** Names the first `nodesMax` of figures that are in order, and adds up the rest. */
export function nameWorst(figures: readonly NodeFigure[]): readonly NodeFigure[] {
  if (figures.length <= nodesMax) return figures
  const rest = figures.slice(nodesMax).reduce((sum, { value }) => sum + value, 0)
  return [...figures.slice(0, nodesMax), { node: otherNodes, value: rest }]
}

/** How often something of these kinds was noticed, ever. */
export async function countIncidents(sql: Reader, kinds: readonly IncidentKind[]): Promise<number> {
  const [row] = await sql<{ incidents: number }[]>`
    SELECT count(*) AS incidents FROM incident WHERE kind = ANY(${[...kinds]}::text[])
  `
  return row?.incidents ?? 0
}

export type LevelCount = { readonly level: string; readonly mismatches: number }

/** Differences that comparisons of data at rest found, by level. */
export async function countMismatches(sql: Reader): Promise<readonly LevelCount[]> {
  return sql<LevelCount[]>`
    SELECT finding ->> 'level' AS level, count(*) AS mismatches
    FROM reconciliation
    CROSS JOIN LATERAL jsonb_array_elements(findings) AS finding
    WHERE jsonb_typeof(findings) = 'array' AND finding ->> 'level' IS NOT NULL
    GROUP BY 1
    ORDER BY 1
  `
}

/** What comparisons of data at rest mended, ever. */
export async function countRepaired(sql: Reader): Promise<number> {
  const [row] = await sql<{ repaired: number }[]>`
    SELECT coalesce(sum(repaired), 0)::bigint AS repaired FROM reconciliation
  `
  return row?.repaired ?? 0
}
