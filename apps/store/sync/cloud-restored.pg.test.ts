import {
  type OpenedCloud,
  openCloud,
  pins,
  type SeededChain,
  seedChain,
} from '@tillkeeper/cloud/testing/open-cloud.gen.ts'
import { enrolKey } from '@tillkeeper/cloud/testing/raw-child.gen.ts'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import { feedStreamId } from '@tillkeeper/facts/seal/stream.ts'
import { listIncidents } from '@tillkeeper/projections/journal/incident-sql.ts'
import { readStream } from '@tillkeeper/projections/journal/stream-sql.ts'
import { verifyJournal } from '@tillkeeper/projections/verify/verify-journal.ts'
import { toHex } from '@tillkeeper/sync/message/hex.ts'
import { encodeBatch } from '@tillkeeper/sync/message/ndjson.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { epochOf } from '../node/identity.ts'
import { type OpenedShop, openShop, openTill } from './testing/open-shop.ts'

// The cloud comes back as it was yesterday. What shops sold since is sent again, what the owner set up
// since comes back from the shops that had heard of it, and nothing in a shop is undone.

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 })
const eventually = { timeout: 60_000, interval: 200 }
const feedOne = feedStreamId('org', 1)

let cloud: OpenedCloud
let chain: SeededChain
let org: OrgId
let shop: OpenedShop
let till: Awaited<ReturnType<typeof openTill>>
let sold: string[]
beforeEach(async () => {
  cloud = await openCloud()
  chain = await seedChain(cloud)
  org = chain.org as OrgId
  const { body } = await cloud.ask(`/v1/shops/${chain.shops[0]}/enrolment-codes`, {})
  shop = await openShop(cloud.url, String(body.code))
  till = await openTill(shop, { number: '101', pin: pins.nok, tillId: chain.tills[0] })
  sold = []
  await sell(3)
  await allSold()
})
afterEach(async () => {
  await shop.close()
  await cloud.close()
})

const sell = async (count: number) => {
  for (let done = 0; done < count; done += 1) sold.push(await till.sell(chain.products[0], 500_00))
}
const allSold = () =>
  expect
    .poll(async () => {
      shop.link().start()
      const [row] =
        await cloud.db`SELECT count(*) AS sales FROM sale WHERE id = ANY(${sold}::uuid[])`
      return row?.sales
    }, eventually)
    .toBe(sold.length)
const setPrice = (product: string, minor: number) =>
  cloud.ask('/v1/products', [{ orgId: org, id: product, price: { currency: 'THB', minor } }])
const priceIn = async ({ db }: Pick<OpenedCloud, 'db'>, product: string) => {
  const [row] = await db<{ price: number }[]>`
    SELECT price_minor AS price FROM product WHERE org_id = ${org} AND id = ${product}
  `
  return row?.price
}
const priceBecomes = (where: Pick<OpenedCloud, 'db'>, product: string, minor: number) =>
  expect
    .poll(() => {
      shop.link().start()
      return priceIn(where, product)
    }, eventually)
    .toBe(minor)
const feedsOf = async ({ db }: Pick<OpenedCloud, 'db'>) => {
  const rows = await db<{ stream: string; seq: number; hash: string }[]>`
    SELECT stream, head_seq AS seq, encode(head_hash, 'hex') AS hash
    FROM stream WHERE org_id = ${org} AND stream LIKE 'feed/org@%' ORDER BY stream
  `
  return [...rows]
}
const kinds = async () =>
  (await listIncidents(cloud.db, org)).map(({ kind, node }) => `${kind} ${node}`)

/** A backup, and then a day: sales and a price, which the shop has heard of. */
async function liveADay() {
  await cloud.fall()
  const restore = await cloud.backUp()
  await cloud.rise()
  await sell(3)
  await allSold()
  await setPrice(chain.products[1], 77_00)
  await priceBecomes(shop, chain.products[1], 77_00)
  return restore
}

test('restored to yesterday: the shops bring back what it lost, and nothing is undone', async () => {
  const restore = await liveADay()
  const before = epochOf(shop.identity())
  const [feed] = await feedsOf(cloud)
  await cloud.fall()
  await sell(2)
  await restore()
  expect(await priceIn(cloud, chain.products[1])).not.toBe(77_00)
  await cloud.rise()
  await allSold()
  await priceBecomes(cloud, chain.products[1], 77_00)
  expect(await feedsOf(cloud), 'byte for byte').toEqual([feed])
  expect(await priceIn(shop, chain.products[1])).toBe(77_00)
  expect(epochOf(shop.identity()), 'no shop is a copy for it').toBe(before)
  expect(await kinds()).toEqual(['rollback cloud'])
  expect((await verifyJournal(cloud.db)).faults).toEqual([])
})

