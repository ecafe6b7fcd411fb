import { randomBytes } from 'node:crypto'
import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { catalogue, type FactType } from '@tillkeeper/facts/catalogue/catalogue.ts'
import { expectProblem, send } from '@tillkeeper/http/testing/inject.ts'
import { recordFacts } from '@tillkeeper/projections/journal/record-facts.ts'
import { sums } from '@tillkeeper/projections/reconcile/money-sql.ts'
import { checkMachinePayments } from '@tillkeeper/projections/testing/check-machine-payments.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId, type OpenedStore, openStore } from '../testing/open-store.ts'

// A machine at the counter of another POS, which tells the shop's server of each act by the API. Each test goes on where
// the one before ended.

const recyclerId = newId()
let store: OpenedStore
let session = ''

beforeAll(async () => {
  store = await openStore()
  session = newId()
  const opened = await post('/v1/till-sessions', {
    ...{ id: session, tillId: store.tills[0], staffId: store.people.nok, currency: 'THB' },
    floatMinor: 1_000_00,
  })
  expect(opened.statusCode).toBe(201)
})
afterAll(() => store.close())

const post = (url: string, body: object) => send(store.app, 'POST', url, { token: store.key, body })
const readSession = async () =>
  (await send(store.app, 'GET', `/v1/till-sessions/${session}`, { token: store.key })).json()
const exceptions = async () => {
  const rows = await store.db<{ id: string }[]>`SELECT id FROM exception ORDER BY id`
  return rows.map(({ id }) => id)
}

/** Writes down what the shop's own server would of a machine. */
async function write(type: FactType, body: object): Promise<void> {
  const { node } = store
  const now = node.now()
  const fact = {
    ...{ id: uuidv7(now.getTime(), randomBytes(10)), type, v: catalogue[type].v, refs: [] },
    ...{ scope: `shop:${store.shop}`, actor: 'system', occurredAt: now.toISOString() },
    ...{ businessDate: '2026-11-20', keys: [`recycler:${recyclerId}`] },
    body: { shopId: store.shop, recyclerId, staffId: store.people.nok, ...body },
  }
  await node.writeDb.begin((tx) =>
    recordFacts(tx, node.author, [fact], {
      ...{ nowMs: now.getTime(), recordedAt: now.toISOString() },
    }),
  )
}

const cash = (minor: number) => ({ currency: 'THB', minor })

/** A machine took (above zero) or gave (below) so much in an attempt. */
async function settle(moved: number, links?: object): Promise<string> {
  const attemptId = newId<string>()
  const about = {
    ...{ attemptId, currency: 'THB' },
    work: { kind: moved < 0 ? 'pay_out' : 'pay_in', amountMinor: Math.max(1, Math.abs(moved)) },
  }
  await write('recycler.started', { ...about, seqNo: '1', before: [], ...(links && { links }) })
  await write('recycler.settled', {
    ...{ ...about, in: cash(Math.max(0, moved)), out: cash(Math.max(0, -moved)) },
    ...{ ending: moved === 0 ? 'not_done' : 'done', certain: true, because: 'reply' },
  })
  return attemptId
}

const saleBy = (attemptId: string | undefined, givenMinor = 45_00, fields: object = {}) => ({
  ...{ id: newId(), sessionId: session, currency: 'THB' },
  lines: [{ productId: store.products.coffee, quantity: 1000 }],
  tenders: [{ method: 'machine', givenMinor, ...(attemptId !== undefined && { attemptId }) }],
  ...fields,
})

let sold: { id: string; attemptId: string }

