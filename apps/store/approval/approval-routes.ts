import { randomBytes } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ApprovalView, AskApproval } from '@tillkeeper/client/api/drawer-shapes.ts'
import { decideGiveApproval } from '@tillkeeper/core/approval/check-approval.ts'
import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { type LoginDeps, proveWho } from '@tillkeeper/http/auth/log-in.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import { fits } from '@tillkeeper/http/server/wire.ts'
import { findShop } from '@tillkeeper/projections/registers/shop-sql.ts'
import { personOf } from '../act/acting.ts'
import type { StoreNode } from '../act/record-act.ts'
import { insertApproval } from './approval-sql.ts'

type Deps = { readonly node: StoreNode; readonly login: LoginDeps }

/** Another person lets an act happen, by their PIN, where it happens. */
export function approvalRoutes({ node, login }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/approvals',
      {
        config: { permission: 'till.read' },
        schema: {
          tags: ['approval'],
          summary:
            'Approve one act of somebody else by one’s own PIN: good for that act and amount, once, for minutes.',
          body: AskApproval,
          response: { 201: ApprovalView },
        },
      },
      async (request, reply) => {
        const { staffNumber: name, pin: secret, actId, permission, amountMinor } = request.body
        const proven = await proveWho(login, { kind: 'pin', name, secret, address: request.ip })
        if (!proven.ok) return sendRefusal(reply, proven.refusal)
        const { person } = proven.value
        const now = node.now()
        const limitCurrency = (await findShop(node.db, node.org, node.shopId))?.currency
        const currency =
          amountMinor === undefined ? undefined : (request.body.currency ?? limitCurrency)
        const given = decideGiveApproval(
          { id: actId, permission, amountMinor, currency, limitCurrency, at: now.toISOString() },
          { ...person, staffId: person.id },
          {
            id: uuidv7(now.getTime(), randomBytes(10)),
            actor: personOf(request)?.id,
            method: 'pin',
          },
        )
        if (!given.ok) return sendRefusal(reply, given.refusal)
        await node.db.begin((tx) => insertApproval(tx, node.org, given.value))
        return reply.code(201).send(fits(ApprovalView, given.value.approval))
      },
    )
  }
}
