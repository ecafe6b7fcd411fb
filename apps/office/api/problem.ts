/** The server said no, in the words of RFC 9457. `code` is stable and never shown as it is. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: number
  readonly code: string
  /** When to ask again, where the server says so. */
  readonly retryAfterSeconds: number | undefined

  constructor(answer: {
    readonly status: number
    readonly code: string
    readonly retryAfterSeconds?: number | undefined
  }) {
    super(answer.code)
    this.status = answer.status
    this.code = answer.code
    this.retryAfterSeconds = answer.retryAfterSeconds
  }
}

/** Nobody answered in time, or not in our words: a wire is cut, a server is down. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** What a person has to know of a fault; each has its own words and its own next step. */
export type FaultKind = 'unreachable' | 'forbidden' | 'not_found' | 'login' | 'busy' | 'failed'

/** Sorts whatever was thrown while asking the server. */
export function faultOf(error: unknown): FaultKind {
  if (error instanceof Unreachable) return 'unreachable'
  if (!(error instanceof ApiProblem)) return 'failed'
  if (error.status === 401) return 'login'
  if (error.status === 403) return 'forbidden'
  if (error.status === 404) return 'not_found'
  if (error.status === 429 || error.status === 503) return 'busy'
  return 'failed'
}
