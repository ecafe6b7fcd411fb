import {
  type OpenedCloud,
  openCloud,
  pins,
  type SeededChain,
  seedChain,
} from '@tillkeeper/cloud/testing/open-cloud.gen.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { type IncidentKind, listIncidents } from '@tillkeeper/projections/journal/incident-sql.ts'
import { rebuildProjections } from '@tillkeeper/projections/rebuild/rebuild-projections.ts'
import { verifyJournal } from '@tillkeeper/projections/verify/verify-journal.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { epochOf } from '../node/identity.ts'
import { type OpenedShop, openCopy, openShop, openTill } from './testing/open-shop.ts'

// A shop's server comes back from a backup, is copied, or its history is written anew. It sells all the
// while, and in the end everybody holds every sale once.

let cloud: OpenedCloud
let chain: SeededChain
beforeEach(async () => {
  cloud = await openCloud()
  chain = await seedChain(cloud)
})
const open: OpenedShop[] = []
afterEach(async () => {
  for (const shop of open.splice(0)) await shop.close()
  await cloud.close()
})

const eventually = { timeout: 60_000, interval: 200 }
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 })
type Till = Awaited<ReturnType<typeof openTill>>

async function openSelling() {
  const { body } = await cloud.ask(`/v1/shops/${chain.shops[0]}/enrolment-codes`, {})
  const shop = await openShop(cloud.url, String(body.code))
  open.push(shop)
  const feeds = async () =>
    (await streamsOf(shop)).filter(({ stream }) => stream.startsWith('feed/'))
  await expect.poll(async () => (await feeds()).length, eventually).toBe(2)
  const till = await openTill(shop, { number: '101', pin: pins.nok, tillId: chain.tills[0] })
  const sold: string[] = []
  const sell = async (count: number, at: Till = till) => {
    for (let done = 0; done < count; done += 1) sold.push(await at.sell(chain.products[0], 100_00))
  }
  await sell(3)
  await allIn(cloud, sold)
  return { shop, till, sell, sold }
}

const countIn = async ({ db }: Pick<OpenedCloud, 'db'>, ids: readonly string[]) => {
  const [row] = await db<{ sales: number; total: number }[]>`
    SELECT count(*) AS sales, coalesce(sum(total_minor), 0)::bigint AS total
    FROM sale WHERE org_id = ${chain.org} AND id = ANY(${[...ids]}::uuid[])
  `
  return row
}
const allIn = (where: Pick<OpenedCloud, 'db'>, sold: readonly string[]) =>
  expect
    .poll(() => countIn(where, sold), eventually)
    .toEqual({ sales: sold.length, total: sold.length * 65_00 })
const streamsOf = ({ db }: Pick<OpenedCloud, 'db'>) =>
  db<{ stream: string; seq: number; hash: string }[]>`
    SELECT stream, head_seq AS seq, encode(head_hash, 'hex') AS hash
    FROM stream WHERE org_id = ${chain.org} AND head_seq > 0 ORDER BY stream
  `
/** The shop's streams at the cloud and here are the same, byte for byte. */
const sameStreams = (shop: OpenedShop) =>
  expect
    .poll(async () => {
      shop.link().start() // Where it rests, it says hello at once, not at the next heartbeat.
      const ours = (await streamsOf(shop)).filter(({ stream }) => !stream.startsWith('feed/'))
      const theirs = new Map((await streamsOf(cloud)).map((row) => [row.stream, row]))
      return ours.filter(({ stream, seq, hash }) => {
        const row = theirs.get(stream)
        return row?.seq !== seq || row.hash !== hash
      })
    }, eventually)
    .toEqual([])
const incidents = async (where: Pick<OpenedCloud, 'db'>, kind: IncidentKind, node: string) =>
  (await listIncidents(where.db, chain.org as OrgId)).filter(
    (each) => each.kind === kind && each.node === node,
  ).length

/** What every one of these ends with: both hold all, once, with whole chains and true tables. */
async function allIsWell(shop: OpenedShop, sold: readonly string[]) {
  await allIn(cloud, sold)
  await allIn(shop, sold)
  await sameStreams(shop)
  await shop.link().mended()
  expect((await verifyJournal(shop.db)).faults).toEqual([])
  const rebuilt = await rebuildProjections(shop.db)
  for (const { table, before, after } of rebuilt) expect(after, table).toEqual(before)
  const twice = await cloud.db`
    SELECT sale_id FROM sale_line WHERE sale_id = ANY(${[...sold]}::uuid[])
    GROUP BY sale_id HAVING count(*) > 1
  `
  expect([...twice]).toEqual([])
}

