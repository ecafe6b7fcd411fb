import { expectProblem, send } from '@tillkeeper/http/testing/inject.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId, numbers, type OpenedStore, openStore, pins } from '../testing/open-store.ts'

let store: OpenedStore
let nok: string
let ploy: string
beforeAll(async () => {
  store = await openStore()
  nok = await logIn('nok')
  ploy = await logIn('ploy')
})
afterAll(() => store.close())

async function logIn(who: 'nok' | 'ploy'): Promise<string> {
  const body = { number: numbers[who], pin: pins[who] }
  const reply = await send(store.app, 'POST', '/v1/auth/pin', { body })
  return reply.json<{ accessToken: string }>().accessToken
}
const post = (url: string, token: string, body: object) =>
  send(store.app, 'POST', url, { token, body })
const get = async (url: string, token = ploy) =>
  (await send(store.app, 'GET', url, { token })).json()
const evening = (token = ploy) => get(`/v1/evening?shopId=${store.shop}&date=2026-11-20`, token)
const blocks = async () =>
  (await evening()).blocks.map(({ kind, about }: Record<string, string>) => [kind, about])

const session = newId<string>()
const drop = newId<string>()
const overShort = async () => {
  const { items } = await get('/v1/cash/locations')
  const held = (kind: string) =>
    items.find((place: { kind: string }) => place.kind === kind)?.balanceMinor ?? 0
  return [held('over_short'), held('safe')]
}

test('the dry run says all day what would block the night', async () => {
  expect(await blocks()).toEqual([])
  const opening = { id: session, tillId: store.tills[0], currency: 'THB', floatMinor: 1_000_00 }
  await post('/v1/till-sessions', nok, opening)
  await post(`/v1/till-sessions/${session}/movements`, nok, {
    ...{ id: drop, kind: 'drop', amountMinor: 500_00, note: 'envelope 7' },
  })
  expect(await blocks()).toEqual([
    ['session_open', session],
    ['drop_unconfirmed', drop],
  ])
  const { sessions } = await evening()
  // A count is blind: what is expected is not told before it is sealed.
  expect(sessions).toMatchObject([{ id: session, counts: [], class: 'none', own: false }])
})

test('nothing is explained or verified before it is counted, nor by who counted it', async () => {
  const causes = `/v1/till-sessions/${session}/causes`
  const open = await send(store.app, 'GET', causes, { token: ploy })
  expectProblem(open, 409, 'session_not_closed')
  expectProblem(await send(store.app, 'GET', causes, { token: nok }), 403, 'forbidden')
  expectProblem(
    await post(`/v1/till-sessions/${session}/verify`, ploy, { id: newId() }),
    409,
    'session_not_closed',
  )
  const close = { id: newId(), countedMinor: 400_00 }
  expect((await post(`/v1/till-sessions/${session}/close`, nok, close)).statusCode).toBe(201)
  expectProblem(
    await post(`/v1/till-sessions/${session}/verify`, nok, { id: newId() }),
    403,
    'forbidden',
  )
  const key = await post(`/v1/till-sessions/${session}/verify`, store.key, { id: newId() })
  expectProblem(key, 403, 'person_required')
  const early = await post(`/v1/till-sessions/${session}/verify`, ploy, { id: newId() })
  expect(expectProblem(early, 409, 'variance_not_explained')).toMatchObject({ currency: 'THB' })
  expect((await evening()).sessions).toMatchObject([
    {
      ...{ id: session, class: 'explain', own: false, verifiedAt: null },
      counts: [{ varianceMinor: -100_00, class: 'explain', explained: false, bookedMinor: 0 }],
    },
  ])
})

test('what may have made it is ranked, each with the booking that would explain it', async () => {
  const { items } = await get(`/v1/till-sessions/${session}/causes`)
  const kinds = items.map(({ kind }: { kind: string }) => kind)
  // 100 less, no sale: a pay-out, a float with a note less, a pile; no tender and no change can be wrong.
  expect(kinds.slice(0, 3)).toContain('wrong_float')
  expect(kinds).not.toContain('wrong_tender')
  for (const { explainsMinor, booking } of items) {
    expect([explainsMinor, booking.amountMinor]).toEqual([-100_00, 100_00])
  }
})

