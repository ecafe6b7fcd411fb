import type { Reconciliation } from '@tillkeeper/client/api/reconciliation-shapes.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { listReports } from '@tillkeeper/projections/reconcile/report-sql.ts'
import { reconcile } from './reconcile.ts'
import type { ReconcileDeps } from './run.ts'
import { createReconciler, type Reconciler, type ReconcilerDeps } from './schedule-reconcile.ts'

type Deps = Omit<ReconcileDeps, 'org' | 'onMended'> &
  Pick<ReconcilerDeps, 'orgs' | 'onReport' | 'onFault'> & {
    /** Facts or tables of the organisation were mended. */
    readonly onMended: (org: OrgId) => void
  }

/** The comparisons of one server, put together; nothing runs before `start`, but what is asked for. */
export function openReconciler(deps: Deps): Reconciler {
  const { db, now, onMended } = deps
  return createReconciler({
    ...deps,
    random: Math.random,
    lastFullAt: async (org) => {
      const last = async (kind: Reconciliation['kind']) =>
        (await listReports(db, org, { limit: 1, kind }))[0]?.startedAt ?? ''
      const [newest] = [await last('nightly'), await last('asked')].sort().reverse()
      return newest === '' ? undefined : newest
    },
    now,
    reconcile: (org, kind, signal) =>
      reconcile(
        {
          ...deps,
          org,
          onMended: () => onMended(org),
          pause: async () => {
            signal.throwIfAborted()
            await deps.pause()
          },
        },
        kind,
      ),
  })
}
