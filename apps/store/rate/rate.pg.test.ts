import { expectProblem, send } from '@tillkeeper/http/testing/inject.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId, noon, type OpenedStore, openStore } from '../testing/open-store.ts'

// A day in two currencies: rates, a sale paid in dollars, change in both, a refund, and what the drawer holds.

let store: OpenedStore
let session = ''
beforeAll(async () => {
  store = await openStore()
  session = newId()
  await post('/v1/till-sessions', {
    ...{ id: session, tillId: store.tills[0], staffId: store.people.nok },
    ...{ currency: 'THB', floatMinor: 1_000_00 },
  })
})
afterAll(() => store.close())

const post = (url: string, body: object, token = store.key) =>
  send(store.app, 'POST', url, { token, body })
const get = (url: string) => send(store.app, 'GET', url, { token: store.key })

const dollar = { currency: 'USD', rate: 3425, scale: 2, source: 'the board' }
const rateId = newId()
const sale = (fields: object) => ({
  ...{ id: newId(), sessionId: session, currency: 'THB' },
  lines: [{ productId: store.products.bread, quantity: 1500 }], // 135.00.
  ...fields,
})
const dollars = (givenMinor: number, more: object = {}) => ({
  ...{ method: 'cash', currency: 'USD', givenMinor },
  ...more,
})

test('a rate is set once, from now on or later, and read as it held', async () => {
  const made = await post('/v1/rates', { id: rateId, ...dollar })
  expect(made.statusCode).toBe(201)
  expect((await post('/v1/rates', { id: rateId, ...dollar })).statusCode).toBe(200)
  const other = await post('/v1/rates', { id: rateId, ...dollar, rate: 3_500 })
  expectProblem(other, 409, 'id_exists_with_different_content')
  const of = (more: object) => post('/v1/rates', { id: newId(), ...dollar, ...more })
  expectProblem(await of({ currency: 'THB' }), 422, 'rate_of_base')
  expectProblem(await of({ base: 'EUR' }), 422, 'currency_differs')
  expectProblem(await of({ from: '2026-11-20T04:00:00.000Z' }), 422, 'rate_from_past')
  expectProblem(
    await post('/v1/rates', { id: newId(), ...dollar }, store.weakKey),
    403,
    'forbidden',
  )
  const later = newId()
  await post('/v1/rates', { id: later, ...dollar, rate: 3_500, from: '2026-11-20T17:00:00.000Z' })

  const list = (await get('/v1/rates?currency=USD')).json()
  expect(list.items.map(({ id }: { id: string }) => id)).toEqual([later, rateId])
  const held = async (at: string) =>
    (await get(`/v1/rates/held?shopId=${store.shop}&at=${at}`)).json().items
  expect(await held('2026-11-20T04:59:59.999Z')).toEqual([])
  expect(await held('2026-11-20T05:00:00.000Z')).toMatchObject([{ id: rateId, base: 'THB' }])
  expect(await held('2026-11-20T17:00:00.000Z')).toMatchObject([{ id: later }])
})

