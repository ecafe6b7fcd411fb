import { mkdir, readdir, stat } from 'node:fs/promises'
import {
  newId,
  type OpenedCloud,
  openCloud,
  pins,
  type SeededChain,
  seedChain,
} from '@tillkeeper/cloud/testing/open-cloud.gen.ts'
import { makeAuthor } from '@tillkeeper/cloud/testing/raw-child.gen.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { createPokeHub } from '@tillkeeper/http/sync/poke-hub.ts'
import { receiveFacts } from '@tillkeeper/projections/journal/receive-facts.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { epochOf } from '../node/identity.ts'
import { cloudPeer, journalOutbox } from './cloud-ports.ts'
import { enrolNode } from './enrol-node.ts'
import { type OpenedShop, openShop, openTill } from './testing/open-shop.ts'

let cloud: OpenedCloud
let chain: SeededChain
let shop: OpenedShop
let till: Awaited<ReturnType<typeof openTill>>
const sold: string[] = []
beforeAll(async () => {
  cloud = await openCloud()
  chain = await seedChain(cloud)
  const { body } = await cloud.ask(`/v1/shops/${chain.shops[0]}/enrolment-codes`, {})
  shop = await openShop(cloud.url, String(body.code))
})
afterAll(async () => {
  await shop.close()
  await cloud.close()
})

const coffee = async () => sold.push(await till.sell(chain.products[0], 100_00))
const eventually = { timeout: 20_000, interval: 20 }
const countIn = async ({ db }: { db: OpenedCloud['db'] }, ids: readonly string[] = sold) => {
  const [row] = await db<{ sales: number; total: number }[]>`
    SELECT count(*) AS sales, coalesce(sum(total_minor), 0)::bigint AS total
    FROM sale WHERE org_id = ${chain.org} AND id = ANY(${[...ids]}::uuid[])
  `
  return row
}
const allInCloud = () =>
  expect
    .poll(() => countIn(cloud), eventually)
    .toEqual({ sales: sold.length, total: sold.length * 65_00 })
const streamsIn = async ({ db }: { db: OpenedCloud['db'] }, kind: string) =>
  db<{ stream: string; seq: number; hash: string }[]>`
    SELECT stream, head_seq AS seq, encode(head_hash, 'hex') AS hash
    FROM stream
    WHERE org_id = ${chain.org} AND kind = ${kind} AND head_seq > 0
    ORDER BY stream
  `

test('what the owner set up arrives at a new shop, which can sell from then on', async () => {
  const names = async () => (await streamsIn(shop, 'feed')).map(({ stream }) => stream)
  await expect
    .poll(names, eventually)
    .toEqual([`feed/credentials:${chain.shops[0]}@1`, 'feed/org@1'])
  const feeds = await streamsIn(shop, 'feed')
  const theirs = await streamsIn(cloud, 'feed')
  for (const feed of feeds) expect(theirs, 'byte for byte').toContainEqual(feed)
  till = await openTill(shop, { number: '101', pin: pins.nok, tillId: chain.tills[0] })
  expect(till.token).not.toBe('undefined')
})

// `eventually` ends before the next heartbeat: what arrives by then was sent by itself.
test('a sale is at the cloud by itself', async () => {
  await coffee()
  await allInCloud()
  const status = async () => (await shop.ask('/v1/sync/status', till.token)).body
  await expect.poll(status, eventually).toMatchObject({ linkUp: true, unacknowledged: 0 })
})

test('a price that changes in the cloud is the shop’s by itself', async () => {
  const price = { currency: 'THB', minor: 50_00 }
  await cloud.ask('/v1/products', [{ orgId: chain.org, id: chain.products[1], price }])
  const held = async () => {
    const [row] = await shop.db<{ price: number }[]>`
      SELECT price_minor AS price FROM product WHERE id = ${chain.products[1]}
    `
    return row?.price
  }
  await expect.poll(held, eventually).toBe(50_00)
})

