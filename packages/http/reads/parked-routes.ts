import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Page } from '@tillkeeper/client/api/shapes.ts'
import {
  AskResolve,
  AskRetry,
  Parked,
  ParkReason,
  ResolveDone,
  RetryDone,
} from '@tillkeeper/client/api/sync-health-shapes.ts'
import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId, ShopId } from '@tillkeeper/core/base/id.ts'
import { readFact } from '@tillkeeper/facts/read-fact.ts'
import { listParkedPage, type ParkedItem } from '@tillkeeper/projections/parking/list-parked-sql.ts'
import { type RetryOf, retryParked } from '@tillkeeper/projections/parking/retry-parked.ts'
import type { ProjectOptions } from '@tillkeeper/projections/project-rows.ts'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { type Actor, actorName } from '../auth/actor.ts'
import { identify } from '../idempotency/identify.ts'
import { sendRefusal } from '../problem/problem.ts'
import { actorOf, orgOf } from '../server/create-server.ts'
import { fits } from '../server/wire.ts'
import { type ResolveDeps, resolveParked } from '../sync-health/resolve-parked.ts'
import { ListQuery, readCursor, readLimit, UuidText } from './list-query.ts'

export type ParkedDeps = ResolveDeps & {
  /** Facts went through: push them to whoever listens. */
  readonly onProjected: (org: OrgId) => void
  /** What else is done in the transaction that applies edits of other nodes. */
  readonly onEdits?: ((org: OrgId) => ProjectOptions['onEdits']) | undefined
}

const tags = ['sync']
const config = { permission: 'sync.resolve' } as const
/** A longer body is not shown in a list: the page would pass what a browser likes to draw. */
const bodyBytesMax = 16_384
/** What these say are hashes of secrets. */
const secretTypes: readonly string[] = ['credential.changed', 'apikey.changed', 'till.enrolled']

/** Facts that could not be projected, and what a person can do about each. */
export function parkedRoutes(deps: ParkedDeps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/sync/parked',
      {
        config,
        schema: {
          tags,
          summary: 'Facts that could not be projected here, the oldest first.',
          querystring: ListQuery({
            shopId: Type.Optional(UuidText<ShopId>()),
            reason: Type.Optional(ParkReason),
            waiting: Type.Optional(Type.Literal('no')),
            type: Type.Optional(Type.String({ pattern: '^[a-z]{1,30}[.][a-z_]{1,30}$' })),
          }),
          response: { 200: Page(Parked) },
        },
      },
      async (request) => {
        const { shopId, reason, type, waiting } = request.query
        const after = readCursor(request.query, ['instant', 'text', 'text'])
        const page = await listParkedPage(deps.db, orgOf(request), {
          shops: actorOf(request).shops,
          shopId,
          reason,
          type,
          causesOnly: waiting === 'no',
          after: after === undefined || !/^[0-9]{1,15}$/.test(after[2]) ? undefined : after,
          limit: readLimit(request.query),
        })
        return fits(Page(Parked), { items: page.items.map(parkedView), next: page.next })
      },
    )
    retryRoute(app, deps)
    resolveRoute(app, deps)
  }
}

type App = Parameters<FastifyPluginAsyncTypebox>[0]

function retryRoute(app: App, deps: ParkedDeps): void {
  app.post(
    '/v1/sync/parked/retry',
    {
      config,
      schema: {
        tags,
        summary: 'Try parked facts again: one, those of one reason, or all.',
        body: AskRetry,
        response: { 200: RetryDone },
      },
    },
    async (request, reply) => {
      const org = orgOf(request)
      const of = retryOf(request.body)
      if (!(await mayRetry(deps, request, of))) {
        return sendRefusal(reply, { code: 'fact_not_parked' })
      }
      const { applied, parked } = await retryParked(deps.db, org, {
        of,
        now: deps.now().toISOString(),
        // Who names one fact has looked at it.
        reviewed: of.kind === 'fact',
        onEdits: deps.onEdits?.(org),
      })
      if (applied > 0) deps.onProjected(org)
      return { applied, parked }
    },
  )
}

function resolveRoute(app: App, deps: ParkedDeps): void {
  app.post(
    '/v1/sync/parked/:factId/resolve',
    {
      config,
      schema: {
        tags,
        summary: 'Settle a parked fact: it counts nothing, and what waits behind it goes on.',
        params: Type.Object({ factId: UuidText() }),
        body: AskResolve,
        response: { 200: ResolveDone },
      },
    },
    async (request, reply) => {
      const { how, note, replacementId } = request.body
      const identified = identify(request, request.body)
      if (!identified.ok) return sendRefusal(reply, identified.refusal)
      const outcome = await resolveParked(
        deps,
        { ...resolverOf(request), identified: identified.value },
        { factId: request.params.factId, how, note, replacementId },
      )
      return outcome.ok ? outcome.value : sendRefusal(reply, outcome.refusal)
    },
  )
}

function resolverOf(request: FastifyRequest): {
  readonly org: OrgId
  readonly actor: string
  readonly shops: Actor['shops']
} {
  const actor = actorOf(request)
  return { org: orgOf(request), actor: actorName(actor), shops: actor.shops }
}

function retryOf({ factId, reason }: AskRetry): RetryOf {
  if (factId !== undefined) return { kind: 'fact', factId }
  return reason === undefined ? { kind: 'all' } : { kind: 'reason', reason }
}

/** Trying is harmless; only whether a single fact exists is not told to who may not see its shop. */
async function mayRetry({ db }: ParkedDeps, request: FastifyRequest, of: RetryOf) {
  if (of.kind !== 'fact') return true
  const { shops } = actorOf(request)
  const { factId } = of
  return (await listParkedPage(db, orgOf(request), { shops, factId, limit: 1 })).items.length > 0
}

function parkedView({ bytes, keys, ...item }: ParkedItem) {
  const read = readFact(bytes)
  assert(read.kind !== 'refused', 'the journal holds facts only')
  const { author, actor, occurredAt, body } = read.fact
  const shown = bytes.length <= bodyBytesMax && !secretTypes.includes(item.type)
  return { ...item, keys: [...keys], author, actor, occurredAt, body: shown ? body : null }
}
