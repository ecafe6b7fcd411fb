import { expectProblem, send } from '@tillkeeper/http/testing/inject.ts'
import { sums } from '@tillkeeper/projections/reconcile/money-sql.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { digestTables } from '../testing/digest.ts'
import { newId, numbers, type OpenedStore, openStore, pins } from '../testing/open-store.ts'

// From drawer to bank, told as one day at the safe of a shop.

let store: OpenedStore
const tokens = { ploy: '', owner: '', nok: '' }
beforeAll(async () => {
  store = await openStore()
  for (const name of ['ploy', 'owner', 'nok'] as const) {
    const body = { number: numbers[name], pin: pins[name] }
    const login = await send(store.app, 'POST', '/v1/auth/pin', { body })
    tokens[name] = login.json().accessToken
  }
})
afterAll(() => store.close())

type Who = keyof typeof tokens
const post = (who: Who, url: string, body: object) => {
  // What happens at the safe happens one after the other.
  store.clock.now = new Date(store.clock.now.getTime() + 1_000)
  return send(store.app, 'POST', url, { token: tokens[who], body: { id: newId(), ...body } })
}
const get = async (url: string) =>
  (await send(store.app, 'GET', url, { token: tokens.ploy })).json()
const baht = (minor: number, pieces?: readonly (readonly [number, number])[]) => ({
  currency: 'THB',
  minor,
  ...(pieces && { pieces: pieces.map(([faceMinor, count]) => ({ faceMinor, pieces: count })) }),
})
const balanceOf = async (location: string, currency = 'THB') => {
  const { items } = await get('/v1/cash/locations')
  type Place = { location: string; currency: string; balanceMinor: number }
  const found = (items as Place[]).find(
    (place) => place.location === location && place.currency === currency,
  )
  return found?.balanceMinor ?? 0
}
const safe = () => balanceOf(`safe:${store.shop}`)
const fifty = baht(50_000_00, [
  [1_000_00, 40],
  [100_00, 100],
])

test('the first count says what was always there, and the next one what is missing', async () => {
  expectProblem(await post('nok', '/v1/safe/counts', { counted: [fifty] }), 403, 'forbidden')
  const first = await post('ploy', '/v1/safe/counts', {
    counted: [fifty, { currency: 'USD', minor: 300_00 }],
  })
  expect(first.statusCode).toBe(201)
  expect(await safe()).toBe(50_000_00)
  expect(await balanceOf(`owner:${store.shop}`)).toBe(-50_000_00)
  expect(await balanceOf(`over_short:${store.shop}`)).toBe(0)
  expect((await get('/v1/safe')).items).toMatchObject([
    { currency: 'THB', balanceMinor: 50_000_00, known: true },
    { currency: 'USD', balanceMinor: 300_00, known: true, pieces: null },
  ])
  const second = await post('owner', '/v1/safe/counts', { counted: [baht(49_900_00)] })
  expect(second.statusCode).toBe(201)
  expect(await balanceOf(`over_short:${store.shop}`)).toBe(100_00)
  const { items } = await get('/v1/exceptions')
  expect(items.map(({ kind }: { kind: string }) => kind)).toContain('safe_differs')
  await post('owner', '/v1/safe/counts', { counted: [fifty] })
  expect((await get('/v1/safe')).items[0]).toMatchObject({
    ...{ balanceMinor: 50_000_00, pieces: fifty.pieces },
  })
})

test('a key is nobody at the safe', async () => {
  const body = { id: newId(), number: 'K', cash: [baht(1)] }
  const refused = await send(store.app, 'POST', '/v1/bags', { token: store.key, body })
  expectProblem(refused, 403, 'person_required')
})

