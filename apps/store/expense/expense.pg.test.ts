import {
  logOwnerIn,
  newId,
  type OpenedCloud,
  openCloud,
  pins,
  type SeededChain,
  seedChain,
} from '@tillkeeper/cloud/testing/open-cloud.gen.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenedShop, openShop, openTill } from '../sync/testing/open-shop.ts'

// A day's expenses in a shop and the cloud: asked for, allowed, paid, brought home, and added up.

let cloud: OpenedCloud
let chain: SeededChain
let shop: OpenedShop
let till: Awaited<ReturnType<typeof openTill>>
let owner = ''
const ice = newId()
const eventually = { timeout: 20_000, interval: 20 }
const ask = (path: string, body?: unknown) => shop.ask(path, till.token, body)

beforeAll(async () => {
  cloud = await openCloud()
  chain = await seedChain(cloud)
  owner = await logOwnerIn(cloud, chain)
  const limits = { currency: 'THB', actMinor: 300_00, dayMinor: 500_00 }
  const about = { id: ice, name: 'Ice', active: true, needsReceipt: true, limits }
  await cloud.ask('/v1/expense-categories', { orgId: chain.org, ...about })
  const { body } = await cloud.ask(`/v1/shops/${chain.shops[0]}/enrolment-codes`, {})
  shop = await openShop(cloud.url, String(body.code))
}, 60_000)
afterAll(async () => {
  await shop.close()
  await cloud.close()
})

const request = (amountMinor: number) =>
  ask('/v1/expenses', { id: newId(), categoryId: ice, amountMinor, purpose: 'two bags' })
const held = async ({ db }: Pick<OpenedShop, 'db'>) =>
  Object.fromEntries(
    (
      await db<{ kind: string; minor: number }[]>`
        SELECT split_part(location, ':', 1) AS kind, sum(balance_minor)::bigint AS minor
        FROM cash_balance GROUP BY 1
      `
    ).map(({ kind, minor }) => [kind, minor]),
  )

test('what the owner set up arrives in the shop', async () => {
  await expect
    .poll(async () => (await shop.db`SELECT name FROM expensecategory`).length, eventually)
    .toBe(1)
  till = await openTill(shop, { number: '101', pin: pins.nok, tillId: chain.tills[0] })
  expect((await ask('/v1/expense-categories')).body).toMatchObject({
    items: [{ name: 'Ice', limits: { actMinor: 300_00 } }],
  })
})

test('within the limits: asked for, paid from the drawer, brought home with the change', async () => {
  const asked = await request(200_00)
  expect(asked).toMatchObject({ status: 201, body: { state: 'requested', above: [] } })
  const { id } = asked.body
  const payment = {
    id: newId(),
    sessionId: till.session,
    pieces: [{ faceMinor: 10_000, pieces: 2 }],
  }
  const paid = await ask(`/v1/expenses/${id}/payment`, payment)
  expect(paid).toMatchObject({ status: 201, body: { state: 'paid', staffName: 'Nok' } })
  expect((await ask(`/v1/expenses/${id}/payment`, payment)).status, 'asked again').toBe(200)
  expect(await held(shop)).toMatchObject({ drawer: 800_00, advance: 200_00 })
  const home = { sessionId: till.session, spentMinor: 150_00, returnedMinor: 45_00 }
  const path = `/v1/expenses/${id}/settlement`
  expect(await ask(path, { id: newId(), ...home })).toMatchObject({
    ...{ status: 422, body: { code: 'receipt_required' } },
  })
  const settled = await ask(path, { id: newId(), ...home, noReceipt: 'it blew away' })
  expect(settled.body).toMatchObject({ state: 'settled', settlement: { varianceMinor: -5_00 } })
  expect(await held(shop)).toMatchObject({
    ...{ drawer: 845_00, advance: 0, supplier: 150_00, over_short: 5_00 },
  })
  // A cashier is not told the totals of a drawer that is still to be counted; the owner is.
  expect((await ask(`/v1/till-sessions/${till.session}`)).body).toMatchObject({ totals: null })
  const inCloud = async () => (await cloud.read(`/v1/till-sessions/${till.session}`, owner)).body
  const totals = { payOutMinor: 200_00, payInMinor: 45_00 }
  await expect.poll(inCloud, eventually).toMatchObject({ totals })
})

