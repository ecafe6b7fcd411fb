import type { Client } from '@tillkeeper/client/client.ts'
import {
  type Acknowledged,
  type Act,
  acknowledgedBy,
  ask,
  impatientClient,
  openTillAct,
} from '../lab/acts.ts'
import type { BaseChain } from '../lab/base-chain.ts'
import { type Gate, layGate } from '../lab/gate.ts'
import { type Lane, openLane } from '../lab/lane.ts'
import { type Random, seedRandom } from '../lab/random.ts'
import { laySqlProxy, type SqlProxy } from '../lab/sql-proxy.ts'

// What a flow plays on: a lane whose two servers reach their databases through wires that count.

export type Stage = {
  readonly lane: Lane
  readonly client: Client
  readonly random: Random
  readonly gate: Gate
  /** The wire of the server that dies. */
  readonly proxies: { readonly store: SqlProxy; readonly cloud: SqlProxy }
  readonly acknowledged: Acknowledged[]
  readonly asked: Set<string>
  /** An open session on the first till. */
  readonly sessionId: string
  /** Asks once; what is acknowledged is written down. */
  readonly ask: (act: Act) => Promise<Acknowledged | undefined>
  readonly startStore: () => Promise<void>
  readonly close: () => Promise<void>
}

export type OpenStage = {
  readonly name: string
  /** Whether the shop talks to its cloud. */
  readonly linked: boolean
  readonly seed: number
  readonly sourceDir?: string | undefined
}

const answerMs = 20_000

export async function openStage(base: BaseChain, options: OpenStage): Promise<Stage> {
  const { name, linked, seed, sourceDir } = options
  const databasePort = base.chain.postgres.port
  const proxies = {
    store: await laySqlProxy(databasePort),
    cloud: await laySqlProxy(databasePort),
  }
  const lane = await openLane(base, {
    ...{ name, sourceDir },
    storeDatabasePort: proxies.store.port,
    cloudDatabasePort: proxies.cloud.port,
  })
  const gate = await layGate(Number(new URL(lane.cloud.url).port))
  const close = async () => {
    await lane.close()
    await Promise.all([gate.stop(), proxies.store.stop(), proxies.cloud.stop()])
  }
  const client = impatientClient(lane.store.url, base, answerMs)
  const acknowledged: Acknowledged[] = []
  const asked = new Set<string>()
  const askOnce = async (act: Act) => {
    asked.add(act.id)
    const found = acknowledgedBy(act, await ask(client, act))
    if (found !== undefined) acknowledged.push(found)
    return found
  }
  const startStore = () =>
    lane.store.start(linked ? { CLOUD_URL: `http://127.0.0.1:${gate.port}` } : {})
  try {
    if (linked) await lane.cloud.start()
    await startStore()
    const open = openTillAct(base, base.tillIds[0] ?? '')
    if ((await askOnce(open)) === undefined) throw new Error('the first till did not open')
    const random = seedRandom(seed)
    return {
      ...{ lane, client, random, gate, proxies, acknowledged, asked, sessionId: open.id },
      ...{ ask: askOnce, startStore, close },
    }
  } catch (error) {
    await close()
    throw error
  }
}
