import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  AskBag,
  AskBagNote,
  AskChangeOrder,
  AskChangeReceipt,
  AskCollection,
  AskDeposit,
  AskFundIssue,
  AskFundReturn,
  AskMatch,
  AskReason,
  AskSafeCount,
  AskStatement,
  SafeDone,
  StatementDone,
} from '@tillkeeper/client/api/safe-shapes.ts'
import type { SessionId, StaffId } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { BagId } from '@tillkeeper/core/safe/deposit-bag.ts'
import type { StatementLineId } from '@tillkeeper/core/safe/match-statement.ts'
import type { ChangeOrderId } from '@tillkeeper/core/safe/order-change.ts'
import type { IdentifyRefusal } from '@tillkeeper/http/idempotency/identify.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import { UuidText } from '@tillkeeper/http/reads/list-query.ts'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { actingOf, personOf } from '../act/acting.ts'
import { answerAct } from '../act/answer-act.ts'
import type { StoreNode } from '../act/record-act.ts'
import { issueFund, returnFund } from '../fund/move-fund.ts'
import type { AnyWriter } from '../writer/writer.ts'
import { countSafe } from './count-safe.ts'
import { importStatement, matchStatement, setLineAside, undoLine } from './import-statement.ts'
import { collectBag, depositBag, openBag, sealBag, verifyBag } from './move-bag.ts'
import { cancelChange, orderChange, receiveChange } from './order-change.ts'
import type { SafeActing } from './record-safe-act.ts'

type Deps = { readonly node: StoreNode; readonly writer: AnyWriter }
type App = Parameters<FastifyPluginAsyncTypebox>[0]
type Asked = { readonly id?: string; readonly occurredAt?: string }

const tags = ['safe']
const config = { permission: 'safe.manage' } as const
const fund = { permission: 'fund.manage' } as const
const response = { 200: SafeDone, 201: SafeDone }
/** A statement of five hundred long lines. */
const statementBytesMax = 1_048_576

/** What a person does at the safe, with or without the internet. A key is nobody, and is refused. */
export function safeRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    bagRoutes(app, deps)
    changeRoutes(app, deps)
    fundRoutes(app, deps)
    statementRoutes(app, deps)
    lineRoutes(app, deps)
  }
}

function bagRoutes(app: App, { node, writer }: Deps): void {
  const params = Type.Object({ id: UuidText<BagId>() })
  const schema = <Body extends Type.TSchema>(summary: string, body: Body) => ({
    ...{ tags, summary, params, body, response },
  })
  app.post(
    '/v1/bags',
    {
      config,
      schema: { tags, summary: 'Seal cash of the safe in a bag.', body: AskBag, response },
    },
    async (request, reply) => {
      const { number, cash, note } = request.body
      return answerAct({ writer, reply }, safeActingOf(request, request.body), (acting) =>
        sealBag(node, acting, { number, cash, note }),
      )
    },
  )
  app.post(
    '/v1/bags/:id/verify',
    { config, schema: schema('Say as another person that a bag is right.', AskBagNote) },
    async (request, reply) => {
      const { id: bagId } = request.params
      const { note } = request.body
      return answerAct({ writer, reply }, safeActingOf(request, request.body), (acting) =>
        verifyBag(node, acting, { bagId, note }),
      )
    },
  )
  app.post(
    '/v1/bags/:id/collect',
    { config, schema: schema('A carrier takes a bag.', AskCollection) },
    async (request, reply) => {
      const { id: bagId } = request.params
      const { carrier, reference, note } = request.body
      return answerAct({ writer, reply }, safeActingOf(request, request.body), (acting) =>
        collectBag(node, acting, { bagId, carrier, reference, note }),
      )
    },
  )
  app.post(
    '/v1/bags/:id/open',
    { config, schema: schema('Open a bag, and put its cash back into the safe.', AskReason) },
    async (request, reply) => {
      const { id: bagId } = request.params
      const { reason } = request.body
      return answerAct({ writer, reply }, safeActingOf(request, request.body), (acting) =>
        openBag(node, acting, { bagId, reason }),
      )
    },
  )
  app.post(
    '/v1/bags/:id/deposit',
    { config, schema: schema('The bank has a bag.', AskDeposit) },
    async (request, reply) => {
      const { id: bagId } = request.params
      const { bankedOn, reference, credited, note } = request.body
      return answerAct({ writer, reply }, safeActingOf(request, request.body), (acting) =>
        depositBag(node, acting, { bagId, bankedOn, reference, credited, note }),
      )
    },
  )
}

