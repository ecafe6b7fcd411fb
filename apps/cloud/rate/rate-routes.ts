import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Changed } from '@tillkeeper/client/api/chain-shapes.ts'
import { AskChainRate } from '@tillkeeper/client/api/rate-shapes.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import { actorOf } from '@tillkeeper/http/server/create-server.ts'
import type { ChainDeps } from '../chain/change-chain.ts'
import { tenantOf } from '../chain/tenant.ts'
import { putRate, staffOf } from './put-rate.ts'

/** What currencies are worth, for all shops or one: it comes to tills in the feed. */
export function rateRoutes(deps: ChainDeps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/rates',
      {
        config: { permission: 'rate.manage' },
        schema: {
          tags: ['chain'],
          summary: 'Say what a currency is worth, from now on or later.',
          body: AskChainRate,
          response: { 200: Changed },
        },
      },
      async (request, reply) => {
        const { orgId, ...rate } = request.body
        const changing = await tenantOf(deps.db, request, orgId)
        if (!changing.ok) return sendRefusal(reply, changing.refusal)
        const { shops } = actorOf(request)
        // Who is not of all shops sets rates of their own shops alone.
        if (shops !== 'all' && (rate.shopId === undefined || !shops.has(rate.shopId))) {
          return sendRefusal(reply, { code: 'shop_not_found' })
        }
        const staffId = staffOf(changing.value)
        const outcome = await putRate(deps, changing.value, { ...rate, staffId })
        return outcome.ok ? outcome.value : sendRefusal(reply, outcome.refusal)
      },
    )
  }
}