test('restored and written to before any shop was heard: both are kept, the later edit wins', async () => {
  const restore = await liveADay()
  await cloud.fall()
  const line = shop.link()
  line.stop()
  await restore()
  await cloud.rise()
  await setPrice(chain.products[1], 88_00)
  await setPrice(chain.products[2], 99_00)
  expect((await feedsOf(cloud)).map(({ stream }) => stream)).toEqual(['feed/org@1', 'feed/org@2'])
  for (const where of [cloud, shop]) {
    await priceBecomes(where, chain.products[1], 88_00)
    await priceBecomes(where, chain.products[2], 99_00)
  }
  await expect.poll(() => feedsOf(shop), eventually).toEqual(await feedsOf(cloud))
  await allSold()
  expect((await verifyJournal(cloud.db)).faults).toEqual([])
})

test('an epoch that was granted after the backup is known again by its key', async () => {
  const restore = await liveADay()
  const node = await enrolKey(cloud, chain, chain.shops[0])
  const request = '019cac0f-2680-7000-8000-00000000000a'
  const asked = { node: `s-${chain.shops[0]}`, epoch: `${node.major}.0`, request }
  await cloud.fall()
  const restoreLater = await cloud.backUp()
  await cloud.rise()
  const { body } = await cloud.ask('/sync/v1/renew', asked, node.token)
  const major = Number.parseInt(String(body.epoch), 10)
  await cloud.fall()
  await restoreLater()
  await cloud.rise()
  expect((await node.askToken(major)).status).toBe(200)
  expect((await node.askToken(node.major)).status).toBe(200)
  // Of a backup in which the key is nobody's, it is nobody's.
  await cloud.fall()
  await restore()
  await cloud.rise()
  expect((await node.askToken(major)).status).toBe(401)
})

test('a child brings back what the cloud wrote, and nothing else', async () => {
  const restore = await liveADay()
  const node = await enrolKey(cloud, chain, chain.shops[0])
  const hello = async (token: string) =>
    (
      await cloud.ask(
        '/sync/v1/hello',
        {
          ...{ proto: [1, 2], node: `s-${chain.shops[0]}`, epoch: '9.0', build: 'test' },
          ...{ now: new Date().toISOString(), heads: [], feeds: [] },
        },
        token,
      )
    ).body
  const receipts = (await hello(node.token)).receipts as { stream: string; seq: number }[]
  const receipt = receipts.find(({ stream }) => stream === feedOne)
  shop.link().stop()
  await cloud.fall()
  await restore()
  const [{ seq: after = 0 } = {}] = await feedsOf(cloud)
  const part = await readStream(shop.db, org, {
    ...{ stream: feedOne, after, factsMax: 1_000, bytesMax: 1_000_000 },
  })
  if (part === undefined) throw new Error('the shop holds the feed')
  const again = async () => enrolKey(cloud, chain, chain.shops[0])
  const bring = async (token: string, over: object, facts: readonly Uint8Array[]) => {
    const header = {
      ...{ stream: feedOne, from: part.from, prevHash: toHex(part.prevHash) },
      ...{ lastHash: toHex(part.hash), ...over },
    }
    const response = await fetch(`${cloud.url}/sync/v1/push`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
      body: Uint8Array.from(encodeBatch(header, facts)),
    })
    return ((await response.json()) as { code?: string }).code ?? response.status
  }
  await cloud.rise()
  const { token } = await again()
  const forged = part.facts.map((bytes) =>
    new TextEncoder().encode(new TextDecoder().decode(bytes).replace('7700', '1100')),
  )
  expect(await bring(token, {}, part.facts), 'without the cloud’s word').toBe('fact_refused')
  const moved = { ...receipt, seq: part.seq + 1 }
  expect(await bring(token, { receipt: moved }, part.facts)).toBe('fact_refused')
  expect(await bring(token, { receipt }, forged), 'another fact').toBe('damaged')
  const two = { stream: feedStreamId('org', 2), receipt }
  expect(await bring(token, two, part.facts), 'what is written now').toBe('stream_not_yours')
  const credentials = { stream: feedStreamId(`credentials:${chain.shops[1]}`, 1), receipt }
  expect(await bring(token, credentials, part.facts)).toBe('stream_not_yours')
  expect(await bring(token, { receipt }, part.facts)).toBe(200)
  expect(await bring(token, { receipt }, part.facts), 'twice').toBe(200)
})

test('a cloud that was not restored takes back nothing; by its operator’s word, it does', async () => {
  await cloud.fall()
  await cloud.rise()
  expect(await kinds(), 'the mark is the newest').toEqual([])
  await cloud.fall()
  await cloud.rise({ restored: true })
  expect(await kinds()).toEqual(['rollback cloud'])
  await setPrice(chain.products[1], 66_00)
  await priceBecomes(shop, chain.products[1], 66_00)
  expect((await feedsOf(shop)).map(({ stream }) => stream)).toEqual(['feed/org@1', 'feed/org@2'])
})
