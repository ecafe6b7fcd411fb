import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { listUnacknowledged } from '@tillkeeper/projections/journal/cursor-sql.ts'
import {
  listIncidents,
  noteIncident,
  resolveIncident,
} from '@tillkeeper/projections/journal/incident-sql.ts'
import type { LinkStatus } from '../reads/sync-status-routes.ts'
import { isStuck } from './read-health.ts'

// A queue that is stuck and does not fail is the fault that nothing else shows: the line is up, and facts
// wait. It is an incident while it lasts.

export type WatchDeps = {
  readonly db: Db
  readonly org: OrgId
  /** This server, as an author. */
  readonly author: string
  readonly parent: string
  readonly now: () => Date
  readonly linkStatus: () => LinkStatus
  /** Told once when it begins. */
  readonly onStuck: (facts: number) => void
  readonly onFault: (error: unknown) => void
}

/** How often the queue is looked at: four looks until the limit. */
const lookMs = 15_000

/** Looks at the queue towards the parent now and then. Returns how to stop. */
export function watchLink(deps: WatchDeps): () => void {
  const timer = setInterval(() => {
    // An edge: a database that is away is told of, and looked at again.
    lookAtLink(deps).catch(deps.onFault)
  }, lookMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** Notes an incident where facts wait though the line is up, and closes it when they went on. */
export async function lookAtLink(deps: WatchDeps): Promise<void> {
  const { db, org, author: node, parent } = deps
  const at = deps.now().toISOString()
  const waiting = await listUnacknowledged(db, org, parent)
  if (isStuck(deps.linkStatus(), waiting, Date.parse(at))) {
    const facts = waiting.reduce((sum, author) => sum + author.facts, 0)
    const detail = { facts, streamsOf: waiting.length }
    if (await noteIncident(db, org, { kind: 'link_stuck', node, detail, at })) deps.onStuck(facts)
    return
  }
  // With no line nothing is known: only a queue that moved ends it.
  if (waiting.length > 0 && !deps.linkStatus().linkUp) return
  for (const { id, kind } of await listIncidents(db, org, { openOnly: true })) {
    if (kind === 'link_stuck') await resolveIncident(db, org, { id, by: 'node', at })
  }
}
