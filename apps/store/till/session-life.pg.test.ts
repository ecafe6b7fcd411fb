import { expectProblem, send } from '@tillkeeper/http/testing/inject.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId, numbers, type OpenedStore, openStore, pins } from '../testing/open-store.ts'

// A session's life over the API, as a cashier and as a manager see it.

let store: OpenedStore
let cashier = ''
let manager = ''
beforeAll(async () => {
  store = await openStore()
  cashier = await logIn('nok')
  manager = await logIn('ploy')
})
afterAll(() => store.close())

async function logIn(who: 'nok' | 'ploy'): Promise<string> {
  const body = { number: numbers[who], pin: pins[who] }
  const { accessToken } = (await send(store.app, 'POST', '/v1/auth/pin', { body })).json()
  return accessToken
}

// Each act has its own moment: what was last is what happened last.
const post = (path: string, body: object, token = cashier) => {
  store.clock.now = new Date(store.clock.now.getTime() + 1_000)
  return send(store.app, 'POST', `/v1/till-sessions${path}`, {
    token,
    body: { id: newId(), ...body },
  })
}
const read = (path: string, token = cashier) =>
  send(store.app, 'GET', `/v1/till-sessions${path}`, { token })

async function open(till: 0 | 1, floatMinor: number, more: object = {}): Promise<string> {
  const ask = { tillId: store.tills[till], currency: 'THB', floatMinor, ...more }
  const opened = await post('', ask)
  expect(opened.statusCode).toBe(201)
  return opened.json().id
}

const enrol = async (tillId: string): Promise<string> =>
  (await send(store.app, 'POST', `/v1/tills/${tillId}/enrol`, { token: manager, body: {} })).json()
    .token

const sell = (sessionId: string) =>
  send(store.app, 'POST', '/v1/sales', {
    token: cashier,
    body: {
      ...{ id: newId(), sessionId, currency: 'THB' },
      lines: [{ productId: store.products.bread, quantity: 1000 }],
      tenders: [{ method: 'cash', givenMinor: 100_00 }],
    },
  })

test('a cashier is told nothing that adds up to the drawer until the count is sealed', async () => {
  const session = await open(0, 1_000_00)
  expect((await sell(session)).statusCode).toBe(201)
  const hidden = { expectedMinor: null, totals: null }
  expect((await read(`/${session}`)).json()).toMatchObject(hidden)
  expect((await read('?state=open')).json().items).toMatchObject([hidden])
  expectProblem(await read(`/${session}/report?kind=x`), 403, 'forbidden')
  const { items } = (await read(`/${session}/movements`)).json()
  expect(items.map(({ type }: { type: string }) => type)).toEqual(['float'])
  const count = { kind: 'recount', currency: 'THB', countedMinor: 1_089_00 }
  const counted = await post(`/${session}/counts`, count)
  expect(counted.json()).toMatchObject(hidden)
  expectProblem(await post(`/${session}/counts`, count), 409, 'recounted_too_often')
  expect((await read(`/${session}`, manager)).json()).toMatchObject({
    expectedMinor: 1_090_00,
    totals: { sales: 1 },
  })
  const left = [{ currency: 'THB', minor: 500_00 }]
  const closed = await post(`/${session}/close`, { countedMinor: 1_089_00, left, recounts: 1 })
  expect(closed.json()).toMatchObject({
    state: 'closed_with_variance',
    expectedMinor: 1_090_00,
    close: { varianceMinor: -1_00, left, recounts: 1 },
  })
})

test('pain 19: a till is opened on what was left, and a difference is booked and shown', async () => {
  const session = await open(0, 600_00, { loanMinor: 150_00 })
  expect((await read(`/${session}`)).json().opening).toEqual({
    ...{ leftMinor: 500_00, loanMinor: 150_00, varianceMinor: -50_00 },
  })
  const given = await post(`/${session}/hand-over`, {
    toStaffId: store.people.ploy,
    counts: [{ currency: 'THB', countedMinor: 590_00 }],
  })
  expect(given.json()).toMatchObject({ staffId: store.people.ploy, expectedMinor: null })
  expect((await read(`/${session}/life`)).json()).toMatchObject({
    ...{ steps: [{ counted: null }], shares: [] },
  })
  const closed = await post(`/${session}/close`, { countedMinor: 595_00 }, manager)
  expect(closed.json().close).toMatchObject({ varianceMinor: -5_00, ofStaffId: null })
  const life = (await read(`/${session}/life`)).json()
  expect(life.steps).toMatchObject([{ kind: 'handed_over', counted: [{ varianceMinor: -10_00 }] }])
  expect(life.shares).toMatchObject([
    { staffId: store.people.nok, varianceMinor: -10_00 },
    { staffId: store.people.ploy, varianceMinor: 5_00 },
  ])
  const rows = await store.db`
    SELECT staff_id, sum(variance_minor)::integer AS minor FROM daily_summary
    WHERE staff_id = ${store.people.ploy} GROUP BY staff_id
  `
  expect(rows).toMatchObject([{ minor: 5_00 }])
})