test('pain 32: a sale is paid in dollars, with change in both; the drawer tells each currency', async () => {
  const tenders = [dollars(20_00, { rateId, pieces: [{ faceMinor: 20_00, pieces: 1 }] })]
  const ask = sale({
    tenders,
    change: [{ currency: 'USD', minor: 16_00 }],
    changePieces: [{ faceMinor: 1_00, pieces: 2 }],
  })
  const made = await post('/v1/sales', ask)
  expect(made.statusCode).toBe(201)
  expect(made.json()).toMatchObject({
    totalMinor: 135_00,
    changeMinor: 550_00,
    change: [{ currency: 'USD', minor: 16_00, baseMinor: 548_00 }],
    roundingMinor: 0,
    tenders: [
      {
        ...{ method: 'cash', amountMinor: 135_00, givenMinor: 685_00 },
        foreign: { currency: 'USD', givenMinor: 20_00, rateId, rate: 3425, scale: 2 },
      },
    ],
  })
  expect((await post('/v1/sales', ask)).json()).toEqual(made.json())
  expect((await get(`/v1/sales/${ask.id}`)).json()).toEqual(made.json())

  const { totals, expectedMinor } = (await get(`/v1/till-sessions/${session}`)).json()
  expect(totals).toMatchObject({
    cashInMinor: -2_00,
    others: { USD: { cashInMinor: 4_00, baseMinor: 137_00 } },
  })
  expect(expectedMinor).toBe(998_00)
  const places = (await get('/v1/cash/locations')).json().items as {
    kind: string
    currency: string
    balanceMinor: number
  }[]
  const held = (kind: string, currency: string) =>
    places.find((place) => place.kind === kind && place.currency === currency)?.balanceMinor
  expect(held('drawer', 'USD')).toBe(4_00)
  expect(held('exchange', 'USD')).toBe(-4_00)
  expect(held('exchange', 'THB')).toBe(137_00)
  expect(held('customer', 'USD')).toBe(0)
  expect(held('customer', 'THB')).toBe(-135_00)

  const receipt = (await get(`/v1/sales/${ask.id}/receipt`)).body
  expect(receipt).toContain('1 USD = 34.25 THB')

  // What came in dollars goes back in dollars, at the sale's rate; not more of it than came.
  const refund = (minor: number) => ({
    ...{ id: newId(), sessionId: session, method: 'cash', reason: 'stale' },
    foreign: { currency: 'USD', minor },
  })
  const above = await post(`/v1/sales/${ask.id}/refunds`, refund(4_01))
  expect(expectProblem(above, 409, 'refund_above_paid')).toMatchObject({ leftMinor: 4_00 })
  const back = await post(`/v1/sales/${ask.id}/refunds`, refund(3_00))
  expect(back.statusCode).toBe(201)
  expect(back.json()).toMatchObject({
    totalMinor: 135_00,
    tenders: [
      { amountMinor: 102_75, foreign: { currency: 'USD', givenMinor: 3_00, rate: 3425 } },
      { amountMinor: 32_25 },
    ],
  })
  const after = (await get(`/v1/till-sessions/${session}`)).json()
  expect(after.totals.others).toEqual({
    USD: expect.objectContaining({ cashInMinor: 4_00, cashOutMinor: 3_00, baseMinor: 34_25 }),
  })
})

test('what cannot be is refused by a code', async () => {
  const refuse = async (fields: object, status: number, code: string) =>
    expectProblem(await post('/v1/sales', sale(fields)), status, code)
  const stale = await refuse({ tenders: [dollars(20_00, { rateId: newId() })] }, 409, 'rate_stale')
  expect(stale).toMatchObject({ currency: 'USD', rateId })
  await refuse({ tenders: [{ ...dollars(20_00), currency: 'GBP' }] }, 422, 'rate_not_found')
  await refuse({ tenders: [{ ...dollars(1_00), method: 'card' }] }, 422, 'foreign_only_cash')
  await refuse({ tenders: [dollars(3_94)] }, 422, 'not_enough_given')
  const change = (currency: string, minor: number) => ({
    tenders: [dollars(20_00)],
    change: [{ currency, minor }],
  })
  await refuse(change('EUR', 1_00), 422, 'change_currency_not_given')
  await refuse(change('USD', 17_00), 422, 'change_above_due')
  // An hour before the first one was set, no rate held.
  const early = { occurredAt: new Date(noon.getTime() - 3_600_000).toISOString() }
  await refuse({ ...early, tenders: [dollars(20_00)] }, 422, 'rate_not_found')
})

test('pain 22: cash is rounded as the shop says, in a line of its own', async () => {
  const set = await post('/v1/cash-rounding', { id: newId(), stepMinor: 25, way: 'nearest' })
  expect(set.statusCode).toBe(201)
  expect((await get('/v1/shops')).json().items).toMatchObject([
    { cashRounding: { stepMinor: 25, way: 'nearest' } },
  ])
  const lines = [{ productId: store.products.bread, quantity: 1501 }] // 135.09.
  const paid = (method: string, givenMinor: number) =>
    post('/v1/sales', sale({ lines, tenders: [{ method, givenMinor }] }))
  const cash = await paid('cash', 140_00)
  expect(cash.json()).toMatchObject({ totalMinor: 135_09, changeMinor: 5_00, roundingMinor: -9 })
  expect((await paid('card', 135_09)).json()).toMatchObject({ roundingMinor: 0 })
  expectProblem(await paid('cash', 134_96), 422, 'not_enough_given')

  // Pain 21: nothing of it stands in the way of a close, which adds up to the satang.
  const { expectedMinor } = (await get(`/v1/till-sessions/${session}`)).json()
  const close = await post(`/v1/till-sessions/${session}/close`, {
    ...{ id: newId(), countedMinor: expectedMinor },
    others: [{ currency: 'USD', countedMinor: 1_00 }],
  })
  expect(close.json()).toMatchObject({ state: 'closed', close: { varianceMinor: 0 } })
  const z = (await get(`/v1/till-sessions/${session}/report?kind=z`)).body
  expect(z).toMatch(/Cash USD +34\.25\n/)
  expect(z).toMatch(/Rounding +0\.09\n/)
})