test('an explanation books what is found, and the variance stays', async () => {
  expect(await overShort()).toEqual([100_00, -100_00])
  const ask = {
    ...{ id: newId(), currency: 'THB', reason: 'missing_drop', note: 'behind the safe' },
    places: [{ place: `safe:${store.shop}`, amountMinor: 80_00 }],
  }
  const url = `/v1/till-sessions/${session}/explanations`
  expect((await post(url, ploy, ask)).statusCode).toBe(201)
  expect((await post(url, ploy, ask)).statusCode).toBe(200)
  expectProblem(
    await post(url, ploy, { ...ask, note: 'other' }),
    409,
    'id_exists_with_different_content',
  )
  const again = await post(url, ploy, { ...ask, id: newId() })
  expect(expectProblem(again, 409, 'explains_more_than_variance')).toMatchObject({
    leftMinor: 20_00,
  })
  expect(await overShort()).toEqual([20_00, -20_00])
  expect((await get(`/v1/till-sessions/${session}`)).close.varianceMinor).toBe(-100_00)
  expect((await get(url)).items).toMatchObject([
    { reason: 'missing_drop', staffName: 'Ploy', bookings: [{ amountMinor: 80_00 }] },
  ])
})

test('movements are verified by others, and a verified session is done', async () => {
  expectProblem(
    await post('/v1/cash/verifications', ploy, { id: newId(), movementIds: [newId()] }),
    404,
    'movement_not_found',
  )
  const asked = { id: newId(), movementIds: [drop] }
  expect((await post('/v1/cash/verifications', ploy, asked)).statusCode).toBe(201)
  expect((await evening()).movements).toMatchObject([{ id: drop, type: 'drop', verified: true }])
  const verified = await post(`/v1/till-sessions/${session}/verify`, ploy, { id: newId() })
  expect(verified.json()).toMatchObject({
    state: 'verified',
    verification: { staffName: 'Ploy' },
    close: { varianceMinor: -100_00 },
  })
  const twice = await post(`/v1/till-sessions/${session}/verify`, ploy, { id: newId() })
  expectProblem(twice, 409, 'session_verified')
  const listed = await get('/v1/till-sessions?state=verified')
  expect(listed.items.map(({ id }: { id: string }) => id)).toEqual([session])
})

test('who sold in a session has a hand in it', async () => {
  const shared = newId<string>()
  await post('/v1/till-sessions', nok, {
    ...{ id: shared, tillId: store.tills[1], currency: 'THB', floatMinor: 0 },
  })
  const sale = {
    ...{ id: newId(), sessionId: shared, currency: 'THB' },
    lines: [{ productId: store.products.coffee, quantity: 1000 }],
    tenders: [{ method: 'card', givenMinor: 45_00 }],
  }
  expect((await post('/v1/sales', ploy, sale)).statusCode).toBe(201)
  await post(`/v1/till-sessions/${shared}/close`, nok, { id: newId(), countedMinor: 0 })
  const own = await post(`/v1/till-sessions/${shared}/verify`, ploy, { id: newId() })
  expectProblem(own, 403, 'own_session')
  const { sessions } = await evening()
  expect(sessions.find(({ id }: { id: string }) => id === shared)).toMatchObject({ own: true })
})

test('a drawer is rewound to any instant: the act, its basket, and the cash before and after', async () => {
  const till = store.tills[0] ?? ''
  const rewind = (at: string) =>
    send(store.app, 'GET', `/v1/tills/${till}/rewind?at=${at}`, { token: ploy })
  const long = '2026-12-01T00:00:00.000Z'
  expectProblem(await rewind('2026-01-01T00:00:00.000Z'), 404, 'not_found')
  const barred = await send(store.app, 'GET', `/v1/tills/${till}/rewind?at=${long}`, { token: nok })
  expectProblem(barred, 403, 'forbidden')
  const closed = (await rewind(long)).json()
  expect(closed).toMatchObject({
    session: { id: session, staffName: 'Nok' },
    act: { kind: 'closed' },
    ...{ previous: { id: drop, kind: 'drop' }, next: null, basket: null },
    before: [{ currency: 'THB', balanceMinor: 500_00 }],
    after: [{ currency: 'THB', balanceMinor: 0 }],
  })
  const dropped = await rewind(`${closed.previous.at}&act=${drop}`)
  expect(dropped.json()).toMatchObject({
    movements: [{ type: 'drop', amountMinor: 500_00, note: 'envelope 7', staffName: 'Nok' }],
    ...{ previous: { id: session, kind: 'opened' }, next: { kind: 'closed' } },
    before: [{ balanceMinor: 1_000_00, pieces: [], unknownMinor: 1_000_00 }],
    after: [{ balanceMinor: 500_00 }],
  })
})

