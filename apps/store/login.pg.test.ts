import { expectProblem, send } from '@tillkeeper/http/testing/inject.ts'
import { connect } from '@tillkeeper/projections/db.ts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createStore } from './store.ts'
import {
  newId,
  numbers,
  type OpenedStore,
  openStore,
  ownerPassword,
  pins,
} from './testing/open-store.ts'

let store: OpenedStore
beforeAll(async () => {
  store = await openStore()
})
afterAll(() => store.close())
// Each test begins an hour after the one before: what it does not speak of is forgotten.
beforeEach(() => {
  store.clock.now = new Date(store.clock.now.getTime() + 3 * 3_600_000)
})

const pass = (ms: number) => {
  store.clock.now = new Date(store.clock.now.getTime() + ms)
}
const post = (url: string, body: object) => send(store.app, 'POST', url, { body })
const logInBy = (number: string, pin: string) => post('/v1/auth/pin', { number, pin })
const refresh = (refreshToken: string) => post('/v1/auth/refresh', { refreshToken })
const shops = (token: string) => send(store.app, 'GET', '/v1/shops', { token })

type Tokens = { accessToken: string; refreshToken: string; employee: Record<string, unknown> }

async function logIn(who: keyof typeof pins = 'nok'): Promise<Tokens> {
  const reply = await logInBy(numbers[who], pins[who])
  expect(reply.statusCode).toBe(200)
  return reply.json<Tokens>()
}

test('a cashier logs in with number and PIN, and no hash leaves the server', async () => {
  const reply = await logInBy(numbers.nok, pins.nok)
  const tokens = reply.json<Tokens>()
  expect(tokens.employee).toMatchObject({ name: 'Nok', number: '101', roles: ['cashier'] })
  expect(reply.body).not.toMatch(/argon|hash|pepper/i)
  expect((await shops(tokens.accessToken)).json()).toMatchObject({ items: [{ code: 'S1' }] })
  const people = await send(store.app, 'GET', '/v1/employees', { token: tokens.accessToken })
  expect(people.statusCode).toBe(200)
  expect(people.body).not.toMatch(/argon|hash/i)
  const days = '/v1/summaries/days?from=2026-11-20&to=2026-11-20'
  const figures = await send(store.app, 'GET', days, { token: tokens.accessToken })
  expectProblem(figures, 403, 'forbidden')
})

test('whatever is wrong with a login, the answer is the same to the byte', async () => {
  const wrong = await logInBy(numbers.nok, '0000')
  const answers = [
    await logInBy('999', '0000'),
    await logInBy(numbers.stranger, pins.stranger),
    await post('/v1/auth/password', { login: 'nobody', password: 'x' }),
    await post('/v1/auth/password', { login: 'owner', password: 'x' }),
    await refresh('not a token'),
  ]
  expectProblem(wrong, 401, 'login_failed')
  for (const answer of answers) {
    expect([answer.statusCode, answer.body]).toEqual([401, wrong.body])
  }
})

test('an owner logs in with a password', async () => {
  const reply = await post('/v1/auth/password', { login: 'owner', password: ownerPassword })
  expect(reply.json()).toMatchObject({ employee: { name: 'Owner' } })
  expect((await shops(reply.json<Tokens>().accessToken)).json()).toMatchObject({
    // Who runs the chain sees all of it, as far as it is known here.
    items: [{ code: 'S1' }, { code: 'S2' }],
  })
})