test('with no cloud the shop goes on selling, says so, and catches up by itself', async () => {
  await cloud.fall()
  for (let count = 0; count < 25; count += 1) await coffee()
  const status = async () => (await shop.ask('/v1/sync/status', till.token)).body
  await expect.poll(status, eventually).toMatchObject({ linkUp: false, unacknowledged: 25 })
  await cloud.rise()
  await allInCloud()
  await expect.poll(status, eventually).toMatchObject({ linkUp: true, unacknowledged: 0 })
  expect(await countIn(shop)).toEqual(await countIn(cloud))
})

test('a shop that lost its power goes on in a new epoch, and what it had not sent arrives', async () => {
  await cloud.fall()
  for (let count = 0; count < 5; count += 1) await coffee()
  await shop.kill()
  await shop.start()
  expect(epochOf(shop.identity())).toBe('1.1')
  for (let count = 0; count < 5; count += 1) await coffee()
  await cloud.rise()
  await allInCloud()
  const own = await streamsIn(shop, 'author')
  expect(own.map(({ stream }) => stream)).toEqual([
    `s-${chain.shops[0]}:1.0/business`,
    `s-${chain.shops[0]}:1.1/business`,
  ])
  expect(await streamsIn(cloud, 'author')).toEqual(own)
})

test('a cloud that came back from a backup is sent again what it lost', async () => {
  await coffee()
  await allInCloud()
  const stream = `s-${chain.shops[0]}:1.1/business`
  const whole = await streamsIn(cloud, 'author')
  await cloud.fall()
  await cloud.db`
    DELETE FROM fact_id WHERE org_id = ${chain.org} AND stream = ${stream} AND seq > 2
  `
  await cloud.db`
    DELETE FROM journal WHERE org_id = ${chain.org} AND stream = ${stream} AND seq > 2
  `
  await cloud.db`
    UPDATE stream SET head_seq = 2, projected_seq = 2, head_hash = (
      SELECT hash FROM journal WHERE org_id = ${chain.org} AND stream = ${stream} AND seq = 2
    )
    WHERE org_id = ${chain.org} AND stream = ${stream}
  `
  const late = sold.slice(-3)
  await cloud.db`DELETE FROM sale_line WHERE sale_id = ANY(${late}::uuid[])`
  await cloud.db`DELETE FROM sale WHERE org_id = ${chain.org} AND id = ANY(${late}::uuid[])`
  await cloud.rise()
  shop.link().start()
  await allInCloud()
  expect(await streamsIn(cloud, 'author')).toEqual(whole)
})

test('what a cloud lost counts as not acknowledged, from the moment it says so', async () => {
  const stream = `s-${chain.shops[0]}:1.1/business` as StreamId
  const { org } = shop.identity()
  const now = () => new Date()
  const outbox = journalOutbox({ db: shop.db, org, now, pokes: createPokeHub() })
  const waiting = async () =>
    (await shop.ask('/v1/sync/status', till.token)).body.unacknowledged as number
  expect(await waiting()).toBe(0)
  const head = (await outbox.heads()).find((each) => each.stream === stream)
  const hash = await outbox.hashAt(stream, 2)
  await outbox.noteAcks([{ stream, seq: 2, cloudSeq: 2, hash: hash ?? new Uint8Array(32) }])
  expect(await waiting()).toBe((head?.seq ?? 0) - 2)
  shop.link().start()
  await expect.poll(waiting, eventually).toBe(0)
})

test('a server that was taken back sells on; only its facts wait', async () => {
  await cloud.ask(`/v1/shops/${chain.shops[0]}/revoke-nodes`, {})
  cloud.clock.aheadMs += 3_000 // What was recognised is remembered for two seconds.
  const before = sold.length
  await coffee()
  await coffee()
  const status = async () => (await shop.ask('/v1/sync/status', till.token)).body
  await expect.poll(status, eventually).toMatchObject({ linkUp: false, unacknowledged: 2 })
  expect(await countIn(shop)).toMatchObject({ sales: before + 2 })
  await cloud.db`UPDATE node SET revoked_at = NULL WHERE org_id = ${chain.org}`
  shop.link().start()
  await allInCloud()
})