function changeRoutes(app: App, { node, writer }: Deps): void {
  const params = Type.Object({ id: UuidText<ChangeOrderId>() })
  app.post(
    '/v1/safe/counts',
    { config, schema: { tags, summary: 'Count the safe.', body: AskSafeCount, response } },
    async (request, reply) => {
      const { counted, note } = request.body
      return answerAct({ writer, reply }, safeActingOf(request, request.body), (acting) =>
        countSafe(node, acting, { counted, note }),
      )
    },
  )
  app.post(
    '/v1/change-orders',
    { config, schema: { tags, summary: 'Order change.', body: AskChangeOrder, response } },
    async (request, reply) => {
      const { cash, neededOn, note } = request.body
      return answerAct({ writer, reply }, safeActingOf(request, request.body), (acting) =>
        orderChange(node, acting, { cash, neededOn, note }),
      )
    },
  )
  app.post(
    '/v1/change-orders/:id/receive',
    {
      config,
      schema: {
        ...{ tags, summary: 'Ordered change came, as counted.', params, body: AskChangeReceipt },
        response,
      },
    },
    async (request, reply) => {
      const { id: orderId } = request.params
      const { cash, reference, note } = request.body
      return answerAct({ writer, reply }, safeActingOf(request, request.body), (acting) =>
        receiveChange(node, acting, { orderId, cash, reference, note }),
      )
    },
  )
  app.post(
    '/v1/change-orders/:id/cancel',
    {
      config,
      schema: { tags, summary: 'An order will not come.', params, body: AskReason, response },
    },
    async (request, reply) => {
      const { id: orderId } = request.params
      const { reason } = request.body
      return answerAct({ writer, reply }, safeActingOf(request, request.body), (acting) =>
        cancelChange(node, acting, { orderId, reason }),
      )
    },
  )
}

function fundRoutes(app: App, { node, writer }: Deps): void {
  const params = Type.Object({ staffId: UuidText<StaffId>() })
  app.post(
    '/v1/funds/:staffId/issue',
    {
      config: fund,
      schema: {
        tags,
        summary: 'Give somebody change of the safe or a drawer.',
        params,
        body: AskFundIssue,
        response,
      },
    },
    async (request, reply) => {
      const { staffId: holderId } = request.params
      const { cash, note } = request.body
      const sessionId = request.body.sessionId as SessionId | undefined
      return answerAct({ writer, reply }, safeActingOf(request, request.body), (acting) =>
        issueFund(node, acting, { holderId, sessionId, cash, note }),
      )
    },
  )
  app.post(
    '/v1/funds/:staffId/return',
    {
      config: fund,
      schema: {
        tags,
        summary: 'Take change back into the safe or a drawer.',
        params,
        body: AskFundReturn,
        response,
      },
    },
    async (request, reply) => {
      const { staffId: holderId } = request.params
      const { cash, settle, note } = request.body
      const sessionId = request.body.sessionId as SessionId | undefined
      return answerAct({ writer, reply }, safeActingOf(request, request.body), (acting) =>
        returnFund(node, acting, { holderId, sessionId, cash, settle, note }),
      )
    },
  )
}

function statementRoutes(app: App, { node, writer }: Deps): void {
  app.post(
    '/v1/bank-statements',
    {
      config,
      bodyLimit: statementBytesMax,
      schema: {
        tags,
        summary: 'Read in lines of the bank’s statement; what is there already adds nothing.',
        body: AskStatement,
        response: { 200: StatementDone, 201: StatementDone },
      },
    },
    async (request, reply) => {
      const acting = safeActingOf(request, request.body)
      if (!acting.ok) return sendRefusal(reply, acting.refusal)
      const { account, currency, fileName, lines } = request.body
      const outcome = await writer.act(() =>
        importStatement(node, acting.value, { account, currency, fileName, lines }),
      )
      if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
      const { id, added, known, repeated } = outcome.value
      return reply.code(repeated ? 200 : 201).send({ id, added, known })
    },
  )
  app.post(
    '/v1/statement-lines/:id/match',
    {
      config,
      schema: {
        tags,
        summary: 'Say which bags and orders a line of the statement is.',
        params: Type.Object({ id: UuidText<StatementLineId>() }),
        body: AskMatch,
        response,
      },
    },
    async (request, reply) => {
      const { id: lineId } = request.params
      const bags = request.body.bags as BagId[]
      const orders = request.body.orders as ChangeOrderId[]
      return answerAct({ writer, reply }, safeActingOf(request, request.body), (acting) =>
        matchStatement(node, acting, { lineId, bags, orders }),
      )
    },
  )
}

function lineRoutes(app: App, { node, writer }: Deps): void {
  const params = Type.Object({ id: UuidText<StatementLineId>() })
  const schema = (summary: string) => ({ tags, summary, params, body: AskReason, response })
  app.post(
    '/v1/statement-lines/:id/set-aside',
    { config, schema: schema('Say that a line is no deposit and no change order.') },
    async (request, reply) => {
      const { id: lineId } = request.params
      const { reason } = request.body
      return answerAct({ writer, reply }, safeActingOf(request, request.body), (acting) =>
        setLineAside(node, acting, { lineId, reason }),
      )
    },
  )
  app.post(
    '/v1/statement-lines/:id/undo',
    { config, schema: schema('Take back a match, or that a line was set aside.') },
    async (request, reply) => {
      const { id: lineId } = request.params
      const { reason } = request.body
      return answerAct({ writer, reply }, safeActingOf(request, request.body), (acting) =>
        undoLine(node, acting, { lineId, reason }),
      )
    },
  )
}

type ActingRefusal = IdentifyRefusal | { readonly code: 'person_required' }

/** Who stands at the safe: it has to be a person. */
function safeActingOf(request: FastifyRequest, asked: Asked): Outcome<SafeActing, ActingRefusal> {
  const person = personOf(request)
  if (person === undefined) return refused({ code: 'person_required' })
  const acting = actingOf(request, asked)
  return acting.ok ? accepted({ ...acting.value, staffId: person.id }) : acting
}
