import {
  logOwnerIn,
  newId,
  type OpenedCloud,
  openCloud,
  passwords,
  pins,
  type SeededChain,
  seedChain,
} from '@tillkeeper/cloud/testing/open-cloud.gen.ts'
import { draftSale, makeAuthor } from '@tillkeeper/cloud/testing/raw-child.gen.ts'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import { receiveFacts } from '@tillkeeper/projections/journal/receive-facts.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type OpenedShop, openShop, openTill } from './testing/open-shop.ts'

// A till's fact that nobody can project: what waits, who sees it, and how it is settled, in a shop and in
// the cloud over real HTTP.

let cloud: OpenedCloud
let chain: SeededChain
let shop: OpenedShop
let owner = ''
let owning = ''
let cashier = ''
let device: ReturnType<typeof makeAuthor>
beforeAll(async () => {
  cloud = await openCloud()
  chain = await seedChain(cloud)
  const { body } = await cloud.ask(`/v1/shops/${chain.shops[0]}/enrolment-codes`, {})
  shop = await openShop(cloud.url, String(body.code))
  owner = await logOwnerIn(cloud, chain)
  await vi.waitFor(async () => {
    const login = { login: chain.ownerLogin, password: passwords.owner }
    const { status, body } = await shop.ask('/v1/auth/password', '', login)
    if (status !== 200) throw new Error(String(body.code))
    owning = String(body.accessToken)
  }, eventually)
  const till = await openTill(shop, { number: '101', pin: pins.nok, tillId: chain.tills[0] })
  cashier = till.token
  await till.sell(chain.products[0], 100_00)
  device = makeAuthor(chain.org, `t-${chain.tills[0]}`)
  bad = poison(broken)
  behind = [sale(broken), sale(broken)]
})
afterAll(async () => {
  await shop.close()
  await cloud.close()
})

const eventually = { timeout: 20_000, interval: 100 }
const inCloud = (path: string, body?: unknown) => cloud.ask(path, body, owner)
const inShop = (path: string, body?: unknown) => shop.ask(path, owning, body)
const parkedIn = async (ask: typeof inShop) =>
  (await ask('/v1/sync/parked')).body.items as { factId: string; reason: string }[]

/** Takes what the till sealed since, as its push would. */
async function bring(drafts: readonly FactDraft[]): Promise<void> {
  const from = device.seq() + 1
  device.seal(drafts)
  const { header, facts } = device.batch(from)
  const received = await shop.db.begin((tx) =>
    receiveFacts(tx, {
      ...{ org: shop.identity().org, stream: header.stream, from, facts },
      ...{ prevHash: Buffer.from(header.prevHash, 'hex'), recordedAt: new Date().toISOString() },
    }),
  )
  expect(received.kind).toBe('ok')
  shop.store().projector.wake(shop.identity().org)
  shop.link().wake()
}

const sale = (sessionId: string): FactDraft =>
  draftSale(chain, { shopId: chain.shops[0], tillId: chain.tills[0], sessionId })
/** A sale that no table takes: its lines come to something else than whole money. */
const poison = (sessionId: string): FactDraft => {
  const draft = sale(sessionId)
  return { ...draft, body: { ...(draft.body as object), totalMinor: -5 } }
}
const [broken, sound] = [newId(), newId()]
let bad: FactDraft
let behind: readonly FactDraft[] = []