test('a till’s stream travels through the shop to the cloud, byte for byte', async () => {
  const device = makeAuthor(chain.org, `t-${chain.tills[0]}`, '1.0')
  const id = newId()
  device.seal([
    {
      ...{
        id,
        type: 'cash.moved',
        v: 1,
        scope: `shop:${chain.shops[0]}`,
        actor: `staff:${chain.nok}`,
      },
      ...{ occurredAt: new Date().toISOString(), businessDate: '2026-11-20', refs: [] },
      keys: [`session:${till.session}`],
      body: {
        ...{ shopId: chain.shops[0], tillId: chain.tills[0], sessionId: till.session },
        ...{ staffId: chain.nok, currency: 'THB', kind: 'drop', amountMinor: 100_00 },
      },
    },
  ])
  const { header, facts } = device.batch(1)
  const part = {
    ...{ org: shop.identity().org, stream: header.stream, from: 1, facts },
    ...{ prevHash: Buffer.from(header.prevHash, 'hex'), recordedAt: new Date().toISOString() },
  }
  const received = await shop.db.begin((tx) => receiveFacts(tx, part))
  expect(received.kind).toBe('ok')
  shop.link().wake()
  await expect
    .poll(async () => (await streamsIn(cloud, 'author')).map(({ hash }) => hash), eventually)
    .toContain(device.hashAt(1))
  const moved = () => cloud.db`SELECT amount_minor FROM cash_transfer WHERE fact_id = ${id}`
  await expect
    .poll(async () => [...(await moved())], eventually)
    .toEqual([{ amount_minor: 100_00 }])
  // And the cloud's word comes back down: the till's watermark, as the shop tells it.
  const cursor = async () => {
    const [row] = await shop.db`
      SELECT acked_seq, cloud_seq FROM peer_cursor
      WHERE peer = ${cloudPeer} AND stream = ${header.stream}
    `
    return row
  }
  await expect.poll(cursor, eventually).toEqual({ acked_seq: 1, cloud_seq: 1 })
})

test('a stream that forked stops alone and is told of; the shop sells on in its own', async () => {
  // Somebody rewrites a fact in the shop's database, and its hashes with it.
  await coffee()
  await allInCloud()
  await cloud.fall()
  const stream = `s-${chain.shops[0]}:1.0/business`
  await shop.db`
    UPDATE journal SET hash = sha256(hash) WHERE org_id = ${chain.org} AND stream = ${stream}
  `
  await shop.db`
    UPDATE stream SET head_hash = sha256(head_hash)
    WHERE org_id = ${chain.org} AND stream = ${stream}
  `
  await coffee()
  await cloud.rise()
  await allInCloud()
  const greet = () => {
    shop.link().start() // While batches are on their way, it says nothing; then, a hello.
    return shop.alarms
  }
  await expect.poll(greet, eventually).toContainEqual({ stream, why: 'fork' })
})

test('an enrolment that is refused says why, and leaves no identity', async () => {
  const dataDir = `${shop.dataDir}/other`
  await mkdir(dataDir)
  const refused = await enrolNode({ dataDir, cloudUrl: cloud.url, code: 'AAAA-BBBB-CCCC' })
  expect(refused).toEqual({
    ok: false,
    refusal: { code: 'cloud_refused', why: 'enrolment_refused' },
  })
  const away = await enrolNode({ dataDir, cloudUrl: 'http://127.0.0.1:1', code: 'X' })
  expect(away).toEqual({ ok: false, refusal: { code: 'cloud_unreachable' } })
  expect(await readdir(dataDir)).toEqual(['enrolling-key'])
  expect((await stat(`${dataDir}/enrolling-key`)).mode & 0o077).toBe(0)
  expect(await readdir(shop.dataDir)).not.toContain('enrolling-key')
})
