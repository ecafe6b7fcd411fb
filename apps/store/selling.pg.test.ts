import { expectProblem, send } from '@tillkeeper/http/testing/inject.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { digestTables } from './testing/digest.ts'
import { newId, noon, type OpenedStore, openStore } from './testing/open-store.ts'

let store: OpenedStore
beforeAll(async () => {
  store = await openStore()
})
afterAll(() => store.close())

const post = (url: string, body: object, token = store.key, headers: Record<string, string> = {}) =>
  send(store.app, 'POST', url, { token, body, headers })
const get = (url: string, token = store.key) => send(store.app, 'GET', url, { token })

let session = ''
const sale = (fields: object = {}) => ({
  id: newId(),
  sessionId: session,
  currency: 'THB',
  lines: [
    { productId: store.products.coffee, quantity: 2000 },
    { productId: store.products.bread, quantity: 500 },
  ],
  tenders: [{ method: 'cash', givenMinor: 150_00 }],
  ...fields,
})

test('a till is opened on a counted float, once at a time', async () => {
  const ask = {
    id: newId(),
    tillId: store.tills[0],
    staffId: store.people.nok,
    currency: 'THB',
    floatMinor: 1_000_00,
    pieces: [{ faceMinor: 100_00, pieces: 10 }],
  }
  const opened = await post('/v1/till-sessions', ask)
  expect(opened.statusCode).toBe(201)
  expect(opened.json()).toMatchObject({
    id: ask.id,
    state: 'open',
    tillNumber: 1,
    staffName: 'Nok',
    businessDate: '2026-11-20',
    expectedMinor: 1_000_00,
    floatPieces: [{ faceMinor: 100_00, pieces: 10 }],
  })
  session = ask.id
  const again = await post('/v1/till-sessions', ask)
  expect(again.statusCode).toBe(200)
  expect(again.json()).toEqual(opened.json())
  const second = await post('/v1/till-sessions', { ...ask, id: newId() })
  expect(expectProblem(second, 409, 'session_already_open')).toMatchObject({ sessionId: session })
})

test('a sale is priced, taxed, numbered and answered; asking again answers the same', async () => {
  const ask = sale({
    changePieces: [
      { faceMinor: 10_00, pieces: 1 },
      { faceMinor: 5_00, pieces: 1 },
    ],
  })
  const made = await post('/v1/sales', ask)
  expect(made.statusCode).toBe(201)
  expect(made.json()).toMatchObject({
    id: ask.id,
    receiptNumber: 'RCP-261120-010001',
    staffId: store.people.nok,
    staffName: 'Nok',
    totalMinor: 135_00,
    // 90.00 with 7 % in it, and bread at none.
    taxMinor: 589,
    taxes: [
      { vatBasisPoints: 0, netMinor: 45_00, taxMinor: 0 },
      { vatBasisPoints: 700, netMinor: 84_11, taxMinor: 589 },
    ],
    changeMinor: 15_00,
    lines: [
      { lineNo: 1, code: 'COFFEE', quantity: 2000, totalMinor: 90_00 },
      { lineNo: 2, code: 'BREAD', quantity: 500, totalMinor: 45_00 },
    ],
    tenders: [{ method: 'cash', amountMinor: 135_00, givenMinor: 150_00 }],
    refundedMinor: 0,
  })
  const before = await digestTables(store.db)
  const again = await post('/v1/sales', ask)
  expect(again.statusCode).toBe(200)
  expect(again.json()).toEqual(made.json())
  // The order of keys in a body says nothing.
  const turned = Object.fromEntries(Object.entries(ask).reverse())
  expect((await post('/v1/sales', turned)).json()).toEqual(made.json())
  const read = await get(`/v1/sales/${ask.id}`)
  expect(read.json()).toEqual(made.json())
  const other = await post('/v1/sales', { ...ask, note: 'changed' })
  expectProblem(other, 409, 'id_exists_with_different_content')
  expect(await digestTables(store.db)).toBe(before)
})

