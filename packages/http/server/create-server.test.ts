import { connect as openSocket } from 'node:net'
import Type from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor, Grant } from '../auth/actor.ts'
import { createMetrics } from '../observe/metrics.ts'
import { expectProblem, send } from '../testing/inject.ts'
import { bodyBytesMax, createServer, type Server } from './create-server.ts'
import { depthMax } from './read-json.ts'

const actor = (permissions: readonly Grant[]): Actor => ({
  kind: 'key',
  id: 'k',
  org: undefined,
  permissions: new Set(permissions),
  shops: 'all',
})
const actors: Readonly<Record<string, Actor>> = {
  seller: actor(['sale.create']),
  reader: actor(['sale.read']),
}

const Body = Type.Object(
  { amountMinor: Type.Integer({ minimum: 0 }), note: Type.Optional(Type.String()) },
  { additionalProperties: false },
)
let app: Server
let reached = 0

beforeAll(async () => {
  app = createServer({
    authenticate: async (token) => actors[token],
    metrics: createMetrics('store'),
    checkReplies: true,
  })
  const query = Type.Object(
    { limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$' })) },
    { additionalProperties: false },
  )
  app.post(
    '/v1/things',
    { config: { permission: 'sale.create' }, schema: { body: Body } },
    async ({ body }) => {
      reached += 1
      return body
    },
  )
  app.get(
    '/v1/things/:id',
    {
      config: { permission: 'sale.read' },
      schema: { querystring: query, response: { 200: Type.Object({ id: Type.String() }) } },
    },
    // The schema promises a text: the reply is checked in tests, as this shows.
    async ({ params }) => ({ id: (params as { id: string }).id === 'bad' ? 1 : 'a' }) as never,
  )
  app.get('/v1/bug', { config: { permission: 'public' } }, async () => {
    throw new Error('select * from secrets')
  })
  app.get('/v1/gone', { config: { permission: 'public' } }, async () => {
    throw Object.assign(new Error('gone'), { code: 'CONNECTION_CLOSED' })
  })
  app.get('/v1/full', { config: { permission: 'public' } }, async () => {
    throw Object.assign(new Error('no space left on device'), { code: '53100' })
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => app.close())

const post = (payload: string | Buffer, contentType = 'application/json') =>
  app.inject({
    method: 'POST',
    url: '/v1/things',
    headers: { authorization: 'Bearer seller', 'content-type': contentType },
    payload,
  })

test('a route that declares no permission stops the start', async () => {
  const other = createServer({
    authenticate: async () => undefined,
    metrics: createMetrics('store'),
  })
  expect(() => other.get('/v1/forgotten', async () => 'open to all')).toThrow(
    'the route GET /v1/forgotten declares no permission',
  )
  await other.close()
})

test('who sends no token, or one of nobody, is not recognised', async () => {
  expectProblem(await send(app, 'POST', '/v1/things', { body: {} }), 401, 'unauthenticated')
  for (const authorization of ['Bearer nobody', 'Basic c2VsbGVy', 'seller', 'Bearer  seller', '']) {
    const reply = await send(app, 'POST', '/v1/things', { headers: { authorization } })
    expectProblem(reply, 401, 'unauthenticated')
  }
})

test('who may not do it is told which permission is missing, and no body is read', async () => {
  const reply = await app.inject({
    method: 'POST',
    url: '/v1/things',
    headers: { authorization: 'Bearer reader', 'content-type': 'application/json' },
    payload: '{',
  })
  expect(expectProblem(reply, 403, 'forbidden')).toMatchObject({ permission: 'sale.create' })
})

test.for([
  ['{"amountMinor":"12"}', '/amountMinor'],
  ['{"amountMinor":12.5}', '/amountMinor'],
  ['{"amountMinor":-1}', '/amountMinor'],
  ['{"amountMinor":1e400}', '/amountMinor'],
  ['{"amountMinor":null}', '/amountMinor'],
  ['{"amountMinor":true}', '/amountMinor'],
  ['{"amountMinor":1,"constructor":{}}', '/constructor'],
  ['{"amountMinor":1,"tip":5}', '/tip'],
  ['{"amountMinor":1,"note":"a\\u0000b"}', '/note'],
  ['{"amountMinor":1,"note":"\\ud800"}', '/note'],
  ['[]', ''],
  ['null', ''],
  ['"text"', ''],
] as const)('%s is refused with the place that is wrong', async ([payload, pointer]) => {
  const body = expectProblem(await post(payload), 400, 'body_invalid')
  expect(body.errors).toMatchObject([{ pointer }])
})

test.for([
  ['', undefined],
  ['{', undefined],
  ['{"amountMinor":1}{}', undefined],
  ['{"amountMinor":NaN}', undefined],
  ['{"amountMinor":Infinity}', undefined],
  ['{"amountMinor":0x10}', undefined],
  ['\ufeff{"amountMinor":1}', undefined],
  ['{"amountMinor":1,"amountMinor":2}', 'duplicate_key'],
  ['{"amountMinor":1,"amount\\u004dinor":2}', 'duplicate_key'],
  ['{"amountMinor":1,"__proto__":{"admin":true}}', 'forbidden_key'],
  ['{"amountMinor":1,"\\u005f_proto__":{}}', 'forbidden_key'],
  [`${'['.repeat(depthMax + 1)}${']'.repeat(depthMax + 1)}`, 'too_deep'],
  [`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`, undefined],
] as const)('body %# is no JSON of ours', async ([payload, reason]) => {
  const before = reached
  const reply = await post(payload)
  if (payload.length > bodyBytesMax) expectProblem(reply, 413, 'body_too_large')
  else expectProblem(reply, 400, 'bad_json')
  if (reason !== undefined) expect(reply.json()).toMatchObject({ reason })
  expect(reached).toBe(before)
})

test('keys may repeat in different objects, and strings may hold quotes and brackets', async () => {
  const reply = await post('{"amountMinor":1,"note":"{\\"amountMinor\\":[[[\\\\"}')
  expect(reply.statusCode).toBe(200)
})

test('bytes that are not UTF-8 are no JSON', async () => {
  const bytes = Buffer.concat([
    Buffer.from('{"amountMinor":1,"note":"'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('"}'),
  ])
  expectProblem(await post(bytes), 400, 'bad_json')
})

test('a body above the limit is refused by its length', async () => {
  const payload = `{"amountMinor":1,"note":"${'x'.repeat(1024 * 1024)}"}`
  expectProblem(await post(payload), 413, 'body_too_large')
})

test.for([
  'text/plain',
  'Application/JSON',
  'application/json\t',
  'application/json ;charset=utf-8',
  'application/json; charset=latin1',
  'application/json; charset=utf-8; charset=utf-8',
  'application/json, text/plain',
  'application/json;text/plain',
  'application/jsonp',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/vnd.api+json',
  ';application/json',
  '*/*',
])('the content type %j is refused before its body is read', async (contentType) => {
  const before = reached
  const reply = await post('{"amountMinor":1}', contentType)
  expectProblem(reply, 415, 'unsupported_media_type')
  expect(reached).toBe(before)
})

test('a body without a content type is refused, and a charset of utf-8 is taken', async () => {
  const bare = await app.inject({
    method: 'POST',
    url: '/v1/things',
    headers: { authorization: 'Bearer seller', 'content-length': '17' },
    payload: Buffer.from('{"amountMinor":1}'),
  })
  expectProblem(bare, 415, 'unsupported_media_type')
  expect((await post('{"amountMinor":1}', 'application/json; charset=utf-8')).statusCode).toBe(200)
})

test('a query is checked as it is: no array, no unknown word, no other number', async () => {
  for (const query of ['limit=1&limit=2', 'limit[]=1', 'limit=1e3', 'limit=-1', 'page=1']) {
    const reply = await send(app, 'GET', `/v1/things/a?${query}`, { token: 'reader' })
    expectProblem(reply, 400, 'query_invalid')
  }
})

test('what is not here is not found, and other methods are named', async () => {
  expectProblem(await send(app, 'GET', '/v1/nothing'), 404, 'not_found')
  const reply = await send(app, 'DELETE', '/v1/things/a', { token: 'reader' })
  expectProblem(reply, 405, 'method_not_allowed')
  expect(reply.headers.allow).toBe('GET, HEAD')
  for (const url of ['/v1//things', '/v1/things;x', '/v1/things/', '/v1/THINGS']) {
    expect((await send(app, 'POST', url, { token: 'seller' })).statusCode).toBeGreaterThan(400)
  }
  expectProblem(await send(app, 'GET', '/v1/things/%'), 400, 'bad_url')
})

test('a mistake of ours says nothing of itself', async () => {
  const reply = await send(app, 'GET', '/v1/bug')
  expectProblem(reply, 500, 'internal')
  expect(reply.body).not.toContain('secrets')
})

test('a database that is away is a wait, not a mistake', async () => {
  const reply = await send(app, 'GET', '/v1/gone')
  expectProblem(reply, 503, 'database_unavailable')
  expect(reply.headers['retry-after']).toBe('2')
})

test('a disk without room is told by its name', async () => {
  const reply = await send(app, 'GET', '/v1/full')
  expectProblem(reply, 503, 'disk_full')
  expect(reply.headers['retry-after']).toBe('30')
})

test('a reply that is not what the route promises fails in tests', async () => {
  expect((await send(app, 'GET', '/v1/things/a', { token: 'reader' })).statusCode).toBe(200)
  expectProblem(await send(app, 'GET', '/v1/things/bad', { token: 'reader' }), 500, 'internal')
})

test('answers carry headers that let nothing in them run or be kept', async () => {
  const { headers } = await send(app, 'GET', '/v1/things/a', { token: 'reader' })
  expect(headers).toMatchObject({
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
})

test.for([
  ['NOT HTTP\r\n\r\n', 400, 'bad_request'],
  [
    `GET /v1/things/a HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
    'headers_too_large',
  ],
  [
    'POST /v1/things HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n',
    400,
    'bad_request',
  ],
] as const)('bytes that are no request get a refusal too: %.20s', async ([bytes, status, code]) => {
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('it listens')
  const text = await new Promise<string>((resolve, reject) => {
    const socket = openSocket(address.port, '127.0.0.1', () => socket.write(bytes))
    let got = ''
    socket.setEncoding('utf8').on('data', (chunk) => {
      got += String(chunk)
    })
    socket.on('close', () => resolve(got))
    socket.on('error', reject)
  })
  expect(text).toContain(`HTTP/1.1 ${status} `)
  expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4))).toMatchObject({ status, code })
})
