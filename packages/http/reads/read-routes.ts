import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Db } from '@tillkeeper/projections/db.ts'
import { catalogueRoutes } from './catalogue-routes.ts'
import { figureRoutes } from './figure-routes.ts'
import { receiptRoutes } from './receipt-routes.ts'
import { saleRoutes } from './sale-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { type SyncStatusDeps, syncStatusRoutes } from './sync-status-routes.ts'

type Deps = SyncStatusDeps & { readonly db: Db; readonly now: () => Date }

/** All that can be read: the same in a shop, for that shop, and in the cloud, for all. */
export function readRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    await app.register(catalogueRoutes(deps))
    await app.register(saleRoutes(deps))
    await app.register(receiptRoutes(deps))
    await app.register(sessionRoutes(deps))
    await app.register(figureRoutes(deps))
    await app.register(syncStatusRoutes(deps))
  }
}
