import { expectProblem, send } from '@tillkeeper/http/testing/inject.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { digestTables } from '../testing/digest.ts'
import { newId, noon, numbers, type OpenedStore, openStore, pins } from '../testing/open-store.ts'

// Refunds above a limit, without a receipt, and other prices: by a cashier, with a manager's PIN.

let store: OpenedStore
let [cashier, session, saleId] = ['', '', '']

beforeAll(async () => {
  store = await openStore()
  const [role] = await store.db<{ id: string }[]>`SELECT id FROM role WHERE name = 'cashier'`
  const limits = [{ permission: 'sale.refund', maxMinor: 50_00 }]
  await store.edit([{ kind: 'role', id: role?.id ?? '', fields: { limits } }])
  const login = await send(store.app, 'POST', '/v1/auth/pin', {
    body: { number: numbers.nok, pin: pins.nok },
  })
  cashier = login.json<{ accessToken: string }>().accessToken
  session = newId()
  const ask = { id: session, tillId: store.tills[0], currency: 'THB', floatMinor: 1_000_00 }
  expect((await post('/v1/till-sessions', ask)).statusCode).toBe(201)
  saleId = newId()
  const sold = await post('/v1/sales', saleAsk(undefined, saleId))
  expect(sold.statusCode, sold.body).toBe(201)
})
afterAll(() => store.close())

const post = (url: string, body: object, token = cashier) =>
  send(store.app, 'POST', url, { token, body })

type Ask = { readonly id: string } & Readonly<Record<string, unknown>>

// Two coffees of 45: at 40 they are 10 away from the catalogue.
function saleAsk(unitPriceMinor: number | undefined, id: string = newId()): Ask {
  return {
    ...{ id, sessionId: session, currency: 'THB' },
    lines: [{ productId: store.products.coffee, quantity: 2000, unitPriceMinor }],
    tenders: [{ method: 'cash', givenMinor: 90_00 }],
  }
}
const refundAsk = (): Ask => ({
  ...{ id: newId(), sessionId: session, method: 'cash', reason: 'cold' },
})
const acts = {
  refund: {
    ...{ permission: 'sale.refund', amountMinor: 90_00, maxMinor: 50_00 },
    url: () => `/v1/sales/${saleId}/refunds`,
    ask: refundAsk,
  },
  unlinked: {
    ...{ permission: 'sale.refund_unlinked', amountMinor: 45_00, maxMinor: 0 },
    url: () => '/v1/refunds',
    ask: (): Ask => ({
      ...{ ...refundAsk(), currency: 'THB' },
      lines: [{ productId: store.products.coffee, quantity: 1000, unitPriceMinor: 45_00 }],
    }),
  },
  price: {
    ...{ permission: 'sale.price', amountMinor: 10_00, maxMinor: 0 },
    url: () => '/v1/sales',
    ask: () => saleAsk(40_00),
  },
} as const

const approve = async (
  { permission, amountMinor }: { readonly permission: string; readonly amountMinor: number },
  actId: string,
  by: keyof typeof pins = 'ploy',
) =>
  post('/v1/approvals', {
    ...{ staffNumber: numbers[by], pin: pins[by], actId, permission, amountMinor },
  })

for (const [name, act] of Object.entries(acts)) {
  test(`${name}: refused alone, and by a word for anything else; nothing is written`, async () => {
    const ask = act.ask()
    const less = await approve({ ...act, amountMinor: act.amountMinor - 1 }, ask.id)
    const elsewhere = await approve(act, newId())
    const before = await digestTables(store.db)
    const alone = expectProblem(await post(act.url(), ask), 403, 'approval_required')
    expect(alone).toMatchObject({ permission: act.permission, maxMinor: act.maxMinor })
    for (const word of [less.json().id, elsewhere.json().id, newId()]) {
      const reply = await post(act.url(), { ...ask, approvalId: word })
      expectProblem(reply, 403, 'approval_not_for_this')
    }
    expect(await digestTables(store.db)).toBe(before)
    expectProblem(await approve(act, ask.id, 'nok'), 403, 'approval_of_self')
  })

  test(`${name}: a manager’s word lets it through, once`, async () => {
    const ask = act.ask()
    const given = await approve(act, ask.id)
    expect(given.statusCode, given.body).toBe(201)
    const { id: approvalId } = given.json<{ id: string }>()
    const done = await post(act.url(), { ...ask, approvalId })
    expect(done.statusCode, done.body).toBe(201)
    expect((await post(act.url(), { ...ask, approvalId })).statusCode).toBe(200)
    const next = { ...act.ask(), approvalId }
    expectProblem(await post(act.url(), next), 409, 'approval_used')
    const uses = await store.db`
      SELECT fact_id, approver_id, permission, amount_minor AS "amountMinor"
      FROM approval_use WHERE approval_id = ${approvalId}
    `
    const { permission, amountMinor } = act
    expect(uses).toEqual([
      { fact_id: ask.id, approver_id: store.people.ploy, permission, amountMinor },
    ])
  })
}

test('within the limit nobody is asked, and who may gives their own word by doing it', async () => {
  const sold = newId()
  await post('/v1/sales', saleAsk(undefined, sold))
  const lines = [{ lineNo: 1, quantity: 1000 }]
  const small = await post(`/v1/sales/${sold}/refunds`, { ...refundAsk(), lines })
  expect(small.statusCode, small.body).toBe(201)
  const login = await send(store.app, 'POST', '/v1/auth/pin', {
    body: { number: numbers.ploy, pin: pins.ploy },
  })
  const manager = login.json<{ accessToken: string }>().accessToken
  for (const { url, ask } of [acts.unlinked, acts.price]) {
    const done = await post(url(), ask(), manager)
    expect(done.statusCode, done.body).toBe(201)
  }
  const [raised] = await store.db`SELECT count(*)::int AS found FROM exception`
  expect(raised).toEqual({ found: 0 })
})

test('an approval that is too old is refused', async () => {
  const ask = acts.unlinked.ask()
  const { id: approvalId } = (await approve(acts.unlinked, ask.id)).json<{ id: string }>()
  store.clock.now = new Date(noon.getTime() + 5 * 60_000 + 1)
  const late = await post('/v1/refunds', { ...ask, approvalId })
  store.clock.now = noon
  expectProblem(late, 403, 'approval_expired')
})