test('an Idempotency-Key names a sale too, for its sender and its route', async () => {
  const { id: _, ...ask } = sale()
  const key = { 'idempotency-key': 'order 17' }
  const made = await post('/v1/sales', ask, store.key, key)
  expect(made.statusCode).toBe(201)
  const again = await post('/v1/sales', ask, store.key, key)
  expect(again.statusCode).toBe(200)
  expect(again.json()).toEqual(made.json())
  const other = await post('/v1/sales', { ...ask, note: 'x' }, store.key, key)
  expectProblem(other, 422, 'idempotency_key_reused')
  expectProblem(await post('/v1/sales', ask), 400, 'id_required')
  const bad = await post('/v1/sales', ask, store.key, { 'idempotency-key': 'x'.repeat(256) })
  expectProblem(bad, 400, 'idempotency_key_invalid')
})

test('sales that come at once are made together, each numbered, each once', async () => {
  const asks = Array.from({ length: 40 }, () => sale())
  const bad = sale({ lines: [{ productId: newId(), quantity: 1000 }] })
  const all = [...asks.slice(0, 20), bad, ...asks.slice(20), ...asks.slice(0, 10)]
  const before = store.node.author.stream
  const replies = await Promise.all(all.map((ask) => post('/v1/sales', ask)))
  expectProblem(replies[20] as never, 422, 'product_not_found')
  const made = replies.filter(({ statusCode }) => statusCode === 201)
  const repeated = replies.filter(({ statusCode }) => statusCode === 200)
  expect([made.length, repeated.length]).toEqual([40, 10])
  const numbers = made.map((reply) => reply.json<{ receiptNumber: string }>().receiptNumber)
  expect(new Set(numbers).size).toBe(40)
  const counters = numbers.map((number) => Number(number.slice(-4))).sort((a, b) => a - b)
  expect(counters).toEqual(Array.from({ length: 40 }, (_, index) => index + 3))
  const [row] = await store.db<{ head: number; sales: number }[]>`
    SELECT (SELECT head_seq FROM stream WHERE stream = ${before}) AS head,
      (SELECT count(*) FROM sale) AS sales
  `
  expect(row).toEqual({ head: 43, sales: 42 })
})

test('a sale that the database refuses hurts no other', async () => {
  // The schema has no such rule; the test adds one, so that one sale of a batch fails in the database.
  await store.db`ALTER TABLE sale ADD CONSTRAINT no_jinx CHECK (note <> 'jinx')`
  const asks = [sale(), sale({ note: 'jinx' }), sale(), sale()]
  const replies = await Promise.all(asks.map((ask) => post('/v1/sales', ask)))
  await store.db`ALTER TABLE sale DROP CONSTRAINT no_jinx`
  expect(replies.map(({ statusCode }) => statusCode)).toEqual([201, 500, 201, 201])
  expect((await post('/v1/sales', asks[1] as object)).statusCode).toBe(201)
})

test('a person sells for themself, and only with what they may', async () => {
  const login = await send(store.app, 'POST', '/v1/auth/pin', {
    body: { number: '102', pin: '2222' },
  })
  expect(login.statusCode).toBe(200)
  const { accessToken } = login.json<{ accessToken: string }>()
  const made = await post('/v1/sales', sale(), accessToken)
  expect(made.json()).toMatchObject({ staffId: store.people.ploy, staffName: 'Ploy' })
  const read = await get(`/v1/sales/${made.json<{ id: string }>().id}`)
  expect(read.json()).toEqual(made.json())
  const lines = [{ productId: store.products.coffee, quantity: 1000, unitPriceMinor: 1 }]
  const cheap = sale({ lines, tenders: [{ method: 'cash', givenMinor: 1 }] })
  const cashier = await send(store.app, 'POST', '/v1/auth/pin', {
    body: { number: '101', pin: '1111' },
  })
  const byCashier = cashier.json<{ accessToken: string }>().accessToken
  expectProblem(await post('/v1/sales', cheap, byCashier), 403, 'approval_required')
  expect((await post('/v1/sales', cheap, accessToken)).statusCode).toBe(201)
  const forOther = {
    id: newId(),
    tillId: store.tills[1],
    staffId: store.people.nok,
    currency: 'THB',
    floatMinor: 0,
  }
  expectProblem(await post('/v1/till-sessions', forOther, accessToken), 403, 'staff_must_be_self')
})

