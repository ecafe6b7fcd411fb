import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { productId, shopId, staffId, tillId } from '@tillkeeper/chain/provision.ts'
import { claimChainFolder, removeChain } from '@tillkeeper/chain/remove-chain.ts'
import { type Chain, startChain } from '@tillkeeper/chain/start-chain.ts'
import {
  type OrgId,
  type ShopId,
  type StaffId,
  type TillId,
  uuidv7,
} from '@tillkeeper/core/base/id.ts'
import type { Product } from '@tillkeeper/core/catalogue/product.ts'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { createDatabase, withConnection, withDatabase } from '@tillkeeper/postgres/databases.ts'
import { connect, type Db, migrate } from '@tillkeeper/projections/db.ts'
import { rounded } from '../measure/figures.ts'
import { cashier, closes, currency, plan } from './cash-plan.ts'
import { fillTill } from './fill-sessions.ts'
import {
  measureBare,
  measureCloses,
  measureExpected,
  measureQueue,
  measureRewind,
  p50,
  p95,
  type Times,
} from './measure-cash.ts'

// What closing a drawer, looking into one, and a chain's evening cost, each beside the same rows by bare SQL.

export type BenchCash = {
  readonly path: string
  readonly say: (line: string) => void
  readonly onStop: (how: () => Promise<void>) => void
}

export type CashFigures = {
  /** A close of 5,000 sales by a close of 5, medians. At most 1.2 is promised. */
  readonly closeRatio: number
  /** A drawer at a second of three months of 1,000 sales a day. At most 200 is promised. */
  readonly rewindP95Ms: number
  /** The end-of-day queue of a chain of 50 shops. */
  readonly queueP95Ms: number
  readonly closeMs: { readonly few: number; readonly many: number; readonly bareSql: number }
  readonly expectedMs: { readonly few: number; readonly many: number; readonly bareSql: number }
  readonly queueMs: { readonly p50: number; readonly bareSql: number; readonly sessions: number }
  readonly rewindMs: { readonly p50: number; readonly bareSql: number; readonly sales: number }
}

const few = 5
const many = 5_000
const firstDayMs = Date.UTC(2026, 5, 1)
const shopsOfChain = 50
const tillsOfShop = 4
const daysOfChain = 10
/** Three months of one till. */
const rewoundDays = 92
const rewoundSalesPerDay = 1_000

export async function benchCash({ path, say, onStop }: BenchCash): Promise<CashFigures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tillkeeper-bench-'))
  await claimChainFolder(dataDir)
  let chain: Chain | undefined
  const stop = async () => {
    await chain?.stop()
    await removeChain(dataDir)
  }
  onStop(stop)
  try {
    chain = await startChain({ dataDir, plan, onProgress: say, env: { PATH: path } })
    return await measureAll(chain, say)
  } finally {
    await stop()
  }
}

async function measureAll(chain: Chain, say: (line: string) => void): Promise<CashFigures> {
  const [store] = chain.stores
  if (store === undefined) throw new Error('the chain has one shop')
  const org = chain.orgId as OrgId
  const shop = { url: store.url, apiKey: chain.apiKey }
  const db = connect(store.databaseUrl, { max: 1 })
  try {
    say(`${closes + 1} tills sell ${few} times, and as many ${many} times`)
    const sessions = await fillShop(db, org)
    const expected = {
      few: await measureExpected(shop, sessions.few[1] ?? ''),
      many: await measureExpected(shop, sessions.many[1] ?? ''),
    }
    const took = await measureCloses(shop, sessions)
    const bare = await measureBare(db, { org, session: sessions.many[1] ?? '' })
    say(`a till sells ${rewoundSalesPerDay} times a day for ${rewoundDays} days`)
    const rewound = { ...(await fillRewound(db, org)), org, firstDayMs, days: rewoundDays }
    const rewind = await measureRewind(shop, db, rewound)
    say(`${shopsOfChain} shops work for ${daysOfChain} days`)
    const queue = await measureChain(chain)
    return {
      closeRatio: rounded(p50(took.many) / p50(took.few), 2),
      rewindP95Ms: ms(p95(rewind.ours)),
      queueP95Ms: ms(p95(queue.ours)),
      closeMs: { few: ms(p50(took.few)), many: ms(p50(took.many)), bareSql: ms(p50(bare.close)) },
      expectedMs: besides(expected, bare.expected),
      queueMs: {
        ...{ p50: ms(p50(queue.ours)), bareSql: ms(p50(queue.bare)) },
        sessions: queue.sessions,
      },
      rewindMs: {
        ...{ p50: ms(p50(rewind.ours)), bareSql: ms(p50(rewind.bare)) },
        sales: rewoundDays * rewoundSalesPerDay,
      },
    }
  } finally {
    await db.end()
  }
}

