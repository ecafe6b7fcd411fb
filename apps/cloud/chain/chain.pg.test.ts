import { readdir, stat } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  logOwnerIn,
  newId,
  type OpenedCloud,
  openCloud,
  passwords,
  pins,
  type SeededChain,
  seedChain,
} from '../testing/open-cloud.gen.ts'

let cloud: OpenedCloud
let a: SeededChain
let b: SeededChain
beforeAll(async () => {
  cloud = await openCloud()
  a = await seedChain(cloud)
  b = await seedChain(cloud)
})
afterAll(() => cloud.close())

const countFacts = async (org: string) => {
  const [row] = await cloud.db<{ facts: number }[]>`
    SELECT count(*) AS facts FROM journal WHERE org_id = ${org}
  `
  return row?.facts
}

test('what is asked twice is done once', async () => {
  const before = await countFacts(a.org)
  const shop = { orgId: a.org, id: a.shops[0], code: 'S1', name: 'Shop S1' }
  expect((await cloud.ask('/v1/shops', shop)).body).toEqual({ id: a.shops[0], changed: false })
  const person = { orgId: a.org, id: a.nok, pin: pins.nok, roles: [a.roles.cashier] }
  expect((await cloud.ask('/v1/employees', person)).body).toEqual({ id: a.nok, changed: false })
  expect(await countFacts(a.org), 'no fact says nothing new').toBe(before)
})

test('only the fields that are sent change', async () => {
  const id = a.products[1]
  const price = { currency: 'THB', minor: 47_00 }
  const asked = [{ orgId: a.org, id, price }]
  expect((await cloud.ask('/v1/products', asked)).body).toEqual({ items: [{ id, changed: true }] })
  const [row] = await cloud.db`
    SELECT name, price_minor FROM product WHERE org_id = ${a.org} AND id = ${id}
  `
  expect(row).toEqual({ name: 'Bread', price_minor: 47_00 })
})

test('an owner logs in with a password and manages their own chain, without naming it', async () => {
  const owner = await logOwnerIn(cloud, a)
  const shop = { id: a.shops[1], receiptFooter: 'Come again' }
  expect((await cloud.ask('/v1/shops', shop, owner)).body).toMatchObject({ changed: true })
  const { body } = await cloud.read('/v1/shops', owner)
  expect(body.items).toHaveLength(2)
})

test('a rate is set once, for all shops or one, and goes into the feed that tills hold', async () => {
  const owner = await logOwnerIn(cloud, a)
  const rate = { id: newId(), currency: 'USD', rate: 3425, scale: 2, source: 'the board' }
  expect((await cloud.ask('/v1/rates', rate, owner)).body).toMatchObject({
    code: 'rate_base_required',
  })
  const all = { ...rate, base: 'THB' }
  expect((await cloud.ask('/v1/rates', all, owner)).body).toEqual({ id: rate.id, changed: true })
  expect((await cloud.ask('/v1/rates', all, owner)).body).toEqual({ id: rate.id, changed: false })
  expect((await cloud.ask('/v1/rates', { ...all, rate: 1 }, owner)).body).toMatchObject({
    code: 'id_exists_with_different_content',
  })
  const ofShop = { ...rate, id: newId(), shopId: a.shops[0], rate: 3_400 }
  expect((await cloud.ask('/v1/rates', ofShop, owner)).body).toMatchObject({ changed: true })
  expect(
    (await cloud.ask('/v1/rates', { ...ofShop, id: newId(), shopId: b.shops[0] }, owner)).body,
  ).toMatchObject({ code: 'shop_not_found' })
  const held = async (shop: string) =>
    (await cloud.read(`/v1/rates/held?shopId=${shop}`, owner)).body.items
  expect(await held(a.shops[0])).toMatchObject([{ id: ofShop.id, staffName: expect.any(String) }])
  expect(await held(a.shops[1])).toMatchObject([{ id: rate.id, shopId: null }])
  const told = await cloud.db`
    SELECT 1 AS one FROM journal WHERE org_id = ${a.org} AND stream LIKE 'feed/org@%'
      AND type = 'rate.changed'
  `
  expect(told).toHaveLength(2)
})