test('after five wrong PINs a person waits, longer each time, and then is locked', async () => {
  for (let tries = 0; tries < 5; tries += 1) {
    expectProblem(await logInBy(numbers.ploy, '0000'), 401, 'login_failed')
  }
  const waits = [30, 60, 120, 240, 480, 1800]
  for (const seconds of waits) {
    const right = await logInBy(numbers.ploy, pins.ploy)
    const problem = expectProblem(right, 429, 'login_locked')
    expect(problem.retryAfterSeconds).toBe(seconds)
    expect(right.headers['retry-after']).toBe(String(seconds))
    pass(seconds * 1000)
    if (seconds !== 1800) expectProblem(await logInBy(numbers.ploy, '0000'), 401, 'login_failed')
  }
  expect((await logInBy(numbers.ploy, pins.ploy)).statusCode).toBe(200)
  // A right PIN forgets the wrong ones.
  for (let tries = 0; tries < 4; tries += 1) await logInBy(numbers.ploy, '0000')
  expect((await logInBy(numbers.ploy, pins.ploy)).statusCode).toBe(200)
})

test('a number that nobody has is locked like one that somebody has', async () => {
  for (let tries = 0; tries < 5; tries += 1) await logInBy('777', '0000')
  expectProblem(await logInBy('777', '0000'), 429, 'login_locked')
})

test('twenty wrong PINs at once gain no more than five in a row', async () => {
  const replies = await Promise.all(Array.from({ length: 20 }, () => logInBy(numbers.ploy, '0000')))
  const compared = replies.filter(({ statusCode }) => statusCode === 401)
  expect(compared).toHaveLength(5)
})

test('wrong tries outlive the server: they are counted before each answer', async () => {
  for (let tries = 0; tries < 5; tries += 1) await logInBy(numbers.ploy, '0000')
  // Another server on the same database, as after a kill.
  const db = connect(store.databaseUrl, { max: 2 })
  const again = await createStore({
    db,
    identity: store.identity,
    now: () => store.clock.now,
    linkStatus: () => ({ linkUp: false, lastContactAt: null }),
    onJournalled: () => undefined,
  })
  const body = { number: numbers.ploy, pin: pins.ploy }
  expectProblem(await send(again.app, 'POST', '/v1/auth/pin', { body }), 429, 'login_locked')
  await again.stop()
  await db.end()
})

test('one who tries many people from one address has to wait, right or wrong', async () => {
  for (let tries = 0; tries < 25; tries += 1) await logInBy(String(5000 + tries), '0000')
  expectProblem(await logInBy(numbers.nok, pins.nok), 429, 'login_locked')
})

test('a refresh token is used once, and answers again only while its answer may be lost', async () => {
  const { refreshToken, accessToken } = await logIn()
  const first = (await refresh(refreshToken)).json<Tokens>()
  expect(first.refreshToken).not.toBe(refreshToken)
  const repeated = (await refresh(refreshToken)).json<Tokens>()
  expect(repeated.refreshToken).toBe(first.refreshToken)
  pass(10_001)
  expectProblem(await refresh(refreshToken), 401, 'login_failed')
  // Two had the token: the whole login is over, for both.
  expectProblem(await refresh(first.refreshToken), 401, 'login_failed')
  pass(2_001)
  expectProblem(await shops(first.accessToken), 401, 'unauthenticated')
  expectProblem(await shops(accessToken), 401, 'unauthenticated')
})

test('of ten refreshes at once, all get the same next token', async () => {
  const { refreshToken } = await logIn()
  const replies = await Promise.all(Array.from({ length: 10 }, () => refresh(refreshToken)))
  const next = new Set(replies.map((reply) => reply.json<Tokens>().refreshToken))
  expect(next.size).toBe(1)
})

test('a login ends with its day, with a logout, and with another PIN', async () => {
  const old = await logIn()
  let { refreshToken } = old
  for (let hours = 0; hours < 11; hours += 1) {
    pass(3_600_000)
    refreshToken = (await refresh(refreshToken)).json<Tokens>().refreshToken
  }
  pass(3_600_000)
  expectProblem(await refresh(refreshToken), 401, 'login_failed')

  const left = await logIn()
  expect((await post('/v1/auth/logout', { refreshToken: left.refreshToken })).statusCode).toBe(204)
  expectProblem(await refresh(left.refreshToken), 401, 'login_failed')
  expectProblem(await shops(left.accessToken), 401, 'unauthenticated')
  expect((await post('/v1/auth/logout', { refreshToken: 'nobody’s' })).statusCode).toBe(204)

  const before = await logIn()
  expect((await shops(before.accessToken)).statusCode).toBe(200)
  await store.edit([
    { kind: 'credential', id: store.people.nok, fields: { pinHash: '$argon2id$another' } },
  ])
  pass(2_001)
  expectProblem(await shops(before.accessToken), 401, 'unauthenticated')
  expectProblem(await refresh(before.refreshToken), 401, 'login_failed')
  expectProblem(await logInBy(numbers.nok, pins.nok), 401, 'login_failed')
})

