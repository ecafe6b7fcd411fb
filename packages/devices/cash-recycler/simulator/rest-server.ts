import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { amountMax, type Minor, minor } from '@tillkeeper/core/money/money.ts'
import type { RestCash } from './rest-cash.ts'
import { RestPlay } from './rest-play.ts'

// A polled machine of the Cashmatic kind, as it speaks: written from the reference of the protocol, not from our
// driver, and stricter than the real one may be. What it does with money is in rest-play.ts; here are HTTP, tokens
// and everything that goes wrong with a line.

export type RestServerOptions = {
  readonly cash: RestCash
  readonly username: string
  readonly password: string
  /** Whether it lists the pieces of a transaction, or only their worth. */
  readonly tellsPieces: boolean
  readonly now: () => number
  readonly after: (ms: number, then: () => void) => () => void
  /** Between two pieces that it gives. */
  readonly giveMs: number
  /** Its own certificate, where it speaks TLS. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** A port, or one that is free. */
  readonly port?: number
}

/** Where a fault strikes. `heard`: after it did what it was told. `unheard`: before. */
export type LineFault =
  | { readonly is: 'cut'; readonly when: 'heard' | 'unheard' }
  /** No word, and the connection stands. */
  | { readonly is: 'silent'; readonly when: 'heard' | 'unheard' }
  /** The connection breaks, and what was said is done later. */
  | { readonly is: 'late'; readonly ms: number }
  | { readonly is: 'garbled'; readonly body: string }

export type RestServer = {
  readonly port: number
  readonly play: RestPlay
  /** The next request to a path meets this. */
  readonly breakNext: (path: string, fault: LineFault) => void
  readonly revokeTokens: () => void
  /** No connection is taken, and those that are open break. */
  readonly setOffline: (offline: boolean) => void
  /** The program in the machine dies and starts: it has no tokens, and its work broke off. */
  readonly restart: () => void
  /** How often each fault struck. */
  readonly struck: ReadonlyMap<string, number>
  readonly close: () => Promise<void>
}

const tokenMs = 15 * 60_000
const bodyBytesMax = 64 * 1024
const tokensMax = 100

type Said = { readonly code: number; readonly message: string; readonly data?: unknown }
const done = (data: unknown = {}): Said => ({ code: 0, message: 'No error', data })
const no = (code: number, message: string): Said => ({ code, message })

export async function startRestServer(options: RestServerOptions): Promise<RestServer> {
  const { after } = options
  const play = new RestPlay(options)
  const answer = answerWith(options, play)
  const faults = new Map<string, LineFault>()
  const struck = new Map<string, number>()
  const sockets = new Set<Socket>()
  let offline = false
  const strike = (name: string) => struck.set(name, (struck.get(name) ?? 0) + 1)

  const listen = (request: IncomingMessage, response: ServerResponse) => {
    void receive(request, response, (path, body) => {
      const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
      const act = () => answer.to(path, bearer, body)
      const fault = faults.get(path)
      if (fault === undefined) return reply(response, act())
      faults.delete(path)
      strike('when' in fault ? `${fault.is} ${fault.when}` : fault.is)
      if (fault.is === 'late') after(fault.ms, act)
      else if (fault.is === 'garbled' || fault.when === 'heard') act()
      if (fault.is === 'garbled') {
        response.writeHead(200, { 'content-type': 'application/json' }).end(fault.body)
      } else if (fault.is !== 'silent') request.socket.destroy()
    })
  }
  const server = options.tls ? createSecureServer(options.tls, listen) : createServer(listen)
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    if (offline) socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const cutAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    ...{ play, struck },
    breakNext: (path, fault) => faults.set(path, fault),
    revokeTokens: () => {
      strike('token revoked')
      answer.forget()
    },
    setOffline: (is) => {
      strike(is ? 'offline' : 'online')
      offline = is
      if (is) cutAll()
    },
    restart: () => {
      strike('restart')
      answer.forget()
      play.breakOff()
      cutAll()
    },
    close: async () => {
      cutAll()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** The machine's users: who has no token that lives is not answered. */
export function answerWith(
  { username, password, now }: Pick<RestServerOptions, 'username' | 'password' | 'now'>,
  play: RestPlay,
) {
  const tokens = new Map<string, number>()
  let issued = 0
  const issue = () => {
    issued += 1
    const token = `token-${issued}`
    if (tokens.size >= tokensMax) tokens.clear()
    tokens.set(token, now() + tokenMs)
    return done({ token })
  }
  return {
    forget: () => tokens.clear(),
    to: (path: string, bearer: string, body: Record<string, unknown>): Said | number => {
      if (path === '/api/user/Login') {
        const known = body.username === username && body.password === password
        return known ? issue() : no(7, 'Wrong user or password')
      }
      if ((tokens.get(bearer) ?? 0) <= now()) return 401
      if (path !== '/api/user/RenewToken') return route(play, path, body)
      tokens.delete(bearer)
      return issue()
    },
  }
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  act: (path: string, body: Record<string, unknown>) => void,
): Promise<void> {
  const parts: Buffer[] = []
  let bytes = 0
  try {
    for await (const part of request) {
      bytes += (part as Buffer).length
      if (bytes > bodyBytesMax) return reply(response, 413)
      parts.push(part as Buffer)
    }
  } catch {
    return // The client went away in the middle of its sentence.
  }
  if (request.method !== 'POST') return reply(response, 405)
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    return reply(response, 415)
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'))
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      return reply(response, 400)
    }
    act(request.url ?? '', body as Record<string, unknown>)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    reply(response, 400)
  }
}

function reply(response: ServerResponse, said: Said | number): void {
  const status = typeof said === 'number' ? said : 200
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(typeof said === 'number' ? '' : JSON.stringify(said))
}

function route(play: RestPlay, path: string, body: Record<string, unknown>): Said | number {
  switch (path) {
    case '/api/transaction/StartPayment':
    case '/api/transaction/StartWithdrawal': {
      const asked = readStart(body)
      if (asked === undefined) return no(2, 'Wrong parameter')
      const kind = path.endsWith('Payment') ? 'payment' : 'withdrawal'
      const refusal = play.start(kind, asked.amountMinor, asked.reference)
      return refusal === undefined ? done() : no(refusal, 'Not possible')
    }
    case '/api/transaction/CancelPayment':
      return play.cancel() ? done() : no(4, 'Nothing to cancel')
    case '/api/device/ActiveTransaction':
      return done(play.active())
    case '/api/device/LastTransaction':
      return done(play.last())
    case '/api/device/AllLevels':
      return done(play.levels())
    case '/api/device/GetDeviceInfo':
      return done(play.info())
    default:
      return 404
  }
}

const fields: ReadonlySet<string> = new Set(['amount', 'reference', 'reason', 'queueAllowed'])

/** Strict: a whole amount above zero, a reference, and nothing that the machine does not know. */
function readStart(body: Record<string, unknown>) {
  const { amount, reference } = body
  const known = Object.keys(body).every((key) => fields.has(key))
  const whole = Number.isSafeInteger(amount) && Number(amount) > 0 && Number(amount) <= amountMax
  if (!known || !whole || typeof reference !== 'string') return undefined
  if (reference === '' || reference.length > 64) return undefined
  const amountMinor: Minor = minor(Number(amount))
  return { amountMinor, reference }
}