test('a sale sent later keeps its day, and its number follows that day', async () => {
  const late = sale({ occurredAt: '2026-11-19T17:30:00.000Z' }) // Half past midnight in Bangkok.
  const early = sale({ occurredAt: '2026-11-19T16:30:00.000Z' })
  expect((await post('/v1/sales', late)).json()).toMatchObject({ businessDate: '2026-11-20' })
  expect((await post('/v1/sales', early)).json()).toMatchObject({
    businessDate: '2026-11-19',
    receiptNumber: 'RCP-261119-010001',
  })
  const atLimit = new Date(noon.getTime() + 300_000).toISOString()
  const beyond = new Date(noon.getTime() + 300_001).toISOString()
  expect((await post('/v1/sales', sale({ occurredAt: atLimit }))).statusCode).toBe(201)
  const reply = await post('/v1/sales', sale({ occurredAt: beyond }))
  expectProblem(reply, 422, 'occurred_in_future')
})

test('a sale comes back in parts and never more than it was', async () => {
  const ask = sale()
  await post('/v1/sales', ask)
  const back = (fields: object) => ({
    id: newId(),
    sessionId: session,
    method: 'cash',
    reason: 'cold',
    ...fields,
  })
  const url = `/v1/sales/${ask.id}/refunds`
  const part = back({ lines: [{ lineNo: 1, quantity: 1000 }] })
  const first = await post(url, part)
  expect(first.statusCode).toBe(201)
  expect(first.json()).toMatchObject({ saleId: ask.id, totalMinor: 45_00, reason: 'cold' })
  const repeated = await post(url, part)
  expect([repeated.statusCode, repeated.json()]).toEqual([200, first.json()])
  const tooMuch = await post(url, back({ lines: [{ lineNo: 1, quantity: 1001 }] }))
  expect(expectProblem(tooMuch, 409, 'quantity_above_remaining')).toMatchObject({ remaining: 1000 })
  expect((await post(url, back({}))).json()).toMatchObject({ totalMinor: 90_00 })
  expectProblem(await post(url, back({})), 409, 'nothing_left_to_refund')
  expectProblem(await post(`/v1/sales/${newId()}/refunds`, back({})), 404, 'sale_not_found')
  const read = await get(`/v1/sales/${ask.id}`)
  expect(read.json()).toMatchObject({ refundedMinor: 135_00, refunds: [{}, {}] })
  const receipt = await get(`/v1/refunds/${part.id}/receipt?lang=th`)
  expect(receipt.headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(receipt.body).toContain('45.00')
  // A repeat of a sale that came back is answered as it stands now.
  expect((await post('/v1/sales', ask)).json()).toEqual(read.json())
})

test('of ten refunds of one sale at once, one is given', async () => {
  const ask = sale()
  await post('/v1/sales', ask)
  const replies = await Promise.all(
    Array.from({ length: 10 }, () =>
      post(`/v1/sales/${ask.id}/refunds`, {
        id: newId(),
        sessionId: session,
        method: 'cash',
        reason: 'x',
      }),
    ),
  )
  expect(replies.filter(({ statusCode }) => statusCode === 201)).toHaveLength(1)
})

test('goods come back without a receipt, from who may take them', async () => {
  const ask = {
    id: newId(),
    sessionId: session,
    currency: 'THB',
    lines: [{ productId: store.products.old, quantity: 1000, unitPriceMinor: 10_00 }],
    method: 'cash',
    reason: 'no receipt',
  }
  expect((await post('/v1/refunds', ask)).json()).toMatchObject({ saleId: null, totalMinor: 10_00 })
  const weak = await post('/v1/refunds', { ...ask, id: newId() }, store.weakKey)
  expectProblem(weak, 403, 'forbidden')
})

test('cash moves, the till is closed blind, and the drawer is empty afterwards', async () => {
  const move = (kind: string, amountMinor: number) =>
    post(`/v1/till-sessions/${session}/movements`, { id: newId(), kind, amountMinor })
  expect((await move('pay_in', 50_00)).statusCode).toBe(201)
  expect((await move('pay_out', 20_00)).statusCode).toBe(201)
  expect((await move('drop', 500_00)).statusCode).toBe(201)
  const { expectedMinor } = (await move('top_up', 100_00)).json<{ expectedMinor: number }>()
  const nok = await send(store.app, 'POST', '/v1/auth/pin', {
    body: { number: '101', pin: '1111' },
  })
  const { accessToken } = nok.json<{ accessToken: string }>()
  const blind = await get(`/v1/till-sessions/${session}`, accessToken)
  expect(blind.json()).toMatchObject({ state: 'open', expectedMinor: null })
  expectProblem(
    await get(`/v1/till-sessions/${session}/report?kind=z`, accessToken),
    409,
    'session_still_open',
  )
  const ask = { id: newId(), countedMinor: expectedMinor - 5_00, note: 'one coin' }
  const closed = await post(`/v1/till-sessions/${session}/close`, ask, accessToken)
  expect(closed.statusCode).toBe(201)
  expect(closed.json()).toMatchObject({
    state: 'closed_with_variance',
    expectedMinor,
    close: { id: ask.id, varianceMinor: -5_00, staffId: store.people.nok },
  })
  const again = await post(`/v1/till-sessions/${session}/close`, ask, accessToken)
  expect([again.statusCode, again.json()]).toEqual([200, closed.json()])
  expectProblem(await post('/v1/sales', sale()), 409, 'session_not_open')
  expectProblem(await move('pay_in', 1), 409, 'session_not_open')
  const z = await get(`/v1/till-sessions/${session}/report?kind=z&lang=en`)
  expect(z.body).toContain('-5.00')
  const { items } = (await get('/v1/cash/locations')).json<{
    items: { location: string; balanceMinor: number }[]
  }>()
  expect(items.find(({ location }) => location === `drawer:${store.tills[0]}`)).toMatchObject({
    balanceMinor: 0,
  })
  expect(items.reduce((all, { balanceMinor }) => all + balanceMinor, 0)).toBe(0)
})

test('lists page without a gap or a repeat, and refuse a cursor of another list', async () => {
  const seen: string[] = []
  let next: string | null = null
  do {
    const page = await get(`/v1/sales?limit=7${next === null ? '' : `&cursor=${next}`}`)
    const body: { items: { id: string }[]; next: string | null } = page.json()
    seen.push(...body.items.map(({ id }) => id))
    next = body.next
  } while (next !== null)
  const [row] = await store.db<{ all: number }[]>`
    SELECT (SELECT count(*) FROM sale) + (SELECT count(*) FROM refund) AS all
  `
  expect([new Set(seen).size, seen.length]).toEqual([row?.all, row?.all])
  const products = await get('/v1/products?limit=1')
  const { next: cursor } = products.json<{ next: string }>()
  expectProblem(await get(`/v1/sales?cursor=${cursor}`), 400, 'bad_cursor')
  expectProblem(await get('/v1/sales?cursor=bm90IGEgY3Vyc29y'), 400, 'bad_cursor')
})

test('figures add up: the day, its items, and today agree with the sales', async () => {
  const day = '2026-11-20'
  const { items: days } = (await get(`/v1/summaries/days?from=${day}&to=${day}`)).json<{
    items: { salesMinor: number; refundsMinor: number; sales: number }[]
  }>()
  const { items } = (await get(`/v1/summaries/items?from=${day}&to=${day}`)).json<{
    items: { totalMinor: number }[]
  }>()
  const [total] = days
  const net = (total?.salesMinor ?? 0) - (total?.refundsMinor ?? 0)
  expect(items.reduce((all, { totalMinor }) => all + totalMinor, 0)).toBe(net)
  const today = (await get('/v1/today')).json<{ shops: { day: object }[]; businessDate: string }>()
  expect(today.businessDate).toBe(day)
  expect(today.shops[0]?.day).toMatchObject({ sales: total?.sales, salesMinor: total?.salesMinor })
  const query = await get('/v1/summaries/days?from=2026-11-20&to=2020-01-01')
  expectProblem(query, 400, 'query_invalid')
})
