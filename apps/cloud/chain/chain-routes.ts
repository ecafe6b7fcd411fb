import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  ApiKeyMade,
  Changed,
  ChangedList,
  PutApiKey,
  PutEmployee,
  PutOrg,
  PutProducts,
  PutRole,
  PutShop,
  PutTill,
} from '@tillkeeper/client/api/chain-shapes.ts'
import { PutExpenseCategory } from '@tillkeeper/client/api/expense-shapes.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { isTimeZone } from '@tillkeeper/core/base/instant.ts'
import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { Hasher } from '@tillkeeper/http/auth/hashing.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import type { Refusal } from '@tillkeeper/http/problem/refusals.ts'
import { actorOf } from '@tillkeeper/http/server/create-server.ts'
import type { FastifyReply } from 'fastify'
import type { TSchema } from 'typebox'
import { putApiKey } from '../api-key/put-api-key.ts'
import { putEmployee } from '../employee/put-employee.ts'
import { putExpenseCategory } from '../expense-category/put-expense-category.ts'
import type { Peppers } from '../keys/data-dir.ts'
import { putOrg } from '../org/put-org.ts'
import { putProducts } from '../product/put-products.ts'
import { putRole } from '../role/put-role.ts'
import { putShop } from '../shop/put-shop.ts'
import { putTill } from '../till/put-till.ts'
import type { ChainDeps } from './change-chain.ts'
import { tenantOf } from './tenant.ts'

export type ChainRoutesDeps = ChainDeps & {
  readonly peppers: Peppers
  readonly hasherOf: (org: OrgId) => Promise<Hasher>
}

/** 1,000 products with long names and many barcodes. */
const productsBytesMax = 4_194_304
const config = { permission: 'chain.manage' } as const
const describe = <Body extends TSchema, Reply extends TSchema>(
  summary: string,
  body: Body,
  reply: Reply,
) => ({
  config,
  schema: { tags: ['chain'], summary, body, response: { 200: reply } },
})

/** What the owner sets up: each an upsert, for one organisation, which the credential names. */
export function chainRoutes(deps: ChainRoutesDeps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/orgs',
      describe('Make an organisation, or rename it.', PutOrg, Changed),
      async (request, reply) => send(reply, await putOrg(deps, actorOf(request), request.body)),
    )
    app.post(
      '/v1/shops',
      describe('Open a shop, or change it.', PutShop, Changed),
      async (request, reply) => {
        const { orgId, ...shop } = request.body
        if (shop.timeZone !== undefined && !isTimeZone(shop.timeZone)) return refuseTimeZone(reply)
        const changing = await tenantOf(deps.db, request, orgId)
        return send(reply, changing.ok ? await putShop(deps, changing.value, shop) : changing)
      },
    )
    app.post(
      '/v1/tills',
      describe('Set up a till, or change it.', PutTill, Changed),
      async (request, reply) => {
        const { orgId, ...till } = request.body
        const changing = await tenantOf(deps.db, request, orgId)
        return send(reply, changing.ok ? await putTill(deps, changing.value, till) : changing)
      },
    )
    app.post(
      '/v1/products',
      {
        ...describe('Add products, or change them.', PutProducts, ChangedList),
        bodyLimit: productsBytesMax,
      },
      async (request, reply) => {
        const [orgId, ...others] = new Set(request.body.map((product) => product.orgId))
        if (others.length > 0) return sendRefusal(reply, { code: 'org_not_found' })
        const changing = await tenantOf(deps.db, request, orgId)
        if (!changing.ok) return sendRefusal(reply, changing.refusal)
        const products = request.body.map(({ orgId: _, ...product }) => product)
        return { items: [...(await putProducts(deps, changing.value, products))] }
      },
    )
    app.post(
      '/v1/expense-categories',
      describe('Make a category of expenses, or change it.', PutExpenseCategory, Changed),
      async (request, reply) => {
        const { orgId, ...category } = request.body
        const changing = await tenantOf(deps.db, request, orgId)
        if (!changing.ok) return sendRefusal(reply, changing.refusal)
        return send(reply, await putExpenseCategory(deps, changing.value, category))
      },
    )
    peopleRoutes(app, deps)
  }
}

/** Who may do what: roles, people, keys. */
function peopleRoutes(app: App, deps: ChainRoutesDeps): void {
  app.post(
    '/v1/roles',
    describe('Make a role, or change it.', PutRole, Changed),
    async (request, reply) => {
      const { orgId, ...role } = request.body
      const changing = await tenantOf(deps.db, request, orgId)
      return send(reply, changing.ok ? await putRole(deps, changing.value, role) : changing)
    },
  )
  app.post(
    '/v1/employees',
    describe('Take somebody on, or change them.', PutEmployee, Changed),
    async (request, reply) => {
      const { orgId, ...employee } = request.body
      const changing = await tenantOf(deps.db, request, orgId)
      return send(reply, changing.ok ? await putEmployee(deps, changing.value, employee) : changing)
    },
  )
  app.post(
    '/v1/api-keys',
    describe('Make a key, or change it. Its secret is shown once.', PutApiKey, ApiKeyMade),
    async (request, reply) => {
      const { orgId, ...key } = request.body
      const changing = await tenantOf(deps.db, request, orgId)
      return send(reply, changing.ok ? await putApiKey(deps, changing.value, key) : changing)
    },
  )
}

type App = Parameters<FastifyPluginAsyncTypebox>[0]

function send<Value>(reply: FastifyReply, outcome: Outcome<Value, Refusal>) {
  return outcome.ok ? outcome.value : sendRefusal(reply, outcome.refusal)
}

function refuseTimeZone(reply: FastifyReply) {
  const errors = [{ pointer: '/timeZone', detail: 'must be an IANA time zone' }]
  return sendRefusal(reply, { code: 'body_invalid', errors })
}
