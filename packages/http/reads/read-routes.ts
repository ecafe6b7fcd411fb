import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Db } from '@tillkeeper/projections/db.ts'
import { cashRoutes } from './cash-routes.ts'
import { catalogueRoutes } from './catalogue-routes.ts'
import { causeRoutes } from './cause-routes.ts'
import { dayReportRoutes } from './day-report-routes.ts'
import { documentRoutes } from './document-routes.ts'
import { drawerReadRoutes } from './drawer-routes.ts'
import { eveningRoutes } from './evening-routes.ts'
import { exceptionRoutes } from './exception-routes.ts'
import { expenseRoutes } from './expense-routes.ts'
import { figureRoutes } from './figure-routes.ts'
import { type ParkedDeps, parkedRoutes } from './parked-routes.ts'
import { rateRoutes } from './rate-routes.ts'
import { receiptRoutes } from './receipt-routes.ts'
import { recyclerReadRoutes } from './recycler-routes.ts'
import { reportRoutes } from './report-routes.ts'
import { rewindRoutes } from './rewind-routes.ts'
import { safeReadRoutes } from './safe-routes.ts'
import { saleRoutes } from './sale-routes.ts'
import { sessionLifeRoute } from './session-life-route.ts'
import { sessionRoutes } from './session-routes.ts'
import { syncHealthRoutes } from './sync-health-routes.ts'
import { type SyncStatusDeps, syncStatusRoutes } from './sync-status-routes.ts'

type Deps = SyncStatusDeps &
  ParkedDeps & {
    readonly db: Db
    readonly now: () => Date
    /** This program's version, as people read it. */
    readonly build: string
  }

/** All that can be read: the same in a shop, for that shop, and in the cloud, for all. */
export function readRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    await app.register(catalogueRoutes(deps))
    await app.register(rateRoutes(deps))
    await app.register(saleRoutes(deps))
    await app.register(receiptRoutes(deps))
    await app.register(sessionRoutes(deps))
    await app.register(sessionLifeRoute(deps))
    await app.register(figureRoutes(deps))
    await app.register(cashRoutes(deps))
    await app.register(safeReadRoutes(deps))
    await app.register(recyclerReadRoutes(deps))
    await app.register(syncStatusRoutes(deps))
    await app.register(syncHealthRoutes(deps))
    await app.register(parkedRoutes(deps))
    await app.register(exceptionRoutes(deps))
    await app.register(drawerReadRoutes(deps))
    await app.register(eveningRoutes(deps))
    await app.register(dayReportRoutes(deps))
    await app.register(causeRoutes(deps))
    await app.register(rewindRoutes(deps))
    await app.register(reportRoutes(deps))
    await app.register(documentRoutes(deps))
    await app.register(expenseRoutes(deps))
  }
}
