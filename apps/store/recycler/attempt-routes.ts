import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AskAttempt, AttemptView } from '@tillkeeper/client/api/recycler-shapes.ts'
import type { SessionId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Order } from '@tillkeeper/devices/cash-recycler/run-recycler.ts'
import { actorName } from '@tillkeeper/http/auth/actor.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import { UuidText } from '@tillkeeper/http/reads/list-query.ts'
import { actorOf, mayDo } from '@tillkeeper/http/server/create-server.ts'
import { fits } from '@tillkeeper/http/server/wire.ts'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { grantedOf, personOf, staffOf } from '../act/acting.ts'
import type { StoreNode } from '../act/record-act.ts'
import { askAttempt, viewAttempt } from './ask-attempt.ts'
import type { Recyclers } from './run-recyclers.ts'

type Deps = { readonly node: StoreNode; readonly recyclers: Recyclers }
type App = Parameters<FastifyPluginAsyncTypebox>[0]

const tags = ['recycler']
const response = { 202: AttemptView }
const ofMachine = Type.Object({ id: UuidText<string>() })
const ofAttempt = Type.Object({ id: UuidText<string>(), attemptId: UuidText<string>() })

/** Work for a machine: asked for, followed, and ended by a word of somebody. */
export function attemptRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    askRoute(app, deps)
    const use = 'recycler.use'
    app.get(
      '/v1/recyclers/:id/attempts/:attemptId',
      {
        config: { permission: 'till.read' },
        schema: {
          ...{ tags, summary: 'How far an attempt is, or how it ended.', params: ofAttempt },
          response: { 200: AttemptView },
        },
      },
      (request, reply) => answerView(deps, reply.code(200), request.params),
    )
    wordRoute(app, deps, ['cancel', use, { type: 'cancel' }, 'Give back what was put in, and end.'])
    wordRoute(app, deps, ['finish', use, { type: 'finish' }, 'Say that this was all.'])
    wordRoute(app, deps, [
      ...(['end-short', use, { type: 'end_short' }] as const),
      'End for want of change: what was put in comes back.',
    ])
    wordRoute(app, deps, [
      ...(['give-up', 'recycler.manage', { type: 'give_up' }] as const),
      'Look no longer for how it ended: a person says so by `resolve`.',
    ])
  }
}

function askRoute(app: App, { node, recyclers }: Deps): void {
  app.post(
    '/v1/recyclers/:id/attempts',
    {
      config: { permission: 'recycler.use' },
      schema: {
        tags,
        summary:
          'Ask a machine to take or give money. The same `attemptId` again begins nothing, and is told how it stands.',
        ...{ params: ofMachine, body: AskAttempt, response },
      },
    },
    async (request, reply) => {
      const staff = staffOf(request, request.body.staffId)
      if (!staff.ok) return sendRefusal(reply, staff.refusal)
      const named = personOf(request) === undefined
      const { attemptId, currency, work, links, approvalId } = request.body
      const inside = work.kind === 'replenish' || work.kind === 'collect'
      if (inside && !mayDo(request, 'recycler.manage')) {
        return sendRefusal(reply, { code: 'forbidden', permission: 'recycler.manage' })
      }
      // The safe is moved by who stands before it.
      if (inside && named) return sendRefusal(reply, { code: 'person_required' })
      const by = {
        staffId: staff.value,
        ...(named && { asker: actorName(actorOf(request)) }),
        tillId: request.body.tillId as TillId | undefined,
        sessionId: request.body.sessionId as SessionId | undefined,
        links,
      }
      const asked = await askAttempt(node, recyclers, {
        ...{ recyclerId: request.params.id, attemptId, currency, work, by, approvalId },
        ...{ actor: grantedOf(request), named },
      })
      if (!asked.ok) return sendRefusal(reply, asked.refusal)
      return reply.code(202).send(fits(AttemptView, asked.value))
    },
  )
}

type Word = readonly [
  path: string,
  permission: 'recycler.use' | 'recycler.manage',
  order: Exclude<Order, { type: 'work' }>,
  summary: string,
]

/** A word on the attempt that a machine is at; of one that has ended it is only told how. */
function wordRoute(app: App, deps: Deps, [path, permission, order, summary]: Word): void {
  app.post(
    `/v1/recyclers/:id/attempts/:attemptId/${path}`,
    { config: { permission }, schema: { tags, summary, params: ofAttempt, response } },
    async (request, reply) => {
      const { id, attemptId } = request.params as { id: string; attemptId: string }
      const ordered = deps.recyclers.order(id, order, attemptId)
      if (!ordered.ok) return sendRefusal(reply, ordered.refusal)
      return answerView(deps, reply.code(202), { id, attemptId })
    },
  )
}

async function answerView(
  { node, recyclers }: Deps,
  reply: FastifyReply,
  { id: recyclerId, attemptId }: { readonly id: string; readonly attemptId: string },
) {
  const view = await viewAttempt(node, recyclers, { recyclerId, attemptId })
  if (view === undefined) return sendRefusal(reply, { code: 'recycler_attempt_not_found' })
  return reply.send(fits(AttemptView, view))
}