test('who is switched off, or loses a role, loses it within two seconds', async () => {
  const ploy = await logIn('ploy')
  const figures = () => send(store.app, 'GET', '/v1/today', { token: ploy.accessToken })
  expect((await figures()).statusCode).toBe(200)
  await store.edit([{ kind: 'employee', id: store.people.ploy, fields: { roles: [] } }])
  pass(2_001)
  expectProblem(await figures(), 403, 'forbidden')
  await store.edit([{ kind: 'employee', id: store.people.ploy, fields: { active: false } }])
  pass(2_001)
  expectProblem(await figures(), 401, 'unauthenticated')
})

test('an access token runs out after ten minutes, and says nothing of permissions itself', async () => {
  const { accessToken } = await logIn('owner')
  expect((await shops(accessToken)).statusCode).toBe(200)
  pass(606_000)
  expectProblem(await shops(accessToken), 401, 'unauthenticated')
  const [, claims = ''] = accessToken.split('.')
  expect(Object.keys(JSON.parse(Buffer.from(claims, 'base64url').toString())).sort()).toEqual([
    'aud',
    'exp',
    'iat',
    'iss',
    'login',
    'org',
    'sub',
  ])
})

test('a manager makes a device a till, each time with an epoch of its own', async () => {
  const { accessToken } = await logIn('owner')
  const enrol = (token: string, till: string, body = {}) =>
    send(store.app, 'POST', `/v1/tills/${till}/enrol`, { token, body })
  const [till] = store.tills
  const first = (await enrol(accessToken, till)).json<Record<string, string>>()
  const second = (await enrol(accessToken, till)).json<Record<string, string>>()
  expect(first).toMatchObject({ author: `t-${till}`, epoch: '1.0', org: store.identity.org })
  expect(second).toMatchObject({ author: `t-${till}`, epoch: '2.0' })
  expect(first.token).not.toBe(second.token)
  expectProblem(await enrol(store.key, till), 403, 'person_required')
  expectProblem(await enrol(accessToken, store.tills[2]), 403, 'till_of_other_shop')
  expectProblem(await enrol(accessToken, newId()), 404, 'till_not_found')
  const odd = { publicKey: 'A'.repeat(59).concat('=') }
  expectProblem(await enrol(accessToken, till, odd), 422, 'public_key_invalid')
  // A till's token syncs, and does nothing else.
  const token = first.token ?? ''
  expectProblem(await shops(token), 403, 'forbidden')
  const sale = await send(store.app, 'POST', '/v1/sales', { token, body: {} })
  expectProblem(sale, 403, 'forbidden')
  const both = await Promise.all([enrol(accessToken, till), enrol(accessToken, till)])
  const epochs = both.map((reply) => reply.json<{ epoch: string }>().epoch).sort()
  expect(epochs).toEqual(['3.0', '4.0'])
})

test('a key that is switched off is nobody’s', async () => {
  expect((await shops(store.key)).statusCode).toBe(200)
  const [row] = await store.db<{ id: string }[]>`
    SELECT id FROM apikey WHERE 'sale.create' = ANY (permissions)
  `
  await store.edit([{ kind: 'apikey', id: row?.id ?? '', fields: { active: false } }])
  pass(2_001)
  expectProblem(await shops(store.key), 401, 'unauthenticated')
})
