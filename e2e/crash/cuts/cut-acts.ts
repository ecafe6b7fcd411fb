import type { Answer, Client } from '@tillkeeper/client/client.ts'
import { makeId } from '@tillkeeper/client/id.ts'
import { checkBooks } from '../books/check-books.ts'
import {
  type Acknowledged,
  type Act,
  acknowledgedBy,
  ask,
  closeTillAct,
  impatientClient,
  moveCashAct,
  openTillAct,
  refundAct,
  saleAct,
} from '../lab/acts.ts'
import { type BaseChain, currency } from '../lab/base-chain.ts'
import { type Lane, openLane } from '../lab/lane.ts'
import { seedRandom } from '../lab/random.ts'
import { cutEverywhere } from './cut-everywhere.ts'
import { type FaultProxy, layFaultProxy } from './fault-proxy.ts'

// A till's whole day, each of its requests and replies cut at every byte: nothing of a request that was
// cut is done, no reply that was cut is taken for one, and what is asked whole in the end was done once.

export type CutResult = {
  /** Messages, and how often one was cut. */
  readonly messages: number
  readonly cuts: number
  readonly violations: readonly string[]
}

export type CutOptions = {
  readonly base: BaseChain
  readonly seed: number
  /** Cuts at each so-manieth byte; 1 for all. */
  readonly stride: number
  readonly say: (line: string) => void
}

const answerMs = 10_000

export async function cutActs(options: CutOptions): Promise<CutResult> {
  const { base } = options
  const lane = await openLane(base, { name: 'lane_cut' })
  const proxy = await layFaultProxy(Number(new URL(lane.store.url).port))
  try {
    await lane.store.start()
    return await cutDay(lane, proxy, options)
  } finally {
    await lane.close()
    await proxy.stop()
  }
}

async function cutDay(lane: Lane, proxy: FaultProxy, options: CutOptions): Promise<CutResult> {
  const { base, seed, stride, say } = options
  const client = impatientClient(`http://127.0.0.1:${proxy.port}`, base, answerMs)
  const violations: string[] = []
  const acknowledged: Acknowledged[] = []
  const asked = new Set<string>()
  let cuts = 0
  let messages = 0

  const cutExchange = async (name: string, send: () => Promise<Answer<unknown>>, act?: Act) => {
    const found = await cutEverywhere({
      proxy,
      stride,
      send: async () => (await send()).ok,
      landed: async () => (act === undefined ? 0 : await countOf(lane, act.id)),
    })
    cuts += found.cuts
    messages += 2
    violations.push(...found.wrong.map((each) => `${name}: ${each}`))
    say(`cuts: ${name}, ${found.cuts} cuts in ${found.bytes} bytes`)
  }
  for (const act of actsOfDay(base, seed)) {
    asked.add(act.id)
    await cutExchange(act.kind, () => ask(client, act), act)
    const answer = await ask(client, act)
    const found = acknowledgedBy(act, answer)
    if (found === undefined) violations.push(`${act.kind}: not done when it was asked whole`)
    else acknowledged.push(found)
  }
  await cutExchange('list', () => readSales(client))
  violations.push(...(await checkBooks(lane.storeDb, acknowledged, asked)))
  return { messages, cuts, violations }
}

const readSales = (client: Client) => client.get('/v1/sales', { limit: 5 })

function actsOfDay(base: BaseChain, seed: number): readonly Act[] {
  const random = seedRandom(seed)
  const open = openTillAct(base, base.tillIds[0] ?? '')
  const sale = saleAct(base, open.id, random)
  const [product] = base.products
  const unlinkedId = makeId()
  const unlinked: Act = {
    kind: 'refund',
    id: unlinkedId,
    path: '/v1/refunds',
    body: {
      id: unlinkedId,
      sessionId: open.id,
      currency,
      lines: [
        { productId: product?.id, quantity: 1_000, unitPriceMinor: product?.priceMinor ?? 0 },
      ],
      method: 'cash',
      reason: 'no receipt',
    },
  }
  return [
    open,
    sale,
    refundAct(sale.id, open.id),
    unlinked,
    moveCashAct(open.id, random),
    closeTillAct(open.id, 50_000),
  ]
}

async function countOf({ storeDb }: Lane, id: string): Promise<number> {
  const [row] = await storeDb<{ count: number }[]>`
    SELECT count(*)::int AS count FROM journal WHERE id = ${id}
  `
  return row?.count ?? 0
}
