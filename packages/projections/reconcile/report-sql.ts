import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { jsonParameter, type Reader } from '../db.ts'
import { type IncidentKind, noteIncident } from '../journal/incident-sql.ts'

// What comparisons of data at rest found, for people.

/** One run, with its first findings. */
export type ReportRow<Finding> = {
  readonly id: string
  readonly kind: 'hourly' | 'nightly' | 'asked'
  readonly startedAt: string
  readonly finishedAt: string
  readonly streams: number
  readonly buckets: number
  readonly differences: number
  readonly repaired: number
  readonly unresolved: number
  readonly findings: readonly Finding[]
}

/** Runs that are kept and listed: two months of hours. */
export const reportsKept = 1_500

/** Keeps a report; the oldest make room. Returns its id. */
export async function saveReport<Finding>(
  sql: Reader,
  org: OrgId,
  report: Omit<ReportRow<Finding>, 'id'>,
): Promise<string> {
  const { kind, startedAt, finishedAt, streams, buckets } = report
  const { differences, repaired, unresolved, findings } = report
  const [row] = await sql<{ id: string }[]>`
    INSERT INTO reconciliation (org_id, kind, started_at, finished_at, streams, buckets, differences,
      repaired, unresolved, findings)
    VALUES (${org}, ${kind}, ${startedAt}, ${finishedAt}, ${streams}, ${buckets}, ${differences},
      ${repaired}, ${unresolved}, ${jsonParameter(sql, findings)})
    RETURNING id
  `
  await sql`
    DELETE FROM reconciliation
    WHERE org_id = ${org} AND id IN (
      SELECT id FROM reconciliation
      WHERE org_id = ${org}
      ORDER BY started_at DESC, id DESC
      OFFSET ${reportsKept}
    )
  `
  return row?.id ?? ''
}

/** The newest reports first. */
export async function listReports<Finding>(
  sql: Reader,
  org: OrgId,
  { limit, kind }: { readonly limit: number; readonly kind?: ReportRow<Finding>['kind'] },
): Promise<readonly ReportRow<Finding>[]> {
  return sql<ReportRow<Finding>[]>`
    SELECT id, kind, started_at AS "startedAt", finished_at AS "finishedAt", streams, buckets,
      differences, repaired, unresolved, findings
    FROM reconciliation
    WHERE org_id = ${org} AND ${kind === undefined ? sql`TRUE` : sql`kind = ${kind}`}
    ORDER BY started_at DESC, id DESC
    LIMIT ${limit}
  `
}

/** Who mended what needs no person. */
const mender = 'reconcile'

type About = {
  readonly kind: IncidentKind
  readonly node: string
  readonly stream: string | null
  readonly at: string
}

/** Notes what a person has to look at, or what was mended already: that one is closed at once. */
export async function noteFound(
  sql: Reader,
  org: OrgId,
  {
    mended,
    detail,
    ...about
  }: About & { readonly mended: boolean; readonly detail: Readonly<Record<string, string>> },
): Promise<void> {
  const isNew = await noteIncident(sql, org, { ...about, detail })
  if (isNew && mended) await closeFound(sql, org, about)
}

/** Closes what stands open of a stream, once a comparison has found it whole again. */
export async function closeFound(
  sql: Reader,
  org: OrgId,
  { kind, node, stream, at }: About,
): Promise<void> {
  await sql`
    UPDATE incident SET resolved_at = ${at}, resolved_by = ${mender}
    WHERE org_id = ${org} AND kind = ${kind} AND node = ${node}
      AND stream IS NOT DISTINCT FROM ${stream} AND resolved_at IS NULL
  `
}
