import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AskClose, AskTillSession } from '@tillkeeper/client/api/ask-session-shapes.ts'
import { Session } from '@tillkeeper/client/api/session-shapes.ts'
import { AskCashMovement } from '@tillkeeper/client/api/shapes.ts'
import { assert } from '@tillkeeper/core/base/assert.ts'
import type { SessionId, TillId } from '@tillkeeper/core/base/id.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import { UuidText } from '@tillkeeper/http/reads/list-query.ts'
import { sessionView } from '@tillkeeper/http/reads/session-view.ts'
import { fits } from '@tillkeeper/http/server/wire.ts'
import { findSession } from '@tillkeeper/projections/till/session-sql.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { actingOf, grantedOf, personOf, staffOf } from '../act/acting.ts'
import type { StoreNode } from '../act/record-act.ts'
import type { AnyWriter } from '../writer/writer.ts'
import { closeTill } from './close-till.ts'
import { moveCash } from './move-cash.ts'
import { openTill } from './open-till.ts'

type Deps = { readonly node: StoreNode; readonly writer: AnyWriter }

const tags = ['till']
const ById = Type.Object({ id: UuidText<SessionId>() })
const response = { 200: Session, 201: Session }

/** From a counted float to a counted close. Each answers with the session as it stands then. */
export function tillSessionRoutes({ node, writer }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/till-sessions',
      {
        config: { permission: 'till.open' },
        schema: {
          tags,
          summary: 'Open a till on a counted float.',
          body: AskTillSession,
          response,
        },
      },
      async (request, reply) => {
        const acting = actingOf(request, request.body)
        if (!acting.ok) return sendRefusal(reply, acting.refusal)
        const staff = staffOf(request, request.body.staffId)
        if (!staff.ok) return sendRefusal(reply, staff.refusal)
        const { id: _, occurredAt: __, staffId: ___, tillId, ...float } = request.body
        const outcome = await writer.act(() =>
          openTill(node, acting.value, {
            tillId: tillId as TillId,
            staffId: staff.value,
            ...float,
          }),
        )
        if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
        const { id, repeated } = outcome.value
        return sendSession({ node, request, reply }, { id: id as SessionId, repeated })
      },
    )
    app.post(
      '/v1/till-sessions/:id/movements',
      {
        config: { permission: 'cash.move' },
        schema: {
          tags,
          summary: 'Pay in, pay out, drop to the safe, or top up from it.',
          params: ById,
          body: AskCashMovement,
          response,
        },
      },
      async (request, reply) => {
        const acting = actingOf(request, request.body)
        if (!acting.ok) return sendRefusal(reply, acting.refusal)
        const { id: _, occurredAt: __, approvalId, ...command } = request.body
        const sessionId = request.params.id
        const outcome = await writer.act(() =>
          moveCash(node, acting.value, {
            ...{ ...command, sessionId, staffId: personOf(request)?.id },
            right: { actor: grantedOf(request), approvalId },
          }),
        )
        if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
        const { repeated } = outcome.value
        return sendSession({ node, request, reply }, { id: sessionId, repeated })
      },
    )
    app.post(
      '/v1/till-sessions/:id/close',
      {
        config: { permission: 'till.close' },
        schema: {
          tags,
          summary: 'Close a till on a blind count. The answer shows the variance.',
          params: ById,
          body: AskClose,
          response,
        },
      },
      async (request, reply) => {
        const acting = actingOf(request, request.body)
        if (!acting.ok) return sendRefusal(reply, acting.refusal)
        const { id: _, occurredAt: __, ...command } = request.body
        const sessionId = request.params.id
        const outcome = await writer.act(() =>
          closeTill(node, acting.value, { ...command, sessionId, staffId: personOf(request)?.id }),
        )
        if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
        const { repeated } = outcome.value
        return sendSession({ node, request, reply }, { id: sessionId, repeated })
      },
    )
  }
}

/** Answers an act with its session as it stands then, as its asker may see it. */
export async function sendSession(
  { node, request, reply }: { node: StoreNode; request: FastifyRequest; reply: FastifyReply },
  { id, repeated }: { readonly id: SessionId; readonly repeated: boolean },
) {
  const session = await findSession(node.db, node.org, id)
  assert(session !== undefined, 'a session in which something was done can be read')
  return reply.code(repeated ? 200 : 201).send(fits(Session, sessionView(request, session)))
}
