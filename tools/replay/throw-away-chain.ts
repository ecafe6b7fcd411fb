import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Link, layLink } from '@tillkeeper/chain/link.ts'
import type { ChainPlan, PersonPlan } from '@tillkeeper/chain/plan.ts'
import { productId, staffId, tillId } from '@tillkeeper/chain/provision.ts'
import { removeChain } from '@tillkeeper/chain/remove-chain.ts'
import { startChain } from '@tillkeeper/chain/start-chain.ts'
import type { TradingFile } from './act.ts'
import type { ReplayChain } from './replay-chain.ts'

/** Starts a chain with the file's products, and `shops` shops of its currency, in a temporary folder. */
export async function startThrowAwayChain(
  file: TradingFile,
  { shops, tills }: { readonly shops: number; readonly tills: number },
  say: (line: string) => void,
): Promise<ReplayChain> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tillkeeper-replay-'))
  const plan = planOf(file, shops, tills)
  const links: Link[] = []
  const cleanUp = async () => {
    await Promise.all(links.map((link) => link.stop()))
    await removeChain(dataDir)
  }
  const cloudUrlFor = async (cloudUrl: string) => {
    const link = await layLink(Number(new URL(cloudUrl).port))
    links.push(link)
    return `http://127.0.0.1:${link.port}`
  }
  const chain = await startChain({ dataDir, plan, cloudUrlFor, onProgress: say }).catch(
    async (error: unknown) => {
      await cleanUp()
      throw error
    },
  )
  return {
    dataDir,
    cloudUrl: chain.cloud.url,
    apiKey: chain.apiKey,
    stores: chain.stores.map(({ name, url, shop, shopId }, index) => ({
      name,
      url,
      shopId,
      staffId: staffId(plan, cashier(index)),
      tillIds: shop.tills.map((_, till) => tillId(plan, shop, till + 1)),
    })),
    productIds: new Map(file.products.map(({ code }) => [code, productId(plan, code)])),
    faults: {
      cutCloud: () => {
        for (const link of links) link.cut()
      },
      healCloud: () => {
        for (const link of links) link.heal()
      },
      killAndStart: async (index) => {
        const store = chain.stores[index]
        say(`${store?.name}: killed`)
        await store?.kill('SIGKILL')
        await store?.start()
        say(`${store?.name}: up again`)
      },
    },
    stop: async () => {
      await chain.stop()
      await cleanUp()
    },
  }
}

function planOf({ currency, timeZone, products }: TradingFile, shops: number, tills: number) {
  return {
    name: 'Replay',
    shops: Array.from({ length: shops }, (_, index) => ({
      code: `S${index + 1}`,
      name: `Shop ${index + 1}`,
      address: '',
      taxNumber: '',
      timeZone,
      currency,
      receiptFooter: '',
      tills: Array.from({ length: tills }, (_, till) => `Till ${till + 1}`),
      people: [cashier(index)],
    })),
    products: products.map((product) => ({ ...product, currency, barcodes: [] })),
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
  } as const satisfies ChainPlan
}

function cashier(shop: number): PersonPlan {
  return {
    name: `Cashier ${shop + 1}`,
    number: String(101 + shop),
    pin: String(246_800 + shop),
    role: 'cashier',
    language: 'en',
  }
}
