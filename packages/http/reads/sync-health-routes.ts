import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  IncidentResolved,
  SyncHealth,
  SyncIncidents,
} from '@tillkeeper/client/api/sync-health-shapes.ts'
import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import type { Db } from '@tillkeeper/projections/db.ts'
import {
  type Incident,
  listIncidents,
  resolveIncident,
} from '@tillkeeper/projections/journal/incident-sql.ts'
import { listTills } from '@tillkeeper/projections/registers/shop-sql.ts'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { actorName } from '../auth/actor.ts'
import { sendRefusal } from '../problem/problem.ts'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { type HealthDeps, readHealth } from '../sync-health/read-health.ts'
import { UuidText } from './list-query.ts'

const tags = ['sync']
const read = { permission: 'sync.read' } as const
const resolve = { permission: 'sync.resolve' } as const

/** How replication fares, node by node, and what was noticed that a person should look at. */
export function syncHealthRoutes(deps: HealthDeps): FastifyPluginAsyncTypebox {
  const { db, now } = deps
  return async (app) => {
    app.get(
      '/v1/sync/health',
      {
        config: read,
        schema: {
          tags,
          summary: 'How replication fares, by shop and till.',
          response: { 200: SyncHealth },
        },
      },
      async (request) =>
        fits(SyncHealth, await readHealth(deps, orgOf(request), actorOf(request).shops)),
    )
    app.get(
      '/v1/sync/incidents',
      {
        config: resolve,
        schema: {
          tags,
          summary: 'What was noticed: those that stand open first, then the newest.',
          querystring: Type.Object(
            { open: Type.Optional(Type.Literal('yes')) },
            { additionalProperties: false },
          ),
          response: { 200: SyncIncidents },
        },
      },
      async (request) => {
        const org = orgOf(request)
        const openOnly = request.query.open === 'yes'
        const visible = await listVisible(db, org, request, openOnly)
        return fits(SyncIncidents, { items: visible })
      },
    )
    app.post(
      '/v1/sync/incidents/:id/resolve',
      {
        config: resolve,
        schema: {
          tags,
          summary: 'Close an incident that somebody has looked at.',
          params: Type.Object({ id: UuidText() }),
          body: Type.Object({}, { additionalProperties: false }),
          response: { 200: IncidentResolved },
        },
      },
      async (request, reply) => {
        const org = orgOf(request)
        const { id } = request.params
        const open = await listVisible(db, org, request, true)
        const by = actorName(actorOf(request))
        const closed =
          open.some((incident) => incident.id === id) &&
          (await resolveIncident(db, org, { id, by, at: now().toISOString() }))
        return closed ? { id } : sendRefusal(reply, { code: 'not_found' })
      },
    )
  }
}

type SeenIncident = Incident & { readonly shopId: ShopId | null }

/** The incidents of the asker's shops; of no shop where the asker may see all. */
async function listVisible(
  db: Db,
  org: OrgId,
  request: FastifyRequest,
  openOnly: boolean,
): Promise<readonly SeenIncident[]> {
  const { shops } = actorOf(request)
  const [incidents, tills] = await Promise.all([
    listIncidents(db, org, { openOnly }),
    listTills(db, org, { shops }),
  ])
  const shopOfTill = new Map(tills.map(({ id, shopId }) => [`t-${id}`, shopId]))
  return incidents
    .map((incident): SeenIncident => {
      const { node } = incident
      const shopId = node.startsWith('s-') ? (node.slice(2) as ShopId) : shopOfTill.get(node)
      return { ...incident, shopId: shopId ?? null }
    })
    .filter(({ shopId }) => shops === 'all' || (shopId !== null && shops.has(shopId)))
}
