import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  AskReconcile,
  type Finding,
  Reconciliation,
  Reconciliations,
} from '@tillkeeper/client/api/reconciliation-shapes.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { listReports } from '@tillkeeper/projections/reconcile/report-sql.ts'
import { sendRefusal } from '../problem/problem.ts'
import { orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'

/** Reports that are listed at once. */
const listedMax = 50

type Deps = {
  readonly db: Db
  /** Compares everything now; `undefined` while another comparison runs. */
  readonly reconcileNow: (org: OrgId) => Promise<Reconciliation | undefined>
}

/** What comparisons of data at rest found, and one on demand. */
export function reconcileRoutes({ db, reconcileNow }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/sync/reconciliations',
      {
        config: { permission: 'sync.read' },
        schema: {
          tags: ['operating'],
          summary: 'What comparisons of stored data found, the newest first.',
          response: { 200: Reconciliations },
        },
      },
      async (request) => {
        const items = await listReports<Finding>(db, orgOf(request), { limit: listedMax })
        return fits(Reconciliations, {
          items: items.map((item) => ({ ...item, findings: [...item.findings] })),
        })
      },
    )
    app.post(
      '/v1/sync/reconcile',
      {
        config: { permission: 'sync.resolve' },
        schema: {
          tags: ['operating'],
          summary: 'Compare all stored data now, and mend what can be mended.',
          body: AskReconcile,
          response: { 200: Reconciliation },
        },
      },
      async (request, reply) =>
        (await reconcileNow(orgOf(request))) ??
        sendRefusal(reply, { code: 'reconcile_running', retryAfterSeconds: 30 }),
    )
  }
}
