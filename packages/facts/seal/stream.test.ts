import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  authorStreamId,
  chainHash,
  feedStreamId,
  genesisHash,
  parseStreamId,
  streamPattern,
} from './stream.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const shop = '01940000-0000-7000-8000-000000000001'

test.for([
  [
    `s-${shop}:1.0/business`,
    { kind: 'author', author: `s-${shop}`, epoch: '1.0', lane: 'business' },
  ],
  [
    'cloud:12.345/telemetry',
    { kind: 'author', author: 'cloud', epoch: '12.345', lane: 'telemetry' },
  ],
  ['feed/org@1', { kind: 'feed', scope: 'org', epoch: '1' }],
  [`feed/credentials:${shop}@2`, { kind: 'feed', scope: `credentials:${shop}`, epoch: '2' }],
  ['', undefined],
  ['cloud:1.0', undefined],
  ['cloud:1.0/sales', undefined],
  ['cloud:1/business', undefined],
  [':1.0/business', undefined],
  ['a b:1.0/business', undefined],
  ['cloud:1.0/business\n', undefined],
  [' feed/org@1', undefined],
  ['feed/org', undefined],
  ['feed/Org@1', undefined],
  ['feed/shop:x@1', undefined],
  [`${'a'.repeat(65)}:1.0/business`, undefined],
  ['cloud:1234567890.0/business', undefined],
] as const)('%j is the stream %j', ([text, name]) => {
  expect(parseStreamId(text)).toEqual(name)
  expect(new RegExp(streamPattern, 'u').test(text)).toBe(name !== undefined)
})

test('a name that is made can be taken apart, and none other can be made', () => {
  const author = fc.stringMatching(/^[A-Za-z0-9-]{1,64}$/)
  const epoch = fc.stringMatching(/^[0-9]{1,9}\.[0-9]{1,9}$/)
  fc.assert(
    fc.property(author, epoch, fc.constantFrom('business', 'telemetry'), (name, major, lane) => {
      const id = authorStreamId(name, major, lane)
      expect(parseStreamId(id)).toEqual({ kind: 'author', author: name, epoch: major, lane })
    }),
  )
  expect(parseStreamId(feedStreamId('org', 7))).toEqual({ kind: 'feed', scope: 'org', epoch: '7' })
  expect(() => authorStreamId('cloud', '1', 'business')).toThrow('well-formed')
  expect(() => feedStreamId('org@1/x', 1)).toThrow('well-formed')
  expect(() => feedStreamId('org', -1)).toThrow('well-formed')
})

test('a chain begins with the hash of its stream’s name', () => {
  const stream = authorStreamId('cloud', '1.0', 'business')
  expect(Buffer.from(genesisHash(sha256, stream)).toString('hex')).toBe(
    createHash('sha256').update('cloud:1.0/business').digest('hex'),
  )
})

test('a link is the hash of the hash before and the bytes', () => {
  const before = sha256(Buffer.from('a'))
  const bytes = Buffer.from('{"id":1}')
  expect(chainHash(sha256, before, bytes)).toEqual(sha256(Buffer.concat([before, bytes])))
  expect(() => chainHash(sha256, new Uint8Array(31), bytes)).toThrow('32 bytes')
})
