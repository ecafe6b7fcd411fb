import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { type AskNodeToken, type Enrolled, nodeProof } from '@tillkeeper/client/api/chain-shapes.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  logOwnerIn,
  newId,
  type OpenedCloud,
  openCloud,
  type SeededChain,
  seedChain,
} from '../testing/open-cloud.gen.ts'
import { clockToleranceMs } from './give-node-token.ts'

let cloud: OpenedCloud
let chain: SeededChain
beforeAll(async () => {
  cloud = await openCloud()
  chain = await seedChain(cloud)
})
afterAll(() => cloud.close())

const makeCode = async (shop = chain.shops[0]) =>
  String((await cloud.ask(`/v1/shops/${shop}/enrolment-codes`, {})).body.code)
const makeKey = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  return { privateKey, publicKey: spki }
}
const enrol = async (code: string, publicKey: string) =>
  cloud.ask('/sync/v1/enrol', { code, publicKey })

function ask(
  privateKey: KeyObject,
  { org, shopId, epoch }: Enrolled,
  over: object = {},
): AskNodeToken {
  const asked = {
    ...{ org, shopId, major: Number.parseInt(epoch, 10), time: new Date().toISOString() },
    nonce: randomBytes(18).toString('base64url'),
    ...over,
  }
  const signature = sign(null, Buffer.from(nodeProof(asked)), privateKey).toString('base64')
  return { ...asked, signature }
}

async function join() {
  const key = makeKey()
  const { body } = await enrol(await makeCode(), key.publicKey)
  return { ...key, enrolled: body as Enrolled }
}

test('a code enrols one server, which hears who it is; each enrolment is a new major epoch', async () => {
  const key = makeKey()
  const code = await makeCode()
  const first = await enrol(code, key.publicKey)
  expect(first).toMatchObject({
    status: 200,
    body: { org: chain.org, shopId: chain.shops[0], author: `s-${chain.shops[0]}`, epoch: '1.0' },
  })
  expect(Buffer.from(String(first.body.pepper), 'base64')).toHaveLength(32)
  expect((await enrol(code.toLowerCase(), key.publicKey)).body, 'the answer was lost').toEqual(
    first.body,
  )
  expect((await enrol(code, makeKey().publicKey)).body.code).toBe('enrolment_refused')
  const second = await enrol(await makeCode(), makeKey().publicKey)
  expect(second.body.epoch).toBe('2.0')
})

test('of ten servers that show one code at once, one is enrolled', async () => {
  const code = await makeCode(chain.shops[1])
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => enrol(code, makeKey().publicKey)),
  )
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
})

test('a code that is wrong, or older than ten minutes, enrols nobody', async () => {
  const code = await makeCode()
  expect((await enrol('AAAA-BBBB-CCCC', makeKey().publicKey)).body.code).toBe('enrolment_refused')
  const rsa = generateKeyPairSync('rsa', { modulusLength: 512 }).publicKey
  const spki = rsa.export({ format: 'der', type: 'spki' }).toString('base64')
  expect((await enrol(code, spki)).status).toBeGreaterThanOrEqual(400)
  cloud.clock.aheadMs += 600_001
  expect((await enrol(code, makeKey().publicKey)).body.code).toBe('enrolment_refused')
  cloud.clock.aheadMs = 0
})

test('who may not enrol gets no code', async () => {
  const id = newId()
  const asked = {
    orgId: chain.org,
    id,
    permissions: ['sale.read'],
    shops: chain.shops,
    active: true,
  }
  const { secret } = (await cloud.ask('/v1/api-keys', asked)).body
  const path = `/v1/shops/${chain.shops[0]}/enrolment-codes`
  expect((await cloud.ask(path, {}, String(secret))).status).toBe(403)
  expect((await cloud.ask(`/v1/shops/${newId()}/enrolment-codes`, {})).status).toBe(404)
  expect((await cloud.ask(path, {}, await logOwnerIn(cloud, chain))).status).toBe(200)
})

test('a server proves its key and gets a token; a proof is good once', async () => {
  const { privateKey, enrolled } = await join()
  const asked = ask(privateKey, enrolled)
  const { status, body } = await cloud.ask('/sync/v1/token', asked)
  expect({ status, expiresIn: body.expiresIn }).toEqual({ status: 200, expiresIn: 600 })
  expect((await cloud.ask('/sync/v1/token', asked)).body.code, 'replayed').toBe('node_not_known')
})

test('a proof by another key, for another shop, or with a changed word is none', async () => {
  const { privateKey, enrolled } = await join()
  const rows = [
    ask(makeKey().privateKey, enrolled),
    ask(privateKey, enrolled, { shopId: chain.shops[1] }),
    ask(privateKey, enrolled, { org: newId() }),
    { ...ask(privateKey, enrolled), nonce: 'a'.repeat(20) },
    ask(makeKey().privateKey, enrolled, { major: 99 }),
  ]
  for (const row of rows) {
    const { status, body } = await cloud.ask('/sync/v1/token', row)
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'node_not_known' })
  }
})

test('a server with a wrong clock is told the time, and gets in with it', async () => {
  const { privateKey, enrolled } = await join()
  const time = new Date(Date.now() - clockToleranceMs - 60_000).toISOString()
  const { status, body } = await cloud.ask('/sync/v1/token', ask(privateKey, enrolled, { time }))
  expect({ status, code: body.code }).toEqual({ status: 401, code: 'clock_differs' })
  const told = ask(privateKey, enrolled, { time: String(body.now) })
  expect((await cloud.ask('/sync/v1/token', told)).status).toBe(200)
})

test('a server that was taken back gets no token, and its token is nobody’s within seconds', async () => {
  const { privateKey, enrolled } = await join()
  const { token } = (await cloud.ask('/sync/v1/token', ask(privateKey, enrolled))).body
  const pull = { stream: 'feed/org@1', after: 0, limit: 1 }
  const status = async () => {
    const response = await fetch(`${cloud.url}/sync/v1/pull`, {
      method: 'POST',
      headers: { authorization: `Bearer ${String(token)}`, 'content-type': 'application/json' },
      body: JSON.stringify(pull),
    })
    return response.status
  }
  expect(await status()).toBe(200)
  const revoked = await cloud.ask(`/v1/shops/${chain.shops[0]}/revoke-nodes`, {})
  expect(revoked.body.revoked).toBeGreaterThan(0)
  expect((await cloud.ask('/sync/v1/token', ask(privateKey, enrolled))).status).toBe(401)
  cloud.clock.aheadMs += 3_000 // What was recognised is remembered for two seconds.
  expect(await status()).toBe(401)
  cloud.clock.aheadMs = 0
})

test('a node’s token opens nothing but sync, and a person’s no sync', async () => {
  const { privateKey, enrolled } = await join()
  const { token } = (await cloud.ask('/sync/v1/token', ask(privateKey, enrolled))).body
  expect((await cloud.read('/v1/sales', String(token))).status).toBe(403)
  const owner = await logOwnerIn(cloud, chain)
  expect(
    (await cloud.ask('/sync/v1/pull', { stream: 'feed/org@1', after: 0, limit: 1 }, owner)).status,
  ).toBe(403)
})
