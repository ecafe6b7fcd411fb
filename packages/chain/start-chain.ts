import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { findFreePort } from '@tillkeeper/postgres/free-port.ts'
import { type Postgres, startPostgres } from '@tillkeeper/postgres/start-postgres.ts'
import { waitUntilCaughtUp } from './catch-up.ts'
import { copyServer, type Disasters, keepCopyOf, loseServer } from './disasters.ts'
import { endLeftProcesses, noteProcesses } from './left-processes.ts'
import type { ChainPlan, ShopPlan } from './plan.ts'
import { createEnrolmentCode, type Provisioned, provision, shopId } from './provision.ts'
import { markChainFolder } from './remove-chain.ts'
import { forgetRunning, noteRunning } from './running.ts'
import { type ServerProcess, startServer } from './server-process.ts'

// A whole chain on one machine: one PostgreSQL with a database for each server, a cloud, and a store
// server for each shop, as real processes that share nothing but the wire.

export type StartChain = {
  /** Everything the chain keeps; made if missing. A second start goes on with it. */
  readonly dataDir: string
  readonly plan: ChainPlan
  /** Left out: free ones, which stay the same until the chain is stopped. */
  readonly ports?: { readonly cloud: number; readonly stores: readonly number[] } | undefined
  readonly logDir?: string | undefined
  /** What the servers' processes get as their environment, besides what we set. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Where a store server finds the cloud, if not directly: a test puts a wire between them. */
  readonly cloudUrlFor?: (cloudUrl: string, shop: ShopPlan) => string | Promise<string>
  readonly onProgress?: (line: string) => void
  /** A server ended that nobody had stopped or killed. */
  readonly onUnexpectedEnd?: (name: string, how: string) => void
}

export type ChainServer = {
  readonly name: string
  readonly url: string
  readonly databaseUrl: string
  readonly dataDir: string
  readonly logFile: string
  /** Undefined while it does not run. */
  readonly pid: () => number | undefined
  /** Ends the process at once, as a power cut would end it; resolves when it is gone. */
  readonly kill: (signal?: 'SIGKILL' | 'SIGTERM') => Promise<void>
  /** Starts it again on the same port and data; resolves when it serves. */
  readonly start: () => Promise<void>
}
export type ChainStore = ChainServer & { readonly shop: ShopPlan; readonly shopId: string }

export type Chain = Provisioned &
  Disasters & {
    readonly plan: ChainPlan
    readonly cloud: ChainServer
    readonly stores: readonly ChainStore[]
    readonly adminKey: string
    readonly postgres: Postgres
    /** Stops stores, cloud and database, in this order. May be called twice. */
    readonly stop: () => Promise<void>
  }

/** Each server's pool is ten at most; the largest chain that is started here has eight shops. */
const connectionsMax = '150'

/** Starts the chain and resolves when every server serves. If one fails, all are stopped again. */
export async function startChain(options: StartChain): Promise<Chain> {
  const say = options.onProgress ?? (() => {})
  await mkdir(options.dataDir, { recursive: true, mode: 0o755 })
  const dataDir = await realpath(options.dataDir)
  await letDatabaseThrough(dataDir)
  await markChainFolder(dataDir)
  say('database: starting')
  const postgres = await startPostgres({
    dataDir: join(dataDir, 'postgres'),
    settings: { max_connections: connectionsMax },
  })
  const servers = new Servers(options, dataDir, postgres)
  try {
    const left = await endLeftProcesses(dataDir)
    if (left > 0) say(`ended ${left} servers that an earlier run left`)
    return await startServers(servers, options, { dataDir, postgres, say })
  } catch (error) {
    await servers.stopAll()
    await postgres.stop()
    throw error
  }
}

// Run by root, the database is somebody else, who has to pass through this folder (and no more: the
// servers' own folders in it are closed). A folder made by mkdtemp is closed to all.
async function letDatabaseThrough(dataDir: string): Promise<void> {
  if (process.getuid?.() !== 0) return
  await chmod(dataDir, (await stat(dataDir)).mode | 0o011)
}

type Begun = {
  readonly dataDir: string
  readonly postgres: Postgres
  readonly say: (line: string) => void
}

