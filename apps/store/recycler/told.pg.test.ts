import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  logOwnerIn,
  newId,
  type OpenedCloud,
  openCloud,
  pins,
  type SeededChain,
  seedChain,
} from '@tillkeeper/cloud/testing/open-cloud.gen.ts'
import {
  type GloryServer,
  startGloryServer,
} from '@tillkeeper/devices/cash-recycler/simulator/glory-server.ts'
import { hurried } from '@tillkeeper/devices/cash-recycler/simulator/machine-state.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenedShop, openShop } from '../sync/testing/open-shop.ts'

// A machine on a shop's counter, seen from the cloud. Each test goes on where the one before ended.

let cloud: OpenedCloud
let chain: SeededChain
let shop: OpenedShop
let machine: GloryServer
let owner = ''
let ownerAtCloud = ''
const recyclerId = newId()
const at = `/v1/recyclers/${recyclerId}`
const password = 'a word of theirs'

beforeAll(async () => {
  cloud = await openCloud()
  chain = await seedChain(cloud)
  const { body } = await cloud.ask(`/v1/shops/${chain.shops[0]}/enrolment-codes`, {})
  shop = await openShop(cloud.url, String(body.code))
  machine = await startGloryServer({
    ...{ profile: 'CI-10', currency: 'THB', timings: hurried, redialMs: 5 },
    settings: { sessionEnable: true, occupyEnable: true },
    fccTimings: { adjustTimeMs: 20, heartbeatMs: 200 },
    stock: { '1/4043': { 2000: 3 }, '1/4045': { 10000: 20 }, '1/4059': { 10000: 3 } },
  })
  const login = await shop.ask('/v1/auth/pin', '', { number: '100', pin: pins.owner })
  owner = String(login.body.accessToken)
  ownerAtCloud = await logOwnerIn(cloud, chain)
}, 60_000)
afterAll(async () => {
  await shop.close()
  await machine.close()
  await cloud.close()
})

const within = { timeout: 20_000, interval: 20 }
const put = async (path: string, body: object) => {
  const reply = await fetch(`${shop.url}${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${owner}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: reply.status, body: await reply.json() }
}
const inCloud = async () => {
  const { body } = await cloud.read('/v1/recyclers', ownerAtCloud)
  return (body.items as Record<string, unknown>[])[0]
}
type Raised = { readonly kind: string; readonly detail: Readonly<Record<string, unknown>> }
const raised = async () => {
  const { body } = await cloud.read('/v1/exceptions', ownerAtCloud)
  return (body.items as Raised[]).filter(({ kind }) => kind.startsWith('recycler_'))
}
const kinds = async () => (await raised()).map(({ kind }) => kind).sort()

test('what a machine tells of itself stands in the cloud, with what it lacks', async () => {
  const terms = { shopId: chain.shops[0], name: 'Counter', driver: 'glory', active: true }
  const address = `ws://127.0.0.1:${new URL(machine.socketUrl).port}`
  const register = { ...terms, address, currencies: ['THB'], tills: [] }
  expect((await put(at, register)).status).toBe(201)
  await expect
    .poll(inCloud, within)
    .toMatchObject({ name: 'Counter', condition: { is: 'ready' }, known: false })
  await expect.poll(async () => (await inCloud())?.stock, within).not.toBeNull()
  const { stock } = (await inCloud()) as { stock: object[] }
  const counted = { id: newId(), counted: stock, reason: 'first count' }
  expect((await shop.ask(`${at}/resolve`, owner, counted)).status).toBe(201)
  await expect.poll(inCloud, within).toMatchObject({ known: true })
  await expect.poll(kinds, within).toEqual(['recycler_near_empty'])
  const [alert] = await raised()
  expect(alert?.detail).toMatchObject({
    name: 'Counter',
    faces: [{ currency: 'THB', faceMinor: 2_000, level: 'near_empty' }],
  })
})

test('a password is kept by the shop alone, and the machine’s session with it', async () => {
  const { status, body } = await put(`${at}/secret`, { user: 'us', password })
  expect({ status, body }).toEqual({
    status: 200,
    body: { user: 'us', hasPassword: true, fingerprint: null },
  })
  const path = join(shop.dataDir, 'recyclers.json')
  await expect.poll(async () => readFile(path, 'utf8'), within).toContain('"session"')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(JSON.parse(await readFile(path, 'utf8'))[recyclerId]).toMatchObject({ password })
  const frames = await shop.ask(`${at}/frames`, owner)
  expect(JSON.stringify(frames.body)).toContain('login request')
  expect(JSON.stringify(frames.body)).not.toContain(password)
  const [held] = await cloud.db`
    SELECT count(*)::int AS facts FROM journal WHERE convert_from(bytes, 'UTF8') LIKE ${`%${password}%`}
  `
  expect(held?.facts).toBe(0)
})

test('a cash box that somebody took out differs, until they say what was in it', async () => {
  expect(machine.fcc.tell({ is: 'empty_boxes' })).toBeUndefined()
  await expect.poll(kinds, within).toContain('recycler_differs')
  const [told] = await shop.db<{ differences: object[]; count: number }[]>`
    SELECT differences, count(*) OVER ()::int AS count FROM recycler_difference
  `
  expect(told).toMatchObject({
    count: 1,
    differences: [{ unit: 'cash_box', faceMinor: 10_000, expected: 3, reported: 0 }],
  })
  const cash = [{ currency: 'THB', pieces: [{ faceMinor: 10_000, pieces: 2 }] }]
  const emptied = await shop.ask(`${at}/emptied`, owner, { id: newId(), cash })
  expect(emptied.status).toBe(201)
  await expect.poll(kinds, within).not.toContain('recycler_differs')
  // One note less than was booked is short; the safe has what was counted into it.
  const balances = await cloud.db`
    SELECT split_part(location, ':', 1) AS kind, balance_minor AS minor FROM cash_balance
    WHERE location LIKE 'safe:%' OR location LIKE 'over_short:%' OR location LIKE 'cash_box:%'
    ORDER BY kind
  `
  expect(balances.map(({ kind, minor }) => [kind, minor])).toEqual([
    ['cash_box', 0],
    ['over_short', 100_00],
    ['safe', 200_00],
  ])
})

test('a machine that is gone is an alert, in the cloud too', async () => {
  await machine.close()
  await expect.poll(kinds, within).toContain('recycler_offline')
  await expect.poll(inCloud, within).toMatchObject({ condition: { is: 'offline' } })
})

test('a password is for the host that it was entered for, and said to no other', async () => {
  const terms = { shopId: chain.shops[0], name: 'Counter', driver: 'glory', active: true }
  const said = async (address: string) => {
    const moved = await put(at, { ...terms, address, currencies: ['THB'], tills: [] })
    expect(moved.status).toBe(201)
    return (await shop.ask(`${at}/secret`, owner)).body
  }
  expect(await said('ws://127.0.0.2:9')).toMatchObject({ user: null, hasPassword: false })
  expect(await said('ws://127.0.0.1:9')).toMatchObject({ user: 'us', hasPassword: true })
})
