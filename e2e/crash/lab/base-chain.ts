import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChainPlan, PersonPlan } from '@tillkeeper/chain/plan.ts'
import { productId, staffId, tillId } from '@tillkeeper/chain/provision.ts'
import { claimChainFolder, removeChain } from '@tillkeeper/chain/remove-chain.ts'
import { type Chain, startChain } from '@tillkeeper/chain/start-chain.ts'
import { isRunning } from '@tillkeeper/postgres/embedded/processes.ts'
import { type Postgres, startPostgres } from '@tillkeeper/postgres/start-postgres.ts'

// One chain with one shop, provisioned once and then put to sleep: every lane of the lab wakes a copy of
// it, so no part sees what another left.

export const currency = 'THB'
export const timeZone = 'Asia/Bangkok'
const tillsCount = 8
/** As many as a chain's own; lanes side by side share them. */
const connectionsMax = '150'
const productsCount = 12
const sparesCount = 2

export type LabProduct = { readonly id: string; readonly priceMinor: number }

export type SpareProduct = {
  readonly id: string
  readonly price: { readonly currency: string; readonly minor: number }
} & Readonly<Record<string, unknown>>

export type BaseChain = {
  /** Its servers are stopped, its database runs. */
  readonly chain: Chain
  readonly orgId: string
  readonly apiKey: string
  readonly adminKey: string
  readonly shopId: string
  readonly staffId: string
  readonly tillIds: readonly string[]
  readonly products: readonly LabProduct[]
  /** Sold by nobody: their prices may change in the cloud. As its management API takes them. */
  readonly spareProducts: readonly SpareProduct[]
  readonly templates: {
    readonly cloud: { readonly database: string; readonly dataDir: string }
    readonly store: { readonly database: string; readonly dataDir: string }
  }
  /** Where lanes keep their folders and logs. */
  readonly dataDir: string
  /** What every server of the lab gets as its environment. */
  readonly env: Readonly<Record<string, string>>
  /** Ends the database: fast, or immediate, when it recovers from its log. */
  readonly endPostgres: (signal: 'SIGINT' | 'SIGQUIT') => Promise<void>
  /** Whether its process runs. */
  readonly isPostgresUp: () => boolean
  /** Starts it again on the same port. */
  readonly revivePostgres: () => Promise<void>
  readonly remove: () => Promise<void>
}

const cashier: PersonPlan = {
  name: 'Nok',
  number: '101',
  pin: '246801',
  role: 'cashier',
  language: 'th',
}

/** Who makes a device a till. */
export const manager: PersonPlan = {
  name: 'Ploy',
  number: '900',
  pin: '135790',
  role: 'manager',
  language: 'th',
}

const plan: ChainPlan = {
  name: 'Crash lab',
  shops: [
    {
      code: 'S1',
      name: 'Shop 1',
      address: '',
      taxNumber: '',
      timeZone,
      currency,
      receiptFooter: '',
      tills: Array.from({ length: tillsCount }, (_, index) => `Till ${index + 1}`),
      people: [cashier, manager],
    },
  ],
  products: Array.from({ length: productsCount }, (_, index) => ({
    code: `P${String(index + 1).padStart(3, '0')}`,
    name: `Product ${index + 1}`,
    category: 'Things',
    priceMinor: 1_500 + index * 725,
    currency,
    vatBasisPoints: index % 4 === 0 ? 0 : 700,
    barcodes: [],
  })),
  people: [],
  keyPermissions: [
    'product.read',
    'sale.create',
    'sale.read',
    'sale.refund',
    'sale.refund_unlinked',
    'sale.price',
    'till.open',
    'till.close',
    'till.read',
    'till.expected',
    'cash.move',
    'report.read',
    'sync.read',
  ],
}

/** Makes the chain in a folder of its own, else a temporary one, and puts it to sleep. */
export async function makeBaseChain(
  say: (line: string) => void,
  folder?: string,
): Promise<BaseChain> {
  const dataDir = folder ?? (await mkdtemp(join(tmpdir(), 'tillkeeper-crash-')))
  await claimChainFolder(dataDir)
  // Servers start hundreds of times: what Node has compiled is kept between two starts.
  const env = { LOG_LEVEL: 'warn', NODE_COMPILE_CACHE: join(dataDir, 'compiled') }
  let chain: Chain | undefined
  let postgres: Postgres | undefined
  const remove = async () => {
    await postgres?.stop()
    await chain?.stop()
    await removeChain(dataDir)
  }
  const endPostgres = async (signal: 'SIGINT' | 'SIGQUIT') => {
    const running = postgres ?? chain?.postgres
    if (running === undefined) throw new Error('the database runs')
    process.kill(running.pid, signal)
    await running.ended
    // Gone already: this only gives the folder back, where there still is one.
    await running.stop().catch(() => undefined)
  }
  const isPostgresUp = () => isRunning((postgres ?? chain?.postgres)?.pid ?? 0)
  const revivePostgres = async () => {
    const folder = join(dataDir, 'postgres')
    // After a power cut the note is there again: of a process that this one cannot be.
    await rm(join(folder, 'starter.json'), { force: true })
    const port = chain?.postgres.port
    // Where it ended by itself this gives the folder back.
    await (postgres ?? chain?.postgres)?.stop().catch(() => undefined)
    postgres = await startPostgres({
      dataDir: folder,
      port,
      settings: { max_connections: connectionsMax },
    })
  }
  try {
    chain = await startChain({ dataDir, plan, env, onProgress: say })
    const [store] = chain.stores
    const [shop] = plan.shops
    if (store === undefined || shop === undefined) throw new Error('the chain has one shop')
    // On another disk than the lab believes, nothing that it does to that disk would say anything.
    if (folder !== undefined && !chain.postgres.cluster.startsWith(folder)) {
      throw new Error(`the database lies in ${chain.postgres.cluster}, not in ${folder}`)
    }
    await store.kill('SIGTERM')
    await chain.cloud.kill('SIGTERM')
    return {
      chain,
      orgId: chain.orgId,
      apiKey: chain.apiKey,
      adminKey: chain.adminKey,
      shopId: store.shopId,
      staffId: staffId(plan, cashier),
      tillIds: shop.tills.map((_, index) => tillId(plan, shop, index + 1)),
      products: plan.products.slice(0, -sparesCount).map(({ code, priceMinor }) => ({
        id: productId(plan, code),
        priceMinor,
      })),
      spareProducts: plan.products
        .slice(-sparesCount)
        .map(({ priceMinor, currency, ...fields }) => ({
          ...fields,
          orgId: chain?.orgId,
          id: productId(plan, fields.code),
          price: { currency, minor: priceMinor },
          active: true,
        })),
      templates: {
        cloud: { database: nameOf(chain.cloud.databaseUrl), dataDir: chain.cloud.dataDir },
        store: { database: nameOf(store.databaseUrl), dataDir: store.dataDir },
      },
      dataDir,
      ...{ env, endPostgres, isPostgresUp, revivePostgres, remove },
    }
  } catch (error) {
    await remove()
    throw error
  }
}

const nameOf = (databaseUrl: string) => new URL(databaseUrl).pathname.slice(1)
