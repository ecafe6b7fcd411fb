import { createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import type { OrgId } from '@tillkeeper/core/base/id.ts'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { forgetTokens, renewalsMax } from '@tillkeeper/http/sync/identity-sql.ts'
import { isReceipt, signHead } from '@tillkeeper/http/sync/sign-heads.ts'
import { listIncidents } from '@tillkeeper/projections/journal/incident-sql.ts'
import type { HelloReply, Receipt } from '@tillkeeper/sync/message/messages.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  newId,
  type OpenedCloud,
  openCloud,
  type SeededChain,
  seedChain,
} from '../testing/open-cloud.gen.ts'
import { draftSale, enrolKey, makeAuthor, push } from '../testing/raw-child.gen.ts'

let cloud: OpenedCloud
let chain: SeededChain
let node: Awaited<ReturnType<typeof enrolKey>>
let org: OrgId
let author: string
beforeAll(async () => {
  cloud = await openCloud()
  chain = await seedChain(cloud)
  node = await enrolKey(cloud, chain, chain.shops[0])
  org = chain.org as OrgId
  author = `s-${chain.shops[0]}`
})
afterAll(() => cloud.close())

const hello = async (over: object) => {
  const { status, body } = await cloud.ask(
    '/sync/v1/hello',
    {
      ...{ proto: [1, 2], node: author, epoch: `${node.major}.0`, build: 'test' },
      ...{ now: new Date().toISOString(), heads: [], feeds: [], ...over },
    },
    node.token,
  )
  return { status, body: body as unknown as HelloReply }
}
const word = (text: string) => text.padEnd(22, '_')
const say = async (held: string, next: string, epoch = `${node.major}.0`) =>
  (await hello({ epoch, token: { held: word(held), next: word(next) } })).body.cloned
const incidents = async (kind: string) =>
  (await listIncidents(cloud.db, org, { openOnly: true })).filter((each) => each.kind === kind)

let minors = 100
function sell(count: number) {
  minors += 1
  const made = makeAuthor(chain.org, author, `${node.major}.${minors}`)
  const [shopId, tillId] = [chain.shops[0], chain.tills[0]]
  const sessionId = newId()
  made.seal(Array.from({ length: count }, () => draftSale(chain, { shopId, tillId, sessionId })))
  return made
}
const headOf = (made: ReturnType<typeof sell>, seq: number) => ({
  ...{ stream: made.stream, seq, hash: made.hashAt(seq) },
})

test('a child that goes on from its own word is no copy, whatever answer is lost', async () => {
  for (const [held, next] of [
    ['a', 'b'],
    ['a', 'b'], // The answer was lost.
    ['b', 'c'],
    ['c', 'd'],
    ['b', 'c'], // It came late.
    ['d', 'e'],
  ] as const) {
    expect(await say(held, next), `${held} ${next}`).toBe(false)
  }
  expect(await incidents('clone_suspected')).toEqual([])
})

test('of two that go on from one word the second is found, and it is one incident', async () => {
  expect(await say('e', 'mine')).toBe(false)
  expect(await say('e', 'yours')).toBe(true)
  expect(await say('e', 'yours'), 'until it renews').toBe(true)
  expect(await say('mine', 'mine2'), 'the first is left in peace').toBe(false)
  expect(await incidents('clone_suspected')).toMatchObject([{ node: author, stream: null }])
  const request = randomUUID()
  const asked = { node: author, epoch: `${node.major}.0`, request }
  const first = await cloud.ask('/sync/v1/renew', asked, node.token)
  expect(first).toEqual({ status: 200, body: { epoch: `${node.major + 1}.0` } })
  expect(await cloud.ask('/sync/v1/renew', asked, node.token), 'the answer was lost').toEqual(first)
  expect(await say('yours', 'yours2', String(first.body.epoch)), 'a new epoch').toBe(false)
  expect((await node.askToken(node.major + 1)).status).toBe(200)
})

test('a cloud that forgot what children said begins anew with each', async () => {
  expect(await say('unheard', 'of')).toBe(true)
  await forgetTokens(cloud.db, org)
  expect(await say('unheard', 'of')).toBe(false)
  expect(await say('of', 'now')).toBe(false)
})

test('epochs are granted to the child itself, and to one that asks without end no more', async () => {
  const ask = (over: object) =>
    cloud.ask(
      '/sync/v1/renew',
      { node: author, epoch: `${node.major}.0`, request: randomUUID(), ...over },
      node.token,
    )
  expect((await ask({ node: `s-${chain.shops[1]}` })).body.code).toBe('stream_not_yours')
  expect((await ask({ epoch: '77.0' })).body.code).toBe('stream_not_yours')
  const granted = new Set<unknown>()
  for (let count = 1; count < renewalsMax; count += 1) granted.add((await ask({})).body.epoch)
  expect(granted.size, 'each another').toBe(renewalsMax - 1)
  expect(await ask({})).toMatchObject({ status: 429, body: { code: 'too_many_requests' } })
})

test('a child speaks for itself alone', async () => {
  expect((await hello({ node: `s-${chain.shops[1]}` })).body).toMatchObject({
    code: 'stream_not_yours',
  })
})

