import { send } from '@tillkeeper/http/testing/inject.ts'
import { rebuildProjections } from '@tillkeeper/projections/rebuild/rebuild-projections.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId, type OpenedStore, openStore } from '../testing/open-store.ts'

// A drawer and a safe after a float, a movement and a sale; and what no hand can do to them.

let store: OpenedStore
let drawer: string
let safe: string
const worthless = { code: '23514', constraint_name: 'cash_pieces_are_worth_the_balance' }
const faces = (...each: readonly (readonly [face: number, count: number])[]) =>
  each.map(([faceMinor, pieces]) => ({ faceMinor, pieces }))

const post = async (url: string, body: object) => {
  const reply = await send(store.app, 'POST', url, { token: store.key, body })
  expect(reply.statusCode, reply.body).toBe(201)
  return reply.json<{ id: string }>()
}
const held = async (location: string) => {
  const url = `/v1/cash/locations/${encodeURIComponent(location)}/pieces`
  const reply = await send(store.app, 'GET', url, { token: store.key })
  expect(reply.statusCode, reply.body).toBe(200)
  return reply.json<{ items: readonly object[] }>().items
}

beforeAll(async () => {
  store = await openStore()
  const [tillId] = store.tills
  drawer = `drawer:${tillId}`
  safe = `safe:${store.shop}`
  const { id } = await post('/v1/till-sessions', {
    ...{ id: newId(), tillId, staffId: store.people.nok, currency: 'THB', floatMinor: 150_000 },
    pieces: faces([100_000, 1], [10_000, 5]),
  })
  const drop = { id: newId(), kind: 'drop', amountMinor: 20_000, pieces: faces([10_000, 2]) }
  await post(`/v1/till-sessions/${id}/movements`, drop)
  // Nobody said in which notes it was paid.
  await post('/v1/sales', {
    ...{ id: newId(), sessionId: id, currency: 'THB' },
    lines: [{ productId: store.products.bread, quantity: 1_000 }],
    tenders: [{ method: 'cash', givenMinor: 10_000 }],
  })
})
afterAll(() => store.close())

test('a place is known by piece as far as somebody said the pieces', async () => {
  expect(await held(drawer)).toEqual([
    {
      ...{ currency: 'THB', balanceMinor: 139_000, unknownMinor: 9_000 },
      pieces: faces([100_000, 1], [10_000, 3]),
    },
  ])
})

test.each([
  ['a balance', () => store.db`UPDATE cash_balance SET balance_minor = balance_minor + 1`],
  [
    'pieces',
    () => store.db`UPDATE cash_inventory SET pieces = pieces + 1 WHERE face_minor = 10000`,
  ],
  ['an amount that is loose', () => store.db`DELETE FROM cash_inventory WHERE face_minor = 0`],
  ['a balance that goes', () => store.db`DELETE FROM cash_balance WHERE location = ${drawer}`],
  [
    'pieces from nowhere',
    () => store.db`
      INSERT INTO cash_inventory VALUES (${store.identity.org}, ${safe}, 'USD', 100, 1)
    `,
  ],
])('a hand cannot change %s alone', async (_, change) => {
  await expect(change()).rejects.toMatchObject(worthless)
})

test('a hand cannot move a row to another place', async () => {
  await expect(
    store.db`UPDATE cash_balance SET location = ${safe} WHERE location = ${drawer}`,
  ).rejects.toMatchObject({ constraint_name: 'cash_keys_stay' })
})

test('tables that are built again have the same pieces, and their guard', async () => {
  for (const org of [store.identity.org, undefined]) {
    const tables = await rebuildProjections(store.db, { org })
    expect(tables.filter(({ before, after }) => before.digest !== after.digest)).toEqual([])
    await expect(
      store.db`UPDATE cash_balance SET balance_minor = 0 WHERE location = ${drawer}`,
    ).rejects.toMatchObject(worthless)
  }
})
