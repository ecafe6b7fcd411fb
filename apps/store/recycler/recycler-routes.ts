import { randomBytes } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Edited } from '@tillkeeper/client/api/edit-shapes.ts'
import {
  AskEmptied,
  AskLock,
  AskRecycler,
  AskRecyclerSecret,
  AskResolve,
  LiveRecycler,
  RecyclerFrames,
  RecyclerSecret,
} from '@tillkeeper/client/api/recycler-shapes.ts'
import type { ShopId, TillId } from '@tillkeeper/core/base/id.ts'
import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { accepted, type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import { attemptOf, type Order } from '@tillkeeper/devices/cash-recycler/run-recycler.ts'
import { sendRefusal } from '@tillkeeper/http/problem/problem.ts'
import { UuidText } from '@tillkeeper/http/reads/list-query.ts'
import { fits } from '@tillkeeper/http/server/wire.ts'
import { findAttempt } from '@tillkeeper/projections/recycler/read-attempts-sql.ts'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { actingOf, personActingOf } from '../act/acting.ts'
import { answerAct } from '../act/answer-act.ts'
import type { StoreNode } from '../act/record-act.ts'
import type { AnyWriter } from '../writer/writer.ts'
import { emptyRecycler } from './empty-recycler.ts'
import { resolveRecycler } from './journal-recycler.ts'
import { loginAt, type MachineSecrets } from './machine-secrets.ts'
import { readAddress } from './read-address.ts'
import { registerRecycler } from './register-recycler.ts'
import type { Recyclers } from './run-recyclers.ts'
import { journalledView } from './watch-machine.ts'

type Deps = {
  readonly node: StoreNode
  readonly writer: AnyWriter
  readonly recyclers: Recyclers
  readonly secrets: MachineSecrets
}
type App = Parameters<FastifyPluginAsyncTypebox>[0]

const tags = ['recycler']
const config = { permission: 'recycler.manage' } as const
const params = Type.Object({ id: UuidText<string>() })
const done = { 200: Edited, 201: Edited }

/** What whoever looks after a shop's cash machines does, beside the work that moves money. */
export function recyclerRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    registerRoute(app, deps)
    secretRoutes(app, deps)
    bookRoutes(app, deps)
    mendRoutes(app, deps)
  }
}

function registerRoute(app: App, { node, writer, recyclers }: Deps): void {
  app.put(
    '/v1/recyclers/:id',
    {
      config,
      schema: {
        ...{ tags, summary: 'Say what a machine is, all of it; its line is opened anew.', params },
        ...{ body: AskRecycler, response: done },
      },
    },
    async (request, reply) => {
      const { id: recyclerId } = request.params
      const { shopId, tills, ...said } = request.body
      const terms = { ...said, shopId: shopId as ShopId, tills: tills as TillId[] }
      const held = recyclers.machine(recyclerId)
      const stays =
        held === undefined ||
        (held.address === terms.address && held.driver === terms.driver && terms.active)
      const state = recyclers.state(recyclerId)
      // Somebody would have to look for money at a machine that nobody speaks to any more.
      if (!stays && state !== undefined && attemptOf(state) !== undefined) {
        return sendRefusal(reply, { code: 'recycler_busy' })
      }
      // Said whole each time, it needs no name of its own; an Idempotency-Key counts where there is one.
      const named = request.headers['idempotency-key'] !== undefined
      const asked: { readonly id?: string; readonly name: string } = named
        ? { ...request.body }
        : { ...request.body, id: newId(node) }
      const acting = actingOf(request, asked)
      if (!acting.ok) return sendRefusal(reply, acting.refusal)
      const outcome = await writer.act(() =>
        registerRecycler(node, acting.value, { recyclerId, terms }),
      )
      if (!outcome.ok) return sendRefusal(reply, outcome.refusal)
      await recyclers.refresh()
      return reply.code(outcome.value.repeated ? 200 : 201).send({ id: outcome.value.id })
    },
  )
}

const newId = ({ now }: StoreNode) => uuidv7(now().getTime(), randomBytes(10))

/** Whether the register has this machine in this shop, in use or not. */
async function isHere(node: StoreNode, id: string): Promise<boolean> {
  return (await addressOf(node, id)) !== undefined
}

/** Where a machine of this shop is; `undefined` where it has no such machine. */
async function addressOf({ db, org, shopId }: StoreNode, id: string): Promise<string | undefined> {
  const [found] = await db<{ address: string }[]>`
    SELECT address FROM recycler WHERE org_id = ${org} AND id = ${id} AND shop_id = ${shopId}
  `
  return found?.address
}

const hostOf = (address: string) => readAddress(address)?.rest.host