test('a database that came back from a backup: its tail is fetched, and the shop sells on', async () => {
  const { shop, sell, sold } = await openSelling()
  await shop.stop()
  const backup = await shop.backUp()
  await shop.start()
  await sell(4)
  await allIn(cloud, sold)
  await shop.stop()
  await cloud.fall()
  await shop.restore(backup, { files: false })
  await backup.drop()
  await shop.start()
  expect(await incidents(shop, 'body_changed', shop.identity().author)).toBe(1)
  expect(shop.identity().epochMinor, 'made by chance').toBeGreaterThanOrEqual(100_000_000)
  await sell(3)
  await cloud.rise()
  shop.link().start()
  await allIsWell(shop, sold)
  await sell(2)
  await allIsWell(shop, sold)
})

test('a machine that came back whole, files and all, and sold on in its old stream', async () => {
  const { shop, sell, sold } = await openSelling()
  const { author } = shop.identity()
  const before = epochOf(shop.identity())
  await shop.stop()
  const backup = await shop.backUp()
  await shop.start()
  await sell(4)
  await allIn(cloud, sold)
  await shop.stop()
  await cloud.fall()
  await shop.restore(backup, { files: true })
  await backup.drop()
  await shop.start()
  expect(epochOf(shop.identity()), 'nothing tells it here').toBe(before)
  await sell(2)
  await cloud.rise()
  shop.link().start()
  await allIsWell(shop, sold)
  expect(epochOf(shop.identity())).not.toBe(before)
  expect(await incidents(shop, 'fork', author)).toBe(1)
  const [apart] = await shop.db`SELECT count(*) AS facts FROM forked_fact`
  expect(apart?.facts, 'the branch is kept').toBe(2)
})

test('a machine that came back whole and did not sell yet fetches what it lost', async () => {
  const { shop, sell, sold } = await openSelling()
  await shop.stop()
  const backup = await shop.backUp()
  await shop.start()
  await sell(4)
  await allIn(cloud, sold)
  await shop.stop()
  await shop.restore(backup, { files: true })
  await backup.drop()
  await shop.start()
  await allIsWell(shop, sold)
  await sell(2)
  await allIsWell(shop, sold)
})

test('two copies of one server both sell on, and all sales of both arrive once', async () => {
  const { shop, till, sell, sold } = await openSelling()
  const { author } = shop.identity()
  await shop.stop()
  const backup = await shop.backUp()
  await shop.start()
  const copy = await openCopy(backup)
  open.push(copy)
  await backup.drop()
  const login = await copy.ask('/v1/auth/pin', '', { number: '101', pin: pins.nok })
  const sellAtCopy = async () => {
    const id = crypto.randomUUID().replace(/^(.{14})4/, '$17')
    const asked = {
      ...{ id, sessionId: till.session, currency: 'THB' },
      lines: [{ productId: chain.products[0], quantity: 1_000 }],
      tenders: [{ method: 'cash', givenMinor: 100_00 }],
    }
    const { status } = await copy.ask('/v1/sales', String(login.body.accessToken), asked)
    expect(status).toBe(201)
    sold.push(id)
  }
  for (let round = 0; round < 4; round += 1) {
    await sell(1)
    await sellAtCopy()
    for (const each of [shop, copy]) each.link().start()
  }
  await allIn(cloud, sold)
  await expect.poll(() => incidents(cloud, 'clone_suspected', author), eventually).toBe(1)
  for (const each of [shop, copy]) {
    each.link().start()
    await sameStreams(each)
  }
  expect(epochOf(shop.identity())).not.toBe(epochOf(copy.identity()))
  await sell(1)
  await sellAtCopy()
  await allIn(cloud, sold)
})

test('a history that was written anew gives way to what the cloud holds', async () => {
  const { shop, sell, sold } = await openSelling()
  await cloud.fall()
  const { stream } = shop.store().node.author
  await shop.db`
    UPDATE journal SET hash = sha256(hash) WHERE stream = ${stream} AND seq >= 2
  `
  await shop.db`
    UPDATE stream SET head_hash = sha256(head_hash) WHERE stream = ${stream}
  `
  await sell(2)
  await cloud.rise()
  shop.link().start()
  await allIsWell(shop, sold)
})

test('who has no line and no token sells on; the mending waits', async () => {
  const { shop, sell, sold } = await openSelling()
  await shop.stop()
  const backup = await shop.backUp()
  await shop.start()
  await sell(1)
  await allIn(cloud, sold)
  await shop.stop()
  await shop.restore(backup, { files: true })
  await backup.drop()
  await cloud.ask(`/v1/shops/${chain.shops[0]}/revoke-nodes`, {})
  cloud.clock.aheadMs += 3_000 // What was recognised is remembered for two seconds.
  await shop.start()
  await sell(3)
  expect(await countIn(shop, sold)).toMatchObject({ sales: sold.length - 1 })
  await cloud.db`UPDATE node SET revoked_at = NULL WHERE org_id = ${chain.org}`
  shop.link().start()
  await allIsWell(shop, sold)
})
