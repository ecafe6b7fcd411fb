// When the state of a node's replication is for a person to look at. The same limits for screens, alarms
// and docs/operate/sync-health.md.

/** A child says hello at least twice a minute while its line is up; after three missed it is away. */
export const helloMissedMs = 100_000
/** Facts that are not acknowledged while the line is up: the queue is stuck, not slow. */
export const stuckAfterMs = 60_000
/** A clock that is off by so much is mentioned; beyond the second, edits from it are held back. */
export const clockWarnMs = 60_000
export const clockAlarmMs = 300_000

export type NodeReport = {
  /** When it was last heard; null if never. */
  readonly heardAt: string | null
  /** Whether it speaks with us itself, or others speak for it. */
  readonly direct: boolean
  readonly lagFacts: number
  /** When the oldest fact was recorded that its parent has not acknowledged, as it said. */
  readonly oldestUnackedAt: string | null
  readonly parked: number
  readonly clockOffsetMs: number | null
  readonly openIncidents: number
}

export type NodeState =
  /** Somebody has to act: an incident, a queue that does not move, a clock that is far off. */
  | 'alarm'
  /** Somebody should look: parked facts, a clock that drifts. */
  | 'attention'
  /** It does not answer now. A shop sells on without a line. */
  | 'away'
  /** Facts are on their way. */
  | 'behind'
  | 'well'

/** Says how a node fares: the worst that is true of it. */
export function judgeNode(report: NodeReport, nowMs: number): NodeState {
  const { heardAt, direct, lagFacts, oldestUnackedAt, clockOffsetMs, parked } = report
  const offMs = Math.abs(clockOffsetMs ?? 0)
  const up = direct && isUp(heardAt, nowMs)
  const stuck = up && oldestUnackedAt !== null && nowMs - Date.parse(oldestUnackedAt) > stuckAfterMs
  if (report.openIncidents > 0 || stuck || offMs > clockAlarmMs) return 'alarm'
  if (parked > 0 || offMs > clockWarnMs) return 'attention'
  if (direct && !up) return 'away'
  return lagFacts > 0 ? 'behind' : 'well'
}

/** Whether a child that was heard then still counts as connected. */
export function isUp(heardAt: string | null, nowMs: number): boolean {
  return heardAt !== null && nowMs - Date.parse(heardAt) < helloMissedMs
}