function secretRoutes(app: App, { node, recyclers, secrets }: Deps): void {
  const shown = (id: string, address: string) => {
    const kept = secrets.of(id)
    const { fingerprint } = kept
    const { user, password } = loginAt(kept, hostOf(address))
    const hasPassword = password !== undefined && password !== ''
    return { user: user ?? null, hasPassword, fingerprint: fingerprint ?? null }
  }
  app.get(
    '/v1/recyclers/:id/secret',
    {
      config,
      schema: {
        ...{ tags, summary: 'How this server logs in at a machine, without the password.', params },
        response: { 200: RecyclerSecret },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const address = await addressOf(node, id)
      if (address === undefined) return sendRefusal(reply, { code: 'recycler_not_found' })
      return reply.send(fits(RecyclerSecret, shown(id, address)))
    },
  )
  app.put(
    '/v1/recyclers/:id/secret',
    {
      config,
      schema: {
        ...{ tags, summary: 'Say how to log in at a machine, or forget its certificate.', params },
        ...{ body: AskRecyclerSecret, response: { 200: RecyclerSecret } },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { user, password, forgetCertificate } = request.body
      const address = await addressOf(node, id)
      if (address === undefined) return sendRefusal(reply, { code: 'recycler_not_found' })
      const host = hostOf(address)
      // What is not said stays as it was, if it was for this host.
      const held = loginAt(secrets.of(id), host)
      await secrets.keep(id, {
        ...{ user: user ?? held.user, password: password ?? held.password, loginHost: host },
        ...(forgetCertificate === true && { fingerprint: undefined }),
      })
      await recyclers.reopen(id)
      return reply.send(fits(RecyclerSecret, shown(id, address)))
    },
  )
}

function bookRoutes(app: App, { node, writer, recyclers }: Deps): void {
  const { db, org, shopId } = node
  app.post(
    '/v1/recyclers/:id/resolve',
    {
      config,
      schema: {
        tags,
        summary: 'Say how an attempt ended that nobody knew, book what a machine counted, or both.',
        ...{ params, body: AskResolve, response: done },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { attempt, counted, reason } = request.body
      if (!(await isHere(node, id))) return sendRefusal(reply, { code: 'recycler_not_found' })
      const person = personActingOf(request, request.body)
      return answerAct({ writer, reply }, person, async ({ acting, staffId }) => {
        const resolved = await resolveRecycler(node, acting, id, {
          ...{ staffId, attempt, counted, reason },
        })
        if (resolved.ok && attempt !== undefined) {
          const shops = new Set([shopId])
          const row = await findAttempt(db, org, { attemptId: attempt.attemptId, shops })
          if (row?.recyclerId === id) recyclers.resolved(journalledView(row))
        }
        return resolved
      })
    },
  )
  app.post(
    '/v1/recyclers/:id/emptied',
    {
      config,
      schema: {
        ...{ tags, summary: 'Book what was taken out of the cash box into the safe.', params },
        ...{ body: AskEmptied, response: done },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { cash, note } = request.body
      if (!(await isHere(node, id))) return sendRefusal(reply, { code: 'recycler_not_found' })
      const person = personActingOf(request, request.body)
      return answerAct({ writer, reply }, person, ({ acting, staffId }) =>
        emptyRecycler(node, acting, id, { staffId, cash, note }),
      )
    },
  )
}

function mendRoutes(app: App, { node, recyclers }: Deps): void {
  const response = { 202: LiveRecycler }
  for (const [type, summary] of [
    ['reset', 'Let a machine start anew, after a fault.'],
    ['verify', 'Let a machine count again what it no longer trusts.'],
  ] as const) {
    app.post(
      `/v1/recyclers/:id/${type}`,
      { config, schema: { tags, summary, params, response } },
      async (request, reply) => answerOrder(recyclers, reply, [idOf(request), { type }]),
    )
  }
  app.post(
    '/v1/recyclers/:id/lock',
    {
      config,
      schema: {
        ...{ tags, summary: 'Lock or unlock the doors of a machine.', params, body: AskLock },
        response,
      },
    },
    async (request, reply) => {
      const { locked } = request.body
      return answerOrder(recyclers, reply, [request.params.id, { type: 'lock', locked }])
    },
  )
  app.get(
    '/v1/recyclers/:id/frames',
    {
      config,
      schema: {
        ...{ tags, summary: 'The newest frames to and from a machine, as they were.', params },
        response: { 200: RecyclerFrames },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      if (!(await isHere(node, id))) return sendRefusal(reply, { code: 'recycler_not_found' })
      return reply.send(fits(RecyclerFrames, { items: recyclers.frames(id) }))
    },
  )
}

const idOf = ({ params: given }: { readonly params: unknown }) => (given as { id: string }).id

async function answerOrder(
  recyclers: Recyclers,
  reply: FastifyReply,
  [id, order]: readonly [string, Extract<Order, { type: 'reset' | 'verify' | 'lock' }>],
) {
  const ordered = orderAtRest(recyclers, id, order)
  if (!ordered.ok) return sendRefusal(reply, ordered.refusal)
  const live = recyclers.live().find(({ recyclerId }) => recyclerId === id)
  if (live === undefined) return sendRefusal(reply, { code: 'recycler_not_found' })
  return reply.code(202).send(fits(LiveRecycler, live))
}

type RestRefusal = {
  readonly code: 'recycler_not_found' | 'recycler_offline' | 'recycler_busy' | 'recycler_not_able'
}

/** Whether a machine may be told this now: nothing of it is said to one that is at work. */
function orderAtRest(
  recyclers: Recyclers,
  id: string,
  order: Extract<Order, { type: 'reset' | 'verify' | 'lock' }>,
): Outcome<undefined, RestRefusal> {
  const state = recyclers.state(id)
  if (state === undefined) return refused({ code: 'recycler_not_found' })
  if (state.at === 'offline') return refused({ code: 'recycler_offline' })
  const able = recyclers.live().find(({ recyclerId }) => recyclerId === id)?.capabilities
  if (able !== undefined && able !== null && !able[order.type]) {
    return refused({ code: 'recycler_not_able' })
  }
  const rests = state.at === 'idle' || state.at === 'stopped' || state.at === 'checking'
  if (!rests) return refused({ code: 'recycler_busy' })
  const ordered = recyclers.order(id, order)
  return ordered.ok ? accepted(undefined) : refused({ code: 'recycler_not_found' })
}