test('a wrong password lets nobody in', async () => {
  const asked = { login: a.ownerLogin, password: `${passwords.owner}!` }
  expect(await cloud.ask('/v1/auth/password', asked)).toMatchObject({
    status: 401,
    body: { code: 'login_failed' },
  })
})

test('of one chain, the other sees and changes nothing', async () => {
  const owner = await logOwnerIn(cloud, b)
  const before = await countFacts(a.org)
  const tries = [
    cloud.ask('/v1/orgs', { id: a.org, name: 'Mine' }, owner),
    cloud.ask('/v1/shops', { orgId: a.org, id: a.shops[0], name: 'Mine' }, owner),
    cloud.ask('/v1/products', [{ orgId: a.org, id: a.products[0], name: 'Mine' }], owner),
    cloud.ask('/v1/tills', { id: newId(), shopId: a.shops[0], number: 9 }, owner),
    cloud.ask(`/v1/shops/${a.shops[0]}/enrolment-codes`, {}, owner),
    cloud.ask(`/v1/shops/${a.shops[0]}/revoke-nodes`, {}, owner),
  ]
  for (const { status, body } of await Promise.all(tries)) {
    expect({ status, code: body.code }).toMatchObject({
      status: 404,
      code: expect.stringMatching(/^(org|shop)_not_found$/),
    })
  }
  const people = { id: newId(), number: '7', shops: [a.shops[0]], roles: [] }
  expect((await cloud.ask('/v1/employees', people, owner)).status).toBe(404)
  const role = { id: newId(), number: '8', shops: [], roles: [a.roles.owner] }
  expect((await cloud.ask('/v1/employees', role, owner)).status).toBe(422)
  // An id of theirs, used by us, is ours: the two chains have nothing in common.
  const [own] = [{ id: a.products[0], name: 'Ours', code: 'OURS' }]
  expect((await cloud.ask('/v1/products', [own], owner)).status).toBe(200)
  const products = (await cloud.read('/v1/products?q=coffee', owner)).body.items as unknown[]
  expect(products).toHaveLength(1)
  expect(await countFacts(a.org)).toBe(before)
  const [coffee] = await cloud.db`
    SELECT name FROM product WHERE org_id = ${a.org} AND id = ${a.products[0]}
  `
  expect(coffee).toEqual({ name: 'Coffee' })
})

test('each way in which an upsert is refused has a code, and nothing is written', async () => {
  const before = await countFacts(a.org)
  const orgId = a.org
  const rows = [
    ['/v1/shops', { id: newId(), code: 'S3' }, 400, 'org_required'],
    ['/v1/shops', { orgId: newId(), id: newId(), code: 'S3' }, 404, 'org_not_found'],
    ['/v1/shops', { orgId, id: newId(), code: 'S1' }, 409, 'shop_code_taken'],
    ['/v1/shops', { orgId, id: newId(), timeZone: 'Asia/Atlantis' }, 400, 'body_invalid'],
    ['/v1/shops', { orgId, id: newId(), timeZone: 'Mars/Olympus' }, 400, 'body_invalid'],
    ['/v1/shops', { orgId, id: newId(), colour: 'red' }, 400, 'body_invalid'],
    ['/v1/tills', { orgId, id: newId(), shopId: newId(), number: 2 }, 404, 'shop_not_found'],
    ['/v1/tills', { orgId, id: newId(), shopId: a.shops[0], number: 1 }, 409, 'till_number_taken'],
    ['/v1/tills', { orgId, id: newId(), shopId: a.shops[0], number: 100 }, 400, 'body_invalid'],
    ['/v1/roles', { orgId, id: newId(), permissions: ['sale.steal'] }, 422, 'permission_not_known'],
    ['/v1/employees', { orgId, id: newId(), number: '101' }, 409, 'staff_number_taken'],
    ['/v1/employees', { orgId, id: newId(), login: b.ownerLogin }, 409, 'login_taken'],
    ['/v1/employees', { orgId, id: newId(), pin: '12' }, 400, 'body_invalid'],
    ['/v1/employees', { orgId, id: newId(), roles: [newId()] }, 422, 'role_not_found'],
    ['/v1/api-keys', { orgId, id: newId(), shops: [newId()] }, 404, 'shop_not_found'],
    ['/v1/api-keys', { orgId, id: newId(), permissions: ['x'] }, 422, 'permission_not_known'],
  ] as const
  for (const [path, body, status, code] of rows) {
    const answer = await cloud.ask(path, body)
    expect({ path, body, status: answer.status, code: answer.body.code }).toEqual({
      ...{ path, body, status, code },
    })
  }
  expect(await countFacts(a.org)).toBe(before)
})