async function startServers(
  servers: Servers,
  { plan, ports, cloudUrlFor }: StartChain,
  { dataDir, postgres, say }: Begun,
): Promise<Chain> {
  const cloudPort = ports?.cloud ?? (await findFreePort())
  say('cloud: starting')
  const cloud = await servers.create('cloud', 'cloud', cloudPort)
  await cloud.start()
  const adminKey = (await readFile(join(cloud.dataDir, 'admin-key'), 'utf8')).trim()
  const access = { url: cloud.url, adminKey }
  say(`chain: ${plan.shops.length} shops, ${plan.products.length} products`)
  const provisioned = await provision(access, plan, dataDir)

  const { apiKey } = provisioned
  const cloudUrls = new Map<ShopPlan, string>()
  const enrolAndStart = async (server: ChainServer, shop: ShopPlan): Promise<void> => {
    const id = shopId(plan, shop)
    const cloudUrl = cloudUrls.get(shop) ?? (await cloudUrlFor?.(cloud.url, shop)) ?? cloud.url
    cloudUrls.set(shop, cloudUrl)
    const env = { CLOUD_URL: cloudUrl }
    const enrolled = existsSync(join(server.dataDir, 'node.json'))
    const code = enrolled ? {} : { ENROL_CODE: await createEnrolmentCode(access, id, provisioned) }
    servers.setEnv(server.name, { ...env, ...code })
    say(`${server.name}: starting`)
    await server.start()
    servers.setEnv(server.name, env) // A code is good once.
    await waitUntilCaughtUp({ cloudUrl: cloud.url, storeUrl: server.url }, id, apiKey)
  }
  const startStore = async (shop: ShopPlan, port: number): Promise<ChainStore> => {
    const server = await servers.create(shop.code, 'store', port)
    await enrolAndStart(server, shop)
    return { ...server, shop, shopId: shopId(plan, shop) }
  }
  const storePorts = ports?.stores ?? (await findFreePorts(plan.shops.length))
  // All are awaited even if one fails: whoever stops them has to know them.
  const starts = await Promise.allSettled(
    plan.shops.map((shop, index) => startStore(shop, storePorts[index] ?? 0)),
  )
  const stores = starts.map((started) => {
    if (started.status === 'rejected') throw started.reason
    return started.value
  })
  let stopped: Promise<void> | undefined
  const stop = async () => {
    await forgetRunning(dataDir)
    await servers.stopAll()
    await postgres.stop()
  }
  await noteRunning(dataDir, {
    ...provisioned,
    cloudUrl: cloud.url,
    stores: stores.map(({ name, url, shopId: id }) => ({ name, url, shopId: id })),
  })
  return {
    ...provisioned,
    plan,
    cloud,
    stores,
    adminKey,
    postgres,
    keepCopy: keepCopyOf,
    replaceStore: async (store) => {
      await loseServer(store)
      await enrolAndStart(store, store.shop)
    },
    cloneStore: async (store) => {
      const name = `${store.name} copy`
      const copy = await servers.create(name, 'store', await findFreePort())
      await copyServer(store, copy)
      servers.setEnv(name, { CLOUD_URL: cloudUrls.get(store.shop) ?? cloud.url })
      await Promise.all([store.start(), copy.start()])
      return { ...copy, shop: store.shop, shopId: store.shopId }
    },
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

// One after the other: two that look at once may be told the same port.
async function findFreePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) ports.add(await findFreePort())
  return [...ports]
}

/** The processes of a chain, by name, from their start to their end. */
class Servers {
  readonly #options: StartChain
  readonly #dataDir: string
  readonly #postgres: Postgres
  readonly #running = new Map<string, ServerProcess>()
  /** Begun, and not ready yet. */
  readonly #spawned = new Set<number>()
  readonly #env = new Map<string, Readonly<Record<string, string>>>()
  #noted: Promise<void> = Promise.resolve()

  constructor(options: StartChain, dataDir: string, postgres: Postgres) {
    this.#options = options
    this.#dataDir = dataDir
    this.#postgres = postgres
  }

  setEnv(name: string, env: Readonly<Record<string, string>>): void {
    this.#env.set(name, env)
  }

  async create(name: string, app: 'cloud' | 'store', port: number): Promise<ChainServer> {
    const folder =
      app === 'cloud' ? app : `store_${name.toLowerCase().replaceAll(/[^a-z0-9]/g, '_')}`
    const databaseUrl = await this.#postgres.createDatabase(folder)
    const dataDir = join(this.#dataDir, folder)
    const logFile = join(this.#options.logDir ?? join(this.#dataDir, 'logs'), `${folder}.log`)
    const start = async () => {
      if (this.#running.has(name)) throw new Error(`${name} runs already`)
      const env = {
        ...this.#options.env,
        ...this.#env.get(name),
        PORT: String(port),
        DATABASE_URL: databaseUrl,
      }
      // Noted at once: if we are killed before it is ready, the next run finds it.
      const onSpawn = (pid: number) => this.#note(pid)
      this.#watch(name, await startServer({ name, app, dataDir, logFile, env, onSpawn }))
    }
    return {
      name,
      url: `http://127.0.0.1:${port}`,
      databaseUrl,
      dataDir,
      logFile,
      pid: () => this.#running.get(name)?.pid,
      start,
      kill: async (signal = 'SIGKILL') => {
        const server = this.#running.get(name)
        this.#running.delete(name)
        await server?.kill(signal)
        await this.#note()
      },
    }
  }

  /** Store servers before the cloud: they send it their last facts. */
  async stopAll(): Promise<void> {
    const all = [...this.#running]
    this.#running.clear()
    await Promise.all(all.filter(([name]) => name !== 'cloud').map(([, server]) => server.stop()))
    await Promise.all(all.map(([, server]) => server.stop()))
    await this.#note()
  }

  #watch(name: string, server: ServerProcess): void {
    this.#running.set(name, server)
    void server.ended.then((how) => {
      if (this.#running.get(name) !== server) return
      this.#running.delete(name)
      this.#options.onUnexpectedEnd?.(name, how)
    })
  }

  // One write after the other: servers start at the same time.
  #note(spawned?: number): Promise<void> {
    const pids = [...this.#running.values()].map(({ pid }) => pid)
    for (const pid of pids) this.#spawned.delete(pid)
    if (spawned !== undefined) this.#spawned.add(spawned)
    const all = [...pids, ...this.#spawned]
    this.#noted = this.#noted.then(() => noteProcesses(this.#dataDir, all))
    return this.#noted
  }
}
