import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type BootstrapProgress, SyncStatus } from '@tillkeeper/client/api/shapes.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import { readJournalStatus } from '@tillkeeper/projections/journal/sync-status-sql.ts'
import { orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'

/** How a server stands towards its parent. The top has none, and its link is always up. */
export type LinkStatus = { readonly linkUp: boolean; readonly lastContactAt: string | null }

export type SyncStatusDeps = {
  readonly db: Db
  /** The peer that facts travel up to, by its name in the journal; undefined at the top. */
  readonly parent: string | undefined
  readonly linkStatus: (org: OrgId) => LinkStatus
  /** How far the first load is, while it runs. */
  readonly bootstrap?: (() => BootstrapProgress | undefined) | undefined
}

/** How far the facts have travelled. */
export function syncStatusRoutes(deps: SyncStatusDeps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/sync/status',
      {
        config: { permission: 'sync.read' },
        schema: {
          tags: ['figures'],
          summary: 'How far the facts have travelled.',
          response: { 200: SyncStatus },
        },
      },
      async (request) => {
        const org = orgOf(request)
        const status = await readJournalStatus(deps.db, org, deps.parent)
        const bootstrap = deps.bootstrap?.()
        return fits(SyncStatus, {
          ...deps.linkStatus(org),
          ...status,
          ...(bootstrap === undefined ? {} : { bootstrap }),
        })
      },
    )
  }
}