test('a sale by machine is not in the drawer, and its money is booked once, by the machine', async () => {
  const attemptId = await settle(45_00)
  expect(await exceptions()).toEqual([`${attemptId}/machine_payment_without_sale`])
  const ask = saleBy(attemptId)
  const made = await post('/v1/sales', ask)
  expect(made.statusCode).toBe(201)
  expect(made.json().tenders).toEqual([
    { method: 'machine', amountMinor: 45_00, givenMinor: 45_00, attemptId },
  ])
  sold = { id: ask.id, attemptId }
  expect(await exceptions()).toEqual([])
  const read = await readSession()
  expect(read.expectedMinor).toBe(1_000_00)
  expect(read.totals).toMatchObject({ salesMinor: 45_00, cashInMinor: 0, machineMinor: 45_00 })
  const [row] = await store.db`
    SELECT balance_minor AS minor FROM cash_balance WHERE location = ${`customer:${store.shop}`}
  `
  expect(row).toEqual({ minor: -45_00 })
  // Asked again it is the same sale, though its attempt is taken by now: by itself.
  expect((await post('/v1/sales', ask)).statusCode).toBe(200)
})

test('what the books know otherwise is refused; what they do not know yet stands', async () => {
  const used = await post('/v1/sales', saleBy(sold.attemptId))
  expect(expectProblem(used, 409, 'machine_attempt_used')).toMatchObject({
    attemptId: sold.attemptId,
  })
  const nothing = await settle(0)
  expectProblem(await post('/v1/sales', saleBy(nothing)), 409, 'machine_attempt_not_done')
  const more = await settle(50_00)
  expect(
    expectProblem(await post('/v1/sales', saleBy(more)), 409, 'machine_amount_differs'),
  ).toMatchObject({ currency: 'THB', movedMinor: 50_00 })
  // With what it kept, the rest is change out of the drawer.
  const made = await post('/v1/sales', saleBy(more, 50_00))
  expect(made.json()).toMatchObject({ changeMinor: 5_00 })
  expectProblem(await post('/v1/sales', saleBy(undefined)), 422, 'machine_attempt_missing')
  const own = saleBy(newId<string>())
  expect((await post('/v1/sales', own)).statusCode).toBe(201)
  const together = newId<string>()
  const both = await Promise.all([0, 1].map(() => post('/v1/sales', saleBy(together))))
  expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409])
  expect((await readSession()).expectedMinor).toBe(995_00)
  expect(await exceptions()).toEqual([])
})

test('a refund, a pay-out, a pay-in and a float by machine each name what it moved', async () => {
  const back = await settle(-45_00)
  const refund = { sessionId: session, method: 'machine', reason: 'cold', id: newId() }
  const refused = await post(`/v1/sales/${sold.id}/refunds`, {
    ...refund,
    attemptId: sold.attemptId,
  })
  expectProblem(refused, 409, 'machine_attempt_used')
  const paid = await post(`/v1/sales/${sold.id}/refunds`, { ...refund, attemptId: back })
  expect(paid.statusCode).toBe(201)
  const move = async (kind: string, moved: number, fields: object = {}) =>
    post(`/v1/till-sessions/${session}/movements`, {
      ...{ id: newId(), kind, amountMinor: Math.abs(moved) },
      ...{ attemptId: await settle(moved), ...fields },
    })
  // More than the drawer holds: the machine gave it.
  const id = newId()
  expect((await move('pay_out', -2_000_00, { id })).statusCode).toBe(201)
  const url = `/v1/receipts/${id}/paper`
  const paper = await send(store.app, 'GET', url, { token: store.key })
  expect(paper.json().text).toMatch(/Till 1 [\s\S]*Pay-out THB +2,000.00\nCash machine\n/)
  expect((await move('pay_in', 300_00)).statusCode).toBe(201)
  expect((await readSession()).expectedMinor).toBe(995_00)
  expect((await move('top_up', -200_00)).statusCode).toBe(201)
  expect((await readSession()).expectedMinor).toBe(1_195_00)
  expectProblem(await move('drop', 1_00), 422, 'attempt_not_for_drop')
  expectProblem(await move('pay_out', -7_00, { amountMinor: 8_00 }), 409, 'machine_amount_differs')
  const { totals } = await readSession()
  expect(totals).toMatchObject({ payOutMinor: 0, payInMinor: 0, toppedUpMinor: 200_00 })
  const left = await exceptions()
  // The attempts of both acts that were refused have no act.
  expect(left).toHaveLength(2)
  expect(left.every((id) => id.endsWith('/machine_payment_without_sale'))).toBe(true)
})

