import { expectProblem, send } from '@tillkeeper/http/testing/inject.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { digestTables } from './testing/digest.ts'
import { newId, type OpenedStore, openStore } from './testing/open-store.ts'

// What no server should believe, sent to every write: each is refused in the one shape there is, with a
// code that stays, and nothing at all is written.

let store: OpenedStore
let session = ''
let soldId = ''
let before = ''

beforeAll(async () => {
  store = await openStore()
  session = newId()
  soldId = newId()
  const opened = await post('/v1/till-sessions', { ...openAsk(), id: session })
  expect(opened.statusCode).toBe(201)
  expect((await post('/v1/sales', { ...saleAsk(), id: soldId })).statusCode).toBe(201)
  before = await digestTables(store.db)
})
afterAll(() => store.close())

const post = (url: string, body: unknown, token = store.key) =>
  send(store.app, 'POST', url, { token, body })

const openAsk = () => ({
  id: newId(),
  tillId: store.tills[0],
  staffId: store.people.nok,
  currency: 'THB',
  floatMinor: 100_00,
})
const line = () => ({ productId: store.products.coffee, quantity: 1000 })
const saleAsk = () => ({
  id: newId(),
  sessionId: session,
  currency: 'THB',
  lines: [line()],
  tenders: [{ method: 'cash', givenMinor: 45_00 }],
})
const refundAsk = () => ({ id: newId(), sessionId: session, method: 'cash', reason: 'cold' })
const unlinkedAsk = () => ({
  ...refundAsk(),
  currency: 'THB',
  lines: [{ ...line(), unitPriceMinor: 45_00 }],
})
const moveAsk = () => ({ id: newId(), kind: 'pay_in', amountMinor: 10_00 })
const closeAsk = () => ({ id: newId(), countedMinor: 145_00 })

type Ask = Record<string, unknown>
const routes: Readonly<Record<string, { url: () => string; ask: () => Ask; amount: string }>> = {
  open: { url: () => '/v1/till-sessions', ask: openAsk, amount: 'floatMinor' },
  sale: { url: () => '/v1/sales', ask: saleAsk, amount: 'expectedTotalMinor' },
  refund: { url: () => `/v1/sales/${soldId}/refunds`, ask: refundAsk, amount: '' },
  unlinked: { url: () => '/v1/refunds', ask: unlinkedAsk, amount: '' },
  move: {
    url: () => `/v1/till-sessions/${session}/movements`,
    ask: moveAsk,
    amount: 'amountMinor',
  },
  close: {
    url: () => `/v1/till-sessions/${session}/close`,
    ask: closeAsk,
    amount: 'countedMinor',
  },
}
const names = Object.keys(routes)
const routeOf = (name: string) => routes[name] as (typeof routes)[string]

async function expectRefused(
  reply: Awaited<ReturnType<typeof post>>,
  status: number,
  code: string,
): Promise<Record<string, unknown>> {
  const body = expectProblem(reply, status, code)
  expect(await digestTables(store.db)).toBe(before)
  return body
}

const badNumbers = [
  -1,
  0.5,
  1e21,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 63),
  '1',
  '1e3',
  '0x10',
  'NaN',
  'Infinity',
  '',
  null,
  true,
  [],
  {},
  [1],
  12.000001,
]

for (const name of names.filter((each) => routeOf(each).amount !== '')) {
  test(`${name}: what is no amount is refused with its place`, async () => {
    const { url, ask, amount } = routeOf(name)
    for (const value of badNumbers) {
      const body = await expectRefused(
        await post(url(), { ...ask(), [amount]: value }),
        400,
        'body_invalid',
      )
      const [first] = body.errors as { pointer: string }[]
      expect(first?.pointer).toBe(`/${amount}`)
      expect(JSON.stringify(body)).not.toContain('1e+21')
    }
  })
}

test('sale: what is no quantity, price, discount or tender is refused', async () => {
  for (const value of badNumbers) {
    for (const field of ['quantity', 'unitPriceMinor', 'discountMinor']) {
      const ask = { ...saleAsk(), lines: [{ ...line(), [field]: value }] }
      await expectRefused(await post('/v1/sales', ask), 400, 'body_invalid')
    }
    const tenders = [{ method: 'cash', givenMinor: value }]
    await expectRefused(await post('/v1/sales', { ...saleAsk(), tenders }), 400, 'body_invalid')
    const pieces = [{ faceMinor: 100_00, pieces: value }]
    const counted = [{ method: 'cash', givenMinor: 45_00, pieces }]
    const reply = await post('/v1/sales', { ...saleAsk(), tenders: counted })
    await expectRefused(reply, 400, 'body_invalid')
  }
})

