import { gzipSync } from 'node:zlib'
import type { FactDraft } from '@tillkeeper/facts/seal/seal.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { isPullHeader } from '@tillkeeper/sync/message/messages.ts'
import { batchWireBytesMax, decodeBatch, encodeBatch } from '@tillkeeper/sync/message/ndjson.ts'
import { protocolVersion } from '@tillkeeper/sync/version.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  logOwnerIn,
  newId,
  type OpenedCloud,
  openCloud,
  type SeededChain,
  seedChain,
} from '../testing/open-cloud.gen.ts'
import { draftSale, enrolChild, lie, makeAuthor, push } from '../testing/raw-child.gen.ts'

let cloud: OpenedCloud
let chain: SeededChain
let other: SeededChain
let token = ''
beforeAll(async () => {
  cloud = await openCloud()
  chain = await seedChain(cloud)
  other = await seedChain(cloud)
  token = await enrolChild(cloud, chain, chain.shops[0])
})
afterAll(() => cloud.close())

let epoch = 0
/** A new stream of the shop's server, with some sales of one session. */
function sell(count: number, author = `s-${chain.shops[0]}`, shopId: string = chain.shops[0]) {
  epoch += 1
  const made = makeAuthor(chain.org, author, `1.${epoch}`)
  const at = { shopId, tillId: chain.tills[0], sessionId: newId() }
  made.seal(Array.from({ length: count }, () => draftSale(chain, at)))
  return made
}
const headOf = async (stream: StreamId) => {
  const [row] = await cloud.db<{ seq: number }[]>`
    SELECT head_seq AS seq FROM stream WHERE org_id = ${chain.org} AND stream = ${stream}
  `
  return row?.seq ?? 0
}
const settled = () => cloud.parts().projector.settled()
const salesOf = async (made: ReturnType<typeof sell>) => {
  await settled()
  const ids = made.facts.map((bytes) => JSON.parse(Buffer.from(bytes).toString()).id as string)
  const [row] = await cloud.db<{ sales: number; total: number }[]>`
    SELECT count(*) AS sales, coalesce(sum(total_minor), 0)::bigint AS total
    FROM sale WHERE org_id = ${chain.org} AND id = ANY(${ids}::uuid[])
  `
  return row
}

test('a batch is journalled, acknowledged with its hash, and in the tables moments later', async () => {
  const made = sell(5)
  const ack = await push(cloud, token, { batch: made.batch(1), gzip: true })
  expect(ack).toEqual({
    status: 200,
    body: { stream: made.stream, seq: 5, hash: made.hashAt(5), cloudSeq: 5 },
  })
  expect(await salesOf(made)).toEqual({ sales: 5, total: 5 * 65_00 })
})

