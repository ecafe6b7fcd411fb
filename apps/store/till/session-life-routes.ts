import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  AskEnd,
  AskHandOver,
  AskResume,
  AskSuspend,
  AskTillCount,
} from '@tillkeeper/client/api/ask-session-shapes.ts'
import { Session } from '@tillkeeper/client/api/session-shapes.ts'
import type { SessionId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import type { Outcome } from '@tillkeeper/core/base/outcome.ts'
import type { Permission } from '@tillkeeper/core/permission/permission.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import type { Refusal } from '@tillkeeper/http/problem/refusals.ts'
import { UuidText } from '@tillkeeper/http/reads/list-query.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static, type TSchema } from 'typebox'
import { actingOf, personOf } from '../act/acting.ts'
import type { Acting, Done, StoreNode } from '../act/record-act.ts'
import type { AnyWriter } from '../writer/writer.ts'
import { countTill, endTill, handOverTill, resumeTill, suspendTill } from './session-life.ts'
import { sendSession } from './till-session-routes.ts'

type Deps = { readonly node: StoreNode; readonly writer: AnyWriter }
type App = Parameters<FastifyPluginAsyncTypebox>[0]

const ById = Type.Object({ id: UuidText<SessionId>() })

/** What happens to a session between its opening and its close. Each answers with the session then. */
export function sessionLifeRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  const { node } = deps
  return async (app) => {
    addAct(app, deps, {
      path: 'end',
      permission: 'till.end',
      summary: 'End a forgotten session without a count; it is counted by its close later.',
      body: AskEnd,
      act: (acting, { reason }, who) => endTill(node, acting, { ...who, reason }),
    })
    addAct(app, deps, {
      path: 'hand-over',
      permission: 'till.close',
      summary: 'Give the drawer to another person, on a blind count.',
      body: AskHandOver,
      act: (acting, { toStaffId, counts }, { sessionId }) =>
        handOverTill(node, acting, { sessionId, toStaffId: toStaffId as StaffId, counts }),
    })
    addAct(app, deps, {
      path: 'suspend',
      permission: 'till.close',
      summary: 'Let a session rest: its till is free, and its drawer can be carried.',
      body: AskSuspend,
      act: (acting, _, who) => suspendTill(node, acting, who),
    })
    addAct(app, deps, {
      path: 'resume',
      permission: 'till.open',
      summary: 'Go on with a session, at its till or at another.',
      body: AskResume,
      act: (acting, { tillId }, who) =>
        resumeTill(node, acting, { ...who, tillId: tillId as TillId }),
    })
    addAct(app, deps, {
      path: 'counts',
      permission: 'till.close',
      summary: 'Record what was found in a drawer. It moves nothing.',
      body: AskTillCount,
      act: (acting, { kind, currency, countedMinor, faces }, who) =>
        countTill(node, acting, { ...who, kind, currency, countedMinor, faces }),
    })
  }
}

type Who = { readonly sessionId: SessionId; readonly staffId: StaffId | undefined }

function addAct<Body extends TSchema>(
  app: App,
  { node, writer }: Deps,
  route: {
    readonly path: string
    readonly permission: Permission
    readonly summary: string
    readonly body: Body
    readonly act: (acting: Acting, asked: Static<Body>, who: Who) => Promise<Outcome<Done, Refusal>>
  },
): void {
  const { path, permission, summary, body } = route
  app.post(
    `/v1/till-sessions/:id/${path}`,
    {
      config: { permission },
      schema: {
        tags: ['till'],
        summary,
        params: ById,
        body,
        response: { 200: Session, 201: Session },
      },
    },
    async (request: FastifyRequest, reply: FastifyReply) => {
      const asked = request.body as Static<Body> & { id?: string; occurredAt?: string }
      const acting = actingOf(request, asked)
      if (!acting.ok) return sendRefusal(reply, acting.refusal)
      const sessionId = (request.params as { id: SessionId }).id
      const who = { sessionId, staffId: personOf(request)?.id }
      const outcome = await writer.act(() => route.act(acting.value, asked, who))
      if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
      const { repeated } = outcome.value
      return sendSession({ node, request, reply }, { id: sessionId, repeated })
    },
  )
}
