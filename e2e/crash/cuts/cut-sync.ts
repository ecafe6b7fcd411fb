import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gunzip, gzip, zstdDecompress } from 'node:zlib'
import { fromHex } from '@tillkeeper/sync/message/hex.ts'
import { isPushHeader } from '@tillkeeper/sync/message/messages.ts'
import { decodeBatch } from '@tillkeeper/sync/message/ndjson.ts'
import { httpWire } from '@tillkeeper/sync/wire/http-wire.ts'
import { checkBooks } from '../books/check-books.ts'
import { checkEqual, waitUntilEqual } from '../books/check-copy.ts'
import { ask, impatientClient, openTillAct, saleAct } from '../lab/acts.ts'
import type { BaseChain } from '../lab/base-chain.ts'
import { type Lane, openLane } from '../lab/lane.ts'
import { seedRandom } from '../lab/random.ts'
import type { CutOptions, CutResult } from './cut-acts.ts'
import { cutEverywhere } from './cut-everywhere.ts'
import { type FaultProxy, type HttpRequest, layFaultProxy } from './fault-proxy.ts'

// A hello, a push and a pull, caught from a shop's real link before they landed, and said by the real wire
// of the protocol with each byte of theirs, and of their replies, as the last one that passes.

const names = ['hello', 'push', 'pull'] as const
type Name = (typeof names)[number]

const answerMs = 10_000
const catchUpMs = 120_000
const pollMs = 20

export async function cutSync(options: CutOptions): Promise<CutResult> {
  const { base, stride, say } = options
  const lane = await openLane(base, { name: 'lane_cut_sync' })
  const proxy = await layFaultProxy(Number(new URL(lane.cloud.url).port))
  try {
    const caught = await catchRequests(lane, proxy, options)
    await lane.store.kill()
    const violations: string[] = []
    let cuts = 0
    for (const name of names) {
      const send = await sayAgain(name, caught, proxy)
      const found = await cutEverywhere({
        ...{ proxy, stride, send },
        landed: async () => (name === 'push' ? await factsOf(lane) : 0),
      })
      cuts += found.cuts
      violations.push(...found.wrong.map((each) => `${name}: ${each}`))
      say(`cuts: ${name}, ${found.cuts} cuts in ${found.bytes} bytes`)
    }
    await lane.store.start({ CLOUD_URL: `http://127.0.0.1:${proxy.port}` })
    if (!(await waitUntilEqual(lane.storeDb, lane.cloudDb, catchUpMs))) {
      violations.push('the cloud never caught up')
    }
    violations.push(...(await checkBooks(lane.storeDb, [])))
    violations.push(...(await checkEqual(lane.storeDb, lane.cloudDb)))
    return { messages: names.length * 2, cuts, violations }
  } finally {
    await lane.close()
    await proxy.stop()
  }
}

/** Lets a shop sell and a price change, and catches what they would have said to each other. */
async function catchRequests(
  lane: Lane,
  proxy: FaultProxy,
  { base, seed }: CutOptions,
): Promise<ReadonlyMap<Name, HttpRequest>> {
  const caught = new Map<Name, HttpRequest>()
  await lane.cloud.start()
  await lane.store.start({ CLOUD_URL: `http://127.0.0.1:${proxy.port}` })
  await waitUntilEqual(lane.storeDb, lane.cloudDb, catchUpMs)
  proxy.decide((request) => {
    const name = names.find((each) => request.path.endsWith(`/sync/v1/${each}`))
    if (name === undefined) return { kind: 'pass' }
    caught.set(name, request)
    // A hello that is heard is what makes it push and pull; said again, it is the same hello.
    return name === 'hello' ? { kind: 'pass' } : { kind: 'cut_request', at: 0 }
  })
  const client = impatientClient(lane.store.url, base, answerMs)
  const open = openTillAct(base, base.tillIds[0] ?? '')
  for (const act of [open, saleAct(base, open.id, seedRandom(seed))]) await ask(client, act)
  await until(() => caught.has('push') && caught.has('hello'))
  await changePrice(lane, base)
  await until(() => caught.has('pull'))
  return caught
}

async function changePrice(lane: Lane, base: BaseChain): Promise<void> {
  const [product] = base.spareProducts
  const reply = await fetch(`${lane.cloud.url}/v1/products`, {
    method: 'POST',
    headers: { authorization: `Bearer ${base.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify([{ ...product, price: { ...product?.price, minor: 123_400 } }]),
  })
  if (!reply.ok) throw new Error(`a price was refused: ${await reply.text()}`)
}

/** Says a caught request by the wire of the protocol, and whether that took the answer for one. */
async function sayAgain(
  name: Name,
  caught: ReadonlyMap<Name, HttpRequest>,
  proxy: FaultProxy,
): Promise<() => Promise<boolean>> {
  const request = caught.get(name)
  if (request === undefined) throw new Error(`no ${name} was caught`)
  const head = request.bytes.subarray(0, request.bytes.indexOf('\r\n\r\n')).toString('latin1')
  const token = /\r\nauthorization: bearer ([^\r]+)/i.exec(head)?.[1]
  const wire = httpWire({
    baseUrl: `http://127.0.0.1:${proxy.port}`,
    fetch,
    openSocket: () => {
      throw new Error('nobody listens here')
    },
    gzip: async (bytes) => Uint8Array.from(await promisify(gzip)(bytes)),
    token: async () => token,
    timer: {
      after: (ms, call) => {
        const timer = setTimeout(call, ms)
        return () => clearTimeout(timer)
      },
      elapsed: () => performance.now(),
    },
  })
  const packed = /\r\ncontent-encoding: (gzip|zstd)/i.exec(head)?.[1]
  const unpack = packed === 'zstd' ? promisify(zstdDecompress) : promisify(gunzip)
  const body = packed === undefined ? request.body : await unpack(request.body)
  if (name === 'push') {
    const batch = decodeBatch(body, isPushHeader)
    if (!batch.ok) throw new Error('a push that was caught is a batch')
    const { header, facts } = batch.value
    const hashes = { prevHash: fromHex(header.prevHash), lastHash: fromHex(header.lastHash) }
    return async () => (await wire.push({ ...header, ...hashes, facts })).ok
  }
  const value = JSON.parse(body.toString())
  if (name === 'hello') return async () => (await wire.hello(value)).ok
  return async () => (await wire.pull(value)).ok
}

async function factsOf({ cloudDb }: Lane): Promise<number> {
  const [row] = await cloudDb<{ count: number }[]>`SELECT count(*)::int AS count FROM journal`
  return row?.count ?? 0
}

async function until(holds: () => boolean): Promise<void> {
  for (let waitedMs = 0; !holds(); waitedMs += pollMs) {
    if (waitedMs > catchUpMs) throw new Error('a shop’s link did not say what was waited for')
    await wait(pollMs)
  }
}
