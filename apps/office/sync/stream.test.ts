import { expect, test } from 'vitest'
import { nameStream } from './stream-name.ts'
import { describeStream } from './stream-state.ts'

const shopId = '01990000-0000-7000-8000-000000000001'
const tillId = '01990000-0000-7000-8000-000000000002'
const places = {
  shops: [{ id: shopId, name: 'Ari' }],
  tills: [{ id: tillId, number: 2, shopId }],
}

test.for([
  [`s-${shopId}:1.0/business`, 'stream.store', 'Ari'],
  [`t-${tillId}:1.2/business`, 'stream.till', 'Ari'],
  ['feed/org@1', 'stream.org', ''],
  [`feed/credentials:${shopId}@1`, 'stream.credentials', 'Ari'],
  ['feed/credentials@1', 'stream.allCredentials', ''],
] as const)('%s is called by its speaker', ([stream, text, shop]) => {
  expect(nameStream(stream, places)).toMatchObject({ text, shop })
})

test('a stream of an unknown sort has only its own name', () => {
  expect(nameStream('of/tomorrow', places)).toBeUndefined()
})

test.for([
  [{ trust: 'suspect' }, 'sync.state.doubted'],
  [{ projectedSeq: 9 }, 'sync.state.applying'],
  [{ cloudSeq: 9 }, 'sync.state.sending'],
  [{}, 'sync.state.whole'],
  [{ trust: 'quarantined', projectedSeq: 9, cloudSeq: 9 }, 'sync.state.doubted'],
] as const)('the worst of a stream is said: %o', ([changes, text]) => {
  const stream = { headSeq: 10, projectedSeq: 10, cloudSeq: 10, trust: 'ok', ...changes }
  expect(describeStream(stream).text).toBe(text)
})
