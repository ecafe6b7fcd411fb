import { Tokens } from '@tillkeeper/client/api/login-shapes.ts'
import { type Outcome, refused } from '@tillkeeper/core/base/outcome.ts'
import type { Static, TSchema } from 'typebox'
import type { TillNode } from '../app/node.ts'
import { loginOf } from '../staff/sign-in.ts'
import { type Ask, type AskFault, askStore } from './ask-store.ts'

/** An access token that ends within this is renewed first. */
const renewBeforeMs = 30_000

/** Asks the store server as the person who works here. Who unlocked offline has no login to ask with. */
export async function askWithLogin<T>(
  node: Pick<TillNode, 'state' | 'nowMs'>,
  schema: TSchema,
  ask: Omit<Ask, 'token'>,
): Promise<Outcome<T, AskFault | { readonly code: 'no_login' }>> {
  const token = await takeToken(node)
  if (token === undefined) return refused({ code: 'no_login' })
  const answer = await askStore<T>(schema, { ...ask, token })
  if (answer.ok || answer.refusal.code === 'unreachable') return answer
  return answer.refusal.why === 'unauthenticated' ? refused({ code: 'no_login' }) : answer
}

/** An access token of who works here, renewed where it soon ends; undefined where they have no login. */
export async function takeToken({
  state,
  nowMs,
}: Pick<TillNode, 'state' | 'nowMs'>): Promise<string | undefined> {
  const { login } = state.getState()
  if (login === undefined || login.expiresMs - nowMs() > renewBeforeMs) return login?.accessToken
  const answer = await askStore<Static<typeof Tokens>>(Tokens, {
    method: 'POST',
    path: '/v1/auth/refresh',
    body: { refreshToken: login.refreshToken },
  })
  if (!answer.ok) {
    // Out of reach: the old token may still do. Refused: this login has ended.
    if (answer.refusal.code === 'refused') state.setState({ login: undefined })
    return answer.refusal.code === 'refused' ? undefined : login.accessToken
  }
  const renewed = loginOf(answer.value, nowMs())
  state.setState({ login: renewed })
  return renewed.accessToken
}
