import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { buildWebApps } from '@tillkeeper/chain/build-web-apps.ts'
import { logIn, registerRecycler } from '@tillkeeper/chain/register-recycler.ts'
import { claimChainFolder, removeChain } from '@tillkeeper/chain/remove-chain.ts'
import { type Chain, type ChainStore, startChain } from '@tillkeeper/chain/start-chain.ts'
import { uuidv7 } from '@tillkeeper/core/base/id.ts'
import { findFreePort } from '@tillkeeper/postgres/free-port.ts'
import { readTreeMs } from '../measure/cpu-time.ts'
import { quantile, rounded } from '../measure/figures.ts'
import { type Machines, startMachines } from './drive-machines.ts'
import { followNews } from './follow-news.ts'
import { measurePage } from './measure-page.ts'
import { currency, plan } from './recycler-plan.ts'

// What cash machines cost a shop's server, and how late a till shows what a customer puts in.

export type BenchRecycler = {
  readonly path: string
  readonly idleSeconds: number
  readonly say: (line: string) => void
  readonly onStop: (how: () => Promise<void>) => void
}

export type RecyclerFigures = {
  /** From the event on the wire to the amount drawn on the till's page. At most 100 is promised. */
  readonly eventToTillP95Ms: number
  readonly eventToTillP50Ms: number
  /** From the event on the wire until a client of the live news has it. */
  readonly eventToNewsP95Ms: number
  /** The store server's process with ten machines at rest, of one core. At most 2 is promised. */
  readonly idleCpuPercent: number
  /** The same process before it had a machine. */
  readonly bareCpuPercent: number
  /** Of a sale, what is not the machine's own time: from the ask to its first word, and from its last to the end. */
  readonly saleOverheadMs: number
  readonly machines: number
  readonly events: number
}

const machinesCount = 10
const settleMs = 10_000
const newsCoins = 120
const pageCoins = 120
const sales = 20
const betweenMs = 150
const [coin, note] = [1_000, 2_000]

export async function benchRecycler(options: BenchRecycler): Promise<RecyclerFigures> {
  const { path, say, onStop } = options
  const dataDir = await mkdtemp(join(tmpdir(), 'tillkeeper-bench-'))
  await claimChainFolder(dataDir)
  const running: { chain?: Chain; machines?: Machines } = {}
  const stop = async () => {
    await running.chain?.stop()
    await running.machines?.stop()
    await removeChain(dataDir)
  }
  onStop(stop)
  try {
    await buildWebApps(say)
    running.chain = await startChain({ dataDir, plan, onProgress: say, env: { PATH: path } })
    running.machines = await startMachines(machinesCount)
    return await measureAll(running.chain, running.machines, options)
  } finally {
    await stop()
  }
}

async function measureAll(
  chain: Chain,
  machines: Machines,
  { say, idleSeconds }: BenchRecycler,
): Promise<RecyclerFigures> {
  const [store] = chain.stores
  if (store === undefined) throw new Error('the chain has one shop')
  await wait(settleMs)
  say(`the store server alone, ${idleSeconds} s`)
  const bareCpuPercent = await measureCpu(store, idleSeconds)
  say(`${machinesCount} machines are registered`)
  const ids: string[] = []
  for (const [index, { soap, socket }] of machines.addresses.entries()) {
    // Half of them over the socket, and half over SOAP with a channel of events.
    const events = index % 2 === 0 ? undefined : await findFreePort()
    const address =
      events === undefined
        ? `ws://127.0.0.1:${socket}`
        : `http://127.0.0.1:${soap}?events=${events}`
    const about = { name: `CI-10 ${index + 1}`, driver: 'glory', address } as const
    const shop = { ...store.shop, id: store.shopId }
    ids.push(await registerRecycler({ storeUrl: store.url, plan, shop, ...about }))
  }
  await wait(settleMs)
  say(`the store server with ${machinesCount} machines at rest, ${idleSeconds} s`)
  const idleCpuPercent = await measureCpu(store, idleSeconds)
  const { accessToken } = await logIn(store.url, plan, store.shop)
  const shop = { storeUrl: store.url, token: accessToken }
  say(`${newsCoins} coins, each until the news of it is read; ${sales} sales`)
  const news = await measureNews(shop, machines, { machine: 0, id: ids[0] ?? '' })
  const saleOverheadMs = await measureSales(shop, machines, { machine: 2, id: ids[2] ?? '' })
  say(`${pageCoins} coins, each until the till has drawn it`)
  for (const [index, id] of ids.entries()) if (index > 0) await retire(shop, store, id)
  const coins = Array.from({ length: pageCoins }, (_, at) => (at % 2 === 0 ? coin : note))
  const drawn = await measurePage(store.url, machines, { tillName: 'Counter', machine: 0, coins })
  const p = (times: readonly number[], share: number) => {
    return rounded(
      quantile(
        times.toSorted((a, b) => a - b),
        share,
      ),
      1,
    )
  }
  return {
    eventToTillP95Ms: p(drawn.drawnMs, 0.95),
    eventToTillP50Ms: p(drawn.drawnMs, 0.5),
    eventToNewsP95Ms: p(news, 0.95),
    ...{ idleCpuPercent, bareCpuPercent, saleOverheadMs },
    ...{ machines: machinesCount, events: drawn.drawnMs.length },
  }
}