test('of two people who ask for one login at once, one gets it', async () => {
  const login = `both-${newId()}`
  const answers = await Promise.all(
    [a, b, a, b].map((chain) =>
      cloud.ask('/v1/employees', { orgId: chain.org, id: newId(), login }),
    ),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
})

test('credentials go to the shops where they open something, and to no other', async () => {
  const told = async (shop: string) => {
    const rows = await cloud.db<{ entity: string }[]>`
      SELECT DISTINCT convert_from(bytes, 'UTF8')::jsonb #>> '{body,entityId}' AS entity
      FROM journal
      WHERE org_id = ${a.org} AND stream = ${`feed/credentials:${shop}@1`}
    `
    return new Set(rows.map(({ entity }) => entity))
  }
  expect(await told(a.shops[0])).toEqual(new Set([a.nok, a.owner]))
  expect(await told(a.shops[1])).toEqual(new Set([a.owner]))
  // Nok moves: the other shop is told, in full, of what it never heard.
  await cloud.ask('/v1/employees', { orgId: a.org, id: a.nok, shops: [...a.shops] })
  expect(await told(a.shops[1])).toEqual(new Set([a.nok, a.owner]))
  // A shop that opens is told of who sees every shop.
  const id = newId()
  await cloud.ask('/v1/shops', { orgId: a.org, id, code: 'S9' })
  expect(await told(id)).toEqual(new Set([a.owner]))
  const [hash] = await cloud.db`
    SELECT 1 AS one FROM journal
    WHERE org_id = ${a.org} AND stream = 'feed/org@1'
      AND convert_from(bytes, 'UTF8') ~ 'argon2|Hash'
  `
  expect(hash, 'no hash stands in the feed that tills get').toBeUndefined()
})

test('a key’s secret is shown once, works, and stops working when it is switched off', async () => {
  const id = newId()
  const asked = { orgId: a.org, id, name: 'POS', permissions: ['product.read'], shops: a.shops }
  const made = await cloud.ask('/v1/api-keys', { ...asked, active: true })
  const secret = String(made.body.secret)
  expect(secret).toMatch(/^tk_live_/)
  expect((await cloud.ask('/v1/api-keys', asked)).body).toEqual({
    id,
    changed: false,
    secret: null,
  })
  expect((await cloud.read('/v1/products', secret)).status).toBe(200)
  expect((await cloud.read('/v1/sales', secret)).status).toBe(403)
  await cloud.ask('/v1/api-keys', { orgId: a.org, id, active: false })
  cloud.clock.aheadMs += 3_000 // What was recognised is remembered for two seconds.
  expect((await cloud.read('/v1/products', secret)).status).toBe(401)
})

test('secrets lie in files of their own, that nobody else may read', async () => {
  const { peppers } = cloud.keys
  expect(Buffer.from(await peppers.of(a.org as never))).not.toEqual(
    Buffer.from(await peppers.of(b.org as never)),
  )
  await expect(peppers.of(newId() as never)).rejects.toThrow('ENOENT')
  for (const name of await readdir(cloud.dataDir, { recursive: true })) {
    const { mode } = await stat(`${cloud.dataDir}/${name}`)
    expect(mode & 0o077, name).toBe(0)
  }
})
