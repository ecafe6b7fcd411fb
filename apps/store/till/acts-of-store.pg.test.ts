import type { ActsTold, SessionOfTill } from '@tillkeeper/client/api/session-shapes.ts'
import {
  newId,
  type OpenedCloud,
  openCloud,
  pins,
  type SeededChain,
  seedChain,
} from '@tillkeeper/cloud/testing/open-cloud.gen.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { toldTill } from '@tillkeeper/till-app/testing/told-till.gen.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenedShop, openShop, openTill } from '../sync/testing/open-shop.ts'

// What a shop's server records itself comes down to its tills, with the internet cut; a till's own code takes it.

let cloud: OpenedCloud
let chain: SeededChain
let shop: OpenedShop
let till: Awaited<ReturnType<typeof openTill>>
let owner = ''
let [device, neighbour] = ['', '']
const [ice, ploy, beside] = [newId(), newId(), newId()]
const eventually = { timeout: 20_000, interval: 20 }

beforeAll(async () => {
  cloud = await openCloud()
  chain = await seedChain(cloud)
  const about = {
    id: ice,
    name: 'Ice',
    active: true,
    needsReceipt: false,
    limits: { currency: 'THB' },
  }
  const orgId = chain.org
  await cloud.ask('/v1/tills', {
    ...{ orgId, id: beside, shopId: chain.shops[0], number: 2, name: 'Back', active: true },
  })
  await cloud.ask('/v1/employees', {
    ...{ orgId, id: ploy, name: 'Ploy', number: '102', pin: '2222', language: 'en', active: true },
    ...{ roles: [chain.roles.cashier], shops: [chain.shops[0]] },
  })
  await cloud.ask('/v1/expense-categories', { orgId, ...about })
  const { body } = await cloud.ask(`/v1/shops/${chain.shops[0]}/enrolment-codes`, {})
  shop = await openShop(cloud.url, String(body.code))
  shop.link().stop()
  till = await openTill(shop, { number: '101', pin: pins.nok, tillId: chain.tills[0] })
  const login = await shop.ask('/v1/auth/pin', '', { number: '100', pin: pins.owner })
  owner = String(login.body.accessToken)
  const enrol = async (id: string) =>
    String((await shop.ask(`/v1/tills/${id}/enrol`, owner, {})).body.token)
  device = await enrol(chain.tills[0])
  neighbour = await enrol(beside)
}, 60_000)
afterAll(async () => {
  await shop.close()
  await cloud.close()
})

const hearActs = async (more: object = {}, token = device) => {
  const asked = { sessions: [till.session], feeds: [], ...more }
  const { status, body } = await shop.ask('/sync/v1/acts', token, asked)
  expect(status).toBe(200)
  return body as unknown as ActsTold
}
const bootstrap = async () => {
  const { body } = await shop.ask('/sync/v1/sessions', device, { ids: [] })
  return toldTill(chain.tills[0], body.items as SessionOfTill[])
}
const make = async (path: string, body: object, token = till.token) => {
  const answer = await shop.ask(path, token, { id: newId(), ...body })
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 })
  return answer.body
}
const inSession = (path: string) => `/v1/till-sessions/${till.session}/${path}`

