import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Link, layLink } from '@tillkeeper/chain/link.ts'
import type { ChainPlan } from '@tillkeeper/chain/plan.ts'
import { productId, staffId, tillId } from '@tillkeeper/chain/provision.ts'
import { removeChain } from '@tillkeeper/chain/remove-chain.ts'
import { type Chain, type ChainStore, startChain } from '@tillkeeper/chain/start-chain.ts'
import { withConnection } from '@tillkeeper/postgres/databases.ts'
import { post } from '../replay/post.ts'
import { verifyChains } from '../replay/verify-chains.ts'
import { type HeadlessTill, openHeadlessTill } from './headless-till.ts'

// A chain of its own to do harm to: one shop, two tills, a cloud, and a wire between them that can be
// cut. It is thrown away afterwards.

export const priceMinor = 65_00
const floatMinor = 1_000_00
const manager = { number: '102', pin: '222222' }
const pollMs = 200
const patienceMs = 120_000

const plan = {
  name: 'Drill',
  shops: [
    {
      ...{ code: 'S1', name: 'Shop 1', address: '', taxNumber: '', receiptFooter: '' },
      ...{ timeZone: 'Asia/Bangkok', currency: 'THB', tills: ['Till 1', 'Till 2', 'Till 3'] },
      people: [
        { name: 'Cashier', number: '101', pin: '111111', role: 'cashier', language: 'en' },
        { name: 'Manager', ...manager, role: 'manager', language: 'en' },
      ],
    },
  ],
  products: [
    {
      ...{ code: 'COFFEE', name: 'Coffee', category: '', priceMinor, currency: 'THB' },
      ...{ vatBasisPoints: 700, barcodes: [] },
    },
  ],
  people: [],
  keyPermissions: [
    'sale.create',
    'sale.read',
    'till.open',
    'till.read',
    'till.expected',
    'sync.read',
  ],
} as const satisfies ChainPlan

/** What came of a drill. It held if nothing is missing, doubled or at fault. */
export type DrillResult = {
  readonly drill: string
  readonly sales: number
  /** Of the sales made: those that a place lacks, and those that it has more than once. */
  readonly missing: number
  readonly doubled: number
  /** Whether totals of sessions are those of the sales, at the store server and in the cloud. */
  readonly totals: 'equal' | 'different'
  readonly chain: 'ok' | 'broken'
  readonly seconds: number
}

export type Drill = {
  readonly chain: Chain
  readonly store: ChainStore
  readonly tills: readonly HeadlessTill[]
  readonly say: (line: string) => void
  /** Cuts the shop off from the cloud, and joins them again. */
  readonly cut: () => void
  readonly heal: () => void
  /** Another system sells over the REST API of a server of this shop. Gives the sale's id. */
  readonly sellAt: (server: ChainStore) => Promise<string>
  /** Every sale that anybody was told is made. */
  readonly sold: () => readonly string[]
  /** The owner moves the product to another category, in the cloud; and which one a server shows. */
  readonly changeCategory: (category: string) => Promise<void>
  readonly categoryAt: (place: Place) => Promise<string | undefined>
  /** Waits until something is so; throws with what is still missing. */
  readonly until: (what: string, holds: () => Promise<boolean>) => Promise<void>
  /** Waits until the places have every sale, and compares. */
  readonly compare: (places: readonly Place[]) => Promise<Omit<DrillResult, 'drill' | 'seconds'>>
}

export type Place = { readonly name: string; readonly databaseUrl: string }

/** Starts a chain, runs `act` on it, and throws the chain away. */
export async function withDrill<T>(
  say: (line: string) => void,
  act: (drill: Drill) => Promise<T>,
): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tillkeeper-drill-'))
  const links: Link[] = []
  const cloudUrlFor = async (cloudUrl: string) => {
    const link = await layLink(Number(new URL(cloudUrl).port))
    links.push(link)
    return `http://127.0.0.1:${link.port}`
  }
  let chain: Chain | undefined
  let tills: readonly HeadlessTill[] = []
  try {
    chain = await startChain({ dataDir, plan, cloudUrlFor, onProgress: say })
    const [store] = chain.stores
    if (store === undefined) throw new Error('the plan has a shop')
    tills = await Promise.all([1, 2].map((number) => openTill(store, number)))
    return await act(makeDrill({ chain, store, tills, links, dataDir, say }))
  } finally {
    for (const till of tills) till.stop()
    await chain?.stop()
    await Promise.all(links.map((link) => link.stop()))
    await removeChain(dataDir)
  }
}

function openTill(store: ChainStore, number: number): Promise<HeadlessTill> {
  return openHeadlessTill({
    storeUrl: store.url,
    manager,
    staffId: staffId(plan, plan.shops[0].people[0]),
    tillId: tillId(plan, plan.shops[0], number),
    product: { id: productId(plan, 'COFFEE'), priceMinor },
  })
}

