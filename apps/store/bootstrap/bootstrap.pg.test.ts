import { connect as connectSocket, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import {
  newId,
  type OpenedCloud,
  openCloud,
  pins,
  type SeededChain,
  seedChain,
} from '@tillkeeper/cloud/testing/open-cloud.gen.ts'
import { draftSale, enrolChild, makeAuthor, push } from '@tillkeeper/cloud/testing/raw-child.gen.ts'
import { sha256 } from '@tillkeeper/projections/journal/sha256.ts'
import { digestTables } from '@tillkeeper/projections/rebuild/digest-tables.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenedShop, openShop, openTill } from '../sync/testing/open-shop.ts'

// A shop whose server burned: a new one loads what the cloud has, over a line that keeps breaking.

let cloud: OpenedCloud
let chain: SeededChain
let line: CutLine
let old: ReturnType<typeof makeAuthor>
const sold = 4_096 + 700
beforeAll(async () => {
  cloud = await openCloud()
  chain = await seedChain(cloud)
  line = await openLine(cloud.url)
  old = makeAuthor(chain.org, `s-${chain.shops[0]}`, '1.0')
  const at = { shopId: chain.shops[0], tillId: chain.tills[0], sessionId: newId() }
  old.seal(Array.from({ length: sold }, () => draftSale(chain, at)))
  const token = await enrolChild(cloud, chain, chain.shops[0])
  for (let from = 1; from <= sold; from += 1_000) {
    const batch = old.batch(from, Math.min(sold, from + 999))
    expect((await push(cloud, token, { batch, gzip: true })).status).toBe(200)
  }
  await cloud.parts().projector.settled()
})
afterAll(async () => {
  line.close()
  await cloud.close()
})

type CutLine = {
  readonly url: string
  /** Cuts each connection after so many bytes of answers, so many times; then it carries all. */
  readonly cut: (afterBytes: number, times: number) => void
  readonly cuts: () => number
  readonly close: () => void
}

/** A line to a server, that breaks when it is told to. */
async function openLine(to: string): Promise<CutLine> {
  const { hostname, port } = new URL(to)
  let afterBytes = 0
  let left = 0
  let cuts = 0
  const open = new Set<Socket>()
  const server: Server = createServer((near) => {
    const far = connectSocket(Number(port), hostname)
    let carried = 0
    const end = () => {
      near.destroy()
      far.destroy()
    }
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', end)
      socket.on('close', end)
      socket.on('close', () => open.delete(socket))
    }
    near.pipe(far)
    far.on('data', (bytes) => {
      carried += bytes.length
      if (left > 0 && carried > afterBytes) {
        left -= 1
        cuts += 1
        near.write(bytes.subarray(0, Math.max(0, bytes.length - (carried - afterBytes))), end)
        return
      }
      near.write(bytes)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    cut: (bytes, times) => {
      for (const socket of open) socket.destroy()
      afterBytes = bytes
      left = times
    },
    cuts: () => cuts,
    close: () => {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}

const eventually = { timeout: 25_000, interval: 20 }
const enrolCode = async () =>
  String((await cloud.ask(`/v1/shops/${chain.shops[0]}/enrolment-codes`, {})).body.code)
const isReady = async (shop: OpenedShop) => (await fetch(`${shop.url}/readyz`)).status
const tables = async ({ db }: { db: OpenedCloud['db'] }) => {
  const without = ['recorded_at']
  const digests = await digestTables(db, { org: chain.org as never, without })
  // People's hashes and keys are another set in each shop; all else is the same.
  return digests.filter(({ table }) => !['register', 'credential', 'apikey'].includes(table))
}
const factsIn = async ({ db }: OpenedShop) => {
  const [row] = await db<{ facts: number }[]>`SELECT count(*) AS facts FROM journal`
  return row?.facts ?? 0
}

test('a load that is cut five times, while the chain changes, ends whole; nobody sees half of it', async () => {
  line.cut(30_000, 5)
  const shop = await openShop(line.url, await enrolCode(), { whole: false })
  try {
    const during = await shop.ask('/v1/auth/pin', '', { number: '101', pin: pins.nok })
    expect(during).toMatchObject({ status: 503, body: { code: 'bootstrapping' } })
    const readyz = await fetch(`${shop.url}/readyz`)
    expect([readyz.status, (await readyz.json()).code]).toEqual([503, 'bootstrapping'])
    // Tills are heard: who shows no token is told that, and not to come back later.
    expect(await shop.ask('/sync/v1/hello', '', {})).toMatchObject({ status: 401 })

    for (let nth = 0; line.cuts() < 5 && nth < 100; nth += 1) {
      const price = { currency: 'THB', minor: 50_00 + nth }
      await cloud.ask('/v1/products', [{ orgId: chain.org, id: chain.products[1], price }])
      if (nth === 3) {
        await shop.kill()
        await shop.start()
      }
      const before = shop.bootstrap().progress()
      const status = await isReady(shop)
      if (before !== undefined && shop.bootstrap().progress() !== undefined) {
        expect(status, 'not whole before its time').toBe(503)
      }
      await wait(100)
    }
    await expect.poll(() => isReady(shop), eventually).toBe(200)
    expect(line.cuts()).toBe(5)
    expect(shop.identity().epochMajor).toBeGreaterThan(1)
    await expect.poll(() => tables(shop), eventually).toEqual(await tables(cloud))
    const heads = await shop.db<{ stream: string; seq: number; hash: string }[]>`
      SELECT stream, head_seq AS seq, encode(head_hash, 'hex') AS hash
      FROM stream WHERE head_seq > 0 ORDER BY stream
    `
    expect(heads.map(({ stream }) => stream)).toEqual([
      `feed/credentials:${chain.shops[0]}@1`,
      'feed/org@1',
      old.stream,
    ])
    expect(heads[2]).toEqual({ stream: old.stream, seq: sold, hash: old.hashAt(sold) })
    const [left] = await shop.db<{ chunks: number }[]>`
      SELECT count(*) AS chunks FROM snapshot_chunk WHERE NOT starts_with(stream, 'feed/')
    `
    expect(left?.chunks).toBe(0)
    const till = await openTill(shop, { number: '101', pin: pins.nok, tillId: chain.tills[0] })
    const sale = await till.sell(chain.products[0], 100_00)
    const inCloud = async () => (await cloud.db`SELECT 1 FROM sale WHERE id = ${sale}`).length
    await expect.poll(inCloud, eventually).toBe(1)
    expect(shop.alarms).toEqual([])
  } finally {
    await shop.close()
  }
})

test('a load that dies in its middle loads nothing twice', async () => {
  const shop = await openShop(cloud.url, await enrolCode(), { whole: false })
  try {
    for (let nth = 0; nth < 5; nth += 1) {
      await wait(20 * nth)
      await shop.kill()
      await shop.start()
    }
    await expect.poll(() => isReady(shop), eventually).toBe(200)
    await expect.poll(() => tables(shop), eventually).toEqual(await tables(cloud))
  } finally {
    await shop.close()
  }
})

/** Makes the cloud hand out a chunk of the old server's stream that is not what was sealed. */
async function bend(how: 'bytes' | 'facts'): Promise<void> {
  const [chunk] = await cloud.db<{ sha256: Buffer; bytes: Buffer }[]>`
    SELECT sha256, bytes FROM snapshot_chunk
    WHERE stream = ${old.stream} AND from_seq = 1 AND facts = 4096
  `
  if (chunk === undefined) throw new Error('there is a chunk')
  const bytes = Buffer.from(chunk.bytes)
  if (how === 'bytes') bytes[100] = (bytes[100] ?? 0) ^ 1
  const text = gunzipSync(chunk.bytes).toString()
  const facts = gzipSync(text.replace('"totalMinor":6500', '"totalMinor":6501'))
  const bent =
    how === 'bytes' ? { bytes, name: chunk.sha256 } : { bytes: facts, name: sha256(facts) }
  await cloud.db`
    UPDATE snapshot_chunk SET bytes = ${bent.bytes}, sha256 = ${bent.name}
    WHERE stream = ${old.stream} AND from_seq = 1 AND facts = 4096
  `
}

test.for([
  { how: 'bytes', fault: 'bad_answer' },
  { how: 'facts', fault: 'snapshot_damaged' },
] as const)('of a snapshot whose $how were changed nothing is loaded', async ({ how, fault }) => {
  await bend(how)
  const shop = await openShop(cloud.url, await enrolCode(), { whole: false })
  try {
    await expect.poll(() => shop.faults, eventually).toContain(fault)
    expect(await factsIn(shop)).toBe(0)
    expect(await isReady(shop)).toBe(503)
    // What the cloud has is made again from its journal, and that is whole.
    await cloud.db`DELETE FROM snapshot_chunk`
    await expect.poll(() => isReady(shop), eventually).toBe(200)
    expect(await tables(shop)).toEqual(await tables(cloud))
  } finally {
    await shop.close()
  }
})

test('a server that has its data loads nothing, whatever becomes of the cloud', async () => {
  const shop = await openShop(cloud.url, await enrolCode(), { whole: false })
  try {
    await expect.poll(() => isReady(shop), eventually).toBe(200)
    await shop.kill()
    await cloud.fall()
    await shop.start()
    expect(await isReady(shop)).toBe(200)
    expect(shop.bootstrap().progress()).toBe(undefined)
  } finally {
    await shop.close()
    await cloud.rise()
  }
})

test('a shop whose old sales are damaged in the cloud for good still gets its people and catalogue', async () => {
  const [row] = await cloud.db<{ bytes: Buffer }[]>`
    SELECT bytes FROM journal WHERE stream = ${old.stream} AND seq = 9
  `
  const write = (bytes: Buffer) => cloud.db`
    UPDATE journal SET bytes = ${bytes} WHERE stream = ${old.stream} AND seq = 9
  `
  const whole = row?.bytes ?? Buffer.of()
  await cloud.db`DELETE FROM snapshot_chunk`
  await write(Buffer.from(whole.toString().replace('"totalMinor":6500', '"totalMinor":6501')))
  const shop = await openShop(cloud.url, await enrolCode(), { whole: false })
  try {
    await expect.poll(() => isReady(shop), eventually).toBe(200)
    expect(shop.faults).toEqual(['snapshot_damaged', 'snapshot_damaged', 'snapshot_damaged'])
    const login = await shop.ask('/v1/auth/pin', '', { number: '101', pin: pins.nok })
    const { body } = await shop.ask('/v1/products', String(login.body.accessToken))
    expect(body.items).toHaveLength(chain.products.length)
  } finally {
    await write(whole)
    await cloud.db`DELETE FROM snapshot_chunk`
    await shop.close()
  }
})