test('what was given again for a payment needs no act, and no act may name that payment any more', async () => {
  const before = await exceptions()
  const attemptId = await settle(100_00)
  expect(await exceptions()).toHaveLength(before.length + 1)
  await settle(-60_00, { forAttemptId: attemptId })
  expect(await exceptions()).toHaveLength(before.length + 1)
  await settle(-40_00, { forAttemptId: attemptId })
  expect(await exceptions()).toEqual(before)
  expectProblem(await post('/v1/sales', saleBy(attemptId, 100_00)), 409, 'machine_attempt_used')
})

test('people are told of a payment without an act once no act follows within a minute', async () => {
  const list = async () => {
    const reply = await send(store.app, 'GET', '/v1/exceptions?limit=100', { token: store.key })
    return (reply.json().items as { id: string }[]).map(({ id }) => id)
  }
  const before = store.clock.now
  store.clock.now = new Date()
  const fresh = await settle(5_00)
  store.clock.now = new Date(Date.now() - 61_000)
  const old = await settle(5_00)
  store.clock.now = before
  expect(await exceptions()).toEqual(
    expect.arrayContaining([fresh, old].map((id) => `${id}/machine_payment_without_sale`)),
  )
  const told = await list()
  expect(told).toContain(`${old}/machine_payment_without_sale`)
  expect(told).not.toContain(`${fresh}/machine_payment_without_sale`)
})

test('the cash flow of the day says what machines took for sales apart from what they paid out', async () => {
  const url = '/v1/reports/cash-flow?from=2026-11-20&to=2026-11-20'
  const { items } = (await send(store.app, 'GET', url, { token: store.key })).json()
  const flows = (items as { flow: string; amountMinor: number }[]).map(
    ({ flow, amountMinor }) => [flow, amountMinor] as const,
  )
  expect(Object.fromEntries(flows)).toEqual({
    // The change that a machine owed.
    sales: -5_00,
    pay_in: 300_00,
    pay_out: -2_000_00,
    // A sale, one that kept more, its refund; what was taken and given for acts that were refused, and for none.
    machine: 45_00 + 50_00 - 45_00 + 1_00 - 7_00 + 2 * 5_00,
  })
})

test('what a machine may be giving back this moment pays no sale', async () => {
  const attemptId = await settle(45_00)
  const again = { attemptId: newId<string>(), currency: 'THB' }
  const work = { kind: 'pay_out', amountMinor: 45_00 }
  const links = { forAttemptId: attemptId }
  await write('recycler.started', { ...again, work, seqNo: '2', before: [], links })
  expectProblem(await post('/v1/sales', saleBy(attemptId)), 409, 'machine_attempt_used')
  const nothing = { ending: 'not_done', certain: true, because: 'reply' }
  await write('recycler.settled', { ...again, work, in: cash(0), out: cash(0), ...nothing })
  expect((await post('/v1/sales', saleBy(attemptId))).statusCode).toBe(201)
})

test('the books add up, and each payment is told by what is known of it', async () => {
  for (const query of sums) expect(await query(store.db, store.node.org, '0001-01-01')).toEqual([])
  await checkMachinePayments(store.db, store.node.org)
  const [row] = await store.db<{ minor: number }[]>`
    SELECT sum(balance_minor)::bigint AS minor FROM cash_balance
    WHERE split_part(location, ':', 1) IN ('customer', 'recycler')
  `
  // What came and went between customers with their machine and the rest: change, pay-in, pay-out and the float.
  expect(row?.minor).toBe(5_00 + 300_00 - 2_000_00 - 200_00)
})