test('reports come to what happened: cash by day, methods, people, variances', async () => {
  const report = async (name: string) =>
    (await get(`/v1/reports/${name}?from=2026-11-01&to=2026-11-30&shopId=${store.shop}`)).items
  const flow = await report('cash-flow')
  // The shortage went out, and what was found came back; the card sale is no cash.
  expect(flow).toEqual([
    {
      businessDate: '2026-11-20',
      currency: 'THB',
      flow: 'correction',
      amountMinor: 80_00,
      count: 1,
    },
    { businessDate: '2026-11-20', currency: 'THB', flow: 'sales', amountMinor: 0, count: 1 },
    {
      businessDate: '2026-11-20',
      currency: 'THB',
      flow: 'shortage',
      amountMinor: -100_00,
      count: 1,
    },
  ])
  expect(await report('methods')).toMatchObject([{ sales: 1, cashMinor: 0, cardMinor: 45_00 }])
  expect(await report('staff')).toMatchObject([
    { staffName: 'Ploy', sales: 1, salesMinor: 45_00, closes: 0 },
    { staffName: 'Nok', sales: 0, closes: 2, varianceMinor: -100_00 },
  ])
  // Both were closed in one instant of the test's clock.
  const byVariance = (a: Record<string, number>, b: Record<string, number>) =>
    (a.varianceMinor ?? 0) - (b.varianceMinor ?? 0)
  expect((await report('variances')).toSorted(byVariance)).toMatchObject([
    { sessionId: session, varianceMinor: -100_00, reasons: ['missing_drop'], verified: true },
    { varianceMinor: 0, reasons: [], verified: false },
  ])
  const wrong = await send(store.app, 'GET', '/v1/reports/staff?from=2026-11-30&to=2026-11-01', {
    token: ploy,
  })
  expectProblem(wrong, 400, 'query_invalid')
})

test('papers of every kind are found by number, amount, kind and person, counted, and copied', async () => {
  const day = 'from=2026-11-20&to=2026-11-20'
  const list = async (query: string) =>
    (await get(`/v1/receipts?${day}&${query}`)).items as Record<string, unknown>[]
  const all = await list('limit=200')
  expect(all.map(({ kind }) => kind).toSorted()).toEqual(['drop', 'sale'])
  const [sale] = await list('kind=sale')
  expect(sale).toMatchObject({ number: 'RCP-261120-020001', totalMinor: 45_00, copies: 0 })
  expect(await list('number=020001')).toEqual([sale])
  // A paper of cash that moved has a number of its till's day too.
  expect(await list('number=RCP-261120-010001')).toMatchObject([{ kind: 'drop', id: drop }])
  expect(await list('minMinor=4500&maxMinor=4500')).toEqual([sale])
  expect(await list('minMinor=4501&maxMinor=49999')).toEqual([])
  expect(await list(`staffId=${store.people.nok}`)).toMatchObject([{ kind: 'drop', id: drop }])
  // A page at a time, the same rows.
  const first = await get(`/v1/receipts?${day}&limit=1`)
  const rest = await get(`/v1/receipts?${day}&limit=1&cursor=${first.next}`)
  expect([...first.items, ...rest.items]).toEqual(all)
  expect(rest.next).toBeNull()

  const copy = { id: newId() }
  expect((await post(`/v1/receipts/${sale?.id}/reprints`, nok, copy)).statusCode).toBe(201)
  expect((await post(`/v1/receipts/${sale?.id}/reprints`, nok, copy)).statusCode).toBe(200)
  expectProblem(
    await post(`/v1/receipts/${newId()}/reprints`, nok, { id: newId() }),
    404,
    'not_found',
  )
  expect(await list('kind=sale')).toMatchObject([{ copies: 1 }])
  const { kinds, gaps } = await get(`/v1/receipts/statistics?${day}`)
  expect(kinds).toEqual([
    { kind: 'drop', currency: 'THB', count: 1, totalMinor: 500_00, copies: 0 },
    { kind: 'sale', currency: 'THB', count: 1, totalMinor: 45_00, copies: 1 },
  ])
  expect(gaps).toEqual([])
})