const ms = (time: number) => rounded(time, 2)
const besides = (took: { readonly few: Times; readonly many: Times }, bare: Times) => ({
  ...{ few: ms(p50(took.few)), many: ms(p50(took.many)), bareSql: ms(p50(bare)) },
})

async function fillShop(db: Db, org: OrgId) {
  const sessions = { few: [] as string[], many: [] as string[] }
  for (let index = 0; index < 2 * (closes + 1); index += 1) {
    const kind = index % 2 === 0 ? 'few' : 'many'
    const work = { salesPerDay: kind === 'few' ? few : many, days: 1, open: true }
    sessions[kind].push(...(await fillTill(db, { ...tillOfPlan(org, index + 1), ...work })))
  }
  return sessions
}

/** Three months of the plan's last till, each day counted at its end. */
async function fillRewound(db: Db, org: OrgId): Promise<{ readonly tillId: TillId }> {
  const till = tillOfPlan(org, 2 * (closes + 1) + 1)
  const work = { salesPerDay: rewoundSalesPerDay, days: rewoundDays, open: false }
  await fillTill(db, { ...till, ...work })
  return till
}

function tillOfPlan(org: OrgId, tillNumber: number) {
  const [shop] = plan.shops
  if (shop === undefined) throw new Error('the plan has one shop')
  return {
    ...{ org, shopId: shopId(plan, shop) as ShopId, tillNumber, seed: tillNumber - 1 },
    tillId: tillId(plan, shop, tillNumber) as TillId,
    staffId: staffId(plan, cashier) as StaffId,
    ...{ products: productsOfPlan(), currency: currency as Currency, firstDayMs },
  }
}

/** A chain of many shops in a database of its own, as a cloud has it, and its last evening. */
async function measureChain(chain: Chain) {
  const root = chain.postgres.url('postgres')
  await createDatabase(root, 'evening')
  const db = connect(withDatabase(root, 'evening'), { max: 2 })
  try {
    await migrate(db)
    const id = <T extends string>(nth: number) =>
      uuidv7(
        firstDayMs,
        Uint8Array.from({ length: 10 }, (_, at) => (at < 8 ? 7 : nth >> (at * 8 - 64))),
      ) as T
    const org = id<OrgId>(1)
    for (let nth = 0; nth < shopsOfChain * tillsOfShop; nth += 1) {
      await fillTill(db, {
        ...{ org, shopId: id<ShopId>(1_000 + Math.floor(nth / tillsOfShop)) },
        ...{ tillId: id<TillId>(2_000 + nth), tillNumber: 1 + (nth % 99), seed: nth },
        staffId: id<StaffId>(5_000 + nth),
        ...{ products: productsOfPlan(), currency: currency as Currency, firstDayMs },
        ...{ salesPerDay: 3, days: daysOfChain, open: false },
      })
    }
    await withConnection(withDatabase(root, 'evening'), (sql) => sql`ANALYZE`)
    const last = new Date(firstDayMs + (daysOfChain - 1) * 86_400_000)
    return await measureQueue(db, { org, date: last.toISOString().slice(0, 10) })
  } finally {
    await db.end()
  }
}

const productsOfPlan = (): readonly Product[] =>
  plan.products.map(({ code, name, priceMinor, vatBasisPoints }) => ({
    ...{ id: productId(plan, code) as Product['id'], code, name, vatBasisPoints },
    ...{ currency: currency as Currency, priceMinor: minor(priceMinor), active: true },
  }))

export function cashTable(figures: CashFigures): string {
  const { closeMs, expectedMs, queueMs, rewindMs } = figures
  const line = (name: string, ...cells: readonly (string | number)[]) =>
    `${name.padEnd(34)}${cells.map((cell) => String(cell).padStart(12)).join('')}`
  return [
    line('', `${few} sales`, `${many} sales`, 'bare SQL'),
    line('close, ms', closeMs.few, closeMs.many, closeMs.bareSql),
    line('expected cash, ms', expectedMs.few, expectedMs.many, expectedMs.bareSql),
    line('', 'p50', 'p95', 'bare SQL'),
    line(
      `queue of ${queueMs.sessions} sessions, ms`,
      queueMs.p50,
      figures.queueP95Ms,
      queueMs.bareSql,
    ),
    line(
      `rewind of ${rewindMs.sales} sales, ms`,
      rewindMs.p50,
      figures.rewindP95Ms,
      rewindMs.bareSql,
    ),
    `close of ${many} by close of ${few}: ${figures.closeRatio}`,
  ].join('\n')
}
