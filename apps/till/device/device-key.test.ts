import { createPublicKey, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { isKeyPair, makeDeviceKey, signBytes } from './device-key.ts'

const { subtle } = crypto

test('a head is signed so that the servers can check it, by a key that cannot be taken away', async () => {
  const key = await makeDeviceKey(subtle)
  if (key === undefined) throw new Error('this Node has Ed25519')
  const bytes = new TextEncoder().encode('tillkeeper-head-1')
  const signature = Buffer.from(await signBytes(subtle, key, bytes), 'base64')
  const der = Buffer.from(key.publicKey, 'base64')
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' })
  expect(verify(null, bytes, publicKey, signature)).toBe(true)
  expect(verify(null, Buffer.from('another'), publicKey, signature)).toBe(false)
  await expect(subtle.exportKey('pkcs8', key.privateKey)).rejects.toThrow()
})

test('halves of two keys are no pair', async () => {
  const [one, other] = await Promise.all([makeDeviceKey(subtle), makeDeviceKey(subtle)])
  if (one === undefined || other === undefined) throw new Error('this Node has Ed25519')
  expect(await isKeyPair(subtle, one)).toBe(true)
  expect(await isKeyPair(subtle, { ...one, publicKey: other.publicKey })).toBe(false)
  expect(await isKeyPair(subtle, { ...one, publicKey: 'no key' })).toBe(false)
})

test('a browser without Ed25519 has no key, and goes on', async () => {
  const old = {
    generateKey: () => Promise.reject(new DOMException('', 'NotSupportedError')),
  } as unknown as SubtleCrypto
  expect(await makeDeviceKey(old)).toBeUndefined()
})
