import type { Finding } from '@tillkeeper/client/api/reconciliation-shapes.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import type { Pause } from './digest-stream.ts'
import type { Peer } from './peer.ts'

/** What a comparison works with. */
export type ReconcileDeps = {
  readonly db: Db
  readonly org: OrgId
  /** This server as an author: incidents are about it. */
  readonly node: string
  readonly now: () => Date
  /** Called between small steps: it resolves when nobody else needs the server. */
  readonly pause: Pause
  /** The parent; left out at the top, and where there is no line. */
  readonly peer?: Peer | undefined
  /** The parent's name in the journal's cursors. */
  readonly parent?: string | undefined
  /** Rows of the tables were made again, or facts mended: what waits can be projected. */
  readonly onMended: () => void
}

/** What was found so far. */
export type Run = {
  readonly findings: Finding[]
  readonly streams: Set<string>
  buckets: number
}

export function beginRun(): Run {
  return { findings: [], streams: new Set(), buckets: 0 }
}