type Parts = Pick<Drill, 'chain' | 'store' | 'tills' | 'say'> & {
  readonly links: readonly Link[]
  readonly dataDir: string
}

function makeDrill({ links, dataDir, ...parts }: Parts): Drill {
  const { chain, tills, say } = parts
  const sessions = new Map<ChainStore, Promise<string>>()
  const overApi: string[] = []
  const sold = () => [...overApi, ...tills.flatMap((till) => till.sold)]
  const until: Drill['until'] = async (what, holds) => {
    const endsAt = performance.now() + patienceMs
    while (!(await holds())) {
      if (performance.now() > endsAt) throw new Error(`after ${patienceMs / 1000} s: ${what}`)
      for (const till of tills) till.knock()
      await wait(pollMs)
    }
  }
  return {
    ...parts,
    sold,
    until,
    cut: () => {
      for (const link of links) link.cut()
    },
    heal: () => {
      for (const link of links) link.heal()
    },
    sellAt: async (server) => {
      const session = sessions.get(server) ?? openSession(chain, server, sessions.size)
      sessions.set(server, session)
      const id = await sellOverApi(chain, server, await session)
      overApi.push(id)
      return id
    },
    changeCategory: async (category) => {
      const path = '/v1/products'
      const product = { orgId: chain.orgId, id: productId(plan, 'COFFEE'), category }
      const answer = await post(chain.cloud.url, chain.adminKey, { path, body: [product] })
      if (answer.status !== 200) throw new Error(`no change: ${JSON.stringify(answer)}`)
    },
    categoryAt: ({ databaseUrl }) =>
      withConnection(databaseUrl, async (sql) => {
        const [row] = await sql<{ category: string }[]>`SELECT category FROM product`
        return row?.category
      }),
    compare: async (places) => {
      const ids = sold()
      for (const place of places) {
        await until(`${place.name} has every sale`, async () => {
          return (await countSales(place, ids)).there === ids.length
        })
      }
      const counts = await Promise.all(places.map((place) => countSales(place, ids)))
      const { faults } = await verifyChains(dataDir, say)
      for (const fault of faults) say(fault)
      return {
        sales: ids.length,
        missing: Math.max(...counts.map(({ there }) => ids.length - there)),
        doubled: Math.max(...counts.map(({ all, there }) => all - there)),
        totals: counts.every(({ totals }) => totals) ? 'equal' : 'different',
        chain: faults.length === 0 ? 'ok' : 'broken',
      }
    },
  }
}

/** How many of the sales a server has, how many it has at all, and whether its totals are theirs. */
async function countSales({ databaseUrl }: Place, ids: readonly string[]) {
  return withConnection(databaseUrl, async (sql) => {
    const [row] = await sql<{ there: number; all: number; totals: boolean }[]>`
      SELECT
        (SELECT count(*)::int FROM sale WHERE id = ANY(string_to_array(${ids.join()}, ',')::uuid[])) AS there,
        (SELECT count(*)::int FROM sale) AS all,
        (SELECT coalesce(sum(cash_in_minor), 0) FROM session_total)
          = ${ids.length * priceMinor}::bigint AS totals
    `
    return row ?? { there: 0, all: 0, totals: false }
  })
}

async function openSession(chain: Chain, { url }: ChainStore, nth: number): Promise<string> {
  const id = crypto.randomUUID()
  const answer = await post(url, chain.apiKey, {
    path: '/v1/till-sessions',
    body: {
      id,
      // Each server sells at the third till, in a session of its own.
      tillId: tillId(plan, plan.shops[0], 3),
      staffId: staffId(plan, plan.shops[0].people[0]),
      currency: 'THB',
      floatMinor,
    },
  })
  if (answer.status === 201) return id
  // A copy of a server has the session that its original opened.
  const { sessionId } = answer.body
  if (nth > 0 && typeof sessionId === 'string') return sessionId
  throw new Error(`no session: ${JSON.stringify(answer)}`)
}

async function sellOverApi(chain: Chain, { url }: ChainStore, sessionId: string): Promise<string> {
  const id = crypto.randomUUID()
  const answer = await post(url, chain.apiKey, {
    path: '/v1/sales',
    body: {
      ...{ id, sessionId, currency: 'THB' },
      lines: [{ productId: productId(plan, 'COFFEE'), quantity: 1_000 }],
      tenders: [{ method: 'cash', givenMinor: priceMinor }],
    },
  })
  if (answer.status !== 201) throw new Error(`no sale: ${JSON.stringify(answer)}`)
  return id
}
