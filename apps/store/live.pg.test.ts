import { setTimeout as wait } from 'node:timers/promises'
import { expectProblem, send } from '@tillkeeper/http/testing/inject.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { newId, type OpenedStore, openStore } from './testing/open-store.ts'

/** Of ten milliseconds each: what is sent at once may still wait for a machine that is busy. */
const triesMax = 2_000

let store: OpenedStore
let base = ''
let session = ''

beforeAll(async () => {
  store = await openStore()
  await store.app.listen({ port: 0, host: '127.0.0.1' })
  const address = store.app.server.address()
  if (address === null || typeof address === 'string') throw new Error('it listens')
  base = `127.0.0.1:${address.port}`
  const ask = { tillId: store.tills[0], staffId: store.people.nok, currency: 'THB', floatMinor: 0 }
  const opened = await post('/v1/till-sessions', { id: newId(), ...ask })
  session = opened.json<{ id: string }>().id
})
afterAll(() => store.close())

const post = (url: string, body: object) => send(store.app, 'POST', url, { token: store.key, body })
const takeTicket = async () =>
  (await post('/v1/live/tickets', {})).json<{ ticket: string }>().ticket

async function sell(): Promise<string> {
  const id = newId()
  const reply = await post('/v1/sales', {
    id,
    sessionId: session,
    currency: 'THB',
    lines: [{ productId: store.products.coffee, quantity: 1000 }],
    tenders: [{ method: 'cash', givenMinor: 45_00 }],
  })
  expect(reply.statusCode).toBe(201)
  return id
}

type Message = { type: string; liveSeq: number; factId?: string; summary?: object }

async function connect(query: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`ws://${base}/v1/live?${query}`, { headers })
  const messages: Message[] = []
  socket.on('message', (data) => messages.push(JSON.parse(String(data)) as Message))
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('unexpected-response', (_request, reply) =>
      reject(new Error(String(reply.statusCode))),
    )
    socket.once('error', reject)
  })
  const has = async (count: number) => {
    for (let tries = 0; tries < triesMax && messages.length < count; tries += 1) await wait(10)
    expect(messages.length).toBeGreaterThanOrEqual(count)
    return messages
  }
  return { socket, messages, has, closed, close: () => socket.close() }
}

test('who listens hears a sale at once, with what a screen shows of it', async () => {
  const line = await connect(`ticket=${await takeTicket()}`)
  const tookMs: number[] = []
  let id = ''
  for (let nth = 1; nth <= 3; nth += 1) {
    const beganMs = performance.now()
    id = await sell()
    await line.has(nth)
    tookMs.push(performance.now() - beganMs)
  }
  // A machine that is busy with other tests holds up some of them.
  expect(Math.min(...tookMs)).toBeLessThan(900)
  expect(line.messages.at(-1)).toMatchObject({
    type: 'sale.completed',
    factId: id,
    shopId: store.shop,
    summary: { totalMinor: 45_00, currency: 'THB', staffName: 'Nok' },
  })
  line.close()
})

test('who was away hears all that it missed, once, in order, and then what happens', async () => {
  const first = await connect(`ticket=${await takeTicket()}`)
  await sell()
  const after = (await first.has(1))[0]?.liveSeq ?? 0
  first.close()
  const missed = [await sell(), await sell(), await sell()]
  const [again] = await Promise.all([
    connect(`ticket=${await takeTicket()}&after=${after}`),
    sell().then((id) => missed.push(id)),
  ])
  missed.push(await sell())
  const messages = await again.has(missed.length)
  expect(messages.map(({ factId }) => factId)).toEqual(missed)
  expect(messages.map(({ liveSeq }) => liveSeq)).toEqual(
    missed.map((_, index) => after + 1 + index),
  )
  again.close()
})

test('who asks for what is not kept is told to begin anew', async () => {
  const line = await connect(`ticket=${await takeTicket()}&after=999999`)
  const [reset] = await line.has(1)
  expect(reset).toMatchObject({ type: 'reset' })
  await sell()
  const messages = await line.has(2)
  expect(messages[1]?.liveSeq).toBe((reset?.liveSeq ?? 0) + 1)
  line.close()
})

test('a shop’s feed shows nothing of another shop', async () => {
  await store.db`
    UPDATE live_event SET shop_id = ${newId()} WHERE live_seq = 2 AND org_id = ${store.identity.org}
  `
  const line = await connect(`ticket=${await takeTicket()}&after=0`)
  const messages = await line.has(3)
  expect(messages.map(({ liveSeq }) => liveSeq).slice(0, 2)).toEqual([1, 3])
  line.close()
})

test('a ticket is good once, soon, and for who may see figures', async () => {
  const ticket = await takeTicket()
  const line = await connect(`ticket=${ticket}`)
  line.close()
  await expect(connect(`ticket=${ticket}`)).rejects.toThrow('401')
  await expect(connect('ticket=made-up')).rejects.toThrow('401')
  await expect(connect('')).rejects.toThrow('400')
  const late = await takeTicket()
  store.clock.now = new Date(store.clock.now.getTime() + 30_001)
  await expect(connect(`ticket=${late}`)).rejects.toThrow('401')
  const weak = await send(store.app, 'POST', '/v1/live/tickets', {
    token: store.weakKey,
    body: {},
  })
  expectProblem(weak, 403, 'forbidden')
  const plain = await send(store.app, 'GET', `/v1/live?ticket=${await takeTicket()}`)
  expectProblem(plain, 426, 'upgrade_required')
})

test('a page of another site may not listen', async () => {
  const other = { origin: 'https://evil.example' }
  await expect(connect(`ticket=${await takeTicket()}`, other)).rejects.toThrow('403')
  const own = await connect(`ticket=${await takeTicket()}`, { origin: `http://${base}` })
  own.close()
})

test('who talks where it should listen is cut off, and so is who says too much', async () => {
  const talker = await connect(`ticket=${await takeTicket()}`)
  talker.socket.send('hello')
  expect(await talker.closed).toBe(1008)
  const loud = await connect(`ticket=${await takeTicket()}`)
  loud.socket.send('x'.repeat(100_000))
  expect(await loud.closed).toBe(1009)
})