test('a fact that cannot be projected is seen in the shop and in the cloud, and holds back its own', async () => {
  const flowing = [sale(sound), sale(sound)]
  await bring([bad, ...behind, ...flowing])
  for (const ask of [inShop, inCloud]) {
    await expect.poll(async () => (await parkedIn(ask)).length, eventually).toBe(3)
    const [first, ...others] = await parkedIn(ask)
    expect(first).toMatchObject({
      ...{ factId: bad.id, reason: 'bad_body', type: 'sale.completed', shopId: chain.shops[0] },
      ...{ author: `t-${chain.tills[0]}`, actor: `staff:${chain.nok}`, holdsBack: 2, tries: 1 },
      body: { totalMinor: -5, receiptNumber: 'RCP-261120-010001' },
    })
    expect(others.map(({ reason }) => reason)).toEqual(['behind', 'behind'])
    const page = (await ask('/v1/sync/parked?limit=2')).body
    expect(page.items).toHaveLength(2)
    const next = (await ask(`/v1/sync/parked?limit=2&cursor=${page.next}`)).body
    expect(next).toMatchObject({ items: [{ factId: behind[1]?.id }], next: null })
    const some = async (query: string) => (await ask(`/v1/sync/parked?${query}`)).body.items
    expect(await some('reason=behind')).toHaveLength(2)
    expect(await some('waiting=no')).toMatchObject([{ factId: bad.id }])
    expect(await some('type=till.closed')).toHaveLength(0)
    expect(await some(`shopId=${chain.shops[1]}`)).toHaveLength(0)
  }
  const sold = cloud.db`SELECT FROM sale WHERE session_id = ${sound}`
  expect(await sold, 'all else flows').toHaveLength(2)
})

test('how replication fares is told by shop and till, on both servers', async () => {
  const shops = async () => (await inCloud('/v1/sync/health')).body.shops as { facts: number }[]
  await expect.poll(async () => (await shops())[0]?.facts, eventually).toBe(7)
  const health = (await inCloud('/v1/sync/health')).body
  expect(health).toMatchObject({
    ...{ program: 'cloud', linkUp: true, stuck: false, openIncidents: 0 },
    parked: [
      { reason: 'bad_body', facts: 1 },
      { reason: 'behind', facts: 2 },
    ],
  })
  const [first] = health.shops as Record<string, unknown>[]
  expect(first).toMatchObject({
    ...{ code: 'S1', state: 'attention', facts: 7, arrived: 7 },
    server: { author: `s-${chain.shops[0]}`, linkUp: true, lagFacts: 0, build: 'test' },
    tills: [{ tillId: chain.tills[0], parkedHere: 3, facts: 5, linkUp: null }],
  })
  const local = (await inShop('/v1/sync/health')).body
  expect(local).toMatchObject({ program: 'store', linkUp: true })
  await expect
    .poll(async () => ((await inShop('/v1/sync/health')).body.shops as unknown[])[0], eventually)
    .toMatchObject({ code: 'S1', facts: 7, arrived: 7, server: { unacknowledged: 0 } })
})

test('who may not is refused, and what cannot be settled says why', async () => {
  expect((await shop.ask('/v1/sync/parked', cashier)).status).toBe(403)
  const note = { how: 'skipped', note: 'x', id: newId() }
  expect((await shop.ask(`/v1/sync/parked/${bad.id}/resolve`, cashier, note)).status).toBe(403)
  const refusals = [
    [newId(), note, 'fact_not_parked'],
    [behind[0]?.id, note, 'fact_waits_behind'],
    [bad.id, { ...note, how: 'replaced' }, 'replacement_not_found'],
    [bad.id, { ...note, how: 'replaced', replacementId: behind[0]?.id }, 'replacement_not_found'],
    [bad.id, { how: 'skipped', note: 'x' }, 'id_required'],
    [bad.id, { ...note, note: '' }, 'body_invalid'],
  ] as const
  for (const [factId, body, code] of refusals) {
    expect((await inShop(`/v1/sync/parked/${factId}/resolve`, body)).body.code).toBe(code)
  }
  expect((await inShop('/v1/sync/parked/retry', { factId: newId() })).body.code).toBe(
    'fact_not_parked',
  )
  expect(await parkedIn(inShop)).toHaveLength(3)
})

test('a retry that cannot help changes nothing but the count of tries', async () => {
  expect((await inShop('/v1/sync/parked/retry', {})).body).toEqual({ applied: 0, parked: 3 })
  expect((await inShop('/v1/sync/parked?reason=bad_body')).body.items).toMatchObject([{ tries: 2 }])
})