test('a head that its author signed is kept; one that another signed is an incident', async () => {
  const [mine, foreign] = [sell(3), sell(2)]
  for (const made of [mine, foreign]) await push(cloud, node.token, { batch: made.batch(1) })
  const other = generateKeyPairSync('ed25519').privateKey
  const signed = (made: ReturnType<typeof sell>, seq: number, key: KeyObject) => ({
    ...headOf(made, seq),
    signature: signHead(org, headOf(made, seq), key),
  })
  const kept = (stream: string) => cloud.db<{ seq: number; hash: string }[]>`
    SELECT seq, encode(hash, 'hex') AS hash FROM head_signature WHERE stream = ${stream}
  `
  await hello({ heads: [signed(mine, 3, node.privateKey), signed(foreign, 2, other)] })
  expect([...(await kept(mine.stream))]).toEqual([{ seq: 3, hash: mine.hashAt(3) }])
  expect([...(await kept(foreign.stream))]).toEqual([])
  expect(await incidents('bad_signature')).toMatchObject([{ stream: foreign.stream }])
  // A signature over another head is none.
  const moved = { ...headOf(mine, 2), signature: signed(mine, 3, node.privateKey).signature }
  await hello({ heads: [moved] })
  expect(await incidents('bad_signature')).toHaveLength(2)
  await hello({ heads: [signed(mine, 2, node.privateKey)] })
  expect([...(await kept(mine.stream))], 'an older head says less').toMatchObject([{ seq: 3 }])
})

test('the cloud countersigns what it holds, the same as long as it holds the same', async () => {
  const made = sell(4)
  await push(cloud, node.token, { batch: made.batch(1, 3) })
  const receiptOf = async (): Promise<Receipt | undefined> => {
    const { body } = await hello({ heads: [headOf(made, 4)] })
    return body.receipts?.find(({ stream }) => stream === made.stream)
  }
  const receipt = await receiptOf()
  expect(receipt).toMatchObject(headOf(made, 3))
  const key = createPublicKey({
    ...{ key: Buffer.from(cloud.keys.publicKey, 'base64'), format: 'der', type: 'spki' },
  })
  expect(receipt !== undefined && isReceipt(org, receipt, key)).toBe(true)
  expect(receipt !== undefined && isReceipt(org, { ...receipt, seq: 4 }, key)).toBe(false)
  expect(await receiptOf()).toEqual(receipt)
  await push(cloud, node.token, { batch: made.batch(4) })
  expect(await receiptOf()).toMatchObject(headOf(made, 4))
})

test('a child may compare and pull its own streams, and nobody else’s', async () => {
  const made = sell(5)
  await push(cloud, node.token, { batch: made.batch(1) })
  const hashes = (stream: StreamId, seqs: readonly number[]) =>
    cloud.ask('/sync/v1/hashes', { stream, seqs }, node.token)
  expect((await hashes(made.stream, [5, 2, 9])).body).toEqual({
    stream: made.stream,
    hashes: [2, 5].map((seq) => ({ seq, hash: made.hashAt(seq) })),
  })
  const other = await enrolKey(cloud, chain, chain.shops[1])
  const ask = { stream: made.stream, after: 0, limit: 9 }
  expect((await cloud.ask('/sync/v1/pull', ask, other.token)).status).toBe(403)
  const asked = { stream: made.stream, seqs: [1] }
  expect((await cloud.ask('/sync/v1/hashes', asked, other.token)).status).toBe(403)
})

test('another history, and a tail that the child lost, are incidents of its stream', async () => {
  const [forked, lost] = [sell(4), sell(4)]
  for (const made of [forked, lost]) await push(cloud, node.token, { batch: made.batch(1) })
  await hello({ heads: [{ ...headOf(forked, 4), hash: 'f'.repeat(64) }, headOf(lost, 2)] })
  expect(await incidents('fork')).toMatchObject([{ node: author, stream: forked.stream }])
  expect(await incidents('rollback')).toContainEqual(
    expect.objectContaining({ node: author, stream: lost.stream }),
  )
})

test('one enrolment of a shop is taken back, and its others stay', async () => {
  const [first, second] = [
    await enrolKey(cloud, chain, chain.shops[1]),
    await enrolKey(cloud, chain, chain.shops[1]),
  ]
  const revoke = (major: number) => cloud.ask('/v1/node/revoke', { shopId: chain.shops[1], major })
  expect(await revoke(first.major)).toEqual({ status: 200, body: { revoked: 1 } })
  expect((await first.askToken(first.major)).status).toBe(401)
  expect((await second.askToken(second.major)).status).toBe(200)
  expect((await revoke(first.major)).body.code).toBe('node_not_found')
  const shopOfNobody = { shopId: newId(), major: 1 }
  expect((await cloud.ask('/v1/node/revoke', shopOfNobody)).body.code).toBe('shop_not_found')
})

test('a server that came back from a backup hears of streams that began after it', async () => {
  const late = sell(3)
  await push(cloud, node.token, { batch: late.batch(1) })
  const { body } = await hello({})
  expect(body.have).toContainEqual({ ...headOf(late, 3), cloudSeq: 3 })
  expect(body.verdicts).toContainEqual({ stream: late.stream, verdict: 'sender_rolled_back' })
  const said = await hello({ heads: [headOf(late, 3)] })
  expect(said.body.have.filter(({ stream }) => stream === late.stream)).toHaveLength(1)
  expect(said.body.verdicts).toContainEqual({ stream: late.stream, verdict: 'resume' })
  const old = await hello({ proto: [1, 1] })
  expect(old.body.have, 'a child of version 1 is told what it asked for').toEqual([])
})