test('all Z reports of a day come at once, of closed sessions alone', async () => {
  const reports = (date: string) => get(`/v1/evening/reports?shopId=${store.shop}&date=${date}`)
  const open = newId<string>()
  await post('/v1/till-sessions', nok, {
    ...{ id: open, tillId: store.tills[0], currency: 'THB', floatMinor: 0 },
  })
  const { items } = await reports('2026-11-20')
  expect(items.map(({ tillNumber, staffName }: Record<string, unknown>) => [tillNumber, staffName]))
    // By till; the session that is open has no Z, which would say what its drawer should hold.
    .toEqual([
      [1, 'Nok'],
      [2, 'Nok'],
    ])
  expect(items[0]).toMatchObject({ sessionId: session })
  expect(items[0].text).toContain('Z REPORT')
  expect(items[0].text).toMatch(/Shortage +-100\.00/)
  expect((await reports('2026-11-19')).items).toEqual([])
})

test('papers are numbered without a gap in their till’s day, and those of the safe in the office’s', async () => {
  const day = 'from=2026-11-20&to=2026-11-20'
  const numberOf = async (id: string) => {
    const { items } = await get(`/v1/receipts?${day}&limit=200`)
    return items.find((paper: { id: string }) => paper.id === id)?.number
  }
  const { items } = await get('/v1/till-sessions?state=open')
  const [open] = items
  const move = async (kind: string) => {
    const id = newId<string>()
    const moved = { id, kind, amountMinor: 10_00, recipient: 'ร้านน้ำแข็ง' }
    await post(`/v1/till-sessions/${open.id}/movements`, nok, moved)
    return id
  }
  const paid = await move('pay_in')
  expect(await numberOf(paid)).toBe('RCP-261120-010002')
  // The safe has no till: its shop's office counts.
  const cash = [{ currency: 'THB', minor: 100_00 }]
  const bag = { id: newId<string>(), number: 'A-1', cash }
  expect((await post('/v1/bags', ploy, bag)).statusCode).toBe(201)
  expect(await numberOf(bag.id)).toBe('RCP-261120-000001')
  // A till that counts its own numbers may be away: what the office does there takes one of the office.
  await store.db`
    INSERT INTO till_device (org_id, id, shop_id, till_id, major, token_hash, enrolled_by, enrolled_at)
    VALUES (${store.identity.org}, ${newId()}, ${store.shop}, ${open.tillId}, 1, 'none', ${store.people.ploy}, now())
  `
  const away = await move('pay_in')
  expect(await numberOf(away)).toBe('RCP-261120-000002')
  const { gaps } = await get(`/v1/receipts/statistics?${day}`)
  expect(gaps).toEqual([])
  // One that is not here is missed, in its own series alone.
  await store.db`DELETE FROM paper_number WHERE fact_id = ${bag.id}`
  const missed = await get(`/v1/receipts/statistics?${day}`)
  expect(missed.gaps).toMatchObject([{ tillNumber: 0, missing: 1 }])

  const paper = await get(`/v1/receipts/${paid}/paper?lang=th`)
  expect(paper).toMatchObject({ number: 'RCP-261120-010002', photoIds: [] })
  expect(paper.text).toContain('รับเงินเข้า')
  expect(paper.text).toMatch(/ผู้รับ: ร้านน้ำแข็ง/)
  expect(paper.text).not.toContain('สำเนา')
  const copy = await get(`/v1/receipts/${paid}/paper?copy=1`)
  expect(copy.text).toContain('*** COPY ***')
  const unknown = await send(store.app, 'GET', `/v1/receipts/${newId()}/paper`, { token: ploy })
  expectProblem(unknown, 404, 'not_found')
})
