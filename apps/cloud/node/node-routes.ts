import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  AskEnrolmentCode,
  AskNodeToken,
  Enrol,
  Enrolled,
  EnrolmentCode,
  NodeToken,
  RevokeNode,
} from '@tillkeeper/client/api/chain-shapes.ts'
import type { ShopId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { Strict, Uuid } from '@tillkeeper/facts/catalogue/parts.ts'
import type { AccessTokens } from '@tillkeeper/http/auth/access-token.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import { actorOf } from '@tillkeeper/http/server/create-server.ts'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { ChainDeps, Changing } from '../chain/change-chain.ts'
import { type TenantRefusal, tenantOf } from '../chain/tenant.ts'
import type { CloudKeys } from '../keys/data-dir.ts'
import { areShops, findOrgsOfShop } from '../shop/shop-sql.ts'
import { enrolNode, makeEnrolmentCode } from './enrol-node.ts'
import { revokeNodes } from './enrolment-sql.ts'
import { giveNodeToken } from './give-node-token.ts'

export type NodeRoutesDeps = ChainDeps & {
  readonly tokens: AccessTokens
  readonly keys: Pick<CloudKeys, 'peppers' | 'publicKey'>
}

const Shop = Strict({ id: Uuid<ShopId>() })

/** How store servers become known, and prove who they are. */
export function nodeRoutes(deps: NodeRoutesDeps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/shops/:id/enrolment-codes',
      {
        config: { permission: 'node.enrol' },
        schema: {
          tags: ['chain'],
          summary: 'Get a code with which one store server joins, within ten minutes.',
          params: Shop,
          body: AskEnrolmentCode,
          response: { 200: EnrolmentCode },
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const tenant = await tenantOfShop(deps, request, { id, orgId: request.body.orgId })
        if (!tenant.ok) return sendRefusal(reply, tenant.refusal)
        const outcome = await makeEnrolmentCode(deps, tenant.value, id)
        return outcome.ok ? outcome.value : sendRefusal(reply, outcome.refusal)
      },
    )
    app.post(
      '/sync/v1/enrol',
      {
        config: { permission: 'public' },
        schema: {
          tags: ['sync'],
          summary: 'Become a shop’s store server, with a one-time code.',
          body: Enrol,
          response: { 200: Enrolled },
        },
      },
      async ({ body }, reply) => {
        const outcome = await enrolNode({ ...deps, ...deps.keys }, body)
        return outcome.ok ? outcome.value : sendRefusal(reply, outcome.refusal)
      },
    )
    app.post(
      '/sync/v1/token',
      {
        config: { permission: 'public' },
        schema: {
          tags: ['sync'],
          summary: 'Get a token for ten minutes by proving the node’s key.',
          body: AskNodeToken,
          response: { 200: NodeToken },
        },
      },
      async ({ body }, reply) => {
        const outcome = await giveNodeToken(deps, body)
        return outcome.ok ? outcome.value : sendRefusal(reply, outcome.refusal)
      },
    )
  }
}

/** How store servers are taken back: a shop's, or one of them. */
export function revokeRoutes(deps: ChainDeps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/shops/:id/revoke-nodes',
      {
        config: { permission: 'node.enrol' },
        schema: {
          tags: ['chain'],
          summary: 'Let no store server of the shop sync any more. It goes on selling.',
          params: Shop,
          body: AskEnrolmentCode,
          response: { 200: Type.Object({ revoked: Type.Integer() }) },
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const tenant = await tenantOfShop(deps, request, { id, orgId: request.body.orgId })
        if (!tenant.ok) return sendRefusal(reply, tenant.refusal)
        const { org } = tenant.value
        if (!(await areShops(deps.db, org, [id]))) {
          return sendRefusal(reply, { code: 'shop_not_found' })
        }
        return { revoked: await revokeNodes(deps.db, { org, shopId: id, now: deps.now() }) }
      },
    )
    app.post(
      '/v1/node/revoke',
      {
        config: { permission: 'node.enrol' },
        schema: {
          tags: ['chain'],
          summary:
            'Let one of a shop’s enrolments sync no more, by its major epoch. It goes on selling.',
          body: RevokeNode,
          response: { 200: Type.Object({ revoked: Type.Integer() }) },
        },
      },
      async (request, reply) => {
        const { orgId, shopId, major } = request.body
        const tenant = await tenantOfShop(deps, request, { id: shopId, orgId })
        if (!tenant.ok) return sendRefusal(reply, tenant.refusal)
        const { org } = tenant.value
        const revoked = await revokeNodes(deps.db, { org, shopId, major, now: deps.now() })
        return revoked === 0 ? sendRefusal(reply, { code: 'node_not_found' }) : { revoked }
      },
    )
  }
}

// The operator names a shop, whose organisation follows from it unless two have a shop of that id.
async function tenantOfShop(
  { db }: ChainDeps,
  request: FastifyRequest,
  { id, orgId }: { readonly id: ShopId; readonly orgId: string | undefined },
): Promise<Outcome<Changing, TenantRefusal | { readonly code: 'shop_not_found' }>> {
  if (actorOf(request).org !== undefined || orgId !== undefined) {
    return tenantOf(db, request, orgId)
  }
  const [only, other] = await findOrgsOfShop(db, id)
  if (only === undefined) return refused({ code: 'shop_not_found' })
  if (other !== undefined) return refused({ code: 'org_required' })
  return accepted({ org: only.org, actor: 'admin:admin' })
}