const bags: string[] = []
test('a bag is sealed, seen by another, taken and banked; a difference stays visible', async () => {
  const ask = { id: newId(), number: 'A-1701', cash: [baht(20_000_00, [[1_000_00, 20]])] }
  expect((await post('ploy', '/v1/bags', ask)).statusCode).toBe(201)
  expect((await post('ploy', '/v1/bags', ask)).statusCode).toBe(200)
  bags.push(ask.id)
  expect(await safe()).toBe(30_000_00)
  expect(await balanceOf(`bag:${store.shop}:${ask.id}`)).toBe(20_000_00)

  const before = await digestTables(store.db)
  const again = await post('ploy', '/v1/bags', { number: 'a 1701', cash: [baht(1_00)] })
  expect(expectProblem(again, 409, 'bag_number_taken')).toMatchObject({ bagId: ask.id })
  const coins = await post('ploy', '/v1/bags', { number: 'C', cash: [baht(10_00, [[10_00, 1]])] })
  expect(expectProblem(coins, 409, 'safe_lacks_pieces')).toMatchObject({ heldPieces: 0 })
  const much = await post('ploy', '/v1/bags', { number: 'B', cash: [baht(30_000_01)] })
  expectProblem(much, 409, 'safe_holds_less')
  expectProblem(await post('ploy', `/v1/bags/${ask.id}/verify`, {}), 403, 'bag_sealed_by_self')
  expectProblem(await post('ploy', `/v1/bags/${newId()}/verify`, {}), 404, 'bag_not_found')
  expect(await digestTables(store.db)).toBe(before)

  const step = (name: string, body: object) => post('owner', `/v1/bags/${ask.id}/${name}`, body)
  expect((await step('verify', {})).statusCode).toBe(201)
  expectProblem(await step('verify', {}), 409, 'bag_not_in_state')
  expect((await step('collect', { carrier: 'Brinks', reference: 'SL-9' })).statusCode).toBe(201)
  const credited = [{ currency: 'THB', minor: 19_900_00 }]
  const slip = { bankedOn: '2026-11-21', reference: 'D-77', credited }
  expect((await step('deposit', slip)).statusCode).toBe(201)
  expectProblem(await step('open', { reason: 'late' }), 409, 'bag_not_in_state')
  expect(await balanceOf(`bag:${store.shop}:${ask.id}`)).toBe(0)
  expect(await balanceOf(`bank:${store.shop}`)).toBe(19_900_00)
  const { items } = await get('/v1/bags')
  expect(items).toMatchObject([
    { number: 'A-1701', state: 'deposited', sealedByName: 'Ploy', steps: [{}, {}, { credited }] },
  ])
  const raised = (await get('/v1/exceptions')).items as { kind: string; keys: string[] }[]
  expect(raised.find(({ kind }) => kind === 'bag_differs')?.keys).toEqual([`bag:${ask.id}`])
})

test('a bag that was sealed by mistake is opened, and its cash lies in the safe again', async () => {
  const id = newId()
  await post('ploy', '/v1/bags', { id, number: 'A-1702', cash: [baht(5_000_00)] })
  const reason = { reason: 'counted wrongly' }
  expect((await post('ploy', `/v1/bags/${id}/open`, reason)).statusCode).toBe(201)
  expect(await safe()).toBe(30_000_00)
})

const orders: string[] = []
test('change is ordered by pieces and received as counted', async () => {
  const cash = [baht(1_000_00, [[10_00, 100]])]
  const id = newId()
  expectProblem(await post('ploy', '/v1/change-orders', { cash: [baht(1)] }), 422, 'pieces_needed')
  await post('ploy', '/v1/change-orders', { id, cash, neededOn: '2026-11-23' })
  expect(await safe()).toBe(30_000_00)
  expect((await post('owner', `/v1/change-orders/${id}/receive`, { cash })).statusCode).toBe(201)
  expect(await safe()).toBe(31_000_00)
  const late = await post('owner', `/v1/change-orders/${id}/cancel`, { reason: 'late' })
  expectProblem(late, 409, 'change_order_not_open')
  expect((await get('/v1/change-orders')).items).toMatchObject([{ id, state: 'received' }])
  orders.push(id)
})

