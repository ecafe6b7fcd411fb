import { findingsMax, type Reconciliation } from '@tillkeeper/client/api/reconciliation-shapes.ts'
import { saveReport } from '@tillkeeper/projections/reconcile/report-sql.ts'
import { compareFacts } from './compare-facts.ts'
import { compareIds } from './compare-ids.ts'
import { compareMoney } from './compare-money.ts'
import { compareRegisters } from './compare-registers.ts'
import { beginRun, type ReconcileDeps } from './run.ts'

/**
 * Compares this server's data with its parent's and with itself, mends what a rule can decide, and keeps a
 * report. `hourly`: what came since the last run; else everything, from the disk. Facts come first, since
 * all else is made from them.
 */
export async function reconcile(
  deps: ReconcileDeps,
  kind: Reconciliation['kind'],
): Promise<Reconciliation> {
  const { db, org, now } = deps
  const full = kind !== 'hourly'
  const startedAt = now().toISOString()
  const run = beginRun()
  await compareFacts(deps, run, { full })
  if (full) await compareIds(deps, run)
  if (full) await compareRegisters(deps, run)
  const isSound = run.findings.every(
    ({ what, outcome }) => what !== 'bytes_differ' || outcome === 'repaired',
  )
  await compareMoney(deps, run, { full, isSound })
  const count = (outcome: string) => run.findings.filter((one) => one.outcome === outcome).length
  const report = {
    kind,
    startedAt,
    finishedAt: now().toISOString(),
    streams: run.streams.size,
    buckets: run.buckets,
    differences: run.findings.length,
    repaired: count('repaired'),
    unresolved: count('unresolved'),
    findings: run.findings.slice(0, findingsMax),
  }
  return { id: await saveReport(db, org, report), ...report }
}
