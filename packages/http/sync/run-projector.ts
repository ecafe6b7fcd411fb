import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import type { LiveEvent } from '@tillkeeper/projections/journal/live-sql.ts'
import { listOrgsWithDue, listOrgsWithParked } from '@tillkeeper/projections/journal/parked-sql.ts'
import type { ReadAhead } from '@tillkeeper/projections/journal/read-ahead.ts'
import { type RetryOf, retryParked } from '@tillkeeper/projections/parking/retry-parked.ts'
import { projectPending } from '@tillkeeper/projections/project.ts'
import type { ProjectOptions } from '@tillkeeper/projections/project-rows.ts'

// Journalling is acknowledged at once; tables follow here, moments later. The journal is the queue: what
// this process forgets by dying, its next start finds there.

/** After a failure the database is tried again in so long. Nothing else waits for it. */
const retryMs = 1_000

export type Projector = {
  /** Facts of the organisation were journalled. Cheap. */
  readonly wake: (org: OrgId) => void
  /**
   * After a start: tries what was parked, since this program may know more than the one before, and wakes
   * every organisation that has facts waiting.
   */
  readonly wakeAll: () => Promise<void>
  /** Resolves when nothing waits any more. */
  readonly settled: () => Promise<void>
  /** Resolves when the batch under way is done; no other is begun. */
  readonly stop: () => Promise<void>
}

export type ProjectorDeps = {
  readonly db: Db
  /** As many facts go into one transaction. Whoever sells beside it waits for one such batch. */
  readonly batchMax?: number
  /** What the receiver of this process has read already. Left out: all is read from the journal. */
  readonly readAhead?: ReadAhead | undefined
  /** What was just projected, committed: for whoever listens live. */
  readonly onEvents: (org: OrgId, events: readonly LiveEvent[]) => void
  readonly onFault: (error: unknown) => void
  /** What time it is, by what is trusted here: edits from the future wait for theirs. */
  readonly now: () => Date
  /** What else is done in the transaction that applies edits of other nodes: the cloud relays them. */
  readonly onEdits?: ((org: OrgId) => ProjectOptions['onEdits']) | undefined
  /** A batch is projected and committed. */
  readonly onProjected?: ((org: OrgId) => void) | undefined
}

/** Edits whose time has come are looked for this often. */
const dueMs = 60_000

/** Runs the one projector of a server: organisations in turn, a batch each, until nothing waits. */
export function runProjector(deps: ProjectorDeps): Projector {
  const { db, batchMax, readAhead, onEvents, onFault } = deps
  const waiting = new Set<OrgId>()
  let running: Promise<void> | undefined
  let retry: NodeJS.Timeout | undefined
  let stopped = false

  const turn = async (): Promise<void> => {
    for (;;) {
      const [org] = waiting
      if (org === undefined || stopped) return
      waiting.delete(org)
      try {
        const { events, more } = await projectPending(db, org, {
          ...optionsOf(deps, org),
          batchMax,
          readAhead,
        })
        deps.onProjected?.(org)
        if (events.length > 0) onEvents(org, events)
        // To the end of the line: one organisation's backlog does not hold up another's sale.
        if (more) waiting.add(org)
        if (!waiting.has(org)) readAhead?.forget(org)
      } catch (error) {
        // The database is away, or a bug of ours: the journal keeps what waits.
        onFault(error)
        waiting.add(org)
        return
      }
    }
  }
  const retryOf = async (org: OrgId, of: RetryOf): Promise<void> => {
    const { applied, events } = await retryParked(db, org, { of, ...optionsOf(deps, org) })
    if (applied > 0) deps.onProjected?.(org)
    if (events.length > 0) onEvents(org, events)
  }
  const due = setInterval(() => {
    const retryDue = async () => {
      for (const org of await listOrgsWithDue(db, deps.now().toISOString())) {
        await retryOf(org, { kind: 'reason', reason: 'future_clock' })
      }
    }
    retryDue().catch(onFault)
  }, dueMs)
  due.unref()
  const run = (): void => {
    if (running !== undefined || stopped) return
    running = turn().finally(() => {
      running = undefined
      if (waiting.size === 0 || stopped || retry !== undefined) return
      retry = setTimeout(() => {
        retry = undefined
        run()
      }, retryMs)
    })
  }
  return {
    wake: (org) => {
      waiting.add(org)
      run()
    },
    wakeAll: async () => {
      for (const org of await listOrgsWithParked(db)) await retryOf(org, { kind: 'all' })
      for (const { org } of await listWaiting(db)) waiting.add(org)
      run()
    },
    settled: async () => {
      while (running !== undefined || waiting.size > 0) {
        await running
        if (waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, 10))
      }
    },
    stop: async () => {
      stopped = true
      clearTimeout(retry)
      clearInterval(due)
      await running
    },
  }
}

function optionsOf({ now, onEdits }: ProjectorDeps, org: OrgId): ProjectOptions {
  return { now: now().toISOString(), onEdits: onEdits?.(org) }
}

function listWaiting(db: Db): Promise<readonly { readonly org: OrgId }[]> {
  return db<{ org: OrgId }[]>`
    SELECT DISTINCT org_id AS org
    FROM stream
    WHERE projected_seq < head_seq AND trust <> 'quarantined'
    ORDER BY org_id
  `
}

/** How far the tables are behind the journal: facts, and when the oldest of them was recorded. */
export async function readQueueLag(
  db: Db,
): Promise<{ readonly facts: number; readonly oldestAt: string | null }> {
  const [row] = await db<{ facts: number; oldestAt: string | null }[]>`
    SELECT coalesce(sum(waiting.facts), 0)::bigint AS facts, min(journal.recorded_at) AS "oldestAt"
    FROM (
      SELECT org_id, stream, projected_seq, head_seq - projected_seq AS facts
      FROM stream
      WHERE projected_seq < head_seq AND trust <> 'quarantined'
    ) AS waiting
    JOIN journal
      ON journal.org_id = waiting.org_id AND journal.stream = waiting.stream
      AND journal.seq = waiting.projected_seq + 1
  `
  return { facts: row?.facts ?? 0, oldestAt: row?.oldestAt ?? null }
}