test('staff are given change, and give it back to the satang', async () => {
  const { nok, ploy } = store.people
  const issue = { cash: [baht(2_000_00, [[100_00, 20]])] }
  expectProblem(await post('ploy', `/v1/funds/${ploy}/issue`, issue), 403, 'fund_of_self')
  await post('ploy', `/v1/funds/${nok}/issue`, issue)
  const back = (minor: number, settle: boolean) =>
    post('ploy', `/v1/funds/${nok}/return`, { cash: [baht(minor)], settle })
  expectProblem(await back(2_000_01, false), 409, 'fund_holds_less')
  await back(500_00, false)
  expect((await get('/v1/funds')).items).toMatchObject([
    { staffName: 'Nok', cash: [{ currency: 'THB', minor: 1_500_00 }] },
  ])
  await back(1_480_00, true)
  const { items } = await get(`/v1/funds/${nok}/events?shopId=${store.shop}`)
  expect(items.map(({ balance }: { balance: { minor: number }[] }) => balance)).toEqual([
    [{ currency: 'THB', minor: 2_000_00 }],
    [{ currency: 'THB', minor: 1_500_00 }],
    [],
  ])
  expect(items[2]).toMatchObject({ settled: [{ currency: 'THB', varianceMinor: -20_00 }] })
  expect(await balanceOf(`fund:${store.shop}:${nok}`)).toBe(0)
})

test('change goes out of a drawer to somebody and comes back, and the drawer knows it', async () => {
  const { nok } = store.people
  const sessionId = newId()
  const opening = { id: sessionId, tillId: store.tills[0], staffId: nok, currency: 'THB' }
  const opened = await send(store.app, 'POST', '/v1/till-sessions', {
    ...{ token: store.key, body: { ...opening, floatMinor: 1_000_00 } },
  })
  expect(opened.statusCode).toBe(201)
  const inSafe = await safe()
  const drawer = `drawer:${store.tills[0]}`
  const issue = { sessionId, cash: [baht(600_00, [[100_00, 6]])] }
  const fund = (way: string, body: object) => post('ploy', `/v1/funds/${nok}/${way}`, body)
  expect((await fund('issue', issue)).statusCode).toBe(201)
  const before = await digestTables(store.db)
  expectProblem(await fund('issue', issue), 409, 'not_in_drawer')
  expectProblem(await fund('issue', { ...issue, sessionId: newId() }), 404, 'session_not_found')
  const dollars = { sessionId, cash: [{ currency: 'USD', minor: 1 }] }
  expectProblem(await fund('issue', dollars), 409, 'not_in_drawer')
  expect(await digestTables(store.db)).toBe(before)
  const expected = async () => (await get(`/v1/till-sessions/${sessionId}`)).expectedMinor
  expect([await expected(), await balanceOf(drawer), await safe()]).toEqual([
    ...[400_00, 400_00, inSafe],
  ])
  // It was 600, and all that comes back is 590: the ten are the fund's, and no drawer's.
  const back = { sessionId, cash: [baht(590_00)], settle: true }
  expect((await fund('return', back)).statusCode).toBe(201)
  expect([await expected(), await balanceOf(drawer)]).toEqual([990_00, 990_00])
  expect(await balanceOf(`fund:${store.shop}:${nok}`)).toBe(0)
  const { items } = await get(`/v1/funds/${nok}/events?shopId=${store.shop}`)
  expect(items.slice(-2)).toMatchObject([
    { kind: 'issued', tillNumber: 1, balance: [{ minor: 600_00 }] },
    { kind: 'returned', tillNumber: 1, settled: [{ varianceMinor: -10_00 }], balance: [] },
  ])
  const closing = { countedMinor: 990_00 }
  const closed = await send(store.app, 'POST', `/v1/till-sessions/${sessionId}/close`, {
    ...{ token: store.key, body: { id: newId(), ...closing } },
  })
  expect(closed.statusCode).toBe(201)
  expect((await get(`/v1/till-sessions/${sessionId}`)).state).toBe('closed')
  expectProblem(await fund('issue', issue), 409, 'session_not_open')
  for (const query of sums) {
    expect(await query(store.db, store.identity.org, '2026-01-01')).toEqual([])
  }
})

