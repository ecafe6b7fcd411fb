import type { Tokens } from './api/login-shapes.ts'
import type { Problem } from './api/shapes.ts'

// A small client of the API for programs: one place that knows how to wait, repeat and stay logged in.
// Screens have their own needs and their own; both take their types from api/shapes.ts.

export type Credentials =
  /** Another system’s key. */
  | { readonly kind: 'key'; readonly key: string }
  /** A person’s login; it is refreshed before it runs out, and again where it is refused. */
  | { readonly kind: 'login'; readonly tokens: Tokens }
  | { readonly kind: 'none' }

export type ClientOptions = {
  /** Such as `http://127.0.0.1:7301`. */
  readonly baseUrl: string
  readonly credentials: Credentials
  /** How long one try may take. */
  readonly timeoutMs?: number
  /** How often a request is tried that may be repeated without harm. */
  readonly triesMax?: number
  readonly fetch?: typeof fetch
  /** Hears of new tokens, to keep them. */
  readonly onTokens?: (tokens: Tokens) => void
}

/** Why there is no answer that was asked for. */
export type Failure =
  /** The server says no; `problem.code` says why and never changes its meaning. */
  | { readonly kind: 'refused'; readonly status: number; readonly problem: Problem }
  /** No answer came: the server may have done it or not. The same id may be asked again. */
  | { readonly kind: 'unreachable'; readonly reason: 'timeout' | 'network' }
  /** What came is not of our server. */
  | { readonly kind: 'strange_answer'; readonly status: number }

export type Answer<Reply> =
  | { readonly ok: true; readonly status: number; readonly reply: Reply }
  | { readonly ok: false; readonly failure: Failure }

export type Client = {
  /** Reads; tried again while the server is out of reach or overloaded. */
  readonly get: <Reply>(path: string, query?: Query) => Promise<Answer<Reply>>
  /**
   * Writes. A body with an `id` is tried again too, since asking twice does it once; one without is sent
   * once.
   */
  readonly post: <Reply>(path: string, body: object) => Promise<Answer<Reply>>
}

export type Query = Readonly<Record<string, string | number | undefined>>

const timeoutDefaultMs = 15_000
const triesDefault = 4
const waitFirstMs = 200
const waitMaxMs = 5_000
/** A token is refreshed so long before it runs out. */
const refreshEarlyMs = 30_000

type Request = {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly body: string | undefined
}

