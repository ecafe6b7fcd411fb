import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Changed, Delete, Reseal } from '@tillkeeper/client/api/chain-shapes.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import { UuidText } from '@tillkeeper/http/reads/list-query.ts'
import Type from 'typebox'
import type { ChainDeps } from './change-chain.ts'
import { deleteEntity } from './delete-entity.ts'
import { resealFields } from './reseal.ts'
import { tenantOf } from './tenant.ts'

const tags = ['chain']
const config = { permission: 'chain.manage' } as const
const response = { 200: Changed }

/** What an owner does to one entity that is no upsert: deletes it, or takes it back from a wrong clock. */
export function entityRoutes(deps: ChainDeps): FastifyPluginAsyncTypebox {
  return async (app) => {
    for (const [kind, path, summary] of [
      ['product', '/v1/products/:id/delete', 'Delete a product. Its sales stay.'],
      ['employee', '/v1/employees/:id/delete', 'Delete a person. What they did stays.'],
    ] as const) {
      app.post(
        path,
        {
          config,
          schema: {
            tags,
            summary,
            params: Type.Object({ id: UuidText() }),
            body: Delete,
            response,
          },
        },
        async (request, reply) => {
          const changing = await tenantOf(deps.db, request, request.body.orgId)
          if (!changing.ok) return sendRefusal(reply, changing.refusal)
          const outcome = await deleteEntity(deps, changing.value, { kind, id: request.params.id })
          return outcome.ok ? outcome.value : sendRefusal(reply, outcome.refusal)
        },
      )
    }
    app.post(
      '/v1/reseals',
      {
        config,
        schema: {
          tags,
          summary: 'Take fields back from a clock that was wrong.',
          body: Reseal,
          response,
        },
      },
      async (request, reply) => {
        const { orgId, ...asked } = request.body
        const changing = await tenantOf(deps.db, request, orgId)
        if (!changing.ok) return sendRefusal(reply, changing.refusal)
        const outcome = await resealFields(deps, changing.value, {
          ...asked,
          fields: { ...asked.fields },
        })
        return outcome.ok ? outcome.value : sendRefusal(reply, outcome.refusal)
      },
    )
  }
}
