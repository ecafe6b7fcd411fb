import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  AskDrawerOpening,
  AskDropConfirmation,
  AskHandOver,
  AskHandOverAnswer,
  AskSwap,
  Recorded,
} from '@tillkeeper/client/api/drawer-shapes.ts'
import type { SessionId, TillId } from '@tillkeeper/core/base/id.ts'
import { minor } from '@tillkeeper/core/money/money.ts'
import type { Permission } from '@tillkeeper/core/permission/permission.ts'
import { RefusedRequest } from '@tillkeeper/http/problem/problem.ts'
import { UuidText } from '@tillkeeper/http/reads/list-query.ts'
import Type, { type TSchema } from 'typebox'
import { actingOf, grantedOf, personActingOf, personOf } from '../act/acting.ts'
import { answerAct } from '../act/answer-act.ts'
import type { StoreNode } from '../act/record-act.ts'
import type { AnyWriter } from '../writer/writer.ts'
import { confirmDrop } from './confirm-drop.ts'
import { giveCash, receiveCash } from './hand-over-cash.ts'
import { openDrawer } from './open-drawer.ts'
import { swapNotes } from './swap-notes.ts'

type Deps = { readonly node: StoreNode; readonly writer: AnyWriter }
type App = Parameters<FastifyPluginAsyncTypebox>[0]

const ById = Type.Object({ id: UuidText<string>() })
const route = <Body extends TSchema>(permission: Permission, summary: string, body: Body) => ({
  config: { permission },
  schema: {
    tags: ['drawer'],
    summary,
    params: ById,
    body,
    response: { 200: Recorded, 201: Recorded },
  },
})

/** Cash between drawers, drops that are signed for, notes that are swapped, drawers opened for nothing. */
export function drawerRoutes({ node, writer }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    handOverRoutes(app, { node, writer })
    drawerActRoutes(app, { node, writer })
  }
}

function handOverRoutes(app: App, { node, writer }: Deps): void {
  app.post(
    '/v1/till-sessions/:id/hand-overs',
    route(
      'cash.transfer',
      'Give cash to another drawer: it is on its way until it is answered.',
      AskHandOver,
    ),
    async (request, reply) => {
      const { id: _, occurredAt: __, toTillId, ...command } = request.body
      return answerAct({ writer, reply }, actingOf(request, request.body), (acting) =>
        giveCash(node, acting, {
          ...command,
          sessionId: request.params.id as SessionId,
          staffId: personOf(request)?.id,
          toTillId: toTillId as TillId,
        }),
      )
    },
  )
  app.post(
    '/v1/hand-overs/:id/answers',
    route('cash.transfer', 'Accept, decline or take back a transfer.', AskHandOverAnswer),
    async (request, reply) => {
      const acting = actingOf(request, request.body)
      const { id: _, occurredAt: __, sessionId, countedMinor, ...command } = request.body
      if (acting.ok && command.answer === 'accepted' && countedMinor === undefined) {
        const errors = [{ pointer: '/countedMinor', detail: 'is needed to accept' }]
        throw new RefusedRequest({ code: 'body_invalid', errors })
      }
      return answerAct({ writer, reply }, acting, (value) =>
        receiveCash(node, value, {
          ...command,
          countedMinor: countedMinor ?? minor(0),
          sessionId: sessionId as SessionId,
          staffId: personOf(request)?.id,
          transferId: request.params.id,
        }),
      )
    },
  )
}

function drawerActRoutes(app: App, { node, writer }: Deps): void {
  app.post(
    '/v1/drops/:id/confirmation',
    route('cash.confirm', 'Sign for a drop as it was found in the safe.', AskDropConfirmation),
    async (request, reply) => {
      const { id: _, occurredAt: __, ...command } = request.body
      const person = personActingOf(request, request.body)
      return answerAct({ writer, reply }, person, ({ acting, staffId }) =>
        confirmDrop(node, acting, {
          ...command,
          staffId,
          movementId: request.params.id,
        }),
      )
    },
  )
  app.post(
    '/v1/till-sessions/:id/swaps',
    route('cash.move', 'Change notes for others of the same worth.', AskSwap),
    async (request, reply) => {
      const { id: _, occurredAt: __, ...command } = request.body
      return answerAct({ writer, reply }, actingOf(request, request.body), (acting) =>
        swapNotes(node, acting, {
          ...command,
          sessionId: request.params.id as SessionId,
          staffId: personOf(request)?.id,
        }),
      )
    },
  )
  app.post(
    '/v1/tills/:id/drawer-openings',
    // Who may not open it alone asks with somebody's approval: so the route is for all who work a till.
    route('till.open', 'Open a drawer with nothing sold, with a reason.', AskDrawerOpening),
    async (request, reply) => {
      const { reason, approvalId } = request.body
      const person = personActingOf(request, request.body)
      return answerAct({ writer, reply }, person, ({ acting, staffId }) =>
        openDrawer(node, acting, {
          tillId: request.params.id as TillId,
          staffId,
          reason,
          right: { actor: grantedOf(request), approvalId },
        }),
      )
    },
  )
}
