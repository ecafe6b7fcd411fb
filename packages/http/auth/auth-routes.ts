import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AskPassword, AskPin, AskRefresh, Tokens } from '@tillkeeper/client/api/login-shapes.ts'
import Type from 'typebox'
import { sendRefusal } from '../problem/problem.ts'
import { fits } from '../server/wire.ts'
import { type LoginDeps, logIn, refreshLogin } from './log-in.ts'
import { revokeLoginOf } from './login-sql.ts'

const config = { permission: 'public' } as const
const tags = ['auth']

/** People log in, stay logged in, and log out. */
export function authRoutes(deps: LoginDeps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/auth/password',
      {
        config,
        schema: {
          tags,
          summary: 'Log in with a login and a password.',
          body: AskPassword,
          response: { 200: Tokens },
        },
      },
      async ({ body, ip }, reply) => {
        const { login: name, password: secret } = body
        const outcome = await logIn(deps, { kind: 'password', name, secret, address: ip })
        return outcome.ok ? fits(Tokens, outcome.value) : sendRefusal(reply, outcome.refusal)
      },
    )
    app.post(
      '/v1/auth/refresh',
      {
        config,
        schema: {
          tags,
          summary:
            'Get a new access token. A refresh token is used once and answers with the next.',
          body: AskRefresh,
          response: { 200: Tokens },
        },
      },
      async ({ body }, reply) => {
        const outcome = await refreshLogin(deps, body.refreshToken)
        return outcome.ok ? fits(Tokens, outcome.value) : sendRefusal(reply, outcome.refusal)
      },
    )
    app.post(
      '/v1/auth/logout',
      {
        config,
        schema: {
          tags,
          summary: 'End a login. Its access tokens are nobody’s within two seconds.',
          body: AskRefresh,
          response: { 204: Type.Null() },
        },
      },
      async ({ body }, reply) => {
        await revokeLoginOf(deps.db, body.refreshToken, deps.now())
        return reply.code(204).send(null)
      },
    )
  }
}

/** At a till: a staff number and a PIN. Only a store server takes them. */
export function pinRoutes(deps: LoginDeps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/auth/pin',
      {
        config,
        schema: {
          tags,
          summary: 'Log in with a staff number and a PIN.',
          body: AskPin,
          response: { 200: Tokens },
        },
      },
      async ({ body, ip }, reply) => {
        const { number: name, pin: secret } = body
        const outcome = await logIn(deps, { kind: 'pin', name, secret, address: ip })
        return outcome.ok ? fits(Tokens, outcome.value) : sendRefusal(reply, outcome.refusal)
      },
    )
  }
}
