import { setTimeout as wait } from 'node:timers/promises'
import { staffId, tillId } from '@tillkeeper/chain/provision.ts'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import type { Sale } from '@tillkeeper/client/api/shapes.ts'
import { createClient } from '@tillkeeper/client/client.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { quantile } from '../measure/figures.ts'
import { openConnection } from '../sale/connection.ts'
import { currency, type Race } from './race-chain.ts'

// How late the cloud shows what a shop sells: from the moment at which the shop's server began to record
// a sale (just before it committed) until the sale comes over the cloud's live feed, by one clock.

export type Live = {
  readonly sales: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

const clients = 8
const patienceMs = 30_000
const floatMinor = 200_000

/** Sells at a steady pace, whatever the answers take, and waits until the cloud has shown every sale. */
export async function measureLive(
  race: Race,
  { seconds, perSecond }: { readonly seconds: number; readonly perSecond: number },
): Promise<Live> {
  const { chain, store, shop } = race
  const credentials = { kind: 'key', key: chain.apiKey } as const
  const sessionId = await openSession(race)
  const shown = new Map<string, number>()
  const feed = await listen(chain.cloud.url, credentials.key, (factId) => {
    shown.set(factId, Date.now())
  })
  const recorded = new Map<string, number>()
  const connections = await Promise.all(
    Array.from({ length: clients }, () => openConnection(store.url, credentials.key)),
  )
  try {
    const startMs = performance.now()
    const gapMs = (1_000 * clients) / perSecond
    const sell = async (connection: (typeof connections)[number], index: number) => {
      for (let nth = 0; ; nth += 1) {
        const dueMs = startMs + (nth + index / clients) * gapMs
        if (dueMs > startMs + seconds * 1_000) return
        await wait(Math.max(0, dueMs - performance.now()))
        const product = shop.products[(nth * clients + index) % shop.products.length]
        const id = makeId()
        const reply = await connection.post(
          '/v1/sales',
          JSON.stringify({
            ...{ id, sessionId, currency },
            lines: [{ productId: product?.id, quantity: 1_000 }],
            tenders: [{ method: 'cash', givenMinor: product?.priceMinor }],
          }),
        )
        if (reply.status !== 201) throw new Error(`no sale: ${reply.body}`)
        recorded.set(id, Date.parse((JSON.parse(reply.body.toString()) as Sale).recordedAt))
      }
    }
    await Promise.all(connections.map(sell))
    for (let waitedMs = 0; [...recorded.keys()].some((id) => !shown.has(id)); waitedMs += 50) {
      if (waitedMs > patienceMs) throw new Error('the cloud does not show every sale')
      await wait(50)
    }
  } finally {
    feed.close()
    for (const connection of connections) connection.close()
  }
  const lags = [...recorded].map(([id, atMs]) => (shown.get(id) ?? Number.NaN) - atMs)
  lags.sort((a, b) => a - b)
  return {
    sales: lags.length,
    perSecond: lags.length / seconds,
    p50Ms: quantile(lags, 0.5),
    p99Ms: quantile(lags, 0.99),
    maxMs: quantile(lags, 1),
  }
}

/** Opens the shop's last till, whose sales nobody made before. */
async function openSession({ chain, store }: Race): Promise<string> {
  const [cashier] = store.shop.people
  if (cashier === undefined) throw new Error('the shop has a cashier')
  const client = createClient({
    baseUrl: store.url,
    credentials: { kind: 'key', key: chain.apiKey },
  })
  const opened = await client.post<Session>('/v1/till-sessions', {
    id: makeId(),
    tillId: tillId(chain.plan, store.shop, store.shop.tills.length),
    staffId: staffId(chain.plan, cashier),
    ...{ currency, floatMinor },
  })
  if (!opened.ok) throw new Error(`the till did not open: ${JSON.stringify(opened.failure)}`)
  return opened.reply.id
}

/** Listens to a server's live feed; resolves when it is heard. */
async function listen(url: string, key: string, onSale: (factId: string) => void) {
  const reply = await fetch(`${url}/v1/live/tickets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
  })
  if (!reply.ok) throw new Error(`no ticket for the live feed: ${await reply.text()}`)
  const { ticket } = (await reply.json()) as { ticket: string }
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/live?ticket=${ticket}`)
  socket.onmessage = ({ data }) => {
    const event = JSON.parse(String(data)) as { type: string; factId?: string }
    if (event.type === 'sale.completed' && event.factId !== undefined) onSale(event.factId)
  }
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve()
    socket.onerror = () => reject(new Error('the live feed does not answer'))
  })
  return socket
}
