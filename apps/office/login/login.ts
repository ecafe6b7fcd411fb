import type { Tokens } from '@tillkeeper/client/api/login-shapes.ts'
import type { Employee } from '@tillkeeper/client/api/shapes.ts'
import { ApiProblem } from '../api/problem.ts'
import type { Ask } from '../api/send.ts'

/** Who is logged in. `starting`: a login of before is being renewed. */
export type LoginState =
  | { readonly stage: 'starting' }
  | { readonly stage: 'unreachable' }
  | { readonly stage: 'out'; readonly why: 'first' | 'expired' | 'asked' }
  | { readonly stage: 'in'; readonly employee: Employee }

export type Credentials =
  | { readonly kind: 'password'; readonly login: string; readonly password: string }
  | { readonly kind: 'pin'; readonly number: string; readonly pin: string }

/**
 * Holds a person's login. The access token stays in memory; the refresh token lies in the tab's own
 * storage, so that a reload stays logged in and a closed tab does not.
 */
export type Login = {
  readonly read: () => LoginState
  readonly subscribe: (onChange: () => void) => () => void
  /** Renews a login that this tab had before. Called once, at the start. */
  readonly resume: () => Promise<void>
  /** Throws what `send` throws; a wrong password is an `ApiProblem`. */
  readonly enter: (credentials: Credentials) => Promise<void>
  readonly leave: () => Promise<void>
  /** A token that is good for a while yet. Throws `ApiProblem` 401 when the login has ended. */
  readonly token: () => Promise<string>
  /** The server refused the token: the next `token()` renews it. */
  readonly drop: (token: string) => void
}

type Parts = {
  readonly send: (ask: Ask) => Promise<Response>
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  readonly nowMs: () => number
}

const stored = 'tillkeeper.refresh'
/** Renewed this long before its end, so that no request meets a token that has just run out. */
const marginMs = 30_000

export function createLogin({ send, storage, nowMs }: Parts): Login {
  const listeners = new Set<() => void>()
  let state: LoginState = { stage: 'starting' }
  let access: { readonly token: string; readonly endsAtMs: number } | undefined
  let renewing: Promise<string> | undefined

  const become = (next: LoginState) => {
    state = next
    for (const listener of listeners) listener()
  }
  const take = (tokens: Tokens): string => {
    access = {
      token: tokens.accessToken,
      endsAtMs: nowMs() + tokens.expiresIn * 1000 - marginMs,
    }
    storage.setItem(stored, tokens.refreshToken)
    become({ stage: 'in', employee: tokens.employee })
    return tokens.accessToken
  }
  const end = (why: 'first' | 'expired' | 'asked') => {
    access = undefined
    storage.removeItem(stored)
    become({ stage: 'out', why })
  }
  const renew = async (): Promise<string> => {
    const refreshToken = storage.getItem(stored)
    if (refreshToken === null) throw new ApiProblem({ status: 401, code: 'unauthenticated' })
    try {
      const body = { refreshToken }
      return take(await readTokens(await send({ method: 'POST', path: '/v1/auth/refresh', body })))
    } catch (error) {
      // Any other fault passes by itself; the token is kept for the next try.
      if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) end('expired')
      throw error
    }
  }
  return {
    read: () => state,
    subscribe: (onChange) => {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
    resume: async () => {
      if (storage.getItem(stored) === null) return end('first')
      become({ stage: 'starting' })
      // The state says what came of it: in, out, or nobody answered.
      await renew().catch(() => state.stage === 'starting' && become({ stage: 'unreachable' }))
    },
    enter: async ({ kind, ...body }) => {
      take(await readTokens(await send({ method: 'POST', path: `/v1/auth/${kind}`, body })))
    },
    leave: async () => {
      const refreshToken = storage.getItem(stored)
      end('asked')
      // Told to the server if it can be reached; here it is over in any case.
      const body = { refreshToken }
      await send({ method: 'POST', path: '/v1/auth/logout', body }).catch(() => undefined)
    },
    token: async () => {
      if (access !== undefined && nowMs() < access.endsAtMs) return access.token
      // Many questions at once renew once: a refresh token works a single time.
      renewing ??= renew().finally(() => {
        renewing = undefined
      })
      return renewing
    },
    drop: (token) => {
      if (access?.token === token) access = undefined
    },
  }
}

async function readTokens(answer: Response): Promise<Tokens> {
  return (await answer.json()) as Tokens
}
