import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { parkReasons } from '@tillkeeper/core/parking/resolve-fact.ts'
import { helloMissedMs, stuckAfterMs } from '@tillkeeper/core/sync-health/judge-node.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import {
  countUnacknowledged,
  listUnacknowledged,
} from '@tillkeeper/projections/journal/cursor-sql.ts'
import type { IncidentKind } from '@tillkeeper/projections/journal/incident-sql.ts'
import { countParkedByReason } from '@tillkeeper/projections/parking/list-parked-sql.ts'
import {
  countIncidents,
  countMismatches,
  countRepaired,
  measureClockOffsets,
  measureLagBelow,
  nameWorst,
  readOldestBelow,
} from '@tillkeeper/projections/sync-health/measures-sql.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { LinkStatus } from '../reads/sync-status-routes.ts'

/** Where a store server's facts go, for what waits there. */
export type Upward = {
  readonly org: OrgId
  /** Its parent's name in the journal. */
  readonly parent: string
  readonly linkStatus: () => LinkStatus
}

type Deps = {
  readonly db: Db
  readonly now: () => Date
  /** Undefined in the cloud. */
  readonly up?: Upward | undefined
}

/**
 * The figures of replication (docs/operate/sync-health.md). They are read from tables when they are asked
 * for: what happened before this process started is counted too.
 */
export function measureSync(metrics: Metrics, deps: Deps): void {
  const { db } = deps
  metrics.gauge(
    'dlq_parked',
    'Facts that could not be projected, by reason.',
    async (gauge) => {
      const counts = new Map((await countParkedByReason(db)).map((row) => [row.reason, row.facts]))
      for (const reason of parkReasons) gauge.set({ reason }, counts.get(reason) ?? 0)
    },
    ['reason'],
  )
  metrics.gauge(
    'clock_offset_ms',
    'The clock of a node below less this server’s, in milliseconds.',
    async (gauge) => {
      gauge.reset()
      for (const { node, value } of await measureClockOffsets(db)) gauge.set({ node }, value)
    },
    ['node'],
  )
  measureLag(metrics, deps)
  const totals = {
    forks_total: ['Streams of which two histories were found.', ['fork']],
    clone_suspect_total: [
      'Nodes of which a copy is suspected.',
      ['clone_suspected', 'body_changed'],
    ],
    rollback_peer_total: ['Peers that held less than they had said.', ['rollback']],
  } as const satisfies Record<string, readonly [string, readonly IncidentKind[]]>
  for (const [name, [help, kinds]] of Object.entries(totals)) {
    metrics.total(name, help, async (counter) => counter.inc(await countIncidents(db, kinds)))
  }
  metrics.total('repair_rows_total', 'What comparisons of data at rest mended.', async (counter) =>
    counter.inc(await countRepaired(db)),
  )
  metrics.total(
    'digest_mismatch_total',
    'Differences that comparisons of data at rest found, by level.',
    async (counter) => {
      for (const { level, mismatches } of await countMismatches(db)) {
        counter.inc({ level }, mismatches)
      }
    },
    ['level'],
  )
}

function measureLag(metrics: Metrics, { db, now, up }: Deps): void {
  const ageOf = (at: string | null) =>
    at === null ? 0 : Math.max(0, (now().getTime() - Date.parse(at)) / 1_000)
  metrics.gauge(
    'sync_lag_facts',
    'Facts that a node has and the server above it has not. `up`: from here; `below`: to here.',
    async (gauge) => {
      gauge.reset()
      for (const { node, value } of await measureLagBelow(db)) {
        gauge.set({ node, way: 'below' }, value)
      }
      if (up === undefined) return
      const waiting = (await listUnacknowledged(db, up.org, up.parent)).map(
        ({ author: node, facts: value }) => ({ node, value }),
      )
      for (const { node, value } of nameWorst(waiting)) gauge.set({ node, way: 'up' }, value)
    },
    ['node', 'way'],
  )
  metrics.gauge(
    'sync_lag_seconds',
    'Age of the oldest fact on its way: to the cloud, or from who is connected below.',
    async (gauge) => {
      if (up !== undefined) {
        gauge.set(ageOf((await countUnacknowledged(db, up.org, up.parent)).oldestAt))
        return
      }
      const since = new Date(now().getTime() - helloMissedMs).toISOString()
      gauge.set(ageOf(await readOldestBelow(db, since)))
    },
  )
  if (up === undefined) return
  metrics.gauge('unacked_cloud_facts', 'Facts that the cloud does not have yet.', async (gauge) =>
    gauge.set((await countUnacknowledged(db, up.org, up.parent)).facts),
  )
  metrics.gauge(
    'link_stuck',
    'Seconds that the oldest fact has waited though the line is up; 0 where it moves.',
    async (gauge) => {
      const { oldestAt } = await countUnacknowledged(db, up.org, up.parent)
      const seconds = ageOf(oldestAt)
      const stuck = up.linkStatus().linkUp && seconds * 1_000 > stuckAfterMs
      gauge.set(stuck ? seconds : 0)
    },
  )
}