test('above a limit nothing is given out before somebody else has allowed it, in the cloud', async () => {
  const { body } = await request(400_00)
  expect(body).toMatchObject({ state: 'requested', above: ['act', 'day'] })
  const pay = () => ask(`/v1/expenses/${body.id}/payment`, { id: newId(), sessionId: till.session })
  expect(await pay()).toMatchObject({
    ...{ status: 409, body: { code: 'expense_approval_needed', above: ['act', 'day'] } },
  })
  const answer = await ask(`/v1/expenses/${body.id}/answer`, { id: newId(), approve: true })
  expect(answer.body, 'a cashier').toMatchObject({ code: 'forbidden' })
  const inCloud = async () => (await cloud.read(`/v1/expenses/${body.id}`, owner)).status
  await expect.poll(inCloud, eventually).toBe(200)
  const said = { id: newId(), approve: true, note: 'for the feast' }
  const approved = await cloud.ask(`/v1/expenses/${body.id}/answer`, said, owner)
  expect(approved).toMatchObject({ status: 201, body: { state: 'approved' } })
  const again = await cloud.ask(`/v1/expenses/${body.id}/answer`, said, owner)
  expect(again.status, 'asked again').toBe(200)
  const state = async () => (await ask(`/v1/expenses/${body.id}`)).body.state
  await expect.poll(state, eventually).toBe('approved')
  expect(await pay()).toMatchObject({ status: 201, body: { payment: { approved: true } } })
  expect(await held(shop)).toMatchObject({ drawer: 445_00, advance: 400_00 })
})

test('what an approval allowed leaves the limits as they were', async () => {
  const { body } = await request(300_00)
  expect(body).toMatchObject({ above: [] })
  const paid = await ask(`/v1/expenses/${body.id}/payment`, {
    id: newId(),
    sessionId: till.session,
  })
  expect(paid.status).toBe(201)
  // And the shop's own limit for a day, over all categories, is set in the shop and kept.
  const { body: login } = await shop.ask('/v1/auth/pin', '', { number: '100', pin: pins.owner })
  const token = String(login.accessToken)
  const set = (expenseDayMinor: number) =>
    shop.ask(`/v1/shop-cash`, token, { id: newId(), expenseDayMinor })
  expect((await set(500_00)).status).toBe(201)
  const { body: more } = await request(1)
  expect(more, '200 and 300 are the 500 of the day').toMatchObject({ above: ['day', 'shop_day'] })
  const refused = await ask(`/v1/expenses/${more.id}/payment`, {
    ...{ id: newId(), sessionId: till.session },
  })
  expect(refused).toMatchObject({
    ...{ status: 409, body: { code: 'expense_approval_needed', above: ['day', 'shop_day'] } },
  })
  expect((await ask(`/v1/shops`)).body.items).toMatchObject([{ expenseDayMinor: 500_00 }])
  await set(0)
})

test('nobody allows their own, not even the owner', async () => {
  const { body: login } = await shop.ask('/v1/auth/pin', '', { number: '100', pin: pins.owner })
  const token = String(login.accessToken)
  const asked = { id: newId(), categoryId: ice, amountMinor: 900_00, purpose: 'a machine' }
  const { body } = await shop.ask('/v1/expenses', token, asked)
  const answer = { id: newId(), approve: true }
  expect(await shop.ask(`/v1/expenses/${body.id}/answer`, token, answer)).toMatchObject({
    ...{ status: 403, body: { code: 'expense_own_request' } },
  })
  const no = { id: newId(), approve: false, note: 'not today' }
  expect(await shop.ask(`/v1/expenses/${body.id}/answer`, token, no)).toMatchObject({
    ...{ status: 201, body: { state: 'declined' } },
  })
})

test('the cloud has the same expenses, cash and sums', async () => {
  await expect.poll(() => held(cloud), eventually).toEqual(await held(shop))
  const { body } = await cloud.read('/v1/expenses?state=paid', owner)
  expect(body.items).toHaveLength(2)
  const [asked] = await cloud.db<
    { day: string }[]
  >`SELECT business_date AS day FROM expense LIMIT 1`
  const totals = (by: string) =>
    cloud.read(`/v1/expense-totals?by=${by}&from=${asked?.day}&to=${asked?.day}`, owner)
  const sum = { currency: 'THB', spentMinor: 150_00, varianceMinor: -5_00, openMinor: 700_00 }
  expect((await totals('category')).body.items).toMatchObject([{ name: 'Ice', ...sum, open: 2 }])
  expect((await totals('person')).body.items).toMatchObject([{ name: 'Nok', ...sum }])
  expect((await totals('day')).body.items).toMatchObject([{ name: asked?.day, ...sum }])
  const open = await ask(`/v1/expenses?openOrPaidOn=${asked?.day}`)
  expect(open.body.items, 'what a till has to know of').toHaveLength(4)
})