test('raw numbers that JSON cannot hold are no JSON, or no amount', async () => {
  const url = '/v1/till-sessions'
  for (const [raw, code] of [
    ['NaN', 'bad_json'],
    ['Infinity', 'bad_json'],
    ['-Infinity', 'bad_json'],
    ['0x10', 'bad_json'],
    ['1_000', 'bad_json'],
    ['+1', 'bad_json'],
    ['.5', 'bad_json'],
    ['01', 'bad_json'],
    ['1e400', 'body_invalid'],
    ['-1e400', 'body_invalid'],
    ['9223372036854775808', 'body_invalid'],
    ['1e-1', 'body_invalid'],
  ] as const) {
    const text = JSON.stringify({ ...openAsk(), floatMinor: 0 }).replace(
      '"floatMinor":0',
      `"floatMinor":${raw}`,
    )
    await expectRefused(await postText(url, text), 400, code)
  }
})

const postText = (url: string, payload: string | Buffer, contentType = 'application/json') =>
  store.app.inject({
    method: 'POST',
    url,
    headers: { authorization: `Bearer ${store.key}`, 'content-type': contentType },
    payload,
  })

for (const name of names) {
  test(`${name}: shapes, texts and bytes that are not its own are refused`, async () => {
    const { url, ask } = routeOf(name)
    const text = JSON.stringify(ask())
    const inside = text.slice(1)
    for (const [payload, status, code] of [
      ['', 400, 'bad_json'],
      ['[]', 400, 'body_invalid'],
      ['null', 400, 'body_invalid'],
      ['"text"', 400, 'body_invalid'],
      [`[${text}]`, 400, 'body_invalid'],
      [text.slice(0, -1), 400, 'bad_json'],
      [`${text}${text}`, 400, 'bad_json'],
      [`{"__proto__":{"admin":true},${inside}`, 400, 'bad_json'],
      [`{"constructor":{"prototype":{}},${inside}`, 400, 'body_invalid'],
      [`{"unknown":1,${inside}`, 400, 'body_invalid'],
      [`{"id":"${newId()}",${inside}`, 400, 'bad_json'],
      [`{"deep":${'['.repeat(10_000)}${']'.repeat(10_000)},${inside}`, 400, 'bad_json'],
      [`{"long":"${'x'.repeat(1024 * 1024)}",${inside}`, 413, 'body_too_large'],
      [`{"note":"\\u0000",${inside}`, 400, 'body_invalid'],
      [`{"note":"\\ud800",${inside}`, 400, 'body_invalid'],
      [`{"note":"a\\nb",${inside}`, 400, 'body_invalid'],
      [`{"\\u0000":1,${inside}`, 400, 'body_invalid'],
    ] as const) {
      await expectRefused(await postText(url(), payload), status, code)
    }
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/JSON',
      '',
    ]) {
      await expectRefused(await postText(url(), text, type), 415, 'unsupported_media_type')
    }
    const many = JSON.stringify({ ...ask(), lines: Array(1_001).fill(line()) })
    await expectRefused(await postText(url(), many), 400, 'body_invalid')
  })

  test(`${name}: ids that are none, or name nothing here, are refused`, async () => {
    const { url, ask } = routeOf(name)
    for (const id of ['', '1', newId().toUpperCase(), `${newId()} `, 17, null, "' OR 1=1 --"]) {
      await expectRefused(await post(url(), { ...ask(), id }), 400, 'body_invalid')
    }
    const { id: _, ...unnamed } = ask()
    await expectRefused(await post(url(), unnamed), 400, 'id_required')
    for (const [field, status, code] of [
      ['sessionId', 404, 'session_not_found'],
      ['tillId', 404, 'till_not_found'],
      ['staffId', 404, 'staff_not_found'],
    ] as const) {
      if (!(field in ask())) continue
      await expectRefused(await post(url(), { ...ask(), [field]: newId() }), status, code)
    }
    await expectRefused(
      await post(url(), { ...ask(), occurredAt: '2026-13-45T99:00:00.000Z' }),
      400,
      'body_invalid',
    )
    const future = { ...ask(), occurredAt: '2099-01-01T00:00:00.000Z' }
    await expectRefused(await post(url(), future), 422, 'occurred_in_future')
  })

  test(`${name}: who may not, does not`, async () => {
    const { url, ask } = routeOf(name)
    const mistyped = `${store.key.slice(0, -1)}${store.key.endsWith('x') ? 'y' : 'x'}`
    for (const token of ['', 'x', mistyped, `${store.key}x`, 'tk_live_a_b_c']) {
      await expectRefused(await post(url(), ask(), token), 401, 'unauthenticated')
    }
    await expectRefused(await post(url(), ask(), store.weakKey), 403, 'forbidden')
  })
}

