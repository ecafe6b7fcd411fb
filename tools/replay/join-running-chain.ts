import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { findRunning, type RunningChain } from '@tillkeeper/chain/running.ts'
import { namedId, type TradingFile } from './act.ts'
import { post } from './post.ts'
import type { ReplayChain, ReplayStore } from './replay-chain.ts'

type Product = { readonly id: string; readonly name: string }
type Ask = <T>(url: string, path: string) => Promise<readonly T[]>

const pageMax = 200
const patienceMs = 60_000
const pauseMs = 200

/**
 * Joins the chain that runs on a folder: its shops, its tills, its cashiers. Items that its catalogue
 * does not have are added to it by name, through the cloud's API.
 */
export async function joinRunningChain(
  dataDir: string,
  file: TradingFile,
  { tills }: { readonly tills: number },
): Promise<ReplayChain> {
  const running = await findRunning(dataDir)
  if (running === undefined) {
    throw new Error(`no chain runs on ${dataDir}: start one, or leave out --running`)
  }
  const { apiKey, cloudUrl } = running
  const ask: Ask = async <T>(url: string, path: string) => {
    const items: T[] = []
    let cursor = ''
    do {
      const page = `${path.includes('?') ? '&' : '?'}limit=${pageMax}${cursor}`
      const { status, body } = await post(url, apiKey, { path: path + page })
      if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`)
      items.push(...(body.items as T[]))
      cursor = typeof body.next === 'string' ? `&cursor=${encodeURIComponent(body.next)}` : ''
    } while (cursor !== '')
    return items
  }
  const stores = await Promise.all(
    running.stores.map((store) => readStore(ask, store, { file, tills })),
  )
  return {
    ...{ dataDir, cloudUrl, apiKey, stores },
    productIds: await findProducts(ask, { dataDir, running, file }),
    stop: async () => {}, // It ran before, and goes on.
  }
}

async function readStore(
  ask: Ask,
  { name, url, shopId }: RunningChain['stores'][number],
  { file, tills }: { readonly file: TradingFile; readonly tills: number },
): Promise<ReplayStore> {
  const [shop] = (await ask<{ id: string; currency: string }>(url, '/v1/shops')).filter(
    ({ id }) => id === shopId,
  )
  if (shop?.currency !== file.currency) {
    throw new Error(`${name} trades in ${shop?.currency}, the file in ${file.currency}`)
  }
  const ofShop = await ask<{ id: string; shopId: string; number: number }>(url, '/v1/tills')
  const staff = await ask<{ id: string; shops: readonly string[] }>(url, '/v1/employees')
  const staffId = staff.find(({ shops }) => shops.includes(shopId))?.id
  const tillIds = ofShop
    .filter((till) => till.shopId === shopId)
    .sort((a, b) => a.number - b.number)
    .map(({ id }) => id)
  if (tillIds.length < tills || staffId === undefined) {
    throw new Error(`${name} needs ${tills} tills and somebody who works there`)
  }
  return { name, url, shopId, staffId, tillIds }
}

async function findProducts(
  ask: Ask,
  chain: { readonly dataDir: string; readonly running: RunningChain; readonly file: TradingFile },
): Promise<ReadonlyMap<string, string>> {
  const { dataDir, running, file } = chain
  const known = new Map(
    (await ask<Product>(running.cloudUrl, '/v1/products')).map(({ name, id }) => [name, id]),
  )
  const missing = file.products
    .filter(({ name }) => !known.has(name))
    .map(({ priceMinor, ...fields }) => ({
      ...fields,
      orgId: running.orgId,
      id: namedId('product', running.orgId, fields.code),
      price: { currency: file.currency, minor: priceMinor },
      active: true,
    }))
  if (missing.length > 0) {
    const adminKey = (await readFile(join(dataDir, 'cloud', 'admin-key'), 'utf8')).trim()
    const added = await post(running.cloudUrl, adminKey, {
      path: '/v1/products',
      body: missing,
    })
    if (added.status >= 300) throw new Error(`the items were not added: ${JSON.stringify(added)}`)
  }
  const ids = new Map(
    file.products.map(({ code, name }) => [
      code,
      known.get(name) ?? namedId('product', running.orgId, code),
    ]),
  )
  await Promise.all(
    running.stores.map(({ url }) => waitForProducts(ask, url, new Set(ids.values()))),
  )
  return ids
}

// New items travel down by themselves; a shop is asked until it has them all.
async function waitForProducts(ask: Ask, url: string, ids: ReadonlySet<string>): Promise<void> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pauseMs) {
    const held = new Set((await ask<Product>(url, '/v1/products')).map(({ id }) => id))
    if ([...ids].every((id) => held.has(id))) return
    await wait(pauseMs)
  }
  throw new Error(`${url} did not get the file's items from the cloud`)
}
