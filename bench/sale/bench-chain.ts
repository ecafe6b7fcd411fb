import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Link, layLink } from '@tillkeeper/chain/link.ts'
import type { ChainPlan, PersonPlan } from '@tillkeeper/chain/plan.ts'
import { productId, staffId, tillId } from '@tillkeeper/chain/provision.ts'
import { claimChainFolder, removeChain } from '@tillkeeper/chain/remove-chain.ts'
import { type Chain, type ChainStore, startChain } from '@tillkeeper/chain/start-chain.ts'
import type { Session } from '@tillkeeper/client/api/session-shapes.ts'
import { createClient } from '@tillkeeper/client/client.ts'
import { makeId } from '@tillkeeper/client/id.ts'

// A shop with a large catalogue and eight tills, with its cloud, made for one measurement.

/** As many clients sell at once, each on a till of its own. */
export const tillsCount = 8
export const currency = 'THB'
const floatMinor = 200_000

/** What a load generator needs to know of a product. */
export type BenchProduct = { readonly id: string; readonly priceMinor: number }

export type BenchChain = {
  readonly chain: Chain
  readonly store: ChainStore
  /** One open session on each till. */
  readonly sessionIds: readonly string[]
  readonly products: readonly BenchProduct[]
  /** Cuts the shop off from its cloud, as a broken internet line does; both go on running. */
  readonly cutCloud: () => void
  readonly healCloud: () => void
  /** Stops every process and removes the folder. May be called twice. */
  readonly stop: () => Promise<void>
}

export type StartBenchChain = {
  readonly products: number
  /** What the servers' processes get as their environment. */
  readonly env: Readonly<Record<string, string>>
  readonly say: (line: string) => void
}

export async function startBenchChain(options: StartBenchChain): Promise<BenchChain> {
  const { env, say: onProgress } = options
  const plan = makePlan(options.products)
  const dataDir = await mkdtemp(join(tmpdir(), 'tillkeeper-bench-'))
  await claimChainFolder(dataDir)
  let link: Link | undefined
  let chain: Chain | undefined
  const stopAll = async () => {
    await chain?.stop()
    await link?.stop()
    await removeChain(dataDir)
  }
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= stopAll()
    return stopped
  }
  try {
    const cloudUrlFor = async (cloudUrl: string) => {
      link = await layLink(Number(new URL(cloudUrl).port))
      return `http://127.0.0.1:${link.port}`
    }
    chain = await startChain({ dataDir, plan, cloudUrlFor, onProgress, env })
    const [store] = chain.stores
    if (store === undefined) throw new Error('the chain has one shop')
    onProgress(`${store.name}: opening ${tillsCount} tills`)
    const sessionIds = await openTills(chain, store)
    const products = plan.products.map(({ code, priceMinor }) => ({
      id: productId(plan, code),
      priceMinor,
    }))
    return {
      ...{ chain, store, sessionIds, products, stop },
      cutCloud: () => link?.cut(),
      healCloud: () => link?.heal(),
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const cashier: PersonPlan = {
  name: 'Nok',
  number: '101',
  pin: '246801',
  role: 'cashier',
  language: 'th',
}

function makePlan(productsCount: number): ChainPlan {
  return {
    name: 'Bench',
    shops: [
      {
        code: 'S1',
        name: 'Shop 1',
        address: '',
        taxNumber: '',
        timeZone: 'Asia/Bangkok',
        currency,
        receiptFooter: '',
        tills: Array.from({ length: tillsCount }, (_, index) => `Till ${index + 1}`),
        people: [cashier],
      },
    ],
    products: Array.from({ length: productsCount }, (_, index) => ({
      code: `P${String(index + 1).padStart(5, '0')}`,
      name: `Product number ${index + 1}`,
      category: `Category ${index % 20}`,
      // From 10 to 500 baht, in steps of a quarter.
      priceMinor: 1_000 + ((index * 7_919) % 1_961) * 25,
      currency,
      vatBasisPoints: index % 5 === 0 ? 0 : 700,
      barcodes: [String(8_850_000_000_000 + index)],
    })),
    people: [],
    keyPermissions: ['product.read', 'sale.create', 'sale.read', 'till.open', 'sync.read'],
  }
}

async function openTills({ plan, apiKey }: Chain, store: ChainStore): Promise<readonly string[]> {
  const client = createClient({
    baseUrl: store.url,
    credentials: { kind: 'key', key: apiKey },
  })
  const opened = await Promise.all(
    store.shop.tills.map((_, index) =>
      client.post<Session>('/v1/till-sessions', {
        id: makeId(),
        tillId: tillId(plan, store.shop, index + 1),
        staffId: staffId(plan, cashier),
        currency,
        floatMinor,
      }),
    ),
  )
  return opened.map((answer) => {
    if (!answer.ok) throw new Error(`a till did not open: ${JSON.stringify(answer.failure)}`)
    return answer.reply.id
  })
}
