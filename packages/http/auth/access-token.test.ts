import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { accessSeconds, createAccessTokens } from './access-token.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const tokens = createAccessTokens(privateKey, 'store:s1')
const now = new Date('2026-11-20T05:00:00.000Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const claims = { sub: 'nok', org: 'o', login: 'l' }
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const seconds = Math.floor(now.getTime() / 1000)
const payload = {
  ...claims,
  iss: 'store:s1',
  aud: 'tillkeeper',
  iat: seconds,
  exp: seconds + accessSeconds,
}

/** Signs whatever it is told to, with the server's own key. */
function forge(header: object, body: object = payload): string {
  const text = `${encode(header)}.${encode(body)}`
  return `${text}.${sign(null, Buffer.from(text), privateKey).toString('base64url')}`
}

const good = { alg: 'EdDSA', typ: 'at+jwt' }

test('a token is good for ten minutes, for its own type alone', async () => {
  const token = await tokens.sign('at+jwt', claims, now)
  expect(await tokens.verify('at+jwt', token, now)).toMatchObject(claims)
  expect(await tokens.verify('at+jwt', token, later(accessSeconds))).toMatchObject(claims)
  expect(await tokens.verify('at+jwt', token, later(accessSeconds + 6))).toBeUndefined()
  expect(await tokens.verify('at+jwt', token, later(-3600))).toBeUndefined()
  expect(await tokens.verify('node+jwt', token, now)).toBeUndefined()
  expect(await tokens.verify('at+jwt', forge(good), now)).toMatchObject(claims)
})

test('a token of another server, or for somebody else, is none', async () => {
  const other = createAccessTokens(generateKeyPairSync('ed25519').privateKey, 'store:s1')
  const elsewhere = createAccessTokens(privateKey, 'store:s2')
  for (const token of [
    await other.sign('at+jwt', claims, now),
    await elsewhere.sign('at+jwt', claims, now),
    forge(good, { ...payload, aud: 'elsewhere' }),
    forge(good, { ...payload, iss: undefined }),
    forge(good, { ...payload, sub: undefined }),
    forge(good, { ...payload, exp: undefined }),
    forge(good, { ...payload, iat: undefined }),
    forge(good, { ...payload, exp: seconds + 10 * 365 * 86_400, iat: seconds - 86_400 }),
    forge(good, { ...payload, nbf: seconds + 3600 }),
    forge({ ...good, typ: 'JWT' }),
    forge({ ...good, typ: undefined }),
    forge({ ...good, crit: ['exp'] }),
    forge({ ...good, crit: ['x'], x: 1 }),
    forge({ ...good, b64: false, crit: ['b64'] }),
  ]) {
    expect(await tokens.verify('at+jwt', token, now)).toBeUndefined()
  }
})

test('no token chooses how it is checked', async () => {
  const publicPem = createPublicKey(privateKey).export({ format: 'pem', type: 'spki' })
  const body = encode(payload)
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' })
  const tries = [
    `${encode({ alg: 'none', typ: 'at+jwt' })}.${body}.`,
    `${encode({ alg: 'None', typ: 'at+jwt' })}.${body}.`,
    ...[publicPem, ` ${publicPem}`, jwk.x ?? ''].map((secret) => {
      const text = `${encode({ alg: 'HS256', typ: 'at+jwt' })}.${body}`
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
    }),
    `${forge(good).slice(0, -8)}AAAAAAAA`,
    `${encode({ ...good, jwk })}.${body}.${Buffer.alloc(64).toString('base64url')}`,
    `${encode({ ...good, jku: 'http://evil/keys' })}.${body}.x`,
    `${encode({ ...good, kid: '../../dev/null' })}.${body}.x`,
    '',
    'a.b.c',
    'x'.repeat(4096),
    `${forge(good)}.extra`,
  ]
  for (const token of tries) expect(await tokens.verify('at+jwt', token, now)).toBeUndefined()
})
