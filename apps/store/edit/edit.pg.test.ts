import {
  newId,
  type OpenedCloud,
  openCloud,
  pins,
  type SeededChain,
  seedChain,
} from '@tillkeeper/cloud/testing/open-cloud.gen.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenedShop, openShop, openTill } from '../sync/testing/open-shop.ts'

// Two shops and a cloud: what one shop writes, the other reads; who leaves a shop, leaves it.

let cloud: OpenedCloud
let chain: SeededChain
let north: OpenedShop
let south: OpenedShop
const managerPin = '2222'
let manager = ''
beforeAll(async () => {
  cloud = await openCloud()
  chain = await seedChain(cloud)
  manager = newId()
  const person = { orgId: chain.org, id: manager, name: 'Ploy', number: '102', pin: managerPin }
  await cloud.ask('/v1/employees', {
    ...{ ...person, roles: [chain.roles.manager], shops: [chain.shops[0]], active: true },
  })
  const open = async (shop: string) => {
    const { body } = await cloud.ask(`/v1/shops/${shop}/enrolment-codes`, {})
    return openShop(cloud.url, String(body.code))
  }
  north = await open(chain.shops[0])
  south = await open(chain.shops[1])
}, 60_000)
afterAll(async () => {
  await north.close()
  await south.close()
  await cloud.close()
})

const eventually = { timeout: 20_000, interval: 20 }
const logIn = async (shop: OpenedShop, number: string, pin: string) =>
  String((await shop.ask('/v1/auth/pin', '', { number, pin })).body.accessToken)
const coffeeIn = async ({ db }: Pick<OpenedShop, 'db'>) => {
  const [row] = await db`
    SELECT name, note, barcodes FROM product
    WHERE org_id = ${chain.org} AND id = ${chain.products[0]}
  `
  return row
}
const stampIn = async ({ db }: Pick<OpenedShop, 'db'>) => {
  const [row] = await db`
    SELECT rep, hlc, fact_id FROM register
    WHERE org_id = ${chain.org} AND entity_id = ${chain.products[0]} AND field = 'note'
  `
  return row
}

test('a note that a shop writes with no cloud is the other shop’s when the line returns', async () => {
  const token = await logIn(north, '102', managerPin)
  await cloud.fall()
  const path = `/v1/products/${chain.products[0]}/note`
  const asked = { id: newId(), note: 'top shelf', addBarcodes: ['8850001'] }
  expect((await north.ask(path, token, asked)).status).toBe(201)
  expect((await north.ask(path, token, asked)).status, 'asked twice, done once').toBe(200)
  expect(await coffeeIn(north)).toMatchObject({ note: 'top shelf', barcodes: ['8850001'] })
  const before = await stampIn(north)
  await cloud.rise()
  await expect
    .poll(() => coffeeIn(south), eventually)
    .toEqual({ name: 'Coffee', note: 'top shelf', barcodes: ['8850001'] })
  for (const node of [north, south, cloud]) expect(await stampIn(node)).toEqual(before)
  // And removed again, by the other shop.
  const gone = { id: newId(), removeBarcodes: ['8850001', 'never there'] }
  expect((await south.ask(path, await logIn(south, '100', pins.owner), gone)).status).toBe(201)
  await expect.poll(() => coffeeIn(north), eventually).toMatchObject({ barcodes: [] })
})

test('a shop writes its own footer; who may not, is refused, and so is what is not there', async () => {
  const token = await logIn(north, '102', managerPin)
  const asked = { id: newId(), receiptFooter: 'See you soon' }
  expect((await north.ask('/v1/receipt-footer', token, asked)).status).toBe(201)
  const footers = async () => {
    const rows = await south.db<{ footer: string }[]>`
      SELECT receipt_footer AS footer FROM shop WHERE org_id = ${chain.org} ORDER BY code
    `
    return rows.map(({ footer }) => footer)
  }
  await expect.poll(footers, eventually).toEqual(['See you soon', ''])
  const cashier = await logIn(north, '101', pins.nok)
  const again = { ...asked, id: newId() }
  expect((await north.ask('/v1/receipt-footer', cashier, again)).status).toBe(403)
  const nothing = { id: newId(), note: 'x' }
  expect((await north.ask(`/v1/products/${newId()}/note`, token, nothing)).status).toBe(404)
})

const hashesIn = async ({ db }: Pick<OpenedShop, 'db'>) => {
  const [row] = await db<{ rows: number; said: number }[]>`
    SELECT (SELECT count(*) FROM credential WHERE id = ${chain.nok}) AS rows,
      (SELECT count(*) FROM register
        WHERE kind = 'credential' AND entity_id = ${chain.nok} AND field <> 'deleted') AS said
  `
  return row
}
const stubIn = async ({ db }: Pick<OpenedShop, 'db'>) => {
  const [row] = await db`SELECT name FROM employee WHERE id = ${chain.nok}`
  return row?.name
}
const move = (...shops: readonly string[]) =>
  cloud.ask('/v1/employees', { orgId: chain.org, id: chain.nok, shops })

test('who moves from one shop to the other: hashes go, the name and what they did stay', async () => {
  const till = await openTill(north, { number: '101', pin: pins.nok, tillId: chain.tills[0] })
  north.link().stop()
  expect((await move(chain.shops[1])).status).toBe(200)
  await expect.poll(() => hashesIn(south), eventually).toEqual({ rows: 1, said: 1 })
  expect(await logIn(south, '101', pins.nok)).not.toBe('undefined')
  // The first shop has not heard of it, and goes on.
  const sold = await till.sell(chain.products[0], 100_00)
  expect(await hashesIn(north)).toEqual({ rows: 1, said: 1 })
  north.link().start()
  await expect.poll(() => hashesIn(north), eventually).toEqual({ rows: 0, said: 0 })
  expect(await stubIn(north)).toBe('Nok')
  expect(await logIn(north, '101', pins.nok)).toBe('undefined')
  const inCloud = async () => {
    const [row] = await cloud.db`SELECT count(*) AS sales FROM sale WHERE id = ${sold}`
    return row
  }
  await expect.poll(inCloud, eventually).toEqual({ sales: 1 })
})

test('there and back and there, fast: the last word counts in each shop', async () => {
  north.link().stop()
  const [a, b] = chain.shops
  for (const shops of [[a], [b], [a], [b], [a, b], [a]]) await move(...shops)
  north.link().start()
  await expect.poll(() => hashesIn(north), eventually).toEqual({ rows: 1, said: 1 })
  await expect.poll(() => hashesIn(south), eventually).toEqual({ rows: 0, said: 0 })
  const worksIn = async () => {
    const [row] = await north.db`SELECT shops FROM employee WHERE id = ${chain.nok}`
    return row?.shops
  }
  await expect.poll(worksIn, eventually).toEqual([a])
  expect(await logIn(north, '101', pins.nok)).not.toBe('undefined')
  // Who is deleted leaves all, and the cloud too.
  await cloud.ask(`/v1/employees/${chain.nok}/delete`, { orgId: chain.org })
  for (const node of [north, south, cloud]) {
    await expect.poll(() => hashesIn(node), eventually).toEqual({ rows: 0, said: 0 })
    expect(await stubIn(node)).toBe('Nok')
  }
})