test('what the shop settles is settled in the cloud too, and what waited goes on', async () => {
  const asked = { id: newId(), how: 'skipped', note: 'Paid back in cash' }
  const settle = () => inShop(`/v1/sync/parked/${bad.id}/resolve`, asked)
  expect(await settle()).toEqual({ status: 200, body: { id: asked.id, released: 2 } })
  expect(await settle(), 'asked again').toEqual({
    status: 200,
    body: { id: asked.id, released: 0 },
  })
  const other = { ...asked, note: 'Something else' }
  expect((await inShop(`/v1/sync/parked/${bad.id}/resolve`, other)).status).toBe(409)
  for (const [ask, { db }] of [
    [inShop, shop],
    [inCloud, cloud],
  ] as const) {
    await expect.poll(async () => (await parkedIn(ask)).length, eventually).toBe(0)
    expect(await db`SELECT FROM sale WHERE session_id = ${broken}`).toHaveLength(2)
    expect(await db`SELECT FROM journal WHERE id = ${bad.id}`, 'nothing is deleted').toHaveLength(1)
  }
})

test('what the cloud settles is settled in the shop too', async () => {
  const worse = poison(newId())
  await bring([worse])
  await expect.poll(async () => (await parkedIn(inCloud)).length, eventually).toBe(1)
  await expect.poll(async () => (await parkedIn(inShop)).length, eventually).toBe(1)
  const asked = { id: newId(), how: 'skipped', note: 'Counted twice' }
  const path = `/v1/sync/parked/${worse.id}/resolve`
  expect((await inCloud(path, asked)).body).toEqual({ id: asked.id, released: 0 })
  await expect.poll(async () => (await parkedIn(inShop)).length, eventually).toBe(0)
})

test('incidents are listed, closed once, and only by who may', async () => {
  await cloud.db`
    INSERT INTO incident (org_id, kind, node, stream, detail, at)
    VALUES (${chain.org}, 'fork', ${`s-${chain.shops[0]}`}, 's', '{"seq": 4}', now())
  `
  const { items } = (await inCloud('/v1/sync/incidents?open=yes')).body as {
    items: { id: string }[]
  }
  expect(items).toMatchObject([{ kind: 'fork', shopId: chain.shops[0], resolvedAt: null }])
  const health = (await inCloud('/v1/sync/health')).body
  expect(health).toMatchObject({ openIncidents: 1, shops: [{ state: 'alarm' }, {}] })
  const path = `/v1/sync/incidents/${items[0]?.id}/resolve`
  expect((await inCloud(path, {})).status).toBe(200)
  expect((await inCloud(path, {})).status).toBe(404)
  expect((await inCloud('/v1/sync/incidents')).body.items).toMatchObject([
    { resolvedBy: `staff:${chain.owner}` },
  ])
})

test('an exception is listed until it is marked as seen', async () => {
  const id = `${newId()}/refund_exceeds_sale`
  await shop.db`
    INSERT INTO exception (org_id, id, shop_id, kind, keys, detail)
    VALUES (${chain.org}, ${id}, ${chain.shops[0]}, 'refund_exceeds_sale', '{}', '{}')
  `
  expect((await inShop('/v1/exceptions?seen=no')).body.items).toMatchObject([{ id, seenAt: null }])
  expect((await inShop('/v1/exceptions/seen', { exceptionId: 'none' })).status).toBe(404)
  expect((await inShop('/v1/exceptions/seen', { exceptionId: id })).status).toBe(200)
  expect((await inShop('/v1/exceptions?seen=no')).body.items).toEqual([])
  const [seen] = (await inShop('/v1/exceptions')).body.items as { seenAt: string | null }[]
  expect(seen?.seenAt).not.toBeNull()
})

test('the cash that moved in a session is listed, and says nothing that a count should not know', async () => {
  const [session] = (await inShop('/v1/till-sessions')).body.items as { id: string }[]
  const path = `/v1/till-sessions/${session?.id}/movements`
  const types = async (token: string) =>
    ((await shop.ask(path, token)).body.items as { type: string }[]).map(({ type }) => type)
  expect(await types(owning)).toEqual(['float', 'change', 'sale'])
  expect(await types(cashier)).toEqual(['float'])
})