test('what a path names and is not here is not found', async () => {
  const paths = [
    ['/v1/till-sessions/x/close', 400, 'path_invalid'],
    [`/v1/till-sessions/${newId()}/close`, 404, 'session_not_found'],
    [`/v1/till-sessions/${newId()}/movements`, 404, 'session_not_found'],
    [`/v1/sales/${newId()}/refunds`, 404, 'sale_not_found'],
  ] as const
  const asks = [closeAsk(), closeAsk(), moveAsk(), refundAsk()]
  for (const [index, [url, status, code]] of paths.entries()) {
    await expectRefused(await post(url, asks[index]), status, code)
  }
  for (const url of ['/v1/sales/..%2f..', `/v1/sales/${newId()}`, `/v1/refunds/${newId()}`]) {
    const reply = await send(store.app, 'GET', url, { token: store.key })
    expect(reply.statusCode).toBeGreaterThanOrEqual(400)
    expect(reply.statusCode).toBeLessThan(500)
  }
})

test('sale: what cannot be sold, paid or counted is refused by its own code', async () => {
  const { products } = store
  for (const [fields, status, code] of [
    [{ lines: [] }, 400, 'body_invalid'],
    [{ tenders: [] }, 422, 'not_enough_given'],
    [{ tenders: [{ method: 'cash', givenMinor: 44_99 }] }, 422, 'not_enough_given'],
    [{ tenders: [{ method: 'card', givenMinor: 45_01 }] }, 422, 'tender_above_due'],
    [{ tenders: [{ method: 'gold', givenMinor: 45_00 }] }, 400, 'body_invalid'],
    [{ currency: 'USD' }, 422, 'currency_differs'],
    [{ currency: 'thb' }, 400, 'body_invalid'],
    [{ lines: [{ productId: newId(), quantity: 1000 }] }, 422, 'product_not_found'],
    [{ lines: [{ productId: products.old, quantity: 1000 }] }, 422, 'product_not_sold'],
    [{ lines: [{ ...line(), discountMinor: 45_01 }] }, 422, 'discount_above_line'],
    [{ lines: [{ ...line(), quantity: 1e9, unitPriceMinor: 1e12 }] }, 422, 'amount_too_large'],
    [{ expectedTotalMinor: 45_01 }, 422, 'total_differs'],
    [{ changePieces: [{ faceMinor: 1_00, pieces: 1 }] }, 422, 'pieces_do_not_add_up'],
    [{ note: 'x'.repeat(201) }, 400, 'body_invalid'],
    [{ customerNumber: '' }, 400, 'body_invalid'],
  ] as const) {
    await expectRefused(await post('/v1/sales', { ...saleAsk(), ...fields }), status, code)
  }
})

test('another shop’s till, people and sessions are out of reach', async () => {
  const other = { ...openAsk(), tillId: store.tills[2] }
  await expectRefused(await post('/v1/till-sessions', other), 403, 'till_of_other_shop')
  const stranger = { ...openAsk(), tillId: store.tills[1], staffId: store.people.stranger }
  await expectRefused(await post('/v1/till-sessions', stranger), 404, 'staff_not_found')
  const nobody = { ...openAsk(), staffId: undefined }
  await expectRefused(await post('/v1/till-sessions', nobody), 400, 'staff_required')
})

test('odd queries are refused before they reach the database', async () => {
  for (const url of [
    '/v1/sales?limit=0',
    '/v1/sales?limit=1e9',
    '/v1/sales?limit=-1',
    '/v1/sales?limit=1&limit=2',
    '/v1/sales?shopId=x',
    '/v1/sales?date=2026-02-30',
    '/v1/sales?q=%00',
    '/v1/sales?__proto__=1',
    '/v1/products?q=a&updatedSince=yesterday',
    '/v1/till-sessions?state=ajar',
    `/v1/products?q=${'x'.repeat(101)}`,
  ]) {
    const reply = await send(store.app, 'GET', url, { token: store.key })
    await expectRefused(reply, 400, 'query_invalid')
  }
  // What SQL would take for more than a word is just a word.
  for (const q of ["'; DROP TABLE sale; --", '%', '_', '\\', '=cmd|x', 'น้ำ\u200b', '\u202e']) {
    const reply = await send(store.app, 'GET', `/v1/products?q=${encodeURIComponent(q)}`, {
      token: store.key,
    })
    expect(reply.statusCode).toBe(200)
  }
})

test('after all that, the same requests in their right shape are taken', async () => {
  expect((await post('/v1/sales', saleAsk())).statusCode).toBe(201)
  expect((await post(`/v1/sales/${soldId}/refunds`, refundAsk())).statusCode).toBe(201)
  const url = `/v1/till-sessions/${session}`
  expect((await post(`${url}/movements`, moveAsk())).statusCode).toBe(201)
  expect((await post(`${url}/close`, closeAsk())).statusCode).toBe(201)
})
