import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  AskExplanation,
  AskMovementVerification,
  AskVerification,
  MovementVerification,
} from '@tillkeeper/client/api/evening-shapes.ts'
import { Session } from '@tillkeeper/client/api/session-shapes.ts'
import { assert } from '@tillkeeper/core/base/assert.ts'
import type { SessionId } from '@tillkeeper/core/base/id.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import { UuidText } from '@tillkeeper/http/reads/list-query.ts'
import { sessionView } from '@tillkeeper/http/reads/session-view.ts'
import { fits } from '@tillkeeper/http/server/wire.ts'
import { findSession } from '@tillkeeper/projections/till/session-sql.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { actingOf, personActingOf, personOf } from '../act/acting.ts'
import { answerAct } from '../act/answer-act.ts'
import type { Done, StoreNode } from '../act/record-act.ts'
import type { AnyWriter } from '../writer/writer.ts'
import { explainVariance, verifyMovements, verifySession } from './look-at-session.ts'

type Deps = { readonly node: StoreNode; readonly writer: AnyWriter }

const tags = ['evening']
const config = { permission: 'till.verify' } as const
const ById = Type.Object({ id: UuidText<SessionId>() })
const response = { 200: Session, 201: Session }

/** Who had no hand in it explains and verifies what was counted. Only a person does. */
export function verifyRoutes({ node, writer }: Deps): FastifyPluginAsyncTypebox {
  const answer = async (
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
    sessionId: SessionId,
    { repeated }: Done,
  ) => {
    const session = await findSession(node.db, node.org, sessionId)
    assert(session !== undefined, 'a session that was looked at can be read')
    return reply.code(repeated ? 200 : 201).send(fits(Session, sessionView(request, session)))
  }
  return async (app) => {
    app.post(
      '/v1/till-sessions/:id/explanations',
      {
        config,
        schema: {
          tags,
          summary: 'Explain a variance, and book what was found. The variance itself stays.',
          params: ById,
          body: AskExplanation,
          response,
        },
      },
      async (request, reply) => {
        const acting = actingOf(request, request.body)
        if (!acting.ok) return sendRefusal(reply, acting.refusal)
        const person = personOf(request)
        if (person === undefined) return sendRefusal(reply, { code: 'person_required' })
        const { currency, reason, note = '', photoId, places = [] } = request.body
        const sessionId = request.params.id
        const asked = { sessionId, staffId: person.id, currency, reason, note, photoId, places }
        const outcome = await writer.act(() => explainVariance(node, acting.value, asked))
        if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
        return answer({ request, reply }, sessionId, outcome.value)
      },
    )
    app.post(
      '/v1/till-sessions/:id/verify',
      {
        config,
        schema: {
          tags,
          summary: 'Verify a closed session, for good.',
          params: ById,
          body: AskVerification,
          response,
        },
      },
      async (request, reply) => {
        const acting = actingOf(request, request.body)
        if (!acting.ok) return sendRefusal(reply, acting.refusal)
        const person = personOf(request)
        if (person === undefined) return sendRefusal(reply, { code: 'person_required' })
        const sessionId = request.params.id
        const asked = { sessionId, staffId: person.id, note: request.body.note }
        const outcome = await writer.act(() => verifySession(node, acting.value, asked))
        if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
        return answer({ request, reply }, sessionId, outcome.value)
      },
    )
    app.post(
      '/v1/cash/verifications',
      {
        config,
        schema: {
          tags,
          summary: 'Verify single movements of cash: none of one’s own.',
          body: AskMovementVerification,
          response: { 200: MovementVerification, 201: MovementVerification },
        },
      },
      async (request, reply) => {
        const { movementIds } = request.body
        const person = personActingOf(request, request.body)
        return answerAct({ writer, reply }, person, ({ acting, staffId }) =>
          verifyMovements(node, acting, { staffId, movementIds }),
        )
      },
    )
  }
}
