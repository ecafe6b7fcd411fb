import type { Tokens } from '@tillkeeper/client/api/login-shapes.ts'
import { expect, test } from 'vitest'
import { ApiProblem, Unreachable } from '../api/problem.ts'
import type { Ask } from '../api/send.ts'
import { createLogin } from './login.ts'

const employee: Tokens['employee'] = {
  id: '01990000-0000-7000-8000-000000000001',
  name: 'Malee',
  number: '1',
  roles: ['owner'],
  permissions: ['report.read'],
  shops: [],
  language: 'th',
  active: true,
}

/** A server's answers to logins, and what was asked of it. The wire is what a login is given. */
function wire(answers: readonly (Error | string)[]) {
  const asked: Ask[] = []
  const storage = new Map<string, string>()
  let nowMs = 1_000_000
  const login = createLogin({
    nowMs: () => nowMs,
    storage: {
      getItem: (key) => storage.get(key) ?? null,
      setItem: (key, value) => void storage.set(key, value),
      removeItem: (key) => void storage.delete(key),
    },
    send: async (ask) => {
      const answer = answers[asked.push(ask) - 1]
      if (answer === undefined) throw new Error(`nobody expected ${ask.path}`)
      if (answer instanceof Error) throw answer
      const tokens: Tokens = {
        accessToken: `access ${answer}`,
        refreshToken: `refresh ${answer}`,
        expiresIn: 600,
        employee,
      }
      return Response.json(tokens)
    },
  })
  const pass = (ms: number) => {
    nowMs += ms
  }
  return { login, asked, storage, pass }
}

const credentials = { kind: 'password', login: 'owner', password: 'secret' } as const
const refused = new ApiProblem({ status: 401, code: 'unauthenticated' })

test('without a login of before, one has to log in', async () => {
  const { login, asked } = wire([])
  await login.resume()
  expect(login.read()).toEqual({ stage: 'out', why: 'first' })
  expect(asked).toEqual([])
})

test('who logs in is in, and only the refresh token is stored', async () => {
  const { login, storage } = wire(['1'])
  await login.enter(credentials)
  expect(login.read()).toEqual({ stage: 'in', employee })
  expect(await login.token()).toBe('access 1')
  expect([...storage.values()]).toEqual(['refresh 1'])
})

test('a wrong password logs nobody in', async () => {
  const { login } = wire([new ApiProblem({ status: 401, code: 'login_failed' })])
  await expect(login.enter(credentials)).rejects.toMatchObject({ code: 'login_failed' })
  expect(login.read().stage).not.toBe('in')
})

test('a token is renewed before it ends, once for however many ask', async () => {
  const { login, asked, pass } = wire(['1', '2'])
  await login.enter(credentials)
  pass(569_000)
  expect(await login.token()).toBe('access 1')
  pass(2_000)
  expect(await Promise.all([login.token(), login.token(), login.token()])).toEqual([
    'access 2',
    'access 2',
    'access 2',
  ])
  expect(asked).toHaveLength(2)
  expect(asked[1]?.body).toEqual({ refreshToken: 'refresh 1' })
})

test('a token that the server refused is renewed, even if it looks good', async () => {
  const { login } = wire(['1', '2'])
  await login.enter(credentials)
  login.drop('access 1')
  expect(await login.token()).toBe('access 2')
})

test('a login that the server has ended is over', async () => {
  const { login, storage, pass } = wire(['1', refused])
  await login.enter(credentials)
  pass(600_000)
  await expect(login.token()).rejects.toBe(refused)
  expect(login.read()).toEqual({ stage: 'out', why: 'expired' })
  expect(storage.size).toBe(0)
})

test('when nobody answers, the login is kept for the next try', async () => {
  const { login, storage } = wire([new Unreachable(), '2'])
  storage.set('tillkeeper.refresh', 'refresh 0')
  await login.resume()
  expect(login.read()).toEqual({ stage: 'unreachable' })
  expect(storage.get('tillkeeper.refresh')).toBe('refresh 0')
  await login.resume()
  expect(login.read().stage).toBe('in')
})

test('a server that is too busy ends no login', async () => {
  const { login, storage } = wire([new ApiProblem({ status: 429, code: 'too_many_requests' })])
  storage.set('tillkeeper.refresh', 'refresh 0')
  await login.resume()
  expect(login.read()).toEqual({ stage: 'unreachable' })
  expect(storage.size).toBe(1)
})

test('who leaves is out at once, also when the server cannot be told', async () => {
  const { login, storage } = wire(['1', new Unreachable()])
  await login.enter(credentials)
  await login.leave()
  expect(login.read()).toEqual({ stage: 'out', why: 'asked' })
  expect(storage.size).toBe(0)
})
