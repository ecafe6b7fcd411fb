import { gzipSync, zstdCompressSync } from 'node:zlib'
import { batchWireBytesMax } from '@tillkeeper/sync/message/ndjson.ts'
import { expect, test } from 'vitest'
import { pack, unpack } from './unpack.ts'

const text = Buffer.from('a fact\n'.repeat(1_000))

test('what was packed comes out as it went in', async () => {
  const packed = await pack(text, 'br, gzip;q=0.5')
  expect(packed.encoding).toBe('gzip')
  expect(packed.body.length).toBeLessThan(text.length / 10)
  const unpacked = await unpack(Buffer.from(packed.body), 'gzip')
  expect(unpacked.ok && Buffer.compare(unpacked.value, text)).toBe(0)
})

test('a batch in zstd comes out as it went in, and a bomb in it is given up', async () => {
  const unpacked = await unpack(zstdCompressSync(text), 'zstd')
  expect(unpacked.ok && Buffer.compare(unpacked.value, text)).toBe(0)
  const bomb = zstdCompressSync(Buffer.alloc(batchWireBytesMax + 1_000_000))
  expect(await unpack(bomb, 'zstd')).toEqual({ ok: false, refusal: { code: 'batch_too_large' } })
})

test('nothing is packed for who cannot unpack it, or where it would gain nothing', async () => {
  expect(await pack(text, 'br')).toEqual({ body: text, encoding: undefined })
  expect(await pack(text, undefined)).toEqual({ body: text, encoding: undefined })
  expect((await pack(Buffer.from('short'), 'gzip')).encoding).toBeUndefined()
})

test('a body that swells is given up at the size of a batch, and not unpacked to its end', async () => {
  const bomb = gzipSync(Buffer.alloc(batchWireBytesMax + 1_000_000))
  // Its end is damaged: who reads that far answers otherwise.
  bomb.fill(0xff, bomb.length - 8)
  expect(await unpack(bomb, 'gzip')).toEqual({ ok: false, refusal: { code: 'batch_too_large' } })
})

test.for([
  ['damaged', gzipSync(text).fill(7, 12, 30), 'gzip'],
  ['cut off', gzipSync(text).subarray(0, 20), 'gzip'],
  ['empty', Buffer.alloc(0), 'gzip'],
  ['damaged in zstd', zstdCompressSync(text).fill(7, 6, 20), 'zstd'],
  ['cut off in zstd', zstdCompressSync(text).subarray(0, 12), 'zstd'],
  ['packed otherwise', text, 'br'],
  ['packed twice', text, 'gzip, gzip'],
] as const)('a body that is %s is no batch', async ([, body, encoding]) => {
  expect(await unpack(body, encoding)).toEqual({ ok: false, refusal: { code: 'bad_batch' } })
})
