import { expectProblem, send } from '@tillkeeper/http/testing/inject.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { digestTables } from '../testing/digest.ts'
import { newId, type OpenedStore, openStore } from '../testing/open-store.ts'

// Nothing is taken out of a drawer that is not there, note by note: the float is ten notes of 100, and no more is known.

let store: OpenedStore
let [session, saleId] = ['', '']
const notes = (...each: readonly (readonly [number, number])[]) =>
  each.map(([face, pieces]) => ({ faceMinor: face * 100, pieces }))

beforeAll(async () => {
  store = await openStore()
  session = newId()
  saleId = newId()
  const opened = await post('/v1/till-sessions', {
    ...{ id: session, tillId: store.tills[0], staffId: store.people.nok, currency: 'THB' },
    ...{ floatMinor: 1_000_00, pieces: notes([100, 10]) },
  })
  expect(opened.statusCode, opened.body).toBe(201)
  // By card: it brings no cash.
  const sold = await post('/v1/sales', {
    ...{ id: saleId, sessionId: session, currency: 'THB' },
    lines: [{ productId: store.products.bread, quantity: 20_000 }],
    tenders: [{ method: 'card', givenMinor: 1_800_00 }],
  })
  expect(sold.statusCode, sold.body).toBe(201)
})
afterAll(() => store.close())

const post = (url: string, body: object) =>
  send(store.app, 'POST', url, { token: store.key, body: { id: newId(), ...body } })
const move = (kind: string, fields: object) =>
  post(`/v1/till-sessions/${session}/movements`, { kind, amountMinor: 500_00, ...fields })

type Cash = { readonly amountMinor: number; readonly pieces?: ReturnType<typeof notes> }

/** Each act that takes cash out of the drawer. */
const takes = {
  'pay-out': (cash) => move('pay_out', cash),
  drop: (cash) => move('drop', cash),
  'hand-over': (cash) =>
    post(`/v1/till-sessions/${session}/hand-overs`, { toTillId: store.tills[1], ...cash }),
  swap: ({ amountMinor, pieces = [] }) =>
    post(`/v1/till-sessions/${session}/swaps`, {
      ...{ with: 'customer', given: pieces },
      taken: notes([1, amountMinor / 100]),
    }),
  // A bread is 90.
  refund: ({ amountMinor, pieces }) =>
    post(`/v1/sales/${saleId}/refunds`, {
      ...{ sessionId: session, method: 'cash', reason: 'cold', pieces },
      lines: [{ lineNo: 1, quantity: amountMinor / 9 }],
    }),
} satisfies Record<string, (cash: Cash) => ReturnType<typeof post>>

for (const [name, take] of Object.entries(takes)) {
  test(`${name}: a note that is not in the drawer is named, and nothing is written`, async () => {
    const before = await digestTables(store.db)
    const one = await take({ amountMinor: 900_00, pieces: notes([500, 1], [100, 4]) })
    expect(expectProblem(one, 409, 'not_in_drawer')).toMatchObject({ faceMinor: 500_00 })
    const many = await take({ amountMinor: 1_800_00, pieces: notes([100, 18]) })
    const problem = expectProblem(many, 409, 'not_in_drawer')
    // Of the amount as a whole no face is named.
    expect(problem).not.toHaveProperty('faceMinor')
    expect(await digestTables(store.db)).toBe(before)
  })
}

test('an amount without its pieces is checked as an amount', async () => {
  const before = await digestTables(store.db)
  for (const take of [takes['pay-out'], takes.drop, takes['hand-over'], takes.refund]) {
    expectProblem(await take({ amountMinor: 1_800_00 }), 409, 'not_in_drawer')
  }
  expect(await digestTables(store.db)).toBe(before)
})

test('two who ask for the same notes at once get them once', async () => {
  const cash = { amountMinor: 600_00, pieces: notes([100, 6]) }
  const replies = await Promise.all([move('drop', cash), move('drop', cash), move('pay_out', cash)])
  expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409, 409])
})

test('what came in by its pieces can go out again, and what nobody named is not refused', async () => {
  expect((await move('top_up', { pieces: notes([500, 1]) })).statusCode).toBe(201)
  const out = { pieces: notes([500, 1]) }
  expect((await move('drop', out)).statusCode).toBe(201)
  expectProblem(await move('drop', out), 409, 'not_in_drawer')
  // Five hundred in any notes: now one of 500 may be among them.
  expect((await move('pay_in', {})).statusCode).toBe(201)
  expect((await move('drop', out)).statusCode).toBe(201)
})
