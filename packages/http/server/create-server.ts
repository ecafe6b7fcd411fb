import type { Socket } from 'node:net'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import websocket from '@fastify/websocket'
import { assert } from '@tillkeeper/core/base/assert.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { Permission } from '@tillkeeper/core/permission/permission.ts'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify'
import type { Actor, Authenticate, Grant } from '../auth/actor.ts'
import type { LogLines } from '../observe/log-lines.ts'
import type { Metrics } from '../observe/metrics.ts'
import { problemBody, problemType, RefusedRequest, sendRefusal } from '../problem/problem.ts'
import type { Refusal } from '../problem/refusals.ts'
import { checkReply } from './check-reply.ts'
import { jsonType, requireContentType } from './content-type.ts'
import { refusalOfError } from './error-refusal.ts'
import { readJson } from './read-json.ts'
import { setApiHeaders } from './security-headers.ts'
import { validatorCompiler } from './validate.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * What the asker must be allowed to do. Every route says it, and `public` where anybody may ask: a
     * route without one stops the start.
     */
    readonly permission?: Grant | 'public'
    /** The one content type that the route takes, if not JSON. */
    readonly contentType?: string
  }
  interface FastifyRequest {
    /** Who asks; null on public routes. See `actorOf`. */
    actor: Actor | null
    /** The token that a ticket of the live feed stands for; empty elsewhere. */
    liveToken: string
  }
}

/** A server of ours: Fastify with the schemas of TypeBox. */
export type Server = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

export type ServerOptions = {
  readonly authenticate: Authenticate
  readonly metrics: Metrics
  /** Where pino writes; nothing is logged without it. */
  readonly log?: { readonly level: string; readonly stream: LogLines }
  /** The addresses of the proxies in front; only theirs may name another client address. */
  readonly trustProxy?: readonly string[]
  /**
   * Why nobody is served now, if so: routes of business (`/v1/`) answer with it, before anybody is asked who
   * they are. Syncing, health, documents and `/v1/sync/status` stay open.
   */
  readonly closedFor?: () => Refusal | undefined
  /** Compares each reply with the schema of its route, and fails where they differ. For tests. */
  readonly checkReplies?: boolean
}

/** A sale of 1,000 lines with prices is about 110 KiB. */
export const bodyBytesMax = 262_144
/** What a client says on a WebSocket is short. */
const socketBytesMax = 65_536
/** A whole request has to arrive in this time: a slow client holds a socket, and no more. */
const requestTimeoutMs = 15_000
const headersTimeoutMs = 10_000
const connectionsMax = 2_000
/** Ids, words of a search, cursors: no parameter of a path is longer. */
const parameterLengthMax = 200

/** Makes the server that store and cloud share: strict in what it takes, one shape for every refusal. */
export function createServer(options: ServerOptions): Server {
  const app = Fastify({
    logger: options.log === undefined ? false : { ...options.log },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    http: { headersTimeout: headersTimeoutMs },
    routerOptions: { maxParamLength: parameterLengthMax },
    forceCloseConnections: 'idle',
    trustProxy: options.trustProxy === undefined ? false : [...options.trustProxy],
    clientErrorHandler: answerBadHttp,
    frameworkErrors: (error, _request, reply) => {
      setApiHeaders(reply)
      return sendRefusal(reply, refusalOfError(error, undefined))
    },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.server.maxConnections = connectionsMax

  app.setValidatorCompiler(validatorCompiler)
  // Replies are built by us and typed by their schemas; what a schema does not name may still be sent.
  app.setSerializerCompiler(() => JSON.stringify)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(jsonType, { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, readJson(body as Buffer))
    } catch (error) {
      done(error as Error)
    }
  })

  app.decorateRequest('actor', null)
  app.decorateRequest('liveToken', '')
  void app.register(websocket, {
    options: { maxPayload: socketBytesMax, perMessageDeflate: false },
  })
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.permission !== undefined) return
    throw new Error(`the route ${String(method)} ${url} declares no permission`)
  })
  app.addHook('onRequest', async (request, reply) => {
    setApiHeaders(reply)
    refuseIfClosed(request, options.closedFor?.())
    await admit(request, options.authenticate)
    requireContentType(request)
  })
  app.addHook('onResponse', async (request, reply) => options.metrics.onResponse(request, reply))
  if (options.checkReplies === true) app.addHook('preSerialization', checkReply)

  app.setNotFoundHandler((request, reply) => {
    const allowed = methods.filter((method) => hasRoute(app, method, request.url))
    if (allowed.length === 0) return sendRefusal(reply, { code: 'not_found' })
    return sendRefusal(reply.header('allow', allowed.join(', ')), { code: 'method_not_allowed' })
  })
  app.setErrorHandler((error, request, reply) => {
    const refusal = refusalOfError(error, request)
    if (refusal.code === 'internal') request.log.error(faultOf(error, request), 'internal')
    return sendRefusal(reply, refusal)
  })
  return app
}

/** What the log may hold of a fault. The details of a database's error hold values of rows. */
function faultOf(error: unknown, { routeOptions, method }: FastifyRequest) {
  const { name, message, stack, code } = error as Error & { readonly code?: string }
  return { fault: { name, message, stack, code }, method, route: routeOptions.url }
}

/** The actor of a route that is not public. */
export function actorOf({ actor }: FastifyRequest): Actor {
  assert(actor !== null, 'a route with a permission has an actor')
  return actor
}

/** The organisation of whoever asks. The operator, who has none, is refused. */
export function orgOf(request: FastifyRequest): OrgId {
  const { org } = actorOf(request)
  if (org === undefined) throw new RefusedRequest({ code: 'org_required' })
  return org
}

/** Says whether the asker may do more than the route's own permission. */
export function mayDo(request: FastifyRequest, permission: Permission): boolean {
  return actorOf(request).permissions.has(permission)
}

/** A server that is not whole yet still says how it stands. */
const openWhileClosed = '/v1/sync/status'

function refuseIfClosed({ url, routeOptions }: FastifyRequest, refusal: Refusal | undefined): void {
  if (refusal === undefined || !url.startsWith('/v1/')) return
  if (routeOptions.url === openWhileClosed) return
  throw new RefusedRequest(refusal)
}

const bearer = /^Bearer ([\x21-\x7e]{1,4096})$/

async function admit(request: FastifyRequest, authenticate: Authenticate): Promise<void> {
  // A path that no route has says so to anybody: there is nothing behind it to protect.
  if (request.is404) return
  const { permission } = request.routeOptions.config
  if (permission === 'public') return
  assert(permission !== undefined, 'every route declares a permission')

  const token = bearer.exec(request.headers.authorization ?? '')?.[1]
  const actor = token === undefined ? undefined : await authenticate(token)
  if (actor === undefined) throw new RefusedRequest({ code: 'unauthenticated' })
  if (!actor.permissions.has(permission)) {
    throw new RefusedRequest({ code: 'forbidden', permission })
  }
  request.actor = actor
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

function hasRoute(app: FastifyInstance, method: (typeof methods)[number], url: string): boolean {
  const [path = ''] = url.split('?', 1)
  return app.findRoute({ method, url: path }) !== null
}

/** Answers what Node could not parse as a request: there is no reply object yet, only a socket. */
function answerBadHttp(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy(error)
    return
  }
  const code =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 'headers_too_large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'request_timeout'
        : 'bad_request'
  const body = problemBody({ code })
  const text = JSON.stringify(body)
  socket.end(
    `HTTP/1.1 ${body.status} Refused\r\ncontent-type: ${problemType}\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  )
}
