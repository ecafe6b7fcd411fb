import { authorStreamId } from '@tillkeeper/facts/seal/stream.ts'
import { expect, test } from 'vitest'
import type { Hello } from '../message/messages.ts'
import { httpWire } from './http-wire.ts'

type Asked = { readonly path: string; readonly headers: Headers; readonly body: Uint8Array }

function listeningWire(takes?: string) {
  const asked: Asked[] = []
  const wire = httpWire({
    baseUrl: 'http://parent',
    fetch: async (url, init) => {
      const body = new Uint8Array(init.body as Uint8Array<ArrayBuffer>)
      asked.push({ path: new URL(url).pathname, headers: new Headers(init.headers), body })
      return new Response('{}', {
        status: 503,
        headers: takes === undefined ? {} : { 'accept-encoding': takes },
      })
    },
    openSocket: () => {
      throw new Error('no line')
    },
    gzip: async () => new Uint8Array([0x1f, 0x8b]),
    zstd: async () => new Uint8Array([0x28, 0xb5]),
    token: async () => 'token',
    timer: { after: () => () => {}, elapsed: () => 0 },
  })
  return { wire, asked }
}

const stream = authorStreamId('t-1', '1.0', 'business')

// A parent reads JSON as it comes: a hello of eight streams that was packed ended a shop's link for good.
test('a hello is never packed, however many streams it speaks of', async () => {
  const { wire, asked } = listeningWire()
  const head = (index: number) => ({
    stream: authorStreamId('t-1', `1.${index}`, 'business'),
    seq: 1,
    hash: 'ab'.repeat(32),
  })
  const hello: Hello = {
    proto: [1, 1],
    node: 't-1',
    epoch: '1.0',
    build: 'test',
    now: '2026-11-20T00:00:00.000Z',
    heads: Array.from({ length: 100 }, (_, index) => head(index)),
    feeds: [],
  }
  await wire.hello(hello)
  expect(asked.map(({ path, headers }) => [path, headers.get('content-encoding')])).toEqual([
    ['/sync/v1/hello', null],
  ])
  expect(JSON.parse(new TextDecoder().decode(asked[0]?.body))).toEqual(hello)
})

test.for([
  { what: 'a large batch', bytes: 2_000, encoding: 'gzip' },
  { what: 'a small batch', bytes: 100, encoding: null },
])('$what is sent as $encoding', async ({ bytes, encoding }) => {
  const { wire, asked } = listeningWire()
  const facts = [new Uint8Array(bytes).fill(0x61)]
  const hash = new Uint8Array(32)
  await wire.push({ stream, from: 1, prevHash: hash, lastHash: hash, facts })
  expect(asked[0]?.headers.get('content-encoding')).toBe(encoding)
})

test.for([
  { takes: 'zstd, gzip', encoding: 'zstd' },
  { takes: 'gzip;q=1, zstd;q=0.5', encoding: 'zstd' },
  { takes: 'gzip', encoding: 'gzip' },
  { takes: undefined, encoding: 'gzip' },
])(
  'to a parent that takes $takes the next batch goes as $encoding',
  async ({ takes, encoding }) => {
    const { wire, asked } = listeningWire(takes)
    const facts = [new Uint8Array(2_000).fill(0x61)]
    const hash = new Uint8Array(32)
    for (let nth = 0; nth < 2; nth += 1) {
      await wire.push({ stream, from: 1, prevHash: hash, lastHash: hash, facts })
    }
    const sent = asked.map(({ headers }) => headers.get('content-encoding'))
    // Before it is heard, what every parent takes.
    expect(sent).toEqual(['gzip', encoding])
  },
)