test('the report of funds adds up what was given, given back and short, and counts on from before', async () => {
  const nothing = await get(`/v1/reports/funds?shopId=${newId()}&from=2026-11-01&to=2026-11-30`)
  expect(nothing).toEqual({ people: [], days: [] })
  const { people, days } = await get('/v1/reports/funds?from=2026-11-01&to=2026-11-30')
  const all = { staffName: 'Nok', currency: 'THB', issuedMinor: 2_600_00, returnedMinor: 2_570_00 }
  expect(people).toMatchObject([{ ...all, startMinor: 0, varianceMinor: -30_00, heldMinor: 0 }])
  expect(days).toMatchObject([{ ...all, varianceMinor: -30_00, heldMinor: 0 }])
  const issue = { cash: [baht(300_00)] }
  await post('ploy', `/v1/funds/${store.people.nok}/issue`, issue)
  // Later days did nothing, and the person still holds it.
  const later = await get('/v1/reports/funds?from=2026-12-01&to=2026-12-31')
  expect(later).toMatchObject({ people: [{ startMinor: 300_00, heldMinor: 300_00 }], days: [] })
  const back = await post('ploy', `/v1/funds/${store.people.nok}/return`, {
    ...issue,
    settle: true,
  })
  expect(back.statusCode).toBe(201)
})

test('change is suggested by what drawers and hands used and did not bring back', async () => {
  const url = `/v1/change-orders/suggestion?shopId=${store.shop}&to=2026-11-21`
  const suggested = async () => (await get(url)).items as { faces: Record<string, unknown>[] }[]
  // What went out of a drawer, and into bags, is no use of the safe; twenty hundreds went to Nok.
  const [before] = await suggested()
  expect(before).toMatchObject({
    ...{ currency: 'THB', unsaidMinor: 1_300_00 },
    faces: [{ faceMinor: 100_00, weeks: [0, 0, 0, 20], neededPieces: 20, orderedPieces: 0 }],
  })
  const twenty = (count: number) => ({ cash: [baht(count * 20_00, [[20_00, count]])] })
  await post('ploy', '/v1/safe/counts', {
    counted: [
      baht(10_400_00, [
        [1_000_00, 10],
        [20_00, 20],
      ]),
    ],
  })
  await post('ploy', `/v1/funds/${store.people.nok}/issue`, twenty(15))
  await post('ploy', `/v1/funds/${store.people.nok}/return`, { ...twenty(3), settle: false })
  await post('ploy', '/v1/change-orders', twenty(1))
  const faces = async () => (await suggested())[0]?.faces
  expect(await faces()).toMatchObject([
    { faceMinor: 100_00, heldPieces: 0, pieces: 20 },
    { faceMinor: 20_00, neededPieces: 12, heldPieces: 8, orderedPieces: 1, pieces: 3 },
  ])
  await post('ploy', '/v1/change-orders', twenty(3))
  expect((await faces())?.[1]).toMatchObject({ orderedPieces: 4, pieces: 0 })
  const months = await get(url.replace('2026-11-21', '2027-02-01'))
  expect(months).toEqual({ from: '2027-01-05', items: [] })
  const wrong = await send(store.app, 'GET', url.replace('11-21', '02-31'), { token: tokens.ploy })
  expectProblem(wrong, 400, 'query_invalid')
  const rest = { ...twenty(12), settle: true }
  expect((await post('ploy', `/v1/funds/${store.people.nok}/return`, rest)).statusCode).toBe(201)
})

