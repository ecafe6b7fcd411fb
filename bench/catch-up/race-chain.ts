import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ChainPlan, PersonPlan } from '@tillkeeper/chain/plan.ts'
import { productId, staffId, tillId } from '@tillkeeper/chain/provision.ts'
import { claimChainFolder, removeChain } from '@tillkeeper/chain/remove-chain.ts'
import { type Chain, type ChainStore, startChain } from '@tillkeeper/chain/start-chain.ts'
import type { OrgId, ShopId, StaffId, TillId } from '@tillkeeper/core/base/id.ts'
import { copyDatabase, withConnection } from '@tillkeeper/postgres/databases.ts'
import { connect } from '@tillkeeper/projections/db.ts'
import { type Filled, fillShop, type ShopOfRace } from './fill-shop.ts'
import { layWire, type Wire } from './wire.ts'

// A chain of one shop, as real processes, with what its four tills sold while it was cut off; and a way
// back to that moment, as often as it is raced.

/** Tills whose sales wait, and one more that sells when the line is back. */
const tillsCount = 4
export const currency = 'THB'
const fullStore = 'full_store'
const coldCloud = 'cold_cloud'

export type Race = {
  readonly chain: Chain
  readonly store: ChainStore
  readonly wire: Wire
  readonly shop: ShopOfRace
  readonly filled: Filled
  /** Ends both servers and brings them back to the moment before the line came back. */
  readonly rewind: () => Promise<void>
  readonly stop: () => Promise<void>
}

export type OpenRace = {
  readonly sales: number
  readonly seed: number
  readonly env: Readonly<Record<string, string>>
  readonly say: (line: string) => void
}

export async function openRace(options: OpenRace): Promise<Race> {
  const { say, env } = options
  const dataDir = await mkdtemp(join(tmpdir(), 'tillkeeper-bench-'))
  await claimChainFolder(dataDir)
  let wire: Wire | undefined
  let chain: Chain | undefined
  let stopped: Promise<void> | undefined
  const stopAll = async () => {
    await chain?.stop()
    await wire?.stop()
    await removeChain(dataDir)
  }
  const stop = () => {
    stopped ??= stopAll()
    return stopped
  }
  try {
    const cloudUrlFor = async (cloudUrl: string) => {
      wire = await layWire(Number(new URL(cloudUrl).port))
      return `http://127.0.0.1:${wire.port}`
    }
    chain = await startChain({ dataDir, plan, cloudUrlFor, onProgress: say, env })
    const [store] = chain.stores
    if (store === undefined || wire === undefined) throw new Error('the chain has one shop')
    const shop = describeShop(chain, store)
    await store.kill('SIGTERM')
    await chain.cloud.kill('SIGTERM')
    say(`shop: selling ${options.sales} times while it is cut off`)
    const db = connect(store.databaseUrl, { max: 2 })
    const filled = await fillShop(db, shop, options)
    await db.end()
    const rewind = await keepMoment(chain, store)
    return { chain, store, wire, shop, filled, rewind, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Copies databases and folders of both servers; gives the way back to them. */
async function keepMoment(chain: Chain, store: ChainStore): Promise<() => Promise<void>> {
  const { cloud, postgres } = chain
  const places = [
    { server: store, kept: fullStore },
    { server: cloud, kept: coldCloud },
  ]
  const root = postgres.url('postgres')
  const nameOf = (url: string) => new URL(url).pathname.slice(1)
  for (const { server, kept } of places) {
    await copyDatabase(root, { from: nameOf(server.databaseUrl), name: kept })
    await cp(server.dataDir, `${server.dataDir}.kept`, { recursive: true })
  }
  return async () => {
    for (const { server, kept } of places) {
      await server.kill('SIGKILL')
      await copyDatabase(root, { from: kept, name: nameOf(server.databaseUrl) })
      await rm(server.dataDir, { recursive: true, force: true })
      await cp(`${server.dataDir}.kept`, server.dataDir, { recursive: true })
    }
    await withConnection(root, (sql) => sql`CHECKPOINT`)
    await wait(500)
  }
}

const cashier: PersonPlan = {
  ...{ name: 'Nok', number: '101', pin: '246801', role: 'cashier', language: 'th' },
}

const plan: ChainPlan = {
  name: 'Bench',
  shops: [
    {
      ...{ code: 'S1', name: 'Shop 1', address: '', taxNumber: '', receiptFooter: '' },
      ...{ timeZone: 'Asia/Bangkok', currency },
      tills: Array.from({ length: tillsCount + 1 }, (_, index) => `Till ${index + 1}`),
      people: [cashier],
    },
  ],
  products: Array.from({ length: 2_000 }, (_, index) => ({
    code: `P${String(index + 1).padStart(5, '0')}`,
    name: `Product number ${index + 1}`,
    category: `Category ${index % 20}`,
    // From 10 to 200 baht, in steps of a quarter.
    priceMinor: 1_000 + ((index * 7_919) % 761) * 25,
    currency,
    vatBasisPoints: index % 5 === 0 ? 0 : 700,
    barcodes: [String(8_850_000_000_000 + index)],
  })),
  people: [],
  keyPermissions: [
    ...(['product.read', 'sale.create', 'sale.read', 'till.open'] as const),
    ...(['sync.read', 'report.read'] as const),
  ],
}

function describeShop({ orgId }: Chain, { shop, shopId }: ChainStore): ShopOfRace {
  return {
    org: orgId as OrgId,
    shopId: shopId as ShopId,
    tillIds: Array.from(
      { length: tillsCount },
      (_, index) => tillId(plan, shop, index + 1) as TillId,
    ),
    staffIds: [staffId(plan, cashier) as StaffId],
    products: plan.products.map(({ code, name, priceMinor, vatBasisPoints }) => ({
      ...{ id: productId(plan, code), code, name, priceMinor, vatBasisPoints },
    })),
    currency,
  }
}