test('a batch that comes again, whole or overlapping, changes nothing and is acknowledged', async () => {
  const made = sell(6)
  await push(cloud, token, { batch: made.batch(1, 4) })
  const again = await Promise.all([
    push(cloud, token, { batch: made.batch(1, 4) }),
    push(cloud, token, { batch: made.batch(2, 6) }),
    push(cloud, token, { batch: made.batch(1, 6), gzip: true }),
    push(cloud, token, { batch: made.batch(3, 4) }),
  ])
  expect(again.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(await headOf(made.stream)).toBe(6)
  expect(await salesOf(made)).toEqual({ sales: 6, total: 6 * 65_00 })
})

test('batches that wait together are journalled in one transaction, each with its own answer', async () => {
  const many = Array.from({ length: 6 }, () => sell(3))
  const [held, gap] = [sell(2), sell(4)]
  await push(cloud, token, { batch: held.batch(1, 1) })
  const hold = Promise.withResolvers<void>()
  const holding = Promise.withResolvers<void>()
  const before = cloud.db.begin(async (tx) => {
    await tx`SELECT FROM stream WHERE stream = ${held.stream} FOR UPDATE`
    holding.resolve()
    await hold.promise
  })
  await holding.promise
  const first = push(cloud, token, { batch: held.batch(2) })
  const waiting = () => cloud.db`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`
  await expect.poll(async () => (await waiting()).length).toBeGreaterThan(0)
  const others = [...many.map((made) => made.batch(1)), gap.batch(3)]
  const pushed = others.map((batch) => push(cloud, token, { batch }))
  await new Promise((resolve) => setTimeout(resolve, 500)) // They are in the queue by then.
  hold.resolve()
  await before
  const answers = (await Promise.all([first, ...pushed])).map(({ status, body }) => [
    status,
    body.seq ?? body.code,
  ])
  expect(answers).toEqual([[200, 2], ...many.map(() => [200, 3]), [409, 'gap']])
  const transactions = await cloud.db`
    SELECT DISTINCT xmin::text FROM journal WHERE stream = ANY(${many.map(({ stream }) => stream)})
  `
  expect(transactions.length).toBe(1)
})

test('a batch that was cut off on the way is not taken, and the next one goes on', async () => {
  const made = sell(4)
  const whole = encodeBatch(made.batch(1).header, made.batch(1).facts)
  for (const size of [1, 100, whole.length - 1]) {
    const cut = await push(cloud, token, { raw: whole.slice(0, size) })
    expect(cut).toMatchObject({ status: 400, body: { code: 'bad_batch' } })
  }
  // Cut at a line's end it is a shorter batch, but not the one that its header speaks of.
  const shorter = encodeBatch(made.batch(1).header, made.batch(1).facts.slice(0, 2))
  expect((await push(cloud, token, { raw: shorter })).body.code).toBe('damaged')
  const half = gzipSync(whole).subarray(0, 60)
  const response = await fetch(`${cloud.url}/sync/v1/push`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
    },
    body: Uint8Array.from(half),
  })
  expect(response.status).toBe(400)
  expect(await headOf(made.stream)).toBe(0)
  expect((await push(cloud, token, { batch: made.batch(1) })).body.seq).toBe(4)
})

test('a batch that skips a position is answered with a gap', async () => {
  const made = sell(4)
  const answer = await push(cloud, token, { batch: made.batch(2) })
  expect(answer).toMatchObject({ status: 409, body: { code: 'gap' } })
})