/** Makes a client. It keeps no connection of its own, and may be forgotten at any time. */
export function createClient(options: ClientOptions): Client {
  const { baseUrl, triesMax = triesDefault } = options
  const bearer = createBearer(options)

  const once = async (request: Request): Promise<Answer<never>> => {
    const token = await bearer.token()
    const answer = await exchange(options, request, token)
    if (!isUnauthenticated(answer)) return answer
    const other = await bearer.renew(token)
    return other === undefined ? answer : exchange(options, request, other)
  }
  const repeat = async (request: Request): Promise<Answer<never>> => {
    for (let tried = 1; ; tried += 1) {
      const answer = await once(request)
      const waitMs = answer.ok ? undefined : waitAfter(answer.failure, tried)
      if (waitMs === undefined || tried >= triesMax) return answer
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }
  const at = (path: string, query: Query = {}) => {
    const url = new URL(path, baseUrl)
    for (const [word, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(word, String(value))
    }
    return url.href
  }
  return {
    get: (path, query) => repeat({ method: 'GET', url: at(path, query), body: undefined }),
    post: (path, body) => {
      const request = { method: 'POST', url: at(path), body: JSON.stringify(body) } as const
      return 'id' in body ? repeat(request) : once(request)
    },
  }
}

/** Logs in by `path` (`/v1/auth/pin`, `/v1/auth/password`) and makes a client of the login. */
export async function logIn(
  options: Omit<ClientOptions, 'credentials'>,
  { path, body }: { readonly path: string; readonly body: object },
): Promise<Answer<Client>> {
  const nobody = createClient({ ...options, credentials: { kind: 'none' } })
  const answer = await nobody.post<Tokens>(path, body)
  if (!answer.ok) return answer
  const { status, reply: tokens } = answer
  const client = createClient({ ...options, credentials: { kind: 'login', tokens } })
  return { ok: true, status, reply: client }
}

function createBearer({ credentials, baseUrl, onTokens, ...options }: ClientOptions) {
  let tokens = credentials.kind === 'login' ? credentials.tokens : undefined
  let untilMs = tokens === undefined ? 0 : Date.now() + tokens.expiresIn * 1000 - refreshEarlyMs
  let renewing: Promise<string | undefined> | undefined

  const refresh = async (): Promise<string | undefined> => {
    const body = JSON.stringify({ refreshToken: tokens?.refreshToken })
    const url = new URL('/v1/auth/refresh', baseUrl).href
    const request = { method: 'POST', url, body } as const
    const answer: Answer<Tokens> = await exchange(options, request, undefined)
    if (!answer.ok) return undefined
    tokens = answer.reply
    untilMs = Date.now() + tokens.expiresIn * 1000 - refreshEarlyMs
    onTokens?.(tokens)
    return tokens.accessToken
  }
  // One refresh at a time: a refresh token is used once.
  const renew = () => {
    renewing ??= refresh().finally(() => {
      renewing = undefined
    })
    return renewing
  }
  return {
    token: async (): Promise<string | undefined> => {
      if (credentials.kind === 'key') return credentials.key
      if (tokens === undefined) return undefined
      return Date.now() < untilMs ? tokens.accessToken : ((await renew()) ?? tokens.accessToken)
    },
    /** Another token than the one that was refused; undefined where there is none. */
    renew: async (old: string | undefined): Promise<string | undefined> => {
      if (tokens === undefined) return undefined
      return tokens.accessToken === old ? renew() : tokens.accessToken
    },
  }
}

async function exchange(
  { timeoutMs = timeoutDefaultMs, fetch: send = fetch }: Pick<ClientOptions, 'timeoutMs' | 'fetch'>,
  { method, url, body }: Request,
  token: string | undefined,
): Promise<Answer<never>> {
  let response: Response
  let text: string
  try {
    response = await send(url, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    text = await response.text()
  } catch (error) {
    // An edge: fetch tells every failure of the wire by throwing.
    const timeout = error instanceof DOMException && error.name === 'TimeoutError'
    return { ok: false, failure: { kind: 'unreachable', reason: timeout ? 'timeout' : 'network' } }
  }
  return readAnswer(method, response, text)
}

// Whatever is not of our server's making is strange, whatever its status: the page of a hotel's network
// answers a sale with 200, and nothing was sold.
function readAnswer(
  method: Request['method'],
  { status, ok, headers }: Response,
  text: string,
): Answer<never> {
  const strange = { ok: false, failure: { kind: 'strange_answer', status } } as const
  const type = headers.get('content-type') ?? ''
  if (status === 204) return { ok: true, status, reply: undefined as never }
  const isText = method === 'GET' && type.startsWith('text/') && !type.startsWith('text/html')
  if (ok && isText && text !== '') return { ok: true, status, reply: text as never }
  if (!type.startsWith(ok ? 'application/json' : 'application/problem+json')) return strange
  try {
    const parsed: unknown = JSON.parse(text)
    if (ok) return { ok: true, status, reply: parsed as never }
    return { ok: false, failure: { kind: 'refused', status, problem: parsed as Problem } }
  } catch {
    return strange
  }
}

function isUnauthenticated(answer: Answer<never>): boolean {
  return !answer.ok && answer.failure.kind === 'refused' && answer.failure.status === 401
}

/** How long to wait before another try; undefined where another would get the same answer. */
function waitAfter(failure: Failure, tried: number): number | undefined {
  const backoffMs = Math.min(waitFirstMs * 2 ** (tried - 1), waitMaxMs)
  if (failure.kind === 'unreachable') return backoffMs
  if (failure.kind === 'strange_answer') return failure.status >= 502 ? backoffMs : undefined
  const { status, problem } = failure
  if (status !== 503 && problem.code !== 'too_many_requests') return undefined
  const asked = Number((problem as Record<string, unknown>).retryAfterSeconds ?? 0) * 1000
  return Math.min(Math.max(asked, backoffMs), waitMaxMs)
}