test('a drawer that paid an expense over the API, and more, is not short at its till', async () => {
  const own = await bootstrap()
  expect(own.book().session?.heard).toEqual([])
  const pokes: unknown[] = []
  const line = { org: chain.org as OrgId, scopes: new Set<string>(), author: `t-${chain.tills[0]}` }
  const leave = shop.store().pokes.join({ ...line, send: (poke) => pokes.push(poke) })

  const { id } = await make('/v1/expenses', {
    categoryId: ice,
    amountMinor: 200_00,
    purpose: 'ice',
  })
  await make(`/v1/expenses/${id}/payment`, { sessionId: till.session })
  await expect.poll(() => pokes[0], eventually).toEqual({ feeds: [], cloud: [] })
  leave()

  own.hear(await hearActs())
  expect(own.book().session?.totals).toMatchObject({ payOutMinor: 200_00 })
  expect(own.close(800_00)).toMatchObject({ ok: true, value: { varianceMinor: 0 } })
  const closed = await hearActs()
  own.hear(closed)
  expect(own.close(800_00), 'told twice').toMatchObject({ value: { expectedMinor: 800_00 } })

  const home = { sessionId: till.session, spentMinor: 150_00, returnedMinor: 45_00 }
  await make(`/v1/expenses/${id}/settlement`, { ...home, noReceipt: 'none' })
  const cash = { currency: 'THB', amountMinor: 70_00, note: 'stamps' }
  await make(inSession('movements'), { kind: 'pay_out', ...cash })
  await make(inSession('movements'), { kind: 'top_up', ...cash })
  const float = [{ currency: 'THB', minor: 100_00 }]
  await make(`/v1/funds/${chain.nok}/issue`, { cash: float, sessionId: till.session }, owner)
  const sold = await till.sell(chain.products[0], 100_00)
  await make(inSession('hand-over'), {
    ...{ toStaffId: ploy, counts: [{ currency: 'THB', countedMinor: 745_00 }] },
  })

  const told = await hearActs()
  expect(JSON.stringify(told), 'nothing for who counts blind').not.toMatch(
    /expected|counted|"till\./i,
  )
  expect(JSON.stringify(told)).toContain(sold)
  own.hear(told)
  own.hear(closed)
  const { body } = await shop.ask(`/v1/till-sessions/${till.session}`, owner)
  expect(own.book().session).toMatchObject({ totals: body.totals, staffId: ploy })
  const count = own.close(Number(body.expectedMinor))
  expect(count).toMatchObject({ ok: true, value: { varianceMinor: 0 } })

  // Another till learns nothing of this drawer.
  expect(await hearActs({}, neighbour)).toMatchObject({ acts: [], handedOver: [] })
})

test('a till that lost its book has those acts in what it is told, and none of them twice', async () => {
  const again = await bootstrap()
  const { body } = await shop.ask(`/v1/till-sessions/${till.session}`, owner)
  expect(again.book().session).toMatchObject({ totals: body.totals })
  again.hear(await hearActs())
  expect(again.book().session).toMatchObject({ totals: body.totals })
  const more = { currency: 'THB', amountMinor: 5_00, note: 'stamps', kind: 'pay_out' }
  await make(inSession('movements'), more)
  again.hear(await hearActs())
  const { body: after } = await shop.ask(`/v1/till-sessions/${till.session}`, owner)
  expect(again.book().session).toMatchObject({ totals: after.totals })
})

test('a rate that the shop sets holds at its till with no internet, and once when the feed says it', async () => {
  const own = await bootstrap()
  const rate = { currency: 'USD', rate: 3425, scale: 2, source: 'the board' }
  const { id } = await make('/v1/rates', rate, owner)
  const told = await hearActs()
  expect(told.edits).toHaveLength(1)
  own.hear(told)
  expect(own.rates()).toMatchObject([{ id, currency: 'USD', rate: 3425 }])
  const before = own.rates()

  shop.link().start()
  await expect
    .poll(async () => {
      const { body } = await shop.ask('/sync/v1/snapshot', device, {})
      const heads = (body.streams ?? []) as { stream: string; seq: number }[]
      const asked = heads.map(({ stream, seq }) => ({ stream, seq }))
      return (await hearActs({ feeds: asked })).edits.length
    }, eventually)
    .toBe(0)
  // Whoever does not hold the feed yet is told all the same.
  expect((await hearActs()).edits).toHaveLength(1)
  const relayed = await shop.db<{ bytes: Uint8Array }[]>`
    SELECT bytes FROM journal WHERE stream LIKE 'feed/org@%' AND type = 'rate.changed'
  `
  expect(relayed).toHaveLength(1)
  own.takeEdits(relayed.map(({ bytes }) => new TextDecoder().decode(bytes)))
  expect(own.rates()).toEqual(before)
})