test('another branch of a stream is refused and kept apart', async () => {
  const made = sell(3)
  const at = { shopId: chain.shops[0], tillId: chain.tills[0], sessionId: newId() }
  const name = /:([0-9.]+)\//.exec(made.stream)?.[1]
  const clone = makeAuthor(chain.org, `s-${chain.shops[0]}`, name)
  clone.seal(Array.from({ length: 5 }, () => draftSale(chain, at)))
  await push(cloud, token, { batch: made.batch(1) })
  for (const batch of [clone.batch(1), clone.batch(4), clone.batch(2, 3)]) {
    expect(await push(cloud, token, { batch })).toMatchObject({
      ...{ status: 409, body: { code: 'fork' } },
    })
  }
  expect(await headOf(made.stream)).toBe(3)
  const kept = await cloud.db<{ seq: number; peer: string }[]>`
    SELECT seq, peer FROM forked_fact
    WHERE org_id = ${chain.org} AND stream = ${made.stream} ORDER BY seq
  `
  expect(kept.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
  expect(new Set(kept.map(({ peer }) => peer))).toEqual(new Set([`s-${chain.shops[0]}`]))
  expect(await salesOf(clone), 'nothing of it is in the tables').toEqual({ sales: 0, total: 0 })
  expect((await push(cloud, token, { batch: made.batch(1) })).status, 'the honest one').toBe(200)
})

test('a batch whose header names another position is no other history', async () => {
  const made = sell(4)
  await push(cloud, token, { batch: made.batch(1, 2) })
  for (const from of [1, 2]) {
    const batch = { ...made.batch(3), header: { ...made.batch(3).header, from } }
    expect((await push(cloud, token, { batch })).body.code).toBe('fact_refused')
  }
  expect((await push(cloud, token, { batch: made.batch(3) })).body.seq).toBe(4)
})

test('a fact that was changed, cut out or moved is refused, whatever its sender says of hashes', async () => {
  const made = sell(4)
  const batch = made.batch(1)
  const text = Buffer.from(batch.facts[1] ?? '').toString()
  const cheaper = Buffer.from(text.replace('"totalMinor":6500', '"totalMinor":6400'))
  expect(Buffer.compare(cheaper, Buffer.from(text))).not.toBe(0)
  const changed = batch.facts.map((fact, index) => (index === 1 ? cheaper : fact))
  expect((await push(cloud, token, { batch: { ...batch, facts: changed } })).body.code).toBe(
    'damaged',
  )
  const rows = [
    batch.facts.filter((_, index) => index !== 1),
    [batch.facts[1] ?? cheaper, batch.facts[0] ?? cheaper],
    [Buffer.from('{"no":"fact"}')],
  ]
  for (const facts of rows) {
    expect(await push(cloud, token, { batch: lie(batch, facts) })).toMatchObject({
      ...{ status: 422, body: { code: 'fact_refused' } },
    })
  }
  // Changed after it was acknowledged: then the chain shows it.
  await push(cloud, token, { batch: made.batch(1, 2) })
  expect((await push(cloud, token, { batch: lie(batch, changed) })).body.code).toBe('fork')
  expect(await salesOf(made)).toEqual({ sales: 2, total: 2 * 65_00 })
})

test('a child brings its own streams and those of its shop’s tills, and no other', async () => {
  const strangers = [
    `s-${chain.shops[1]}`,
    `t-${chain.tills[1]}`,
    `s-${other.shops[0]}`,
    `t-${newId()}`,
    'cloud',
  ]
  for (const author of strangers) {
    const answer = await push(cloud, token, { batch: sell(1, author).batch(1) })
    expect(answer, author).toMatchObject({ status: 403, body: { code: 'stream_not_yours' } })
  }
  const feed = { stream: 'feed/org@1' as StreamId, from: 1, prevHash: '0'.repeat(64) }
  const batch = { header: { ...feed, lastHash: '0'.repeat(64) }, facts: [] }
  expect((await push(cloud, token, { batch })).body.code).toBe('stream_not_yours')
  const till = sell(2, `t-${chain.tills[0]}`)
  expect((await push(cloud, token, { batch: till.batch(1) })).body.seq).toBe(2)
})

test('a shop’s node cannot give itself a role, nor speak for another shop or chain', async () => {
  const author = `s-${chain.shops[0]}`
  const role: FactDraft = {
    ...draftSale(chain, { shopId: chain.shops[0], tillId: chain.tills[0], sessionId: newId() }),
    type: 'role.changed',
    scope: 'org',
    body: { entityId: chain.roles.cashier, fields: { permissions: ['chain.manage'] } },
  }
  epoch += 1
  const thief = makeAuthor(chain.org, author, `1.${epoch}`)
  thief.seal([role])
  expect((await push(cloud, token, { batch: thief.batch(1) })).body.code).toBe('fact_refused')
  const liar = sell(1, author, chain.shops[1])
  expect((await push(cloud, token, { batch: liar.batch(1) })).body.code).toBe('fact_refused')
  epoch += 1
  const foreign = makeAuthor(other.org, author, `1.${epoch}`)
  foreign.seal([draftSale(chain, { shopId: chain.shops[0], tillId: newId(), sessionId: newId() })])
  expect((await push(cloud, token, { batch: foreign.batch(1) })).body.code).toBe('fact_refused')
  expect(await headOf(thief.stream)).toBe(0)
})

test('a fact of a type that is not known yet is kept, acknowledged and parked, and stops nothing', async () => {
  const made = sell(1)
  const at = { shopId: chain.shops[0], tillId: chain.tills[0], sessionId: newId() }
  made.seal([{ ...draftSale(chain, at), type: 'future.thing', body: { new: true } }])
  made.seal([draftSale(chain, at)])
  expect((await push(cloud, token, { batch: made.batch(1) })).body.seq).toBe(3)
  expect(await salesOf(made)).toMatchObject({ sales: 2 })
  const parked = await cloud.db`
    SELECT seq, reason FROM parked WHERE org_id = ${chain.org} AND stream = ${made.stream}
  `
  expect([...parked]).toEqual([{ seq: 2, reason: 'unknown_type' }])
})

test('bodies are bounded as they come and as they unpack', async () => {
  const large = await push(cloud, token, { raw: new Uint8Array(batchWireBytesMax + 1) })
  expect(large).toMatchObject({ status: 413 })
  const bomb = await push(cloud, token, { raw: new Uint8Array(200_000_000), gzip: true })
  expect(bomb).toMatchObject({ status: 413, body: { code: 'batch_too_large' } })
  const many = await push(cloud, token, { raw: Buffer.from('{}\n'.repeat(5_000)) })
  expect(many).toMatchObject({ status: 413, body: { code: 'batch_too_large' } })
})

test('an owner who watches sees a sale as it arrives, and nobody else’s', async () => {
  const owner = await logOwnerIn(cloud, chain)
  const { body } = await cloud.ask('/v1/live/tickets', {}, owner)
  const address = `${cloud.url.replace('http', 'ws')}/v1/live?ticket=${String(body.ticket)}`
  const socket = new WebSocket(address)
  const heard: { type: string; factId: string; summary: { totalMinor: number } }[] = []
  socket.onmessage = ({ data }) => heard.push(JSON.parse(String(data)))
  await new Promise((resolve) => {
    socket.onopen = resolve
  })
  const theirs = await enrolChild(cloud, other, other.shops[0])
  const foreign = makeAuthor(other.org, `s-${other.shops[0]}`, '1.0')
  const at = { shopId: other.shops[0], tillId: other.tills[0], sessionId: newId() }
  foreign.seal([draftSale(other, at)])
  expect((await push(cloud, theirs, { batch: foreign.batch(1) })).status).toBe(200)
  const made = sell(1)
  await push(cloud, token, { batch: made.batch(1) })
  const id = JSON.parse(Buffer.from(made.facts[0] ?? '').toString()).id as string
  await expect.poll(() => heard.map(({ factId }) => factId)).toEqual([id])
  expect(heard[0]).toMatchObject({ type: 'sale.completed', summary: { totalMinor: 65_00 } })
  socket.close()
})

const pull = (stream: string, who = token, after = 0): Promise<Response> =>
  fetch(`${cloud.url}/sync/v1/pull`, {
    method: 'POST',
    headers: { authorization: `Bearer ${who}`, 'content-type': 'application/json' },
    body: JSON.stringify({ stream, after, limit: 5 }),
  })

test('a feed is pulled in order, a page at a time, by who may hold it', async () => {
  const response = await pull('feed/org@1', token, 3)
  expect(response.status).toBe(200)
  const batch = decodeBatch(new Uint8Array(await response.arrayBuffer()), isPullHeader)
  expect(batch.ok && batch.value.header).toMatchObject({ from: 4, more: true })
  expect(batch.ok && batch.value.facts).toHaveLength(5)
  expect((await pull(`feed/credentials:${chain.shops[0]}@1`)).status).toBe(200)
  expect((await pull('feed/org@1', token, 999_999)).status).toBe(409)
})

test('a feed that is not for this child is refused, whether there is one or not', async () => {
  const rows = [
    `feed/credentials:${chain.shops[1]}@1`, // The other shop's.
    `feed/credentials:${other.shops[0]}@1`, // The other chain's.
    'feed/credentials@1', // The cloud's own.
    `feed/shop:${chain.shops[1]}@1`, // The other shop's.
    `s-${chain.shops[1]}:1.1/business`, // The other shop's own.
  ]
  for (const stream of rows) {
    const response = await pull(stream)
    expect(response.status, stream).toBe(403)
    expect(await response.json()).toMatchObject({ code: 'feed_not_yours' })
  }
})

test('one chain’s feed is not the other’s, though they have one name', async () => {
  const theirs = await enrolChild(cloud, other, other.shops[0])
  const text = await (await pull('feed/org@1', theirs)).text()
  expect(text).toContain(other.org)
  expect(text).not.toContain(chain.org)
})

const hello = (over: object, who = token) =>
  cloud.ask(
    '/sync/v1/hello',
    {
      ...{ proto: [1, protocolVersion], node: `s-${chain.shops[0]}`, epoch: '1.0', build: 'test' },
      ...{ now: new Date().toISOString(), heads: [], feeds: [] },
      ...over,
    },
    who,
  )

test('a hello tells where each stream stands, what is for the child, and what is wrong', async () => {
  const [behind, equal, ahead, forked, unknown] = [sell(4), sell(4), sell(4), sell(4), sell(4)]
  await push(cloud, token, { batch: behind.batch(1, 2) })
  for (const made of [equal, ahead, forked]) await push(cloud, token, { batch: made.batch(1) })
  const foreign = sell(1, `s-${chain.shops[1]}`)
  const at = (made: ReturnType<typeof sell>, seq: number) => ({
    ...{ stream: made.stream, seq, hash: made.hashAt(seq) },
  })
  const { status, body } = await hello({
    heads: [
      at(behind, 4),
      at(equal, 4),
      at(ahead, 2),
      { ...at(forked, 4), hash: 'f'.repeat(64) },
      at(unknown, 4),
      at(foreign, 1),
    ],
    feeds: [{ stream: 'feed/org@1', seq: 2, hash: 'f'.repeat(64) }],
  })
  expect(status).toBe(200)
  const verdicts = body.verdicts as { stream: string; verdict: string }[]
  const verdictOf = (stream: string) => verdicts.find((each) => each.stream === stream)?.verdict
  expect(verdictOf(behind.stream), 'the child compares').toBe('resume')
  expect(verdictOf(equal.stream)).toBe('resume')
  expect(verdictOf(ahead.stream)).toBe('sender_rolled_back')
  expect(verdictOf(forked.stream)).toBe('fork')
  expect(verdictOf(unknown.stream)).toBe('unknown')
  expect(verdictOf(foreign.stream)).toBe('quarantined')
  expect(verdictOf('feed/org@1')).toBe('fork')
  expect(body.have).toContainEqual({ ...at(behind, 2), cloudSeq: 2 })
  const feeds = (body.feeds as { stream: string }[]).map(({ stream }) => stream).sort()
  expect(feeds).toEqual([`feed/credentials:${chain.shops[0]}@1`, 'feed/org@1'])
})

test('a child of a protocol that is not spoken any more is told so by a code', async () => {
  const answer = await hello({ proto: [protocolVersion + 1, protocolVersion + 3] })
  expect(answer).toMatchObject({ status: 409, body: { code: 'version_not_spoken' } })
})

test('nobody syncs without a child’s token', async () => {
  expect((await hello({}, 'nonsense')).status).toBe(401)
  expect((await hello({}, cloud.keys.adminKey)).status).toBe(403)
  expect((await push(cloud, 'nonsense', { batch: sell(1).batch(1) })).status).toBe(401)
})

test('facts that were acknowledged and not projected when the cloud stopped are projected after', async () => {
  const made = sell(3)
  await push(cloud, token, { batch: made.batch(1) })
  await settled()
  // As if it had died between the acknowledgement and the tables.
  const more = [
    draftSale(chain, { shopId: chain.shops[0], tillId: chain.tills[0], sessionId: newId() }),
  ]
  made.seal(more)
  await cloud.parts().projector.stop()
  expect((await push(cloud, token, { batch: made.batch(4) })).body.seq).toBe(4)
  const ready = await fetch(`${cloud.url}/readyz`)
  expect(await ready.json()).toMatchObject({ queue: { facts: 1 } })
  await cloud.fall()
  await cloud.rise()
  expect(await salesOf(made)).toMatchObject({ sales: 4 })
})
