import { expect, test } from 'vitest'
import { type Answer, createClient } from './client.ts'

// The wire is passed in; each test says what it answers, in order.

type Reply = { readonly status: number; readonly body: unknown; readonly type?: string } | 'lost'

function wire(...replies: Reply[]) {
  const asked: { url: string; token: string | null; body: unknown }[] = []
  const answer = async (url: string | URL | Request, init?: RequestInit) => {
    const headers = new Headers(init?.headers)
    const body = init?.body === undefined ? undefined : JSON.parse(String(init.body))
    asked.push({ url: String(url), token: headers.get('authorization'), body })
    const reply = replies.shift()
    if (reply === undefined || reply === 'lost') throw new TypeError('fetch failed')
    const { status, body: text, type } = reply
    const problem = status >= 400 ? 'application/problem+json' : 'application/json'
    return new Response(JSON.stringify(text), {
      status,
      headers: { 'content-type': type ?? problem },
    })
  }
  return { asked, fetch: answer as typeof fetch }
}

const baseUrl = 'http://store'
const key = { kind: 'key', key: 'k' } as const
const problem = (status: number, code: string, data: object = {}) => ({
  status,
  body: { type: `/problems/${code}`, title: '', status, code, ...data },
})
const codeOf = (answer: Answer<unknown>) =>
  answer.ok
    ? 'ok'
    : answer.failure.kind === 'refused'
      ? answer.failure.problem.code
      : answer.failure.kind

test('a lost answer is asked for again where that does no harm, and only there', async () => {
  const lost = wire('lost', 'lost', { status: 201, body: { id: 'a' } })
  const client = createClient({ baseUrl, credentials: key, fetch: lost.fetch })
  const answer = await client.post('/v1/sales', { id: 'a' })
  expect([codeOf(answer), lost.asked.length]).toEqual(['ok', 3])

  const unnamed = wire('lost', { status: 201, body: {} })
  const other = createClient({ baseUrl, credentials: key, fetch: unnamed.fetch })
  expect(codeOf(await other.post('/v1/live/tickets', {}))).toBe('unreachable')
  expect(unnamed.asked).toHaveLength(1)
})

test('it stops trying after so many times', async () => {
  const away = wire()
  const client = createClient({ baseUrl, credentials: key, fetch: away.fetch, triesMax: 2 })
  expect(codeOf(await client.get('/v1/shops'))).toBe('unreachable')
  expect(away.asked).toHaveLength(2)
})

test('a refusal is a value with its code, and is not asked again', async () => {
  const no = wire(problem(409, 'session_not_open', { state: 'closed' }))
  const client = createClient({ baseUrl, credentials: key, fetch: no.fetch })
  const answer = await client.post('/v1/sales', { id: 'a' })
  expect(answer).toMatchObject({
    ok: false,
    failure: { kind: 'refused', status: 409, problem: { state: 'closed' } },
  })
  expect(no.asked).toHaveLength(1)
})

test('an overloaded server is waited for', async () => {
  const busy = wire(problem(503, 'overloaded'), { status: 200, body: { items: [] } })
  const client = createClient({ baseUrl, credentials: key, fetch: busy.fetch })
  expect(codeOf(await client.get('/v1/shops'))).toBe('ok')
})

test('what is not of our server is told apart', async () => {
  const page = wire({ status: 404, body: 'x', type: 'text/html' })
  const client = createClient({ baseUrl, credentials: key, fetch: page.fetch })
  expect(codeOf(await client.get('/v1/shops'))).toBe('strange_answer')
})

test('a page of somebody else is never taken for success', async () => {
  for (const type of ['text/html', 'text/html; charset=utf-8', 'text/plain', '']) {
    const portal = wire({ status: 200, body: 'Accept our terms', type })
    const client = createClient({ baseUrl, credentials: key, fetch: portal.fetch })
    expect([type, codeOf(await client.post('/v1/sales', { id: 'a' }))]).toEqual([
      type,
      'strange_answer',
    ])
  }
  const empty = async () => new Response('', { status: 200 })
  const client = createClient({ baseUrl, credentials: key, fetch: empty })
  expect(codeOf(await client.post('/v1/sales', { id: 'a' }))).toBe('strange_answer')
  expect(codeOf(await client.get('/v1/shops'))).toBe('strange_answer')
  const receipt = wire({ status: 200, body: 'Thank you', type: 'text/plain; charset=utf-8' })
  const reader = createClient({ baseUrl, credentials: key, fetch: receipt.fetch })
  expect(codeOf(await reader.get('/v1/sales/a/receipt'))).toBe('ok')
})

test('a login is refreshed once where its token is refused, however many ask', async () => {
  const tokens = (name: string) => ({
    accessToken: `access ${name}`,
    refreshToken: `refresh ${name}`,
    expiresIn: 600,
    employee: {} as never,
  })
  const refused = problem(401, 'unauthenticated')
  const renewed = { status: 200, body: tokens('b') }
  const ok = { status: 200, body: {} }
  const login = wire(refused, refused, renewed, ok, ok)
  const kept: string[] = []
  const client = createClient({
    baseUrl,
    credentials: { kind: 'login', tokens: tokens('a') },
    fetch: login.fetch,
    onTokens: ({ refreshToken }) => kept.push(refreshToken),
  })
  const answers = await Promise.all([client.get('/v1/shops'), client.get('/v1/tills')])
  expect(answers.map(codeOf)).toEqual(['ok', 'ok'])
  expect(login.asked.filter(({ url }) => url.endsWith('/refresh'))).toMatchObject([
    { body: { refreshToken: 'refresh a' } },
  ])
  expect(login.asked.at(-1)?.token).toBe('Bearer access b')
  expect(kept).toEqual(['refresh b'])
})
