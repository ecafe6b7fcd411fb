import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Link, layLink } from '@tillkeeper/chain/link.ts'
import type { ChainPlan, PersonPlan } from '@tillkeeper/chain/plan.ts'
import { staffId, tillId } from '@tillkeeper/chain/provision.ts'
import { type Chain, startChain } from '@tillkeeper/chain/start-chain.ts'
import type { TradingFile } from './act.ts'

export const tillsPerShop = 2

/** A chain made for one replay, whose wires to the cloud can be cut. */
export type ThrowAwayChain = {
  readonly chain: Chain
  readonly cutCloud: () => void
  readonly healCloud: () => void
  readonly tillIds: (shop: number) => readonly string[]
  readonly cashierId: (shop: number) => string
  readonly stop: () => Promise<void>
}

/** Starts a chain with the file's products, and `shops` shops of its currency, in a temporary folder. */
export async function startThrowAwayChain(
  { currency, timeZone, products }: TradingFile,
  shops: number,
  onProgress: (line: string) => void,
): Promise<ThrowAwayChain> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tillkeeper-replay-'))
  const plan: ChainPlan = {
    name: 'Replay',
    shops: Array.from({ length: shops }, (_, index) => ({
      code: `S${index + 1}`,
      name: `Shop ${index + 1}`,
      address: '',
      taxNumber: '',
      timeZone,
      currency,
      receiptFooter: '',
      tills: Array.from({ length: tillsPerShop }, (_, till) => `Till ${till + 1}`),
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
      'cash.move',
      'report.read',
      'sync.read',
    ],
  }
  const links: Link[] = []
  const stop = async (chain?: Chain) => {
    await chain?.stop()
    await Promise.all(links.map((link) => link.stop()))
    await rm(dataDir, { recursive: true, force: true })
  }
  const cloudUrlFor = async (cloudUrl: string) => {
    const link = await layLink(Number(new URL(cloudUrl).port))
    links.push(link)
    return `http://127.0.0.1:${link.port}`
  }
  const chain = await startChain({ dataDir, plan, cloudUrlFor, onProgress }).catch(
    async (error: unknown) => {
      await stop()
      throw error
    },
  )
  const shopAt = (index: number) => {
    const shop = plan.shops[index]
    if (shop === undefined) throw new Error(`there is no shop ${index}`)
    return shop
  }
  return {
    chain,
    cutCloud: () => {
      for (const link of links) link.cut()
    },
    healCloud: () => {
      for (const link of links) link.heal()
    },
    tillIds: (shop) => shopAt(shop).tills.map((_, index) => tillId(plan, shopAt(shop), index + 1)),
    cashierId: (shop) => staffId(plan, cashier(shop)),
    stop: () => stop(chain),
  }
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