async function measureCpu(store: ChainStore, seconds: number): Promise<number> {
  const pid = store.pid()
  if (pid === undefined) throw new Error('the store server runs')
  const [cpu, at] = [readTreeMs(pid), performance.now()]
  await wait(seconds * 1_000)
  return rounded(((readTreeMs(pid) - cpu) / (performance.now() - at)) * 100, 2)
}

type Shop = { readonly storeUrl: string; readonly token: string }
type Which = { readonly machine: number; readonly id: string }

async function post({ storeUrl, token }: Shop, path: string, body?: unknown, method = 'POST') {
  const reply = await fetch(`${storeUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`)
}

/** The till's machine has to be the only one on its counter. */
async function retire(shop: Shop, { shopId }: ChainStore, id: string): Promise<void> {
  const about = { name: id.slice(0, 8), driver: 'glory', address: '127.0.0.1' }
  const terms = { shopId, ...about, currencies: [currency], tills: [], active: false }
  await post(shop, `/v1/recyclers/${id}`, terms, 'PUT')
}

const newId = () => uuidv7(Date.now(), crypto.getRandomValues(new Uint8Array(10)))

async function ask(shop: Shop, { id }: Which, amountMinor: number): Promise<string> {
  const attemptId = newId()
  const work = { kind: 'pay_in', amountMinor }
  await post(shop, `/v1/recyclers/${id}/attempts`, { attemptId, currency, work })
  return attemptId
}

/** From each event on the wire to the news of it, of one long sale that is cancelled in the end. */
async function measureNews(shop: Shop, machines: Machines, which: Which): Promise<number[]> {
  const left = new Map<number, number>()
  const read = new Map<number, number>()
  const unwatch = machines.watch((machine, atMs, { amount }) => {
    if (machine === which.machine && amount !== undefined && !left.has(amount)) {
      left.set(amount, atMs)
    }
  })
  const news = await followNews(shop.storeUrl, shop.token, ({ recyclerId, attempt }, atMs) => {
    const amount = attempt?.insertedMinor
    if (recyclerId !== which.id || amount === undefined || read.has(amount)) return
    read.set(amount, atMs)
  })
  const working = news.next(({ attempt, at }) => at === 'working' && attempt !== null)
  const attemptId = await ask(shop, which, 5_000_000)
  await working
  for (let at = 1; at <= newsCoins; at += 1) {
    const came = news.next(({ attempt }) => attempt?.insertedMinor === at * coin)
    machines.insert(which.machine, coin)
    await came
    await wait(betweenMs)
  }
  const ended = news.next(({ attempt }) => attempt?.state === 'ended')
  await post(shop, `/v1/recyclers/${which.id}/attempts/${attemptId}/cancel`)
  await ended
  unwatch()
  news.stop()
  return [...left].flatMap(([amount, atMs]) => {
    const at = read.get(amount)
    return amount === 0 || at === undefined ? [] : [at - atMs]
  })
}

/** The median of some sales of one coin each. */
async function measureSales(shop: Shop, machines: Machines, which: Which): Promise<number> {
  const frames: { readonly name: string; readonly atMs: number }[] = []
  const unwatch = machines.watch((machine, atMs, { name }) => {
    if (machine === which.machine) frames.push({ name, atMs })
  })
  const news = await followNews(shop.storeUrl, shop.token)
  const overheads: number[] = []
  const now = () => performance.timeOrigin + performance.now()
  for (let sale = 0; sale < sales; sale += 1) {
    frames.length = 0
    const working = news.next(({ recyclerId, at }) => recyclerId === which.id && at === 'working')
    const ended = news.next(
      ({ recyclerId, attempt }) => recyclerId === which.id && attempt?.state === 'ended',
    )
    const asked = now()
    await ask(shop, which, coin)
    await working
    machines.insert(which.machine, coin)
    const endedAt = await ended
    const heard = frames.find(({ name }) => name === 'StatusChangeEvent')?.atMs ?? asked
    const said = frames.findLast(({ name }) => name === 'ChangeResponse')?.atMs ?? endedAt
    overheads.push(heard - asked + (endedAt - said))
    await wait(betweenMs)
  }
  unwatch()
  news.stop()
  return rounded(
    quantile(
      overheads.toSorted((a, b) => a - b),
      0.5,
    ),
    1,
  )
}

export function recyclerTable(figures: RecyclerFigures): string {
  return Object.entries(figures)
    .map(([name, figure]) => `${name.padEnd(20)} ${figure}`)
    .join('\n')
}