test('the bank’s statement is read in once, proposed and accepted', async () => {
  const line = (amountMinor: number, reference: string) => ({
    ...{ bookedOn: '2026-11-21', amountMinor, reference, description: 'cash' },
  })
  const lines = [line(19_900_00, 'bag A1701'), line(-1_000_00, ''), line(5_00, ''), line(5_00, '')]
  const file = { account: '1', currency: 'THB', fileName: 'nov.csv', lines }
  const imported = await post('ploy', '/v1/bank-statements', file)
  expect(imported.json()).toMatchObject({ added: 4, known: 0 })
  // The same file under another id, and one more line.
  const more = { ...file, lines: [...lines, line(7_00, '')] }
  expect((await post('ploy', '/v1/bank-statements', more)).json()).toMatchObject({
    added: 1,
    known: 4,
  })
  const open = await get(`/v1/bank-match?shopId=${store.shop}`)
  expect(open.lines).toHaveLength(5)
  type Proposed = { lineId: string; items: object[]; differenceMinor: number }
  const proposals = open.proposals as Proposed[]
  expect(proposals.map(({ items, differenceMinor }) => [items, differenceMinor])).toEqual(
    expect.arrayContaining([
      [[{ kind: 'bag', id: bags[0] }], 0],
      [[{ kind: 'order', id: orders[0] }], 0],
    ]),
  )
  const isBag = ({ items }: Proposed) => JSON.stringify(items).includes('bag')
  const best = proposals.find(isBag) as Proposed
  const match = (lineId: string, body: object) =>
    post('ploy', `/v1/statement-lines/${lineId}/match`, { bags: [], orders: [], ...body })
  expect((await match(best.lineId, { bags })).statusCode).toBe(201)
  expectProblem(await match(best.lineId, { bags }), 409, 'statement_line_matched')
  const other = open.lines.find(({ amountMinor }: { amountMinor: number }) => amountMinor === 7_00)
  expectProblem(await match(other.id, { bags }), 409, 'bag_matched')
  const then = await get(`/v1/bank-match?shopId=${store.shop}`)
  expect(then.proposals).toHaveLength(1)
  expect(then.lines.filter(({ match: said }: { match: unknown }) => said === null)).toHaveLength(4)
})

test('a match is undone with its difference, and a line that is no deposit is set aside', async () => {
  const of = async () => await get(`/v1/bank-match?shopId=${store.shop}`)
  type Line = { id: string; amountMinor: number; match: object | null; aside: object | null }
  const lineOf = async (amountMinor: number) =>
    ((await of()).lines as Line[]).find((line) => line.amountMinor === amountMinor) as Line
  const act = (line: Line, what: string, body: object) =>
    post('ploy', `/v1/statement-lines/${line.id}/${what}`, body)
  const overShort = () => balanceOf(`over_short:${store.shop}`)
  const [first, seven] = [await lineOf(19_900_00), await lineOf(7_00)]
  const reason = { reason: 'the wrong bag' }
  expectProblem(await act(seven, 'undo', reason), 409, 'statement_line_waits')
  expectProblem(await act(first, 'set-aside', reason), 409, 'statement_line_matched')
  const undo = { id: newId(), ...reason }
  expect((await act(first, 'undo', undo)).statusCode).toBe(201)
  expect((await act(first, 'undo', undo)).statusCode, 'asked again').toBe(200)
  expect(await lineOf(19_900_00)).toMatchObject({
    ...{ match: null, undone: [{ kind: 'match', reason: 'the wrong bag', staffName: 'Ploy' }] },
  })
  // The bag waits again: this time it is the seven baht, which leaves a difference that goes back with it.
  const before = await overShort()
  const wrong = { bags, orders: [] }
  expect((await act(seven, 'match', wrong)).statusCode).toBe(201)
  expect(await overShort()).toBe(before + 19_893_00)
  await act(seven, 'undo', reason)
  expect(await overShort()).toBe(before)
  expect((await act(seven, 'set-aside', { reason: 'interest' })).statusCode).toBe(201)
  expectProblem(await act(seven, 'set-aside', reason), 409, 'statement_line_set_aside')
  expectProblem(await act(seven, 'match', wrong), 409, 'statement_line_set_aside')
  expect(await lineOf(7_00)).toMatchObject({ aside: { reason: 'interest' } })
  const { proposals } = await of()
  expect(JSON.stringify(proposals)).not.toContain(seven.id)
  await act(seven, 'undo', { reason: 'a deposit after all' })
  expect(await lineOf(7_00)).toMatchObject({ aside: null, undone: [{}, { kind: 'aside' }] })
  expect((await act(first, 'match', wrong)).statusCode).toBe(201)
  expect(await lineOf(19_900_00)).toMatchObject({ match: { bags } })
})

test('after all of it nothing was made or lost', async () => {
  const sums = await store.db`
    SELECT currency FROM cash_balance GROUP BY currency HAVING sum(balance_minor) <> 0
  `
  expect(sums).toEqual([])
})
