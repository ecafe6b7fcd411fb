import { ApiProblem, Unreachable } from './problem.ts'

export type Query = Readonly<Record<string, string | number | undefined>>

/** One question to the server that this page came from. */
export type Ask = {
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly query?: Query
  readonly body?: unknown
  readonly token?: string
  readonly signal?: AbortSignal | undefined
  /** The answer goes on until `signal` ends it: only its beginning has to come in time. */
  readonly endless?: boolean | undefined
}

/** Longer than any answer takes that is still of use to who waits for it. */
const answerMsMax = 20_000

/**
 * Asks and gives the answer if it is one of ours with a status below 400. Throws `ApiProblem` for a
 * refusal, `Unreachable` when nobody answers, and what `signal` says when it was called off.
 */
export async function send(ask: Ask): Promise<Response> {
  const answer = await reach(ask)
  if (answer.ok) return answer
  throw await readProblem(answer)
}

/** The address of a question, without the fields that are not set. */
export function addressOf(path: string, query: Query = {}): string {
  const fields = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') fields.set(name, String(value))
  }
  const text = fields.toString()
  return text === '' ? path : `${path}?${text}`
}

async function reach(ask: Ask): Promise<Response> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), answerMsMax)
  const signal = ask.signal === undefined ? late.signal : AbortSignal.any([ask.signal, late.signal])
  try {
    const answer = await fetch(addressOf(ask.path, ask.query), {
      method: ask.method ?? 'GET',
      headers: {
        ...(ask.token !== undefined && { authorization: `Bearer ${ask.token}` }),
        ...(ask.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(ask.body !== undefined && { body: JSON.stringify(ask.body) }),
      credentials: 'omit',
      cache: 'no-store',
      signal,
    })
    if (ask.endless === true) clearTimeout(timer)
    return answer
  } catch (error) {
    if (ask.signal?.aborted === true) throw error
    // fetch has one error for all that keeps an answer from arriving.
    throw new Unreachable()
  }
}

async function readProblem(answer: Response): Promise<ApiProblem | Unreachable> {
  const status = answer.status
  // A proxy in front of a server that is down answers in HTML.
  const body: unknown = await answer.json().catch(() => undefined)
  const code = fieldOf(body, 'code')
  if (typeof code !== 'string') {
    return status >= 502 ? new Unreachable() : new ApiProblem({ status, code: 'unknown' })
  }
  const wait = Number(answer.headers.get('retry-after'))
  const retryAfterSeconds = Number.isInteger(wait) && wait > 0 ? wait : undefined
  return new ApiProblem({ status, code, retryAfterSeconds })
}

function fieldOf(body: unknown, name: string): unknown {
  if (typeof body !== 'object' || body === null) return undefined
  return (body as Readonly<Record<string, unknown>>)[name]
}