test('pain 23: a session rests, goes on at another till, is forgotten, ended, and counted later', async () => {
  const session = await open(1, 200_00)
  expect((await post(`/${session}/suspend`, {})).json()).toMatchObject({ suspended: true })
  expectProblem(await sell(session), 409, 'session_suspended')
  const next = await open(1, 0)
  const resume = { tillId: store.tills[0] }
  expect((await post(`/${session}/resume`, resume)).json()).toMatchObject({
    ...{ tillId: store.tills[0], suspended: false, state: 'open' },
  })
  expectProblem(await post(`/${session}/end`, { reason: 'went home' }), 403, 'forbidden')
  const ended = await post(`/${session}/end`, { reason: 'went home' }, manager)
  expect(ended.json()).toMatchObject({ state: 'reconciling' })
  expectProblem(await sell(session), 409, 'session_not_open')
  expectProblem(await read(`/${session}/report?kind=z`), 409, 'session_still_open')
  const last = await open(0, 0)
  const closed = await post(`/${session}/close`, { countedMinor: 200_00 }, manager)
  expect(closed.json()).toMatchObject({
    state: 'closed',
    close: { ofStaffId: store.people.nok, varianceMinor: 0 },
  })
  for (const id of [next, last]) {
    expect((await post(`/${id}/close`, { countedMinor: 0 })).json()).toMatchObject({
      state: 'closed',
    })
  }
  const places = await store.db`
    SELECT location, balance_minor FROM cash_balance
    WHERE location LIKE 'drawer:%' AND currency = 'THB' AND balance_minor <> 0
  `
  expect(places).toEqual([])
})

test('a drawer is moved by who counts blind: its book goes to the till, and to nobody else', async () => {
  const tokens = await Promise.all(store.tills.map(enrol))
  const look = (till: 0 | 1, ids: readonly string[] = [], token = tokens[till] ?? '') =>
    send(store.app, 'POST', '/sync/v1/sessions', { token, body: { ids } })
  const idsOf = async (till: 0 | 1) =>
    (await look(till)).json().items.map(({ id }: { id: string }) => id)

  const session = await open(0, 300_00)
  expect((await sell(session)).statusCode).toBe(201)
  // What people work in is seen by its own till alone.
  expect(await idsOf(0)).toContain(session)
  expect(await idsOf(1)).not.toContain(session)
  const suspended = await post(`/${session}/suspend`, {})
  const resumed = await post(`/${session}/resume`, { tillId: store.tills[1] })
  // Who carries it is told nothing that adds up to it.
  for (const answer of [suspended, resumed]) {
    expect(answer.json()).toMatchObject({ totals: null, expectedMinor: null })
  }
  const book = { id: session, tillId: store.tills[1], suspended: false, floatMinor: 300_00 }
  const items = (await look(1)).json().items
  expect(items.find(({ id }: { id: string }) => id === session)).toMatchObject({
    ...book,
    totals: { sales: 1, cashInMinor: 90_00 },
  })
  expect(await idsOf(0)).not.toContain(session)
  // The till that had it asks for it by name, and learns that it is gone.
  expect((await look(0, [session])).json().items).toContainEqual(expect.objectContaining(book))
  expectProblem(await look(1, [], cashier), 403, 'forbidden')
  expectProblem(await look(1, [], manager), 403, 'forbidden')
  await post(`/${session}/close`, { countedMinor: 390_00 })
  expect(await idsOf(1)).not.toContain(session)
})

test('what a close left is the float of one session, and not of the next one too', async () => {
  const first = await open(0, 100_00)
  const left = [{ currency: 'THB', minor: 100_00 }]
  await post(`/${first}/close`, { countedMinor: 100_00, left })
  const second = await open(0, 100_00)
  expect((await read(`/${second}`)).json().opening).toMatchObject({ leftMinor: 100_00 })
  await post(`/${second}/suspend`, {})
  const third = await open(0, 50_00)
  const opening = { leftMinor: 0, loanMinor: 50_00, varianceMinor: 0 }
  expect((await read(`/${third}`)).json().opening).toEqual(opening)
  for (const id of [second, third]) await post(`/${id}/end`, { reason: 'done' }, manager)
})
